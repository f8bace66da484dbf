import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { Confirmed } from "../shared/ask";
import { dayAndTime } from "../shared/format";
import { Field } from "../shared/parts";
import { bytes } from "./bytes";
import type { Erasure } from "./model";
import { w } from "./words";

export function Erasing({ session, onDone }: { session: string; onDone: () => void }): JSX.Element {
  const [why, say] = useState("");
  const path = `/api/v1/recordings/${encodeURIComponent(session)}/erase`;
  return (
    <div>
      <Confirmed
        word={w.erase}
        title={w.eraseSure}
        class="danger"
        deed={() => api.post(path, { why }).then(onDone)}
      >
        <div class="stack">
          <p>{w.eraseHelp}</p>
          <Field label={w.why}>
            <input maxLength={500} value={why} onInput={(event) => say(event.currentTarget.value)} />
          </Field>
        </div>
      </Confirmed>
    </div>
  );
}

/** What is gone, when, why and by whom. */
export function Erasures({ erasures }: { erasures: Erasure[] }): JSX.Element {
  return (
    <section class="card stack">
      <h2>{w.proof}</h2>
      <div class="scroll-x" tabIndex={0} role="region" aria-label={w.proof}>
        <table>
          <thead>
            <tr>
              <th>{w.file}</th>
              <th class="num">{w.size}</th>
              <th>{w.when}</th>
              <th>{w.who}</th>
              <th>{w.why}</th>
              <th>{w.digest}</th>
            </tr>
          </thead>
          <tbody>
            {erasures.map((erasure) => (
              <tr key={erasure.file}>
                <td>{erasure.file}</td>
                <td class="num">{bytes(erasure.size)}</td>
                <td class="num">{dayAndTime(erasure.at_ms)}</td>
                <td>{erasure.who === "clock" ? w.clock : erasure.who}</td>
                <td>{erasure.who === "clock" ? "" : erasure.why}</td>
                <td class="num">{erasure.digest.slice(0, 16)}…</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
