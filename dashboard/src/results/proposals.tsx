import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { Confirmed } from "../shared/ask";
import { useAsked, useDoing } from "../shared/asked";
import { dayAndTime, decimal, whole } from "../shared/format";
import { worded } from "../shared/i18n";
import { Alert, Chip, Field, Modal } from "../shared/parts";
import { can, me } from "../shared/signed";
import type { Difference, ItemChange, Marking, Proposal, VoidRule } from "./outcome";
import { o, proposalStates } from "./outcomewords";
import { type ExamStatistics, letter } from "./statistics";
import { bandWord, t } from "./words";

interface Seen {
  proposal: Proposal;
  difference: Difference;
}

interface Props {
  of: Marking;
  path: string;
  names: Record<string, string>;
  onDone: () => void;
}

/** Wishes for another key: made, looked at, and approved by somebody else. */
export function Proposals(props: Props): JSX.Element {
  const [seen, see] = useState<Seen | null>(null);
  const { busy, fault, run } = useDoing();
  const show = (id: number): Promise<boolean> =>
    run(async () => see(await api.get<Seen>(`${props.path}/key/proposals/${id}`)));
  const done = (): void => {
    see(null);
    props.onDone();
  };
  return (
    <section class="card stack">
      <h2>{o.key}</h2>
      <p class="muted">{o.keyHint}</p>
      {can("results.revise") && <Wish {...props} onMade={see} />}
      <h3>{o.proposals}</h3>
      {fault && <Alert tone="bad">{fault}</Alert>}
      {props.of.proposals.length === 0 && <p class="muted">{o.noProposal}</p>}
      {props.of.proposals.map((one) => (
        <div key={one.id} class="row">
          <Chip tone={one.state === "open" ? "warn" : one.state === "applied" ? "good" : "idle"}>
            {worded(proposalStates, one.state)}
          </Chip>
          <span class="grow">
            {one.reason}{" "}
            <span class="muted num">
              {o.asked} {one.who} · {dayAndTime(one.at_ms)}
            </span>
          </span>
          <button class="button small" disabled={busy} onClick={() => show(one.id)}>
            {o.show}
          </button>
        </div>
      ))}
      {seen && <Report seen={seen} path={props.path} names={props.names} onClose={done} />}
    </section>
  );
}

