import "./desk.css";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { lineName } from "../desk/chatline";
import { post, sentenceOf } from "../desk/local";
import type { LocalState } from "../screen/state";
import { timeOfDay } from "../shared/format";
import { worded } from "../shared/i18n";
import { Icon } from "../shared/icons";
import { Alert } from "../shared/parts";
import { useHandKey } from "./handkey";
import { moveHand } from "./local";
import { questionStates, t } from "./words";

interface Asked {
  id: string;
  text: string;
  at_ms: number;
  state: string;
}

/** The room's hand and its written questions, on the site desk. */
export function FloorDesk(props: { state: LocalState }): JSX.Element | null {
  const floor = props.state.floor ?? null;
  const [fault, tell] = useState("");
  async function move(): Promise<void> {
    if (!floor) return;
    try {
      await moveHand(floor);
      tell("");
    } catch (caught) {
      tell(sentenceOf(caught, t.notDone));
    }
  }
  useHandKey(() => void move());
  if (!floor) return null;
  const word = floor.speak
    ? t.stop
    : floor.hand === "sending"
      ? t.sending
      : floor.hand === "up"
        ? t.raised(floor.place)
        : t.raise;
  return (
    <section class="card stack floor-desk">
      <h2>{t.title}</h2>
      {floor.speak && <p class="desk-on-air">{t.onAir}</p>}
      {floor.aside && <p class="desk-on-air">{t.asideWith(floor.aside.said_by)}</p>}
      <p class="muted">{t.hint}</p>
      <button class={`button ${floor.speak ? "danger" : "primary"}`} onClick={() => void move()}>
        <Icon name="hand" /> {word}
      </button>
      {fault && <Alert tone="bad">{fault}</Alert>}
      <Ask changes={floor.questions} />
    </section>
  );
}

function Ask(props: { changes: number }): JSX.Element {
  const [asked, take] = useState<Asked[]>([]);
  const [text, write] = useState("");
  const [busy, hold] = useState(false);
  const [fault, tell] = useState("");
  const name = useRef(lineName());
  useEffect(() => {
    let current = true;
    fetch("/local/floor/questions")
      .then((reply) => reply.json())
      .then((told: Asked[]) => current && take(told))
      .catch(() => undefined);
    return () => {
      current = false;
    };
  }, [props.changes]);
  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    hold(true);
    try {
      take(await post<Asked[]>("/local/floor/questions", { id: name.current, text }));
      name.current = lineName();
      write("");
      tell("");
    } catch (caught) {
      tell(sentenceOf(caught, t.notDone));
    }
    hold(false);
  }
  return (
    <>
      <form class="stack" onSubmit={submit}>
        <label class="field">
          <span>{t.ask}</span>
          <textarea
            rows={2}
            maxLength={500}
            value={text}
            onInput={(event) => write(event.currentTarget.value)}
          />
        </label>
        <button class="button" disabled={busy || !text.trim()}>
          {t.askButton}
        </button>
        {fault && <Alert tone="bad">{fault}</Alert>}
      </form>
      {asked.length > 0 && (
        <ul class="asked" aria-live="polite">
          {asked.map((question) => (
            <li key={question.id}>
              {question.text}
              <small class="muted num">
                {timeOfDay(question.at_ms)} · {worded(questionStates, question.state)}
              </small>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
