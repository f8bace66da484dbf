import "./duty.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { useAsked, useDoing } from "../shared/asked";
import { type Handover, handoverStates } from "../shared/duty";
import { dayAndTime } from "../shared/format";
import { worded } from "../shared/i18n";
import { mount } from "../shared/mount";
import { Alert, Chip, Field, LanguageSwitch, ThemeSwitch, type Tone } from "../shared/parts";
import { can, me, Signed, SignOut } from "../shared/signed";
import { Lines, type SheetLine } from "./lines";
import { t } from "./words";

interface Handing {
  draft: {
    since_ms: number;
    at_ms: number;
    held: SheetLine[];
    mine: SheetLine[];
    others: SheetLine[];
    done: SheetLine[];
  };
  colleagues: { id: string; name: string }[];
  handovers: Handover[];
}

const EVERY_MS = 5_000;
const HANDOVERS = "/api/v1/duty/handovers";
const TONES: Record<Handover["state"], Tone> = {
  offered: "warn",
  accepted: "good",
  declined: "bad",
  withdrawn: "idle",
};

function Shift(): JSX.Element {
  const { value, fault, again } = useAsked<Handing>(HANDOVERS, EVERY_MS);
  const mine = me.value?.person.id;
  const offered = value?.handovers.filter(({ state }) => state === "offered") ?? [];
  return (
    <main class="content stack">
      <div class="row">
        <h1 class="grow">{t.title}</h1>
        <a class="button small" href={`${HANDOVERS}/draft/sheet.pdf`} target="_blank" rel="noreferrer">
          {t.print}
        </a>
        <a class="button small" href={`${HANDOVERS}/draft/sheet.xlsx`}>
          XLSX
        </a>
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
      {offered
        .filter(({ taker }) => taker === mine)
        .map((offer) => (
          <Incoming key={offer.id} offer={offer} again={again} />
        ))}
      {value && (
        <>
          <p class="muted num">{t.shift(dayAndTime(value.draft.since_ms))}</p>
          <Lines title={t.held} lines={value.draft.held} nowMs={value.draft.at_ms} />
          <Lines title={t.mine} lines={value.draft.mine} nowMs={value.draft.at_ms} />
          <Lines title={t.others} lines={value.draft.others} nowMs={value.draft.at_ms} who />
          <Offer
            colleagues={value.colleagues}
            open={offered.find(({ giver }) => giver === mine) ?? null}
            again={again}
          />
          <Lines title={t.done} lines={value.draft.done} nowMs={value.draft.at_ms} who past />
          <Earlier handovers={value.handovers} />
        </>
      )}
    </main>
  );
}

function Incoming({ offer, again }: { offer: Handover; again: () => void }): JSX.Element {
  const { busy, fault, run } = useDoing();
  const decide = async (step: string): Promise<void> => {
    await run(() => api.post(`${HANDOVERS}/${offer.id}/${step}`));
    again();
  };
  return (
    <section class="card incoming">
      <h2>{t.incoming(offer.giver_name)}</h2>
      {offer.note && <p>“{offer.note}”</p>}
      <div class="row">
        <button class="button primary" disabled={busy} onClick={() => decide("accept")}>
          {t.accept}
        </button>
        <button class="button" disabled={busy} onClick={() => decide("decline")}>
          {t.decline}
        </button>
        <a class="button small" href={`${HANDOVERS}/${offer.id}/sheet.pdf`} target="_blank" rel="noreferrer">
          {t.seeList}
        </a>
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
    </section>
  );
}

function Offer(props: {
  colleagues: Handing["colleagues"];
  open: Handover | null;
  again: () => void;
}): JSX.Element {
  const { busy, fault, run } = useDoing();
  const [taker, choose] = useState("");
  const [note, write] = useState("");
  const { open, again } = props;
  const act = async (deed: () => Promise<unknown>): Promise<void> => {
    if (await run(deed)) write("");
    again();
  };
  if (open)
    return (
      <section class="card">
        <h2>{t.waits(open.taker_name)}</h2>
        <button
          class="button small"
          disabled={busy}
          onClick={() => act(() => api.post(`${HANDOVERS}/${open.id}/withdraw`))}
        >
          {t.withdraw}
        </button>
        {fault && <Alert tone="bad">{fault}</Alert>}
      </section>
    );
  return (
    <section class="card stack">
      <h2>{t.handOver}</h2>
      {props.colleagues.length === 0 && <p class="muted">{t.alone}</p>}
      <Field label={t.to}>
        <select value={taker} onChange={(event) => choose(event.currentTarget.value)}>
          <option value="">{t.choose}</option>
          {props.colleagues.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </Field>
      <Field label={t.plan}>
        <textarea value={note} maxLength={1000} onInput={(event) => write(event.currentTarget.value)} />
      </Field>
      <div class="row">
        <button
          class="button primary"
          disabled={busy || !taker}
          onClick={() => act(() => api.post(HANDOVERS, { taker, note }))}
        >
          {t.offer}
        </button>
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
    </section>
  );
}

function Earlier({ handovers }: { handovers: Handover[] }): JSX.Element | null {
  if (handovers.length === 0) return null;
  return (
    <section class="card">
      <h2>{t.earlier}</h2>
      <ul class="handovers">
        {handovers.map((each) => (
          <li key={each.id}>
            <time class="num">{dayAndTime(each.at_ms)}</time>
            <span class="grow">
              {each.giver_name} → {each.taker_name}
            </span>
            <Chip tone={TONES[each.state]}>{worded(handoverStates, each.state)}</Chip>
            <a href={`${HANDOVERS}/${each.id}/sheet.pdf`} target="_blank" rel="noreferrer">
              PDF
            </a>
            <a href={`${HANDOVERS}/${each.id}/sheet.xlsx`}>XLSX</a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Page(): JSX.Element {
  return (
    <>
      <header class="topbar">
        <a class="brand" href="/wall">
          Điểm cầu
        </a>
        <span class="grow" />
        <LanguageSwitch />
        <ThemeSwitch />
        <a class="button small" href="/wall">
          {t.wall}
        </a>
        <SignOut />
      </header>
      {can("duty.call") ? (
        <Shift />
      ) : (
        <main class="content">
          <Alert tone="warn">{t.notYours}</Alert>
        </main>
      )}
    </>
  );
}

mount(
  <Signed>
    <Page />
  </Signed>,
);