function Wish(props: Props & { onMade: (seen: Seen) => void }): JSX.Element {
  const asked = useAsked<ExamStatistics>(`${props.path}/statistics`);
  const [item, choose] = useState("");
  const [accept, take] = useState<string[]>([]);
  const [rule, set] = useState<VoidRule>(props.of.scheme.void);
  const [reason, tell] = useState("");
  const { busy, fault, run } = useDoing();
  const told = asked.value;
  if (!told) return asked.fault ? <Alert tone="warn">{asked.fault}</Alert> : <p>…</p>;
  const figures = told.statistics.items.find((one) => one.item === item);
  const words = told.questions[item];
  const pick = (wanted: string): void => {
    choose(wanted);
    take([]);
  };
  const go = (): Promise<boolean> =>
    run(async () => {
      const changes: ItemChange[] = [{ item, accept }];
      const made = await api.post<Seen>(`${props.path}/key/proposals`, { changes, void: rule, reason });
      props.onMade(made);
    });
  return (
    <div class="stack">
      <Field label={o.item}>
        <select value={item} onChange={(event) => pick(event.currentTarget.value)}>
          <option value="">{o.chooseItem}</option>
          {told.statistics.items.map((one) => (
            <option key={one.item} value={one.item}>
              {itemWord(told, one.item)}
            </option>
          ))}
        </select>
      </Field>
      {figures && words && (
        <fieldset>
          <legend>{accept.length ? o.acceptThese : o.voidIt}</legend>
          {figures.options.map(({ option, key }, at) => (
            <label key={option} class="row">
              <input
                type="checkbox"
                checked={accept.includes(option)}
                onChange={(event) =>
                  take(
                    event.currentTarget.checked
                      ? [...accept, option]
                      : accept.filter((one) => one !== option),
                  )
                }
              />
              <span>
                {letter(at)}. {words.options[option]} {key && <b>({t.key})</b>}
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {accept.length > 0 && figures?.options.some(({ option, key }) => key && !accept.includes(option)) && (
        <Alert tone="warn">{o.keyGoes}</Alert>
      )}
      {accept.length === 0 && (
        <Field label={o.rule}>
          <select value={rule} onChange={(event) => set(event.currentTarget.value as VoidRule)}>
            <option value="drop">{o.drop}</option>
            <option value="credit">{o.credit}</option>
          </select>
        </Field>
      )}
      <Field label={o.reason}>
        <textarea rows={2} maxLength={400} onInput={(event) => tell(event.currentTarget.value)} />
      </Field>
      {fault && <Alert tone="bad">{fault}</Alert>}
      <div>
        <button class="button primary" disabled={busy || !item || !reason.trim()} onClick={go}>
          {o.preview}
        </button>
      </div>
    </div>
  );
}

function itemWord(told: ExamStatistics, item: string): string {
  const words = told.questions[item];
  const places = Object.entries(words?.places ?? {}).map(([code, place]) => `${code}: ${place}`);
  return `${places.join(", ")} – ${(words?.text ?? item).slice(0, 80)}`;
}

function Report(props: {
  seen: Seen;
  path: string;
  names: Record<string, string>;
  onClose: () => void;
}): JSX.Element {
  const { proposal, difference: made } = props.seen;
  const own = `${props.path}/key/proposals/${proposal.id}`;
  const open = proposal.state === "open";
  const mine = me.value?.person.username === proposal.who;
  const mark = (value: number): string => decimal(value / 100, 2);
  const figures: [string, string][] = [
    [o.gained, whole(made.gained)],
    [o.lost, whole(made.lost)],
    [o.bandUp, whole(made.band_up)],
    [o.bandDown, whole(made.band_down)],
    [o.meanMoves, `${mark(made.mean[0])} → ${mark(made.mean[1])}`],
  ];
  return (
    <Modal title={o.preview} wide onClose={props.onClose}>
      <p>{proposal.reason}</p>
      <div class="figures num">
        {figures.map(([word, value]) => (
          <p key={word}>
            <b>{value}</b>
            <span>{word}</span>
          </p>
        ))}
      </div>
      {made.moves.length > 0 && (
        <>
          <h3>{o.bandMoves}</h3>
          <ul>
            {made.moves.map(([from, to, count]) => (
              <li key={`${from} ${to}`}>
                {bandWord(from, props.names)} → {bandWord(to, props.names)}: <b class="num">{whole(count)}</b>
              </li>
            ))}
          </ul>
        </>
      )}
      {made.rows.length > 0 && (
        <div class="scroll-x" tabIndex={0}>
          <table>
            <caption>{o.who}</caption>
            <tbody>
              {made.rows.slice(0, 100).map((row) => (
                <tr key={row.number}>
                  <td class="num left">{row.number}</td>
                  <td class="num">{`${row.correct[0]}/${row.maximum[0]} → ${row.correct[1]}/${row.maximum[1]}`}</td>
                  <td class="num">{`${mark(row.hundredths[0])} → ${mark(row.hundredths[1])}`}</td>
                  <td>{[...new Set(row.band)].map((each) => bandWord(each, props.names)).join(" → ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {open && can("results.revise") && (
        <div class="row">
          {mine ? (
            <Alert tone="minor">{o.ownWish}</Alert>
          ) : (
            <Confirmed
              word={o.apply}
              title={o.apply}
              class="primary"
              deed={() => api.post(`${own}/apply`).then(props.onClose)}
            >
              {o.applySure}
            </Confirmed>
          )}
          <Confirmed
            word={o.withdraw}
            title={o.withdraw}
            deed={() => api.post(`${own}/withdraw`).then(props.onClose)}
          >
            {proposal.reason}
          </Confirmed>
        </div>
      )}
    </Modal>
  );
}
