import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { LocalSlides } from "./state";
import { t } from "./words";

/** So long a page may take to be decoded before it is shown all the same. */
const DECODE_MS = 800;

/** Waits until the browser has the picture ready to be painted, so that a turn never shows an empty page. */
async function decoded(address: string): Promise<void> {
  const image = new Image();
  image.src = address;
  const late = new Promise<void>((done) => setTimeout(done, DECODE_MS));
  await Promise.race([image.decode().catch(() => undefined), late]);
}

/** The page of the slides, sharp over the whole of its place; the next ones are fetched from this computer beforehand. */
export function SlidePicture({ slides }: { slides: LocalSlides }): JSX.Element {
  const [shown, show] = useState(slides.picture);
  const { picture, near } = slides;
  useEffect(() => {
    let here = true;
    void decoded(picture).then(() => {
      if (here) show(picture);
    });
    return () => {
      here = false;
    };
  }, [picture]);
  const coming = near.join(" ");
  useEffect(() => {
    for (const address of coming.split(" ").filter(Boolean)) new Image().src = address;
  }, [coming]);
  return (
    <div class="slide" data-page={slides.page}>
      <img src={shown} alt={t.page(slides.page, slides.pages)} />
    </div>
  );
}
