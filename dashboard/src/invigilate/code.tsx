import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Alert, Field } from "../shared/parts";
import { codeShown, roomSees } from "./cover";
import { badGroups, CODE_LENGTH, codeFault, grouped, type Room, signs } from "./model";
import { act } from "./room";
import { t } from "./words";

/** What to say of a code that is still being typed. */
function remark(code: string): { tone: "bad" | "good" | "minor"; words: string } | null {
  if (!code) return null;
  switch (codeFault(code)) {
    case "sign":
      return {
        tone: "bad",
        words: t.codeSign(
          badGroups(code)
            .map((group) => group + 1)
            .join(", "),
        ),
      };
    case "short":
      return { tone: "minor", words: t.codeShort(CODE_LENGTH - code.length) };
    case "check":
      return { tone: "bad", words: t.codeCheck };
    case null:
      return { tone: "good", words: t.codeGood };
  }
}

export function CodeSheet(props: { room: Room }): JSX.Element {
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ tone: "bad" | "good"; words: string } | null>(null);
  const told = remark(code);

  const masked = roomSees() && !codeShown.value;
  useEffect(() => () => void (codeShown.value = false), []);

  function type(event: JSX.TargetedEvent<HTMLInputElement | HTMLTextAreaElement>): void {
    setSaid(null);
    setCode(signs(event.currentTarget.value));
  }

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    setBusy(true);
    try {
      await act("code", { exam: props.room.exam, text: code });
      setCode("");
      codeShown.value = false;
      setSaid({ tone: "good", words: t.codeDone });
    } catch (caught) {
      setSaid({ tone: "bad", words: caught instanceof Error ? caught.message : t.faulted });
    }
    setBusy(false);
  }

  return (
    <form class="card stack" onSubmit={send}>
      <Field label={t.codeField} hint={t.codeHint}>
        {masked ? (
          <input
            class="code num"
            type="password"
            // With any other word browsers offer to keep what looks to them like a password.
            autocomplete="one-time-code"
            value={code}
            onInput={type}
          />
        ) : (
          <textarea
            class="code num"
            rows={3}
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            value={grouped(code)}
            onInput={type}
          />
        )}
      </Field>
      {roomSees() && (
        <button type="button" class="button" onClick={() => (codeShown.value = masked)}>
          {masked ? t.showCode : t.maskCode}
        </button>
      )}
      {told && <Alert tone={told.tone}>{told.words}</Alert>}
      {said && <Alert tone={said.tone}>{said.words}</Alert>}
      <button class="button primary wide" disabled={busy || codeFault(code) !== null}>
        {t.codeSend}
      </button>
    </form>
  );
}
