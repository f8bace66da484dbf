import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { LocalState, Question } from "../screen/state";
import { dayIfNotToday, timeOfDay } from "../shared/format";
import { worded } from "../shared/i18n";
import { recall, remember } from "../shared/keep";
import { Alert, Field } from "../shared/parts";
import { roomNotice } from "../shared/roomnotice";
import { declare, LARGEST, listedOf, numberOf, type People, type Signature } from "./declare";
import { sentenceOf } from "./local";
import { reasons } from "./roomwords";
import { t } from "./signwords";

const WHO = "diemcau.desk.who";
/** Whether the school has chosen a PIN; whoever signs first chooses it, for every form of this page. */
const pinIsSet = signal(true);
/** Who signs, in every form of this page. */
const signerName = signal(recall(WHO) ?? "");
const LONGEST_PIN = 12;

/** Name and PIN of whoever signs; the name is remembered on this computer, the PIN never. */
function useSigner(): {
  who: string;
  pin: string;
  fields: JSX.Element;
  forget: () => void;
  isWhole: boolean;
} {
  const who = signerName.value;
  const [pin, setPin] = useState("");
  useEffect(() => {
    fetch("/invigilate/door")
      .then((reply) => (reply.ok ? (reply.json() as Promise<{ is_set: boolean }>) : null))
      .then((door) => {
        if (door) pinIsSet.value = door.is_set;
      })
      .catch(() => undefined);
  }, []);
  const fields = (
    <div class="signer">
      <Field label={t.who}>
        <input
          autocomplete="name"
          maxLength={80}
          value={who}
          onInput={(event) => {
            signerName.value = event.currentTarget.value;
          }}
        />
      </Field>
      <Field label={t.pin} {...(pinIsSet.value ? {} : { hint: t.choosePin })}>
        <input
          class="num"
          type="password"
          inputMode="numeric"
          autocomplete="off"
          maxLength={LONGEST_PIN}
          value={pin}
          onInput={(event) => setPin(event.currentTarget.value)}
        />
      </Field>
    </div>
  );
  return {
    who: who.trim(),
    pin,
    fields,
    isWhole: who.trim() !== "" && pin !== "",
    forget: () => {
      setPin("");
      pinIsSet.value = true;
      remember(WHO, who.trim());
    },
  };
}

function NumberField(props: { id: string; typed: string; type: (typed: string) => void }): JSX.Element {
  return (
    <input
      id={props.id}
      class="num people"
      inputMode="numeric"
      autocomplete="off"
      maxLength={String(LARGEST).length + 1}
      value={props.typed}
      onInput={(event) => props.type(event.currentTarget.value)}
    />
  );
}

/** The number of people, and the number of those who signed the list where there is one. */
function usePeople(id: string): {
  fields: JSX.Element;
  isTyped: boolean;
  /** What was typed, or the sentence that says what is wrong with it. */
  read: () => People | string;
  clear: () => void;
} {
  const [present, typePresent] = useState("");
  const [signed, typeSigned] = useState("");
  const fields = (
    <>
      <Field label={t.number}>
        <NumberField id={id} typed={present} type={typePresent} />
      </Field>
      <div class="listed">
        <Field label={t.listed} hint={t.listedHint}>
          <NumberField id={`${id}-listed`} typed={signed} type={typeSigned} />
        </Field>
      </div>
    </>
  );
  return {
    fields,
    isTyped: present !== "",
    read: () => {
      const number = numberOf(present);
      const listed = listedOf(signed);
      if (number === null) return t.wrong;
      if (listed === null) return t.wrongListed;
      return listed === undefined ? { number } : { number, listed };
    },
    clear: () => {
      typePresent("");
      typeSigned("");
    },
  };
}

