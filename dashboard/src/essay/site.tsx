import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Refusal, sentence } from "../shared/api";
import { dayAndTime } from "../shared/format";
import { worded } from "../shared/i18n";
import { Alert, Bar } from "../shared/parts";
import { centreOf, type SiteDesk, type SitePerson } from "./centre";
import { Sending } from "./sending";
import { handed, t } from "./words";

interface Piece {
  file: File;
  number: string | null;
  share: number | null;
  receipt: string;
  fault: string;
}

/** A site hands in what it collected: many files at once, matched by the number in each name. */
export function SitePage({ token, onOver }: { token: string; onOver: () => void }): JSX.Element {
  const centre = useMemo(() => centreOf(token), [token]);
  const [desk, show] = useState<SiteDesk | null>(null);
  const [fault, tell] = useState("");
  const [pieces, put] = useState<Piece[]>([]);
  const [busy, hold] = useState(false);
  const look = (): void => {
    centre.get<SiteDesk>("/api/v1/essay/site").then(show, (caught: unknown) => {
      if (caught instanceof Refusal && caught.status === 401) onOver();
      else tell(sentence(caught));
    });
  };
  useEffect(look, [centre]);
  const take = async (input: HTMLInputElement): Promise<void> => {
    const files = [...(input.files ?? [])];
    input.value = "";
    tell("");
    try {
      const names = files.map(({ name }) => name);
      const found = await centre.post<{ number: string | null }[]>("/api/v1/essay/site/match", { names });
      put(
        files.map((file, at) => ({
          file,
          number: found[at]?.number ?? null,
          share: null,
          receipt: "",
          fault: "",
        })),
      );
    } catch (caught) {
      tell(sentence(caught));
    }
  };
  const change = (at: number, part: Partial<Piece>): void =>
    put((now) => now.map((piece, place) => (place === at ? { ...piece, ...part } : piece)));
  const ready = pieces.filter(({ number, receipt }) => number !== null && !receipt);
  const sendAll = async (): Promise<void> => {
    hold(true);
    for (const [at, piece] of pieces.entries()) {
      if (piece.number === null || piece.receipt) continue;
      await new Promise<void>((ended) => {
        const owner = piece.number ?? "";
        void new Sending(piece.file, token, owner, {
          told: (_stage, share) => change(at, { share }),
          done: ({ receipt }) => {
            change(at, { receipt, share: 1, fault: "" });
            ended();
          },
          failed: (words) => {
            change(at, { fault: words, share: null });
            ended();
          },
        }).start();
      });
    }
    hold(false);
    look();
  };
  if (!desk) return fault ? <Alert tone="bad">{fault}</Alert> : <p>…</p>;
  const arrived = desk.people.filter((person) => !["nothing", "refused"].includes(person.handed)).length;
  return (
    <div class="stack">
      <h1>
        {desk.code} · {desk.name}
      </h1>
      <p>
        {desk.essay.title} · {t.until(dayAndTime(desk.essay.deadline_ms))}
      </p>
      <section class="card stack">
        <p>{t.siteHow}</p>
        <label class={`button primary tall-button ${busy ? "busy" : ""}`}>
          {t.choose}
          <input
            class="visually-hidden"
            type="file"
            multiple
            accept=".docx,.pdf"
            disabled={busy}
            onChange={(e) => void take(e.currentTarget)}
          />
        </label>
        {fault && <Alert tone="bad">{fault}</Alert>}
        {pieces.map((piece, at) => (
          <PieceLine key={at} piece={piece} people={desk.people} onChange={(part) => change(at, part)} />
        ))}
        {ready.length > 0 && (
          <button class="button primary" disabled={busy} onClick={() => void sendAll()}>
            {t.sendAll(ready.length)}
          </button>
        )}
      </section>
      <section class="card stack">
        <h2>{t.handedIn(arrived, desk.people.length)}</h2>
        <table>
          <tbody>
            {desk.people.map((person) => (
              <tr key={person.number}>
                <td class="num nowrap">{person.number}</td>
                <td>{person.name}</td>
                <td>
                  {worded(handed, person.handed)}
                  {person.received_ms !== null && (
                    <div class="muted small num">
                      {dayAndTime(person.received_ms)} · {person.receipt}
                    </div>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function PieceLine(props: {
  piece: Piece;
  people: readonly SitePerson[];
  onChange: (part: Partial<Piece>) => void;
}): JSX.Element {
  const { piece } = props;
  return (
    <div class="version">
      <div class="row">
        <b class="grow digest">{piece.file.name}</b>
        {piece.receipt ? (
          <b class="num tone-good">{piece.receipt}</b>
        ) : (
          <select
            class="short"
            aria-label={`${t.whose}: ${piece.file.name}`}
            value={piece.number ?? ""}
            onChange={(e) => props.onChange({ number: e.currentTarget.value || null })}
          >
            <option value="">{t.unmatched}</option>
            {props.people.map((person) => (
              <option key={person.number} value={person.number}>
                {person.number} · {person.name}
              </option>
            ))}
          </select>
        )}
      </div>
      {piece.share !== null && !piece.receipt && (
        <Bar share={piece.share} label={`${Math.floor(piece.share * 100)} %`} />
      )}
      {piece.fault && <p class="tone-bad">{piece.fault}</p>}
    </div>
  );
}
