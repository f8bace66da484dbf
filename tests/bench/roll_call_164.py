"""A roll call over 164 agents, 20 of them away, 10 back within five minutes: ``python -m tests.bench.roll_call_164``.

A real centre process; real agents' links, outboxes, ledgers and evidence in a few processes, each behind a TCP proxy
of its own. 8 count drawn rooms with the real detector, the others have a counter that knows its answer behind the same
port. Three roll calls: everybody is there; 20 are away (5 of them have the order and are cut off before its moment, 15
are gone before it is given), 10 come back within five minutes and one after; whoever is there again. Then the centre
is stopped and ``diemcau attendance verify`` checks every signature and chain. Counts are judged, times only told.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.quantiles import quantile
from tests.doubles.roll_call_day import Outcome, Plan, Row, hold


def main(argv: list[str] | None = None) -> int:
    """Hold them and print; 1 if a count was lost, doubled or wrong, or something did not verify."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.roll_call_164")
    parser.add_argument("--agents", type=int, default=164)
    parser.add_argument("--real", type=int, default=8, help="agents that count pictures with the real detector")
    parser.add_argument("--away", type=int, default=20)
    parser.add_argument("--back", type=int, default=10)
    parser.add_argument("--return-s", type=float, default=240.0, help="the last of them is back so long after")
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--short", action="store_true", help="nobody comes back after five minutes")
    options = parser.parse_args(argv)
    plan = Plan(
        agents=options.agents,
        real=options.real,
        away=options.away,
        back=options.back,
        return_s=options.return_s,
        processes=options.processes,
        too_late=not options.short,
    )
    with tempfile.TemporaryDirectory(prefix="diemcau-roll-call-") as folder:
        outcome = asyncio.run(hold(Path(folder), plan, _say))
    _tell(outcome)
    sound = not (outcome.lost or outcome.doubled or outcome.wrong or outcome.unasked or outcome.verdict)
    print("HELD" if sound else "DOES NOT HOLD")
    return 0 if sound else 1


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", file=sys.stderr, flush=True)


def _tell(outcome: Outcome) -> None:
    print("\n".join(outcome.table))
    print("\nthe second roll call; seconds after the ordered moment")
    print(f"{'site':<8}{'did':<42}{'people':>7}{'counted':>8}{'of moment':>11}{'received':>10}  state")
    for row in outcome.rows:
        if row.did != "here":
            print(_line(row))
    here = [row for row in outcome.rows if row.did in ("here", "pictures") and row.received_s is not None]
    received = [row.received_s for row in here if row.received_s is not None]
    shares = "  ".join(f"p{round(q * 100)} {quantile(received, q):.1f}" for q in (0.5, 0.99))
    print(f"{len(here)} rooms that were there, received after (s): {shares}  max {max(received):.1f}")
    counted = sum(row.counted is not None for row in outcome.rows)
    print(
        f"counts of the second roll call {counted} of {len(outcome.rows)}: "
        f"lost {outcome.lost}, doubled {outcome.doubled}, wrong {outcome.wrong}, "
        f"counted after five minutes {outcome.unasked}"
    )
    print(f"kept of {outcome.calls} roll calls: {outcome.counts} counts, {outcome.again} repeated")


def _line(row: Row) -> str:
    counted = "–" if row.counted is None else str(row.counted)
    moments = f"{_seconds(row.moment_s):>11}{_seconds(row.received_s):>10}"
    return f"{row.code:<8}{row.did:<42}{row.people:>7}{counted:>8}{moments}  {row.state}{' (late)' if row.late else ''}"


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:+.1f}"


if __name__ == "__main__":
    sys.exit(main())
