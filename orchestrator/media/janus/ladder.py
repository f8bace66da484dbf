"""Which of a lecture's encodings a viewer of a Janus server gets, and why. Pure.

Source: the documentation of the VideoRoom plugin, "configure" of a subscriber (``send``, ``substream``) and its event
``substream``, which tells what is really sent. Janus keeps no estimate of a viewer's line. It tells of losses
("slowlink") where ``media.slowlink_threshold`` of its configuration is above 0: then a viewer who loses gets the next
lower encoding, and a higher one again after a pause without losses, longer each time that it was in vain. Where the
server is asked what it counts, so does one who misses a large share of the packets; of the lowest encoding, or of the
only one, so large a share means that no picture fits, and the sound goes out alone.
"""

from __future__ import annotations

from typing import Any

from orchestrator.media.port import Rung, ViewerStats

TOP = 2
"""The best substream; of a publisher with fewer encodings the server sends the best there is."""
SOUND = -1
"""In place of a substream: sound alone."""
TOO_MUCH, CALM = 0.15, 0.08
"""Shares of packets missed: with so many the picture is of no use; with less than the second its line may be tried."""
TOO_MUCH_S = 4.0
"""So long it must last: a line that loses for a moment is mended by what is sent again."""
SETTLE_S = 3.0
"""After a change, losses of the former encoding are still told."""
CLIMB_S = (10.0, 80.0)
"""Without losses for so long a viewer gets more; doubled, up to the second, each time that it was in vain."""
SOON_S = 10.0
"""Losses so shortly after a climb mean that it was in vain."""


class Share:
    """One viewer's part. ``subject`` is its token's. Times are of the monotonic clock, in seconds."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.order: Rung | None = None
        self.substream: int | None = None
        """What the server says that it sends; None where it has not spoken, as for a publisher of one encoding."""
        self.layered = False
        self._level = TOP
        self._why = "best"
        self._changed = self._lost = self._climbed = 0.0
        self._pause = CLIMB_S[0]
        self._bad_s = 0.0

    def begins(self, *, layered: bool) -> None:
        """Another publisher is shown."""
        self.layered = layered
        self.substream = None
        self._bad_s = 0.0

    def lossy(self, now: float) -> bool:
        """The viewer's line loses packets; returns whether it should get less."""
        self._lost = now
        if not self.layered or now - self._changed < SETTLE_S or self._level <= 0:
            return False
        self._fall(now, SOON_S)
        return True

    def missed(self, loss: float, seconds: float, now: float) -> bool:
        """The server counts that the viewer missed this share of the last ``seconds``' packets; returns whether it
        should get less."""
        if self._level == SOUND:
            self._lost = now if loss > CALM else self._lost
            return False
        if loss < TOO_MUCH or now - seconds < self._changed + SETTLE_S:
            self._bad_s = 0.0
            return False
        self._bad_s += seconds
        if self._bad_s < TOO_MUCH_S:
            return False
        # A look at hundreds of viewers takes its time, and so does its word that a climb was in vain.
        self._fall(now, SOON_S + SETTLE_S + 2 * seconds)
        return True

    def _fall(self, now: float, soon_s: float) -> None:
        if self._climbed and now - self._climbed < soon_s:
            self._pause = min(CLIMB_S[1], self._pause * 2)
        sent = min(self._level, TOP if self.substream is None else self.substream)
        self._level = max(SOUND, sent - 1) if self.layered else SOUND
        self._why, self._changed, self._lost, self._bad_s = "lossy", now, now, 0.0

    def tick(self, now: float) -> bool:
        """Time passes; returns whether it should get more."""
        if self._level == TOP or now - max(self._lost, self._changed) < self._pause:
            return False
        self._level = self._level + 1 if self.layered else TOP
        self._why, self._changed, self._climbed = "climbed", now, now
        return True

    @property
    def ordinary(self) -> bool:
        """Whether it is to get the best, which is what the server sends by itself."""
        return self._level == TOP and self.order in {None, Rung.FULL}

    @property
    def sound_alone(self) -> bool:
        """Whether it gets no picture."""
        return self.order is Rung.SOUND or (self.order is None and self._level == SOUND)

    def wish(self, mid: str) -> dict[str, Any]:
        """What the server is told of the subscription's picture, the stream ``mid``."""
        if self.sound_alone:
            return {"mid": mid, "send": False}
        level = self._level if self.order is None else 0 if self.order is Rung.LOW else TOP
        return {"mid": mid, "send": True, "substream": level}

    def stats(self, best: int, loss: float = 0.0) -> ViewerStats:
        """What it gets; ``best`` is the highest encoding that any viewer of this publisher got."""
        less = self.substream is not None and (self.substream < best or self.order is Rung.LOW)
        rung = Rung.SOUND if self.sound_alone else Rung.LOW if self.layered and less else Rung.FULL
        why = "ordered" if self.order is not None else self._why
        return ViewerStats(self.subject, rung, why=why, loss=loss)
