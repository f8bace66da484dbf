/** A question's text as the paper carries it: words, the places of its images, and tables. See `wire/paper.py`. */

export type Piece =
  | { kind: "words"; text: string }
  | { kind: "image"; id: string; number: number }
  | { kind: "table"; rows: string[][] };

const MARK = /\[Hình (\d{1,2})\]/;
const CELL = " | ";

function withImages(text: string, images: readonly string[]): Piece[] {
  const pieces: Piece[] = [];
  let words = "";
  const close = (): void => {
    if (words) pieces.push({ kind: "words", text: words });
    words = "";
  };
  // Split by a pattern with one group: words, number, words, number, …
  text.split(MARK).forEach((part, place) => {
    if (place % 2 === 0) {
      words += part;
      return;
    }
    const id = images[Number(part) - 1];
    if (id === undefined) {
      words += `[Hình ${part}]`;
      return;
    }
    close();
    pieces.push({ kind: "image", id, number: Number(part) });
  });
  close();
  return pieces;
}

/**
 * The pieces in order. `others`, of a question: its options. Images that no mark names, neither here nor there, stand
 * at the end, so that none is lost.
 */
export function piecesOf(text: string, images: readonly string[] = [], others?: readonly string[]): Piece[] {
  const pieces: Piece[] = [];
  let lines: string[] = [];
  let rows: string[][] = [];
  const words = (): void => {
    if (lines.length) pieces.push(...withImages(lines.join("\n"), images));
    lines = [];
  };
  const table = (): void => {
    if (rows.length > 1) {
      words();
      pieces.push({ kind: "table", rows });
    } else lines = lines.concat(rows.map((row) => row.join(CELL)));
    rows = [];
  };
  text.split("\n").forEach((line) => {
    if (line.includes(CELL)) {
      rows.push(line.split(CELL));
      return;
    }
    table();
    lines.push(line);
  });
  table();
  words();
  if (others) {
    const named = [text, ...others];
    const shown = pieces.map((piece) => (piece.kind === "image" ? piece.number : 0));
    images.forEach((id, place) => {
      if (!shown.includes(place + 1) && !named.some((each) => each.includes(`[Hình ${place + 1}]`)))
        pieces.push({ kind: "image", id, number: place + 1 });
    });
  }
  return pieces;
}
