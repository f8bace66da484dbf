import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { useDoing } from "./asked";
import { dictionary } from "./i18n";
import { Alert, Modal } from "./parts";

const t = dictionary({
  back: { vi: "Không, quay lại", en: "No, go back" },
});

/** A button whose deed asks first; what it asks is the children. */
export function Confirmed(props: {
  word: string;
  title: string;
  class?: string;
  disabled?: boolean;
  deed: () => Promise<unknown>;
  children: ComponentChildren;
}): JSX.Element {
  const [asking, ask] = useState(false);
  const { busy, fault, run } = useDoing();
  const go = async (): Promise<void> => {
    if (await run(props.deed)) ask(false);
  };
  return (
    <>
      <button
        class={`button ${props.class ?? ""}`}
        disabled={props.disabled ?? false}
        onClick={() => ask(true)}
      >
        {props.word}
      </button>
      {asking && (
        <Modal title={props.title} onClose={() => ask(false)}>
          <div>{props.children}</div>
          {fault && <Alert tone="bad">{fault}</Alert>}
          <div class="row">
            <button class={`button ${props.class ?? "primary"}`} disabled={busy} onClick={go}>
              {props.word}
            </button>
            <button class="button" onClick={() => ask(false)}>
              {t.back}
            </button>
          </div>
        </Modal>
      )}
    </>
  );
}
