import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { dictionary, language, speak } from "./i18n";
import { changeTheme, theme } from "./theme";

export type Tone = "good" | "minor" | "warn" | "bad" | "lost" | "idle";

// A page that uses none of these words does not carry them.
const t = /* @__PURE__ */ dictionary({
  close: { vi: "Đóng", en: "Close" },
  toLight: { vi: "Nền sáng", en: "Light" },
  toDark: { vi: "Nền tối", en: "Dark" },
  otherLanguage: { vi: "English", en: "Tiếng Việt" },
});

export function LanguageSwitch(): JSX.Element {
  return (
    <button class="button small" onClick={() => speak(language.value === "vi" ? "en" : "vi")}>
      {t.otherLanguage}
    </button>
  );
}

export function ThemeSwitch(): JSX.Element {
  return (
    <button class="button small" onClick={() => changeTheme(theme.value === "dark" ? "light" : "dark")}>
      {theme.value === "dark" ? t.toLight : t.toDark}
    </button>
  );
}

export function Chip(props: { tone: Tone; icon?: string; children: ComponentChildren }): JSX.Element {
  return (
    <span class={`chip tone-${props.tone}`}>
      {props.icon && <span aria-hidden="true">{props.icon}</span>}
      {props.children}
    </span>
  );
}

export function Alert(props: {
  tone: "good" | "warn" | "bad" | "minor";
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class={`alert ${props.tone}`} role={props.tone === "bad" ? "alert" : "status"}>
      {props.children}
    </div>
  );
}

/** A modal over the page; Escape and the close button both call `onClose`. */
export function Modal(props: {
  title: string;
  wide?: boolean;
  onClose: () => void;
  children: ComponentChildren;
}): JSX.Element {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    box.current?.showModal();
  }, []);
  return (
    <dialog ref={box} class={props.wide ? "wide" : ""} onClose={props.onClose} aria-label={props.title}>
      <div class="stack">
        <div class="row">
          <h2 class="grow">{props.title}</h2>
          <button class="button small" onClick={() => box.current?.close()}>
            {t.close}
          </button>
        </div>
        {props.children}
      </div>
    </dialog>
  );
}

export function Field(props: { label: string; hint?: string; children: ComponentChildren }): JSX.Element {
  return (
    <label class="field">
      <span>{props.label}</span>
      {props.children}
      {props.hint && <span class="hint">{props.hint}</span>}
    </label>
  );
}

/** A bar from 0 to 1; the number beside it is the caller's. */
export function Bar(props: { share: number; tone?: Tone; label: string }): JSX.Element {
  const share = Number.isFinite(props.share) ? Math.min(1, Math.max(0, props.share)) : 0;
  return (
    <span class="bar" role="img" aria-label={props.label}>
      <span class={`tone-${props.tone ?? "good"}`} style={{ width: `${share * 100}%` }} />
    </span>
  );
}
