"""Stand-ins around the camera: a scripted capture, a clock moved by sleeping, a counter that knows its answer."""

from collections.abc import Sequence

import numpy as np

from site_agent.camera.counter import BurstOrder, HeadCount
from site_agent.camera.frames import Frame
from site_agent.camera.headcount import Tally
from site_agent.camera.sources import SourceLost


def plain_room(seed: int = 0) -> Frame:
    """A sharp picture of nothing in particular, other for each seed."""
    noise = np.random.default_rng(seed)
    frame = np.kron(noise.integers(0, 255, (18, 32, 3)), np.ones((20, 20, 1)))
    return np.asarray(frame, dtype=np.uint8)


class ScriptedCapture:
    """Gives its frames once, then is lost; endless when `endless`."""

    pace_s = 0.001

    def __init__(self, frames: Sequence[Frame], *, endless: bool = False, is_drawn: bool = False) -> None:
        self._frames = list(frames)
        self._endless = endless
        self._next = 0
        self.is_drawn = is_drawn
        self.closed = False

    def grab(self) -> None:
        if self._next >= len(self._frames) and not self._endless:
            raise SourceLost("unplugged")

    def retrieve(self) -> Frame:
        frame = self._frames[self._next % len(self._frames)]
        self._next += 1
        return frame

    def close(self) -> None:
        self.closed = True


class SleptClock:
    """Centre time that passes only while somebody sleeps on it; known to within a millisecond."""

    def __init__(self, at_ns: int = 1_000_000_000_000) -> None:
        self.at_ns = at_ns

    def now_ns(self) -> int:
        return self.at_ns

    def interval_ns(self) -> tuple[int, int]:
        return self.at_ns - 1_000_000, self.at_ns + 1_000_000

    async def sleep(self, seconds: float) -> None:
        self.at_ns += max(1, round(seconds * 1e9))


class ScriptedCounter:
    """A HeadCounter with its answers written down; the last one repeats."""

    def __init__(self, *counts: int) -> None:
        self._counts = list(counts)
        self.orders: list[BurstOrder] = []

    async def count(self, order: BurstOrder) -> HeadCount:
        self.orders.append(order)
        number = self._counts.pop(0) if len(self._counts) > 1 else self._counts[0]
        tally = Tally(number, number, number, order.frames, 1.0, None)
        return HeadCount(tally, order.at_ns, order.at_ns + order.span_ms * 1_000_000)
