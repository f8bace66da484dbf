import type { JSX } from "preact";
import { recall, remember } from "../shared/keep";
import { LanguageSwitch } from "../shared/parts";
import { Door, Elsewhere } from "./door";
import { Over } from "./over";
import { PaperView } from "./paper";
import { state, view } from "./session";
import { Waiting } from "./waiting";
import { t } from "./words";

const SIZES = ["18px", "21px", "24px"];
const SIZE_KEY = "diemcau.exam.size";

function wearSize(size: string): void {
  document.documentElement.style.fontSize = size;
}

wearSize(recall(SIZE_KEY) || "18px");

function largerText(): void {
  const place = SIZES.indexOf(document.documentElement.style.fontSize);
  const next = SIZES[(place + 1) % SIZES.length] ?? "18px";
  remember(SIZE_KEY, next);
  wearSize(next);
}

export function ExamPage(): JSX.Element {
  const seat = state.value.seat;
  return (
    <>
      <header class="topbar exam-top">
        <span class="brand">{seat ? seat.name : t.title}</span>
        <span class="grow num">{seat?.number}</span>
        <button class="button small" aria-label={t.larger} title={t.larger} onClick={largerText}>
          A+
        </button>
        <LanguageSwitch />
      </header>
      <main class="exam">
        <Body />
      </main>
    </>
  );
}

function Body(): JSX.Element | null {
  switch (view.value) {
    case "connecting":
      return (
        <p class="card narrow" role="status">
          {t.connecting}
        </p>
      );
    case "sign_in":
      return <Door />;
    case "waiting":
      return <Waiting />;
    case "paper":
      return <PaperView />;
    case "over":
      return <Over />;
    case "moved":
      return <Elsewhere />;
  }
}