/** The numbers that a person gives, signed with the school's PIN. */
export function Declare(props: { state: LocalState }): JSX.Element {
  const { declared, link, counted } = props.state;
  const signer = useSigner();
  const people = usePeople("count");
  const [busy, hold] = useState(false);
  const [fault, tell] = useState("");

  async function send(signature?: Signature): Promise<void> {
    const given = people.read();
    if (typeof given === "string") return tell(given);
    hold(true);
    try {
      await declare(given, signature);
      tell("");
      people.clear();
      if (signature) signer.forget();
    } catch (caught) {
      tell(sentenceOf(caught, t.notSent));
    }
    hold(false);
  }

  function sign(event: Event): void {
    event.preventDefault();
    if (!signer.isWhole) return tell(t.nameMissing);
    void send({ who: signer.who, pin: signer.pin });
  }

  return (
    <form class="card declare" onSubmit={sign}>
      <div>
        <h2>{t.count}</h2>
        <p class="muted">{t.countHint}</p>
      </div>
      {counted && <p class="num">{countedWords(counted)}</p>}
      <div class="row ends">
        {people.fields}
        {signer.fields}
      </div>
      <div class="row">
        <button class="button primary" disabled={busy || !people.isTyped}>
          {busy ? t.sending : t.sign}
        </button>
        <button
          type="button"
          class="button plainer"
          disabled={busy || !people.isTyped}
          onClick={() => void send()}
        >
          {t.unsigned}
        </button>
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
      {declared && (
        <Alert tone={link === "up" ? "good" : "warn"}>
          {t.last(declared.number, timeOfDay(declared.at_ms))}{" "}
          {declared.listed !== null && t.lastListed(declared.listed)}{" "}
          {declared.signed_by && t.signedBy(declared.signed_by)} {link !== "up" && t.lastOffline}
        </Alert>
      )}
    </form>
  );
}

function countedWords(counted: NonNullable<LocalState["counted"]>): string {
  const time = dayIfNotToday(counted.at_ms, Date.now());
  if (counted.count === null) return `${t.blind(time, worded(reasons, counted.reason))}.`;
  const about = counted.ratio === null ? "" : t.byRatio(Math.round(counted.count * counted.ratio));
  return `${t.camera(time, counted.count)}${about}${counted.still ? t.still(counted.still) : ""}.`;
}

/** What the centre wants to know of a roll call; stays until somebody has answered and signed. */
export function Questions(props: { state: LocalState }): JSX.Element {
  return (
    <>
      {props.state.questions.map((question) => (
        <Asked key={question.roll_call} question={question} />
      ))}
    </>
  );
}

function Asked(props: { question: Question }): JSX.Element {
  const { question } = props;
  const signer = useSigner();
  const people = usePeople(`answer-${question.roll_call}`);
  const [word, say] = useState("");
  const [busy, hold] = useState(false);
  const [fault, tell] = useState("");

  async function answer(event: Event): Promise<void> {
    event.preventDefault();
    const given = people.read();
    if (typeof given === "string") return tell(given);
    if (!word.trim()) return tell(t.wordMissing);
    if (!signer.isWhole) return tell(t.nameMissing);
    hold(true);
    try {
      const { who, pin } = signer;
      await declare(given, { who, pin, roll_call: question.roll_call, word: word.trim() });
      signer.forget();
    } catch (caught) {
      tell(sentenceOf(caught, t.notSent));
    }
    hold(false);
  }

  return (
    <form class="card declare asked" onSubmit={(event) => void answer(event)}>
      <div>
        <h2>{t.asked(dayIfNotToday(question.at_ms, Date.now()))}</h2>
        <p class="muted">{t.askedHint}</p>
      </div>
      <dl class="numbers num">
        <Figure name={t.expected} value={question.expected} />
        <Figure name={t.seen} value={question.camera} />
        <Figure name={t.declared} value={question.declared} />
        <Figure name={t.signedIn} value={question.signed_in} />
      </dl>
      <div class="row ends">
        {people.fields}
        <div class="grow">
          <Field label={t.word} hint={t.wordHint}>
            <textarea
              rows={2}
              maxLength={1000}
              value={word}
              onInput={(event) => say(event.currentTarget.value)}
            />
          </Field>
        </div>
      </div>
      {signer.fields}
      <div class="row">
        <button class="button primary" disabled={busy || !people.isTyped}>
          {busy ? t.sending : t.answer}
        </button>
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
    </form>
  );
}

function Figure(props: { name: string; value: number | null }): JSX.Element {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.value ?? t.none}</dd>
    </div>
  );
}

/** What the people in the room are told, as it stands on the big screen too. */
export function RoomNotice(props: { state: LocalState }): JSX.Element {
  return (
    <section class="card stack">
      <h2>{t.notice}</h2>
      <p>{roomNotice(props.state.rules).join(" ")}</p>
    </section>
  );
}
