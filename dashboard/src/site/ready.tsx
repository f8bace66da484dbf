import type { JSX } from "preact";
import { useAsked } from "../shared/asked";
import { adviceWords, type Check, checks, foundWords, gathered, postponedWords } from "../shared/checks";
import { dayAndTime } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { Alert, Chip, type Tone } from "../shared/parts";

interface Finding {
  check: string;
  reason: string;
  grade: string;
}

interface Record_ {
  judgement: { verdict: string; findings: Finding[] };
  newest: { made_ms: number; agent_version: string; platform: string; checks: Check[] } | null;
}

const w = dictionary({
  title: { vi: "Sẵn sàng", en: "Readiness" },
  checked: { vi: "Kiểm tra lúc", en: "Checked at" },
  all: { vi: "Từng mục", en: "Every check" },
});

const verdicts = dictionary({
  go: { vi: "Sẵn sàng", en: "Go" },
  care: { vi: "Cần để ý", en: "Care" },
  no_go: { vi: "Chưa được", en: "No go" },
  unknown: { vi: "Chưa rõ", en: "Unknown" },
});

const states = dictionary({
  good: { vi: "tốt", en: "good" },
  weak: { vi: "yếu", en: "weak" },
  bad: { vi: "hỏng", en: "bad" },
  waiting: { vi: "chưa xem", en: "not yet" },
});

const VERDICT: Record<string, Tone> = { go: "good", care: "warn", no_go: "bad", unknown: "lost" };
const STATE: Record<string, Tone> = { good: "good", weak: "warn", bad: "bad", waiting: "idle" };
const EVERY_MS = 30_000;

/** Whether this room can hold the day, and what is missing. */
export function Ready({ site }: { site: string }): JSX.Element {
  const { value, fault } = useAsked<Record_>(`/api/v1/sites/${site}/readiness`, EVERY_MS);
  return (
    <section class="card">
      <div class="row">
        <h2 class="grow">{w.title}</h2>
        {value && (
          <Chip tone={VERDICT[value.judgement.verdict] ?? "idle"}>
            {worded(verdicts, value.judgement.verdict)}
          </Chip>
        )}
      </div>
      {fault && <Alert tone="bad">{fault}</Alert>}
      <ul class="findings">
        {gathered(value?.judgement.findings ?? []).map((each) =>
          "postponed" in each ? (
            <li key="postponed">
              {postponedWords(each.postponed.map(({ check }) => check))}
              <p class="muted">{adviceWords("", each.postponed[0]?.reason ?? "")}</p>
            </li>
          ) : (
            <Lack key={`${each.single.check}.${each.single.reason}`} finding={each.single} />
          ),
        )}
      </ul>
      {value?.newest && (
        <details>
          <summary>
            {w.all} · {w.checked} <span class="num">{dayAndTime(value.newest.made_ms)}</span>
          </summary>
          <p class="muted">
            {value.newest.agent_version} · {value.newest.platform}
          </p>
          <ul class="checked">
            {value.newest.checks.map((check) => (
              <li key={check.name} class={`tone-${STATE[check.state] ?? "idle"}`}>
                {worded(checks, check.name)}: {worded(states, check.state)}
                {check.note && <span class="muted"> · {check.note}</span>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Lack({ finding: { check, reason } }: { finding: Finding }): JSX.Element {
  return (
    <li>
      <b>{worded(checks, check)}</b>: {foundWords(check, reason)}
      <p class="muted">{adviceWords(check, reason)}</p>
    </li>
  );
}
