import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../../shared/api";
import { useDoing } from "../../shared/asked";
import type { Exam } from "../../shared/exam";
import { Alert, Field, Modal } from "../../shared/parts";
import { w } from "./words";

/** One button for a rehearsal at every site. */
export function Rehearse({ onMade }: { onMade: (exam: Exam) => void }): JSX.Element {
  const [asking, ask] = useState(false);
  const [minutes, set] = useState(10);
  const { busy, fault, run } = useDoing();
  const hold = (event: Event): void => {
    event.preventDefault();
    void run(async () => {
      onMade(await api.post<Exam>("/api/v1/rehearsals", { starts_in_s: minutes * 60 }));
      ask(false);
    });
  };
  return (
    <>
      <button class="button" onClick={() => ask(true)}>
        {w.rehearse}
      </button>
      {asking && (
        <Modal title={w.rehearseAll} onClose={() => ask(false)}>
          <form class="stack" onSubmit={hold}>
            <p>{w.rehearseTold}</p>
            <Field label={w.after}>
              <input
                type="number"
                min={1}
                max={1440}
                required
                value={minutes}
                onInput={(e) => set(e.currentTarget.valueAsNumber)}
              />
            </Field>
            {fault && <Alert tone="bad">{fault}</Alert>}
            <button class="button primary" disabled={busy}>
              {w.rehearseAll}
            </button>
          </form>
        </Modal>
      )}
    </>
  );
}
