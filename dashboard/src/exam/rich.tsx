import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Piece, piecesOf } from "./pieces";
import { state } from "./session";
import { t } from "./words";

interface Shown {
  id: string;
  alt: string;
}

const enlarged = signal<Shown | null>(null);

/** A text of the paper with its images and tables; line breaks stay as they were written. */
export function Rich(props: {
  text: string;
  images?: string[] | undefined;
  question: number;
  others?: string[];
}): JSX.Element {
  return (
    <>
      {piecesOf(props.text, props.images, props.others).map((piece, place) => (
        <PieceView key={place} piece={piece} question={props.question} />
      ))}
    </>
  );
}

function PieceView(props: { piece: Piece; question: number }): JSX.Element {
  const { piece } = props;
  if (piece.kind === "words") return <span>{piece.text}</span>;
  if (piece.kind === "image") return <Picture id={piece.id} alt={t.picture(piece.number, props.question)} />;
  return (
    <span class="scroll-x" role="group" tabIndex={0}>
      <table class="paper-table">
        <tbody>
          {piece.rows.map((row, line) => (
            <tr key={line}>
              {row.map((cell, place) => (
                <td key={place}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </span>
  );
}

function Picture(props: Shown): JSX.Element {
  const size = state.value.images.find((image) => image.id === props.id);
  const [missing, setMissing] = useState(false);
  const [turn, setTurn] = useState(0);
  const line = state.value.line;
  useEffect(() => {
    if (line === "up" && missing) again();
  }, [line]);

  function again(): void {
    setMissing(false);
    setTurn(turn + 1);
  }

  function press(event: Event): void {
    // Inside an answer a touch would choose it.
    event.preventDefault();
    if (missing) again();
    else enlarged.value = props;
  }

  return (
    <button type="button" class="picture" onClick={press}>
      {missing ? (
        t.pictureMissing
      ) : (
        <img
          src={`/exam/picture/${props.id}?${turn}`}
          alt={props.alt}
          {...(size ? { width: size.width, height: size.height } : {})}
          onError={() => setMissing(true)}
        />
      )}
    </button>
  );
}

/** The picture that was pressed, as large as the screen allows; larger ones can be moved about. */
export function EnlargedPicture(): JSX.Element | null {
  const shown = enlarged.value;
  const button = useRef<HTMLButtonElement>(null);
  const before = useRef<Element | null>(null);
  // Before anything else can be pressed: a key goes to whatever has the focus.
  useLayoutEffect(() => {
    if (shown) {
      before.current = document.activeElement;
      if (button.current) button.current.focus();
    } else if (before.current instanceof HTMLElement) before.current.focus();
  }, [shown]);
  if (!shown) return null;
  const close = (): void => void (enlarged.value = null);
  return (
    <div
      class="veil"
      role="dialog"
      aria-modal="true"
      aria-label={shown.alt}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <div class="enlarged">
        <div class="enlarged-scroll" tabIndex={0} role="group" aria-label={shown.alt}>
          <img src={`/exam/picture/${shown.id}?0`} alt={shown.alt} />
        </div>
        <button class="button big" ref={button} onClick={close}>
          {t.closePicture}
        </button>
      </div>
    </div>
  );
}
