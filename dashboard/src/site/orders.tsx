import type { JSX } from "preact";
import { Talk } from "../orders/chat";
import { c, kinds, reasons, states, t } from "../orders/words";
import { useAsked } from "../shared/asked";
import { dayAndTime } from "../shared/format";
import { dictionary, language, worded } from "../shared/i18n";
import { useSections } from "../shared/live";
import { Alert, Chip, type Tone } from "../shared/parts";
import { talkStamp } from "../shared/sections";
import { can } from "../shared/signed";

interface OrderHere {
  id: string;
  kind: string;
  by: string;
  at_ms: number;
  text_vi: string;
  text_en: string;
  state: string;
  reason: string;
  ended_ms: number | null;
}

const w = dictionary({
  title: { vi: "Lệnh đã gửi", en: "Orders given" },
});

const TONES: Record<string, Tone> = {
  done: "good",
  failed: "bad",
  expired: "warn",
  unsupported: "warn",
  undone: "idle",
};
const EVERY_MS = 10_000;

/** What was ordered here, the newest first, and what became of it. */
export function OrdersHere({ site }: { site: string }): JSX.Element | null {
  const asked = useAsked<OrderHere[]>(can("orders.see") ? `/api/v1/sites/${site}/orders` : null, EVERY_MS);
  if (!can("orders.see")) return null;
  return (
    <section class="card">
      <h2>{w.title}</h2>
      {asked.fault && <Alert tone="bad">{asked.fault}</Alert>}
      {asked.value?.length === 0 && <p class="muted">{t.none}</p>}
      <ul class="findings">
        {asked.value?.map((order) => (
          <li key={order.id}>
            <Chip tone={TONES[order.state] ?? "minor"}>{worded(states, order.state)}</Chip>{" "}
            {worded(kinds, order.kind)}
            {order.reason && <span class="muted"> · {worded(reasons, order.reason)}</span>}
            {order.text_vi && <q class="block">{language.value === "vi" ? order.text_vi : order.text_en}</q>}
            <p class="muted num">
              {dayAndTime(order.at_ms)} · {order.by}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The conversation with the site's desk. */
export function ChatHere({ site }: { site: string }): JSX.Element | null {
  const known = useSections();
  if (!can("chat.talk")) return null;
  return (
    <section class="card">
      <h2>{c.chat}</h2>
      <Talk site={site} stamp={talkStamp(known, site)} />
    </section>
  );
}
