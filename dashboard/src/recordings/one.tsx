import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import { clockLength, day, dayAndTime } from "../shared/format";
import { Alert, Chip } from "../shared/parts";
import { worded } from "../shared/i18n";
import { can } from "../shared/signed";
import { sessionStates } from "../wall/words";
import { bytes } from "./bytes";
import { Downloads } from "./downloads";
import { Erasures, Erasing } from "./erasing";
import type { Recording } from "./model";
import { Player } from "./player";
import { w } from "./words";

const LOOK_MS = 5000;

/** One session's recording: watched, with its timeline, taken away, erased. */
export function One({ session }: { session: string }): JSX.Element {
  const path = `/api/v1/recordings/${encodeURIComponent(session)}`;
  const asked = useAsked<Recording>(path, LOOK_MS);
  const [look, hold] = useState<string | null>(null);
  const { fault, run } = useDoing();
  const recording = asked.value;
  const there = recording !== null && recording.segments.length > 0;
  const watch = (): Promise<boolean> =>
    run(async () => hold((await api.post<{ key: string }>(`${path}/looks`, { purpose: "watch" })).key));
  useEffect(() => {
    if (there && look === null) void watch();
  }, [there]);
  if (!recording) return asked.fault ? <Alert tone="bad">{asked.fault}</Alert> : <p>…</p>;
  return (
    <div class="stack">
      <header class="row">
        <div class="grow">
          <h1>{recording.topic}</h1>
          <p class="muted num">
            {[
              recording.lecturer_name,
              recording.segments[0] ? dayAndTime(recording.segments[0].at_ms) : "",
              there ? `${clockLength(recording.length_ms)} · ${bytes(recording.size)}` : "",
              recording.due_ms === null ? "" : w.keptUntil(day(recording.due_ms)),
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
        </div>
        <Chip tone={recording.state === "live" ? "good" : "idle"}>
          {worded(sessionStates, recording.state)}
        </Chip>
        {recording.standing.running && (
          <button class="button" onClick={() => void watch()}>
            {w.toNow}
          </button>
        )}
      </header>
      {fault && <Alert tone="bad">{fault}</Alert>}
      {!there && <p>{w.nothingYet}</p>}
      {there && look && <Player key={look} recording={recording} look={look} />}
      {there && <p class="muted">{w.watchingIsNoted}</p>}
      {there && <Downloads recording={recording} />}
      {can("recordings.erase") && there && !recording.standing.running && (
        <Erasing session={session} onDone={asked.again} />
      )}
      {recording.erasures.length > 0 && <Erasures erasures={recording.erasures} />}
    </div>
  );
}
