import "./rung.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, sentence } from "../shared/api";
import type { Rung, Tile } from "../shared/feed";
import { timeOfDay } from "../shared/format";
import { dictionary, worded } from "../shared/i18n";
import { can } from "../shared/signed";
import { rungOrders, rungReasons, rungs } from "./rungwords";

const w = dictionary({
  rung: { vi: "Phòng nhận được", en: "The room gets" },
  order: { vi: "Chỉ định", en: "Order" },
  waits: { vi: "chưa có tin từ phòng", en: "no word from the room yet" },
  orderedBy: {
    vi: (name: string, at: string) => `${name} chỉ định lúc ${at}, đến hết buổi học`,
    en: (name: string, at: string) => `Ordered by ${name} at ${at}, until the session ends`,
  },
});

const CHOICES: (Rung | null)[] = [null, "full", "low", "sound", "phone"];

/** How much of the lecture the room gets and why; who conducts sessions may order otherwise. `changed`: it was done. */
export function RungFact(props: { tile: Tile; changed?: () => void }): JSX.Element | null {
  const { tile, changed } = props;
  const { rung, rung_why, rung_ordered, rung_by, rung_at_ms } = tile.stream;
  const [fault, setFault] = useState("");
  if (!tile.session) return null;
  const order = async (wish: Rung | null): Promise<void> => {
    try {
      setFault("");
      await api.put(`/api/v1/sites/${tile.id}/rung`, { rung: wish });
      changed?.();
    } catch (caught) {
      setFault(sentence(caught));
    }
  };
  return (
    <>
      <dt>{w.rung}</dt>
      <dd class={rung === "full" || !rung ? "" : "tone-warn"} data-rung={rung ?? ""}>
        {rung ? worded(rungs, rung) : "–"}
        {rung && rung_why && <small> ({worded(rungReasons, rung_why)})</small>}
        {!rung && rung_ordered && <small> ({w.waits})</small>}
      </dd>
      {rung_ordered && rung_by && rung_at_ms ? (
        <dd class="whole" data-rung-order={rung_ordered}>
          {w.orderedBy(rung_by, timeOfDay(rung_at_ms))}
        </dd>
      ) : null}
      {can("sessions.conduct") && (
        <>
          <dt>{w.order}</dt>
          <dd class="rung-orders">
            {CHOICES.map((wish) => (
              <button
                key={wish ?? "auto"}
                class="button small"
                aria-pressed={(rung_ordered || null) === wish}
                onClick={() => void order(wish)}
              >
                {rungOrders[wish ?? "auto"]}
              </button>
            ))}
            {fault && (
              <p class="tone-bad" role="alert">
                {fault}
              </p>
            )}
          </dd>
        </>
      )}
    </>
  );
}
