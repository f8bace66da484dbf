import type { JSX } from "preact";
import { timeOfDay } from "../shared/format";
import { Chip, type Tone } from "../shared/parts";
import { can } from "../shared/signed";
import { decisions, questionMarks, t } from "./handwords";
import type { LiveFloor } from "./live";
import { nameOf, NEXT, ordered, type QuestionState } from "./model";

const TONES: Record<QuestionState, Tone> = {
  asked: "warn",
  accepted: "minor",
  answered: "good",
  hidden: "idle",
};

/** Written questions: a lecturer sees those that were let through, a moderator sees and decides all. */
export function Questions(props: { live: LiveFloor }): JSX.Element | null {
  const { floor, act } = props.live;
  if (!floor) return null;
  const moderates = can("floor.moderate");
  return (
    <section class="questions" aria-label={t.questions}>
      <h3>{t.questions}</h3>
      {!moderates && floor.asked > 0 && <p class="muted">{t.waiting(floor.asked)}</p>}
      {floor.questions.length === 0 && <p class="muted">{t.noQuestions}</p>}
      <ol>
        {ordered(floor.questions).map((question) => (
          <li key={question.id} class={`question-${question.state}`}>
            <p>{question.text}</p>
            <div class="row">
              <small class="muted num grow">
                {nameOf(question.room)} · {timeOfDay(question.at_ms)}
              </small>
              <Chip tone={TONES[question.state]}>{questionMarks[question.state]}</Chip>
              {moderates &&
                NEXT[question.state].map((next) => (
                  <button
                    key={next}
                    class="button small"
                    onClick={() => void act(`questions/${encodeURIComponent(question.id)}`, { state: next })}
                  >
                    {decisions[next]}
                  </button>
                ))}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
