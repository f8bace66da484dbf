import type { JSX } from "preact";
import { api } from "../shared/api";
import { useDoing } from "../shared/asked";
import { clockLength, timeOfDay } from "../shared/format";
import { Alert } from "../shared/parts";
import { bytes } from "./bytes";
import { fileAddress, type Recording, type Segment } from "./model";
import { w } from "./words";

/** Every file, and all of them in one; each is asked for, so that it is on record who took it. */
export function Downloads({ recording }: { recording: Recording }): JSX.Element {
  const { busy, fault, run } = useDoing();
  const take = (track: string, number: number): Promise<boolean> =>
    run(async () => {
      const path = `/api/v1/recordings/${encodeURIComponent(recording.session)}/looks`;
      const { key } = await api.post<{ key: string }>(path, { purpose: "download" });
      location.assign(fileAddress(recording.session, track, key, number, true));
    });
  return (
    <section class="card stack">
      <div class="row">
        <h2 class="grow">{w.downloads}</h2>
        <button class="button primary" disabled={busy} onClick={() => void take("lecture", 0)}>
          {w.whole} · {bytes(sizeOf(recording.segments, "lecture"))}
        </button>
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
      <div class="scroll-x" tabIndex={0} role="region" aria-label={w.downloads}>
        <table>
          <thead>
            <tr>
              <th>{w.file}</th>
              <th class="num">{w.from}</th>
              <th class="num">{w.length}</th>
              <th class="num">{w.size}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {recording.segments.map((segment) => (
              <tr key={`${segment.track}${segment.number}`}>
                <td>
                  {(segment.track === "floor" ? w.floorFile : w.lectureFile)(segment.number)}{" "}
                  {!segment.why && <small class="muted">({w.growing})</small>}
                </td>
                <td class="num">{timeOfDay(segment.at_ms, true)}</td>
                <td class="num">{clockLength(segment.length_ms)}</td>
                <td class="num">{bytes(segment.size)}</td>
                <td>
                  <button
                    class="button small"
                    disabled={busy}
                    onClick={() => void take(segment.track, segment.number)}
                  >
                    {w.save}
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function sizeOf(segments: readonly Segment[], track: string): number {
  return segments.reduce((sum, segment) => sum + (segment.track === track ? segment.size : 0), 0);
}
