import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, sentence } from "../shared/api";
import type { Rung, Tile } from "../shared/feed";
import { dictionary, worded } from "../shared/i18n";
import { can } from "../shared/signed";

const w = dictionary({
  rung: { vi: "Phòng nhận được", en: "The room gets" },
  order: { vi: "Chỉ định", en: "Order" },
  auto: { vi: "Theo đường truyền", en: "As the line allows" },
});

export const rungs = dictionary({
  full: { vi: "Đủ hình và tiếng", en: "Full picture and sound" },
  low: { vi: "Hình nhỏ và tiếng", en: "Small picture and sound" },
  sound: { vi: "Tiếng và slide", en: "Sound and slides" },
  phone: { vi: "Không có gì: mời gọi điện", en: "Nothing: asked to telephone" },
});

export const rungReasons = dictionary({
  best: { vi: "đường truyền đủ", en: "the line takes it" },
  begins: { vi: "mới vào", en: "just joined" },
  climbed: { vi: "đường truyền đã khá hơn", en: "the line got better" },
  weak_line: { vi: "đường truyền yếu", en: "weak line" },
  lossy: { vi: "đường truyền mất gói", en: "the line loses packets" },
  ordered: { vi: "do trực ban chỉ định", en: "ordered by an operator" },
  picture_stopped: { vi: "hình không tới màn hình", en: "no picture reaches the screen" },
  nothing_comes: { vi: "hình và tiếng không tới", en: "neither picture nor sound comes" },
});

const CHOICES: (Rung | null)[] = [null, "full", "low", "sound"];

/** How much of the lecture the room gets and why; who conducts sessions may order otherwise. */
export function RungFact({ tile }: { tile: Tile }): JSX.Element | null {
  const { rung, rung_why, rung_ordered } = tile.stream;
  const [fault, setFault] = useState("");
  if (!tile.session) return null;
  const order = async (wish: Rung | null): Promise<void> => {
    try {
      setFault("");
      await api.put(`/api/v1/sites/${tile.id}/rung`, { rung: wish });
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
      </dd>
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
                {wish ? worded(rungs, wish) : w.auto}
              </button>
            ))}
            {fault && <p class="tone-bad">{fault}</p>}
          </dd>
        </>
      )}
    </>
  );
}
