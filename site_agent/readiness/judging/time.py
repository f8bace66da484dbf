"""The clocks: what is known of centre time, and how wrong this computer's own clock is; and a simulated start."""

from site_agent.readiness.judging.said import bad, good, waiting, weak
from wire.ids import ClockState
from wire.messages import ClockHealth
from wire.readiness import Check, CheckName

OFF_MS = 60_000.0
"""From here on certificates (TLS), Windows updates and file dates begin to fail."""
SLIGHTLY_OFF_MS = 5_000.0
EXACT_MS = 150.0
MISSED_NS = 30 * 10**9
MS = 1_000_000


def judge_clock(health: ClockHealth) -> Check:
    """``wall_off_ms`` > 0: this computer's clock is ahead of the centre's."""
    name = CheckName.CLOCK
    if health.offset_ms is None or health.state is ClockState.BLIND:
        return bad(name, "clock_unknown")
    off = -health.offset_ms
    figures = {"wall_off_ms": off, "bound_ms": health.bound_ms or 0.0}
    if health.delay_ms is not None:
        figures["delay_ms"] = health.delay_ms
    if abs(off) >= OFF_MS:
        return bad(name, "wall_clock_off", figures)
    if abs(off) >= SLIGHTLY_OFF_MS:
        return weak(name, "wall_clock_off", figures)
    return weak(name, "clock_loose", figures) if health.state is ClockState.LOOSE else good(name, figures)


def judge_start(t0_ns: int, lo_ns: int, hi_ns: int, note: str = "", *, known: bool = True) -> Check:
    """The simulated start that was noted at [lo, hi] of centre time."""
    name = CheckName.REHEARSAL
    if not known:
        return bad(name, "clock_unknown", note=note)
    figures = {"lo_ms": (lo_ns - t0_ns) / MS, "hi_ms": (hi_ns - t0_ns) / MS}
    if lo_ns - t0_ns > MISSED_NS:
        return bad(name, "missed", figures, note)
    exact = max(abs(figures["lo_ms"]), abs(figures["hi_ms"])) <= 2 * EXACT_MS
    return good(name, figures, note) if exact else weak(name, "opened_loose", figures, note)


def judge_coming(note: str) -> Check:
    """The simulated start is still to come."""
    return waiting(CheckName.REHEARSAL, "not_yet", note=note)


def judge_missed(note: str) -> Check:
    """Nobody was there at the simulated start."""
    return bad(CheckName.REHEARSAL, "missed", note=note)
