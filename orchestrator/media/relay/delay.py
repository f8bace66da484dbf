"""Whether packets queue on the way to a viewer, by the round trips that its reports tell (RFC 3550 §6.4.1). Pure.

A bottleneck makes packets wait before it loses any, and a round trip holds that wait; a computer that is busy reads its
packets late for a moment, which its estimate takes for a bottleneck though nothing waits.
"""

from __future__ import annotations

from collections import deque

GREW_S = 0.08
"""A round trip longer than the least by more has waited. Of a thousand trips on good lines to browsers on two busy
processors all but one were shorter; a line at its limit has 0.1 s within a second, and drops at 0.2 to 0.5 s."""
SOON_S = 0.6
KEPT_S = 30.0
"""For so long the least is remembered: another way through the network is longer for good."""
FRESH_S = 2.5
"""An older trip says nothing of now (reports come each second at least)."""


class Delay:
    """One viewer's round trips. Times in seconds of one clock; ``at`` is when the trip began."""

    def __init__(self) -> None:
        self._trips: deque[tuple[float, float]] = deque(maxlen=200)

    def observe(self, seconds: float | None, at: float) -> None:
        """Take note of the newest trip; the same again changes nothing."""
        if seconds is None or (self._trips and at <= self._trips[-1][0]):
            return
        self._trips.append((at, seconds))
        while at - self._trips[0][0] > KEPT_S:
            self._trips.popleft()

    def told(self, now: float) -> bool:
        """Whether there is a trip that says something of now."""
        return bool(self._trips) and now - self._trips[-1][0] <= FRESH_S

    def calm(self, since: float) -> bool:
        """Whether the newest trip began after ``since`` and met no queue."""
        return bool(self._trips) and self._trips[-1][0] > since and not self._waited(-1)

    def grown(self) -> bool:
        """Whether a queue stands: the newest trip has waited, and so has the one before if there was one just before.

        One alone may have met a busy computer; where trips are rare there is no time for a second opinion.
        """
        if not self._trips or not self._waited(-1):
            return False
        return len(self._trips) < 2 or self._waited(-2) or self._trips[-1][0] - self._trips[-2][0] > SOON_S

    def _waited(self, nth: int) -> bool:
        return self._trips[nth][1] - min(seconds for _, seconds in self._trips) > GREW_S
