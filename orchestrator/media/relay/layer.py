"""One of the lecturer's encodings on its way out: who follows it, what it takes, how large its picture is."""

from __future__ import annotations

from collections import deque

from orchestrator.media.relay.fan import Fan
from orchestrator.media.relay.source import Incoming

SECOND_S = 1.0
PEAK_S = 5.0
QUIET_S = 2.0
"""An encoding that sent nothing for so long while another went on has been given up by its sender."""


class Layer:
    """A fan with the rate of its track; ``incoming`` is what feeds it, None where who is on air sends fewer."""

    def __init__(self, index: int, fan: Fan) -> None:
        self.index = index
        self.fan = fan
        self.incoming: Incoming | None = None
        self._counts: deque[tuple[float, int]] = deque()
        self._rates: deque[tuple[float, int]] = deque()

    def measure(self, now: float) -> None:
        """Take note of what has come; a few times a second."""
        self._counts.append((now, self.fan.track.octets))
        while len(self._counts) > 2 and now - self._counts[1][0] >= SECOND_S:
            self._counts.popleft()
        self._rates.append((now, self.bps))
        while now - self._rates[0][0] > PEAK_S:
            self._rates.popleft()

    def forget(self) -> None:
        """Somebody else is on air."""
        self._counts.clear()
        self._rates.clear()

    @property
    def bps(self) -> int:
        """Bits a second of payload, over the last second."""
        if len(self._counts) < 2:
            return 0
        (began, before), (ended, after) = self._counts[0], self._counts[-1]
        return round((after - before) * 8 / (ended - began)) if ended > began else 0

    @property
    def peak_bps(self) -> int:
        """The highest of the last seconds."""
        return max((bps for _, bps in self._rates), default=0)

    def sends(self, newest: float) -> bool:
        """Whether its sender goes on with it; ``newest`` is when any encoding's last packet came."""
        one = self.incoming
        return one is not None and one.open and newest - one.last < QUIET_S

    @property
    def rank(self) -> tuple[int, int, int]:
        """Grows with what a viewer sees of it."""
        return self.height, self.peak_bps, -self.index

    @property
    def height(self) -> int:
        """Of the picture, 0 while it is not known."""
        return self.incoming.size[1] if self.incoming is not None else 0
