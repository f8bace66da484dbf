import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { dayAndTime } from "../shared/format";
import { Chip } from "../shared/parts";
import type { Version } from "./centre";
import { states, t } from "./words";

const TONES = { checking: "minor", good: "good", refused: "bad" } as const;

export function StateChip({ version }: { version: Version }): JSX.Element {
  return <Chip tone={TONES[version.state]}>{states[version.state]}</Chip>;
}

/** "1,4 MB". */
export function megabytes(bytes: number): string {
  if (bytes < 100_000) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / (1 << 20)).toFixed(1).replace(".0", "").replace(".", ",")} MB`;
}

export function ReceiptCard(props: { version: Version; number: string; fresh?: boolean }): JSX.Element {
  const { version, number, fresh } = props;
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (fresh) card.current?.scrollIntoView({ block: "start" });
  }, [fresh, version.id]);
  return (
    <section ref={card} class="card stack receipt" aria-live="polite">
      <h2>{t.done}</h2>
      <p class="huge num">{version.receipt}</p>
      <p class="num">
        {t.number} <b>{number}</b> · {t.at} <b>{dayAndTime(version.received_ms, true)}</b>
        {version.late && <b class="tone-bad"> · {t.lateMark}</b>}
      </p>
      <p class="muted small digest">
        {version.name} · {megabytes(version.size)} · SHA-256 {version.sha256}
      </p>
      <StateChip version={version} />
      {version.reason && <p class="tone-bad">{version.reason}</p>}
      <p>{t.keep}</p>
      <button class="button noprint" onClick={() => print()}>
        {t.print}
      </button>
    </section>
  );
}
