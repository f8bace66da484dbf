import type { JSX } from "preact";
import { Door, Elsewhere } from "./door";
import { cardOf } from "./model";
import { Over } from "./over";
import { PaperView } from "./paper";
import { state, view } from "./session";
import { Stopped } from "./stopped";
import { Tools, ToolsButton } from "./tools";
import { Waiting } from "./waiting";
import { announcement } from "./warnings";
import { t } from "./words";

export function ExamPage(): JSX.Element {
  const seat = state.value.seat;
  return (
    <>
      <header class="topbar exam-top">
        <span class="brand">{seat ? seat.name : t.title}</span>
        {seat && (
          <span class="who num">
            {seat.number}
            {seat.assurance === "pin" && (
              <span class="amber" title={t.byPinHint}>
                {t.byPin}
              </span>
            )}
          </span>
        )}
        <ToolsButton />
      </header>
      <Tools />
      <p class="visually-hidden" role="status" aria-live="polite">
        {announcement.value}
      </p>
      <main class="exam">
        <Body />
      </main>
    </>
  );
}

function Body(): JSX.Element | null {
  const writing = view.value === "paper" || view.value === "waiting";
  if (writing && cardOf(state.value)?.stopped) return <Stopped />;
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
