import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { language, speak } from "../shared/i18n";
import { recall, remember } from "../shared/keep";
import { changeTheme, theme } from "../shared/theme";
import { t } from "./words";

const SIZES = ["18px", "21px", "25px"] as const;
const SIZE_KEY = "diemcau.exam.size";

type Size = (typeof SIZES)[number];

const size = signal<Size>(SIZES.find((each) => each === recall(SIZE_KEY)) ?? "18px");
const open = signal(false);
let waiting: (() => void) | null = null;

/** Does it now, or when the panel is closed: nothing takes the focus out of an open panel. */
export function afterTools(act: () => void): void {
  if (open.value) waiting = act;
  else act();
}

/** The keyboard goes on where it was to go meanwhile, or else at the button that opens the panel. */
function close(): void {
  open.value = false;
  const act = waiting;
  waiting = null;
  if (act) act();
  else document.querySelector<HTMLElement>(".tools-button")?.focus();
}

function wear(next: Size): void {
  size.value = next;
  document.documentElement.style.fontSize = next;
}

wear(size.value);

export function ToolsButton(): JSX.Element {
  return (
    <button
      class="button small tools-button"
      aria-expanded={open.value}
      aria-label={t.tools}
      title={t.tools}
      onClick={() => (open.value ? close() : (open.value = true))}
    >
      Aa
    </button>
  );
}

/** Three sizes of type, two grounds, two languages: kept by this browser. */
export function Tools(): JSX.Element | null {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open.value && panel.current) panel.current.focus();
  }, [open.value]);
  if (!open.value) return null;
  const sizes = [t.sizeNormal, t.sizeLarge, t.sizeLargest];
  return (
    <div class="tools" role="group" aria-label={t.tools} tabIndex={-1} ref={panel}>
      <Choices
        name={t.size}
        options={SIZES.map((each, place) => ({
          word: sizes[place] ?? "",
          chosen: size.value === each,
          choose: () => {
            remember(SIZE_KEY, each);
            wear(each);
          },
        }))}
      />
      <Choices
        name={t.ground}
        options={[
          { word: t.groundLight, chosen: theme.value === "light", choose: () => changeTheme("light") },
          { word: t.groundDark, chosen: theme.value === "dark", choose: () => changeTheme("dark") },
        ]}
      />
      <Choices
        name={t.languageOf}
        options={[
          { word: "Tiếng Việt", chosen: language.value === "vi", choose: () => speak("vi") },
          { word: "English", chosen: language.value === "en", choose: () => speak("en") },
        ]}
      />
      <button class="button" onClick={close}>
        {t.closeTools}
      </button>
    </div>
  );
}

interface Choice {
  word: string;
  chosen: boolean;
  choose: () => void;
}

function Choices(props: { name: string; options: Choice[] }): JSX.Element {
  return (
    <div class="choices" role="group" aria-label={props.name}>
      <span class="choices-name" aria-hidden="true">
        {props.name}
      </span>
      {props.options.map((option) => (
        <button
          key={option.word}
          class={`button ${option.chosen ? "on" : ""}`}
          aria-pressed={option.chosen}
          onClick={option.choose}
        >
          {option.word}
        </button>
      ))}
    </div>
  );
}
