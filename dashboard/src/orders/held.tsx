import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "../shared/api";
import { useDoing } from "../shared/asked";
import { Alert } from "../shared/parts";
import { type Order, secondsHeld } from "./model";
import { t } from "./words";

/** How many seconds are left, by this computer's clock from when the answer came: the centre holds the real one. */
function useSecondsLeft(order: Order): number {
  const [from] = useState(() => performance.now());
  const [now, move] = useState(from);
  useEffect(() => {
    const timer = setInterval(() => move(performance.now()), 200);
    return () => clearInterval(timer);
  }, []);
  return secondsHeld(order, order.at_ms + (now - from));
}

/** An order that has just been given: the seconds in which it can be undone, large enough to hit in a hurry. */
export function Held(props: { order: Order }): JSX.Element {
  const [order, become] = useState(props.order);
  const { busy, fault, run } = useDoing();
  const left = useSecondsLeft(order);
  const undo = (): Promise<boolean> =>
    run(async () => become(await api.post<Order>(`/api/v1/orders/${order.id}/undo`)));
  if (order.counts.undone) return <Alert tone="good">{t.undone}</Alert>;
  return (
    <div class="stack held" role="status">
      {left > 0 ? (
        <>
          <p class="held-count num">{t.leaves(left)}</p>
          <span class="held-line" aria-hidden="true">
            <span style={{ width: `${(left / 5) * 100}%` }} />
          </span>
          <button class="button danger undo" disabled={busy} onClick={undo}>
            {t.undo}
          </button>
        </>
      ) : (
        <Alert tone="good">{t.left}</Alert>
      )}
      {fault && <Alert tone="bad">{fault}</Alert>}
    </div>
  );
}
