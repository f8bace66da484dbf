"""One time for all that a source sends: it never goes back, whatever the source's own clock does. Pure."""

from __future__ import annotations

STEP_S = 0.04
LEAP_S = 3.0
"""Timestamps that leap further than this, either way, begin a new part: an encoder restarted, a file begins again."""


class Timeline:
    """Turns a source's seconds into seconds since its process began, in parts that follow one another.

    All kinds share it, so that picture and sound stay together over every seam.
    """

    def __init__(self) -> None:
        self._shift_s: float | None = None
        self._newest_s = 0.0
        self._source_s = 0.0

    def seam(self) -> None:
        """What comes next is not the continuation: a file was moved or begins again."""
        self._shift_s = None

    def place(self, source_s: float, now_s: float) -> float:
        """Seconds of the sender for ``source_s`` that came at ``now_s``."""
        if self._shift_s is None or abs(source_s - self._source_s) > LEAP_S:
            at_s = max(now_s, self._newest_s + STEP_S)
            self._shift_s = at_s - source_s
        self._source_s = source_s
        placed = max(0.0, source_s + self._shift_s)
        self._newest_s = max(self._newest_s, placed)
        return placed


class Lag:
    """How late things are compared with the best of the last while. A source's clock runs a little slower or faster
    than ours, so lateness since the beginning would grow for ever."""

    WINDOW_S = 20.0

    def __init__(self) -> None:
        self._since_s = 0.0
        self._best = [float("inf"), float("inf")]
        """Of the window before, and of this one."""

    def over(self, late_s: float, now_s: float) -> float:
        """Seconds later than the best."""
        if now_s - self._since_s > self.WINDOW_S:
            self._since_s = now_s
            self._best = [self._best[1], float("inf")]
        self._best[1] = min(self._best[1], late_s)
        return late_s - min(self._best)
