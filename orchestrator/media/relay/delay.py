"""Whether packets queue on the way to a viewer, by the round trips that its reports tell (RFC 3550 §6.4.1). Pure.

A bottleneck makes packets wait before it loses any, and a round trip holds that wait; a computer that is busy reads its
packets late for a moment, which its estimate takes for a bottleneck though nothing waits. Radio (4G, VSAT, a school's
Wi-Fi) is late with some packets all the time: trips as long as they are while nothing is tried are no sign, and where
single trips come late one sign more is wanted. The queue of a try that grows does not go by itself, so that a late trip
with a calm one right after it met none.
"""

from __future__ import annotations

from collections import deque

GREW_S = 0.08
"""A round trip longer than the least by more has waited. Of a thousand trips on good lines to browsers on two busy
processors all but one were shorter; a line at its limit has 0.1 s within a second, and drops at 0.2 to 0.5 s."""
USUAL = 0.9
ABOVE_S = 0.04
"""It must also be longer by more than this part of those while nothing was tried."""
EXCUSED_S = 0.12
"""No more above the least than this is usual: beyond it a queue would be dropped before it is seen."""
SHORTER = 0.1
"""This part of the trips may be shorter than the least that counts: some are told wrongly."""
SOON_S = 0.6
KEPT_S = 30.0
"""For so long the least is remembered: another way through the network is longer for good."""
FRESH_S = 2.5
"""An older trip says nothing of now (reports come each second at least)."""


class Delay:
    """One viewer's round trips. Times in seconds of one clock; ``at`` is when the trip began."""

    def __init__(self) -> None:
        self._trips: deque[tuple[float, float]] = deque(maxlen=200)
        self._idle: deque[tuple[float, float]] = deque(maxlen=60)
        """Those while nothing was tried."""
        self._bound = 0.0
        """A longer trip has waited."""
        self._late_at: float | None = None
        """When a trip was last late though no queue stood."""

    def observe(self, seconds: float | None, at: float, *, idle: bool = False) -> None:
        """Take note of the newest trip; the same again changes nothing. ``idle``: nothing was tried meanwhile."""
        if seconds is None or (self._trips and at <= self._trips[-1][0]):
            return
        passed = bool(self._trips) and self._waited(-1) and at - self._trips[-1][0] <= SOON_S and not self.grown()
        self._trips.append((at, seconds))
        if idle:
            self._idle.append((at, seconds))
        for trips in (self._trips, self._idle):
            while trips and at - trips[0][0] > KEPT_S:
                trips.popleft()
        least = _quantile(self._trips, SHORTER)
        usual = _quantile(self._idle, USUAL) if self._idle else least
        self._bound = max(least + GREW_S, min(usual, least + EXCUSED_S) + ABOVE_S)
        if (idle and seconds > least + GREW_S) or (passed and not self._waited(-1)):
            self._late_at = at

    def changed(self) -> None:
        """Another encoding is sent: what was usual may have been its queue."""
        self._idle.clear()
        self._late_at = None

    def told(self, now: float) -> bool:
        """Whether there is a trip that says something of now."""
        return bool(self._trips) and now - self._trips[-1][0] <= FRESH_S

    def calm(self, since: float) -> bool:
        """Whether the newest trip began after ``since`` and met no queue."""
        return bool(self._trips) and self._trips[-1][0] > since and not self._waited(-1)

    def grown(self) -> bool:
        """Whether a queue stands: the newest trip has waited, and so has the one before if there was one just before.

        One alone may have met a busy computer, and where some come late two, unless the newest is far longer; where
        trips are rare there is no time for one opinion more.
        """
        wanted = 3 if self.jittery() and self._trips[-1][1] <= self._bound + ABOVE_S else 2
        if len(self._trips) > 1 and self._trips[-1][0] - self._trips[-2][0] > SOON_S:
            wanted -= 1
        return len(self._trips) >= wanted and all(self._waited(-1 - nth) for nth in range(wanted))

    def jittery(self) -> bool:
        """Whether trips have come late with no queue, so that one will be seen somewhat later."""
        return self._late_at is not None and self._trips[-1][0] - self._late_at <= KEPT_S

    def _waited(self, nth: int) -> bool:
        return self._trips[nth][1] > self._bound


def _quantile(trips: deque[tuple[float, float]], part: float) -> float:
    """The shortest trip that is longer than this part of them."""
    return sorted(seconds for _, seconds in trips)[int(part * len(trips))]
