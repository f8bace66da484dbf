import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { can } from "../../shared/signed";
import { Channels } from "./channels";
import { IncidentLog } from "./log";
import { RulesForm } from "./rules";
import { w } from "./words";
import { Works } from "./works";

type Part = "log" | "works" | "channels" | "rules";
const PARTS: readonly { key: Part; page: () => JSX.Element; action: string }[] = [
  { key: "log", page: IncidentLog, action: "wall.see" },
  { key: "works", page: Works, action: "wall.see" },
  { key: "channels", page: Channels, action: "alarms.rule" },
  { key: "rules", page: RulesForm, action: "wall.see" },
];

/** What went wrong and who did what, and everything that shapes alarms. */
export function Alarms(): JSX.Element {
  const [part, open] = useState<Part>("log");
  const parts = PARTS.filter(({ action }) => can(action));
  const Page = parts.find(({ key }) => key === part)?.page ?? IncidentLog;
  return (
    <div class="stack">
      <div class="row noprint">
        <h1 class="grow">{w.title}</h1>
        <nav class="row tight" aria-label={w.title}>
          {parts.map(({ key }) => (
            <button
              key={key}
              class={`button small ${key === part ? "primary" : ""}`}
              aria-current={key === part ? "page" : undefined}
              onClick={() => open(key)}
            >
              {w[key]}
            </button>
          ))}
        </nav>
      </div>
      <Page key={part} />
    </div>
  );
}
