"""Which of a lecture's encodings a viewer of a Janus server gets, and why. Pure.

Source: the documentation of the VideoRoom plugin, "configure" of a subscriber (``send``, ``substream``) and its event
``substream``, which tells what is really sent. Janus keeps no estimate of a viewer's line. It tells of losses
("slowlink") where ``media.slowlink_threshold`` of its configuration is above 0: then a viewer who loses gets the next
lower encoding, and a higher one again after a pause without losses, longer each time that it was in vain.
"""

from __future__ import annotations

from typing import Any

from orchestrator.media.port import Rung, ViewerStats

TOP = 2
"""The best substream; of a publisher with fewer encodings the server sends the best there is."""
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

    def begins(self, *, layered: bool) -> None:
        """Another publisher is shown."""
        self.layered = layered
        self.substream = None

    def lossy(self, now: float) -> bool:
        """The viewer's line loses packets; returns whether it should get less."""
        self._lost = now
        if not self.layered or now - self._changed < SETTLE_S or self._level == 0:
            return False
        if self._climbed and now - self._climbed < SOON_S:
            self._pause = min(CLIMB_S[1], self._pause * 2)
        self._level = max(0, min(self._level, TOP if self.substream is None else self.substream) - 1)
        self._why, self._changed = "lossy", now
        return True

    def tick(self, now: float) -> bool:
        """Time passes; returns whether it should get more."""
        if self._level == TOP or now - max(self._lost, self._changed) < self._pause:
            return False
        self._level += 1
        self._why, self._changed, self._climbed = "climbed", now, now
        return True

    @property
    def ordinary(self) -> bool:
        """Whether it is to get the best, which is what the server sends by itself."""
        return self._level == TOP and self.order in {None, Rung.FULL}

    def wish(self, mid: str) -> dict[str, Any]:
        """What the server is told of the subscription's picture, the stream ``mid``."""
        if self.order is Rung.SOUND:
            return {"mid": mid, "send": False}
        level = self._level if self.order is None else 0 if self.order is Rung.LOW else TOP
        return {"mid": mid, "send": True, "substream": level}

    def stats(self, best: int, loss: float = 0.0) -> ViewerStats:
        """What it gets; ``best`` is the highest encoding that any viewer of this publisher got."""
        less = self.substream is not None and (self.substream < best or self.order is Rung.LOW)
        rung = Rung.SOUND if self.order is Rung.SOUND else Rung.LOW if self.layered and less else Rung.FULL
        why = "ordered" if self.order is not None else self._why
        return ViewerStats(self.subject, rung, why=why, loss=loss)
