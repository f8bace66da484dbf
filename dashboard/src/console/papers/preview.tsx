import "./papers.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAsked } from "../../shared/asked";
import type { Exam } from "../../shared/exam";
import { Alert, Chip } from "../../shared/parts";
import { can } from "../../shared/signed";
import { LETTERS } from "../questions/model";
import { t } from "../words";
import { w } from "./words";

interface Piece {
  text?: string;
  image?: string;
}

interface Block {
  line?: Piece[];
  rows?: Piece[][][];
}

interface Asked {
  number: number;
  item: string;
  text: Block[];
  options: Block[][];
  columns: number;
  right: string | null;
  question: string | null;
}

interface Told {
  sealed: boolean;
  key_told: boolean;
  codes: { code: string; questions: Asked[] }[];
  /** Data address by image id. */
  pictures: Record<string, string>;
}

/** Every code as it will be asked. */
export function Preview({ exam, onBack }: { exam: Exam; onBack: () => void }): JSX.Element {
  const asked = useAsked<Told>(`/api/v1/exams/${exam.id}/papers`);
  const [at, choose] = useState(0);
  const told = asked.value;
  const sheet = told?.codes[at];
  return (
    <div class="stack">
      <div class="row">
        <button class="button small" onClick={onBack}>
          {w.back}
        </button>
        <span class="row tight" role="group">
          {told?.codes.map(({ code }, place) => (
            <button
              key={code}
              class={`button ${place === at ? "primary" : ""}`}
              aria-pressed={place === at}
              onClick={() => choose(place)}
            >
              {nameOf(code)}
            </button>
          ))}
        </span>
      </div>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {!told && !asked.fault && <p class="muted">{t.loading}</p>}
      {told && <Alert tone={told.key_told ? "warn" : "minor"}>{told.key_told ? w.keyTold : w.keyHeld}</Alert>}
      {told && !told.sealed && <Alert tone="minor">{w.draft}</Alert>}
      {told && exam.shuffled && <Alert tone="minor">{w.shuffledPreview}</Alert>}
      {told &&
        sheet?.questions.map((question) => (
          <Question key={question.item} question={question} pictures={told.pictures} />
        ))}
    </div>
  );
}

export function nameOf(code: string): string {
  return code.startsWith("R") ? w.reserve(code.slice(1)) : w.code(code);
}

function Question({ question, pictures }: { question: Asked; pictures: Told["pictures"] }): JSX.Element {
  return (
    <section class="card paper-question">
      <div class="row">
        <h2 class="num grow">{w.question(question.number)}</h2>
        {question.right && <Chip tone="good">✓ {question.right}</Chip>}
        {question.question && can("bank.edit") && (
          <a class="small" href={`#questions/${question.question}`}>
            ↗
          </a>
        )}
      </div>
      <Blocks blocks={question.text} pictures={pictures} />
      <div class={`paper-options across-${question.columns}`}>
        {question.options.map((option, place) => (
          <div key={place} class={question.right === LETTERS[place] ? "right" : ""}>
            <b>{LETTERS[place]}.</b> <Blocks blocks={option} pictures={pictures} />
          </div>
        ))}
      </div>
    </section>
  );
}

function Blocks({ blocks, pictures }: { blocks: Block[]; pictures: Told["pictures"] }): JSX.Element {
  const line = (pieces: Piece[]): (JSX.Element | string)[] =>
    pieces.map((piece, at) =>
      piece.image ? <img key={at} src={pictures[piece.image]} alt="" /> : (piece.text ?? ""),
    );
  return (
    <div class="paper-text">
      {blocks.map((block, at) =>
        block.rows ? (
          <table key={at} class="tight">
            <tbody>
              {block.rows.map((row, place) => (
                <tr key={place}>
                  {row.map((cell, column) =>
                    place === 0 ? <th key={column}>{line(cell)}</th> : <td key={column}>{line(cell)}</td>,
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        ) : (
          <div key={at}>{line(block.line ?? [])}</div>
        ),
      )}
    </div>
  );
}
