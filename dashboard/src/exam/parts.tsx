import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Alert } from "../shared/parts";
import { language } from "../shared/i18n";
import { drawerFull } from "./drawer";
import { isDiskTrouble } from "./model";
import type { Mark } from "./outbox";
import { fetchRescue, type Rescuing } from "./roots";
import { slow, state, stuck, view } from "./session";
import { t } from "./words";

const SIGNS = ["○", "✓", "✓✓"] as const;

export const markWord = (mark: Mark): string => [t.mark0, t.mark1, t.mark2][mark] ?? "";

/** ○ ✓ ✓✓: never by colour alone, and with a word for those who listen. */
export function MarkSign(props: { mark: Mark; word?: boolean }): JSX.Element {
  return (
    <span class={`mark mark-${props.mark}`}>
      <span aria-hidden="true" class="mark-sign">
        {SIGNS[props.mark]}
      </span>
      <span class={props.word ? "" : "visually-hidden"}>{markWord(props.mark)}</span>
    </span>
  );
}

export function Legend(): JSX.Element {
  return (
    <div class="legend" role="group" aria-label={t.legend}>
      {([0, 1, 2] as const).map((mark) => (
        <MarkSign key={mark} mark={mark} word />
      ))}
    </div>
  );
}

/** The desk's own sentence, in the language of the page. */
export function troubleText(): string {
  const trouble = state.value.trouble;
  if (!trouble) return "";
  const text = language.value === "vi" ? trouble.message_vi : trouble.message_en;
  return trouble.wait_s ? `${text} (${trouble.wait_s} s)` : text;
}

/** The way out when the school does not answer, by code that was fetched while it did. */
export function RescueOffer(): JSX.Element | null {
  const [code, setCode] = useState<Rescuing | null>(null);
  const seat = state.value.seat;
  const wanted = stuck.value && seat !== null && seat.rescueTo !== "";
  useEffect(() => {
    if (wanted)
      fetchRescue().then(
        (found) => setCode(found),
        () => undefined,
      );
  }, [wanted]);
  return wanted && code ? <code.Offer /> : null;
}

/** What is wrong now and what to do about it; nothing when all is well. */
export function Troubles(): JSX.Element | null {
  const { line, stranger, trouble } = state.value;
  if (isDiskTrouble(trouble)) return <Alert tone="bad">{troubleText()}</Alert>;
  if (stranger) return <Alert tone="bad">{t.stranger}</Alert>;
  if (line === "down") {
    return (
      <Alert tone="warn">
        {!state.value.seat ? t.lineDownDoor : view.value === "over" ? t.lineDownOver : t.lineDown}{" "}
        {t.stayOnWifi}
      </Alert>
    );
  }
  if (drawerFull.value && state.value.seat) return <Alert tone="warn">{t.drawerFull}</Alert>;
  if (slow.value) return <Alert tone="bad">{t.slow}</Alert>;
  if (trouble) return <Alert tone="warn">{troubleText()}</Alert>;
  return null;
}
