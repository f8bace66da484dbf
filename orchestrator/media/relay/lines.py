"""What viewers report of their lines, as a histogram: of the whole relay, so that it stays small whoever watches."""

from __future__ import annotations

import bisect

import msgspec

BOUNDS_BPS = (150_000, 300_000, 600_000, 1_000_000, 2_000_000, 4_000_000, 8_000_000)
"""Upper ends; what is above the last is counted in one of its own."""


class LineFigures(msgspec.Struct, frozen=True):
    """``counts``: reports up to each of ``BOUNDS_BPS``, not cumulated, and at last those above; ``total_bps`` their
    sum."""

    counts: list[int] = []
    total_bps: int = 0


class Lines:
    """Counts every report (REMB) of every viewer."""

    def __init__(self) -> None:
        self._counts = [0] * (len(BOUNDS_BPS) + 1)
        self._total = 0

    def add(self, bits_per_s: int) -> None:
        """One report."""
        self._counts[bisect.bisect_left(BOUNDS_BPS, bits_per_s)] += 1
        self._total += bits_per_s

    def figures(self) -> LineFigures:
        """As they stand now."""
        return LineFigures(list(self._counts), self._total)
