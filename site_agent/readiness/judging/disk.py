"""Room on the disk, and whether it keeps what it says it kept.

A disk that turns needs about 4 ms at least for one flush; a median below 2 ms says that it only claims to have written
(research on the journal). What has no spindle is believed unless a flush costs nothing at all.
"""

from collections.abc import Sequence

from site_agent.readiness.judging.said import bad, good, weak
from wire.readiness import Check, CheckName

FULL_MB, LOW_MB = 200, 2000
LYING_SPINDLE_MS = 2.0
LYING_ANY_MS = 0.01
SLOW_MS = 200.0


def judge_disk(free_mb: int, *, writes: bool = True) -> Check:
    """``writes``: whether a small file could be written just now."""
    figures = {"free_mb": free_mb}
    if free_mb < FULL_MB:
        return bad(CheckName.DISK, "disk_full", figures)
    if not writes:
        return bad(CheckName.DISK, "cannot_write", figures)
    return weak(CheckName.DISK, "disk_low", figures) if free_mb < LOW_MB else good(CheckName.DISK, figures)


def judge_flush(took_ms: Sequence[float], *, spins: bool | None) -> Check:
    """By how long single flushes took; none: nothing could be written. ``spins`` None: not known."""
    if not took_ms:
        return bad(CheckName.FLUSH, "cannot_write")
    ordered = sorted(took_ms)
    middle, worst = ordered[len(ordered) // 2], ordered[-1]
    figures: dict[str, float] = {"p50_ms": middle, "max_ms": worst}
    if spins is not None:
        figures["spins"] = spins
    if middle < (LYING_SPINDLE_MS if spins else LYING_ANY_MS):
        return weak(CheckName.FLUSH, "flush_too_fast", figures)
    return weak(CheckName.FLUSH, "flush_slow", figures) if middle > SLOW_MS else good(CheckName.FLUSH, figures)
