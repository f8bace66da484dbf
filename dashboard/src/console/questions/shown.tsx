import type { JSX } from "preact";
import { piecesOf } from "../../exam/pieces";
import { w } from "./words";

/** A text of the bank with its images and tables, as candidates see it. */
export function Shown({ text, images }: { text: string; images: readonly string[] }): JSX.Element {
  return (
    <div class="question-shown">
      {piecesOf(text, images).map((piece, at) => {
        if (piece.kind === "words") return <span key={at}>{piece.text}</span>;
        if (piece.kind === "image")
          return (
            <img
              key={at}
              src={`/api/v1/bank/images/${piece.id}`}
              alt={w.picture(piece.number)}
              loading="lazy"
            />
          );
        return (
          <table key={at} class="tight">
            <tbody>
              {piece.rows.map((row, line) => (
                <tr key={line}>
                  {row.map((cell, column) =>
                    line === 0 ? <th key={column}>{cell}</th> : <td key={column}>{cell}</td>,
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        );
      })}
    </div>
  );
}
