import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { dictionary, type Language } from "../shared/i18n";
import { Alert } from "../shared/parts";
import { post, sentenceOf } from "./local";

const w = dictionary({
  title: { vi: "Ngôn ngữ trên màn hình lớn", en: "Language of the big screen" },
  hint: {
    vi: "Màn hình lớn đổi ngay, không cần bấm gì ở đó. Trang này có nút đổi ngôn ngữ riêng.",
    en: "The big screen changes at once, nothing to press there. This page has a switch of its own.",
  },
  notKept: { vi: "Chưa đổi được, hãy thử lại.", en: "Not changed, try again." },
});

/** Each in its own words, as whoever looks for it reads them. */
const NAMES: Record<Language, string> = { vi: "Tiếng Việt", en: "English" };

/** Nobody can press a switch on the big screen: it follows what is chosen here. */
export function ScreenLanguage(props: { chosen: Language }): JSX.Element {
  const [wanted, want] = useState<Language | null>(null);
  const [fault, tell] = useState("");
  useEffect(() => want(null), [props.chosen]);

  async function choose(language: Language): Promise<void> {
    want(language);
    try {
      await post("/local/language", { language });
      tell("");
    } catch (caught) {
      tell(sentenceOf(caught, w.notKept));
      want(null);
    }
  }

  return (
    <section class="card stack">
      <h2 id="screen-language">{w.title}</h2>
      <div class="row" role="radiogroup" aria-labelledby="screen-language">
        {(["vi", "en"] as const).map((language) => (
          <label key={language} class="button" lang={language}>
            <input
              type="radio"
              name="screen-language"
              checked={(wanted ?? props.chosen) === language}
              onChange={() => void choose(language)}
            />
            {NAMES[language]}
          </label>
        ))}
      </div>
      <p class="muted">{w.hint}</p>
      {fault && <Alert tone="bad">{fault}</Alert>}
    </section>
  );
}
