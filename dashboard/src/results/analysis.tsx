import { Fragment, type JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { useAsked } from "../shared/asked";
import { decimal, whole } from "../shared/format";
import { worded } from "../shared/i18n";
import { Alert, Chip, type Tone } from "../shared/parts";
import {
  type AnalysedItem,
  analysed,
  type CodeComparison,
  type CodeFigures,
  type ExamStatistics,
  inOrder,
  type ItemOrder,
  letter,
  type PaperFigures,
  UNLIKELY,
} from "./statistics";
import { codeNotes, itemNotes, optionNotes, t } from "./words";

const NOTE_TONES: Record<string, Tone> = {
  void: "idle",
  easy: "minor",
  hard: "warn",
  weak: "warn",
  negative: "bad",
  key_doubt: "bad",
};

/** The tab that analyses the questions of an exam. */
export function Analysis({ exam }: { exam: string }): JSX.Element {
  const asked = useAsked<ExamStatistics>(`/api/v1/exams/${exam}/statistics`, 30_000);
  const told = asked.value;
  if (!told) return asked.fault ? <Alert tone="warn">{asked.fault}</Alert> : <p>…</p>;
  const { paper, codes, comparisons } = told.statistics;
  return (
    <div class="stack">
      <Paper of={paper} />
      {codes.length > 0 && <Codes codes={codes} comparisons={comparisons} />}
      <Items of={told} />
    </div>
  );
}

function Paper({ of }: { of: PaperFigures }): JSX.Element {
  const figures: [string, string][] = [
    [t.analysedCandidates, whole(of.candidates)],
    [t.analysedItems, whole(of.items)],
    [t.meanCorrect, decimal(of.mean, 2)],
    [t.sd, decimal(of.sd, 2)],
    [t.range, `${of.minimum ?? "–"}–${of.maximum ?? "–"}`],
    ["KR-20", decimal(of.kr20, 3)],
    [t.sem, decimal(of.sem, 2)],
    [t.skewness, decimal(of.skewness, 2)],
    [t.kurtosis, decimal(of.kurtosis, 2)],
  ];
  return (
    <section class="card stack">
      <h2>{t.paper}</h2>
      <div class="figures nine num">
        {figures.map(([word, value]) => (
          <p key={word}>
            <b>{value}</b>
            <span>{word}</span>
          </p>
        ))}
      </div>
      <p class="muted">{t.paperHint}</p>
    </section>
  );
}

function Codes(props: { codes: CodeFigures[]; comparisons: CodeComparison[] }): JSX.Element {
  const against = (code: string): CodeComparison | undefined =>
    props.comparisons.find((comparison) => comparison.code === code);
  return (
    <section class="card">
      <h2>{t.codes}</h2>
      <div class="scroll-x" tabIndex={0}>
        <table class="groups">
          <thead>
            <tr>
              <th>{t.code}</th>
              <th class="num">{t.analysedCandidates}</th>
              <th class="num">{t.meanCorrect}</th>
              <th class="num">{t.sd}</th>
              <th>{t.compared}</th>
            </tr>
          </thead>
          <tbody>
            {props.codes.map(({ code, candidates, mean, sd }) => (
              <tr key={code}>
                <td>
                  <b>{code}</b>
                </td>
                <td class="num">{whole(candidates)}</td>
                <td class="num">{decimal(mean, 2)}</td>
                <td class="num">{decimal(sd, 2)}</td>
                <td>
                  <Verdict of={against(code)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Verdict({ of }: { of: CodeComparison | undefined }): JSX.Element {
  if (!of) return <span class="muted">{t.reference}</span>;
  const differs = of.p !== null && of.p < UNLIKELY;
  return (
    <span class={differs ? "tone-warn" : "muted"}>
      {differs ? t.codesDiffer : t.codesAlike} ({t.difference} {decimal(of.difference, 2)}; p ={" "}
      {decimal(of.p, 3)}; d = {decimal(of.d, 2)})
    </span>
  );
}

function Items({ of }: { of: ExamStatistics }): JSX.Element {
  const [by, order] = useState<ItemOrder>("place");
  const [open, unfold] = useState("");
  const items = useMemo(() => inOrder(analysed(of), by), [of, by]);
  const heading = (key: ItemOrder, word: string): JSX.Element => (
    <th aria-sort={by === key ? "ascending" : "none"}>
      <button class="sort" onClick={() => order(key)}>
        {word} {by === key ? "▾" : ""}
      </button>
    </th>
  );
  return (
    <section class="card">
      <h2>{t.items}</h2>
      <p class="muted">{t.itemsHint}</p>
      <div class="scroll-x" tabIndex={0}>
        <table class="items">
          <thead>
            <tr>
              {heading("place", t.item)}
              <th class="wide">{t.question}</th>
              {heading("facility", t.facility)}
              {heading("discrimination", t.discrimination)}
              <th class="num">{t.efficiency}</th>
              <th class="num">{t.pointBiserial}</th>
              <th class="num">{t.upperLower}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <Fragment key={item.item}>
                <ItemRow
                  of={item}
                  open={open === item.item}
                  onToggle={() => unfold(open === item.item ? "" : item.item)}
                />
                {open === item.item && (
                  <tr>
                    <td colSpan={7}>
                      <Options of={item} />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function ItemRow(props: { of: AnalysedItem; open: boolean; onToggle: () => void }): JSX.Element {
  const { of: item } = props;
  return (
    <tr>
      <td class="num left">{item.place + 1}</td>
      <td>
        <button class="question" aria-expanded={props.open} onClick={props.onToggle}>
          <span aria-hidden="true">{props.open ? "▾" : "▸"}</span>
          <span class={props.open ? "" : "clamp"}>{item.question.text}</span>
        </button>
        {(item.notes.length > 0 || item.codeNotes.length > 0) && (
          <span class="notes">
            {item.notes.map((note) => (
              <Chip key={note} tone={NOTE_TONES[note] ?? "minor"}>
                {worded(itemNotes, note)}
              </Chip>
            ))}
            {item.codeNotes.map(([code, note]) => (
              <Chip key={code} tone="warn">
                {t.underCode(code)} {worded(codeNotes, note)}
              </Chip>
            ))}
          </span>
        )}
      </td>
      <td>
        <Gauge share={item.facility} text={percent(item.facility)} />
      </td>
      <td>
        <Gauge
          share={item.discrimination}
          text={decimal(item.discrimination, 2)}
          bad={item.notes.includes("negative")}
        />
      </td>
      <td class="num">{decimal(item.efficiency, 2)}</td>
      <td class="num">{decimal(item.point_biserial, 2)}</td>
      <td class="num">{decimal(item.upper_lower, 2)}</td>
    </tr>
  );
}

/** A number over a small bar; what is below zero has its full length and another colour. */
function Gauge(props: { share: number | null; text: string; bad?: boolean }): JSX.Element {
  const share = props.share ?? 0;
  return (
    <span class="gauge num">
      {props.text}
      <span class={`bar ${props.bad ? "tone-bad" : "tone-minor"}`} aria-hidden="true">
        <span style={{ width: `${Math.min(1, Math.abs(share)) * 100}%` }} />
      </span>
    </span>
  );
}

function Options({ of: item }: { of: AnalysedItem }): JSX.Element {
  const places = Object.entries(item.question.places);
  return (
    <div class="stack under">
      <p class="muted">
        {places.map(([code, place]) => `${t.code} ${code}: ${t.item.toLowerCase()} ${place}`).join(" · ")}
        {item.answered !== null && ` · ${t.answered}: ${whole(item.answered)}`}
        {` · ${t.alphaWithout}: ${decimal(item.alpha_without, 3)}`}
      </p>
      <table class="options">
        <thead>
          <tr>
            <th>{t.option}</th>
            <th>{t.chosenBy}</th>
            <th class="num">{t.meanRest}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {item.options.map((option, place) => (
            <tr key={option.option}>
              <td class={option.key ? "tone-good" : ""}>
                <b>{letter(place)}.</b> {item.question.options[option.option]}{" "}
                {option.key && <b>✓ {t.key}</b>}
              </td>
              <td>
                <Gauge share={option.share} text={`${whole(option.count)} (${percent(option.share)})`} />
              </td>
              <td class="num">{decimal(option.mean_rest, 2)}</td>
              <td>
                {option.notes.map((note) => (
                  <Chip key={note} tone={note === "above_key" ? "warn" : "idle"}>
                    {worded(optionNotes, note)}
                  </Chip>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function percent(share: number | null): string {
  return share === null ? "–" : `${decimal(share * 100)} %`;
}
