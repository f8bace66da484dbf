"""Lines and clocks for the truth test: how long a ping takes each way, and how a site's clock runs.

Site LAN, classroom Wi-Fi, fibre (8 ms one way, paths up to 2 ms apart), good 4G (uplink slower by 2–10 ms, 0–10 ms
grant), weak 4G (paths up to 30 ms apart, gamma queues, 10 % one-way stalls of 0.2–1.5 s); and besides them a line
that is 300 ms slower one way than the other, and one whose server stalls for 2 s in a burst.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from wire.timesync import BURST, Exchange

MS = 10**6
SECOND = 10**9
WANDER = 10e-6
"""A clock's rate swings by so much around its own mean: what `wire.timesync` assumes, and no more."""

Draw = Callable[[random.Random], float]


@dataclass(frozen=True)
class Path:
    """One direction for the length of a burst: what it takes at least, and what each packet adds, in ms."""

    least_ms: float
    added_ms: Draw

    def delay_ns(self, line: random.Random) -> int:
        return int((self.least_ms + self.added_ms(line)) * MS)


@dataclass(frozen=True)
class Model:
    """A kind of line. `paths` draws the two directions of a site's line, which stay as they are."""

    name: str
    paths: Callable[[random.Random], tuple[Path, Path]]
    server_stall_s: float = 0.0


def _spikes(mean_ms: float, share: float, from_ms: float, to_ms: float) -> Draw:
    """A queue of this mean, and in a share of the packets a stall besides."""
    return lambda line: line.expovariate(1 / mean_ms) + (line.uniform(from_ms, to_ms) if line.random() < share else 0.0)


def _lan(line: random.Random) -> tuple[Path, Path]:
    added = _spikes(0.05, 0.01, 0.2, 2)
    return Path(0.1, added), Path(0.1 + line.uniform(-0.02, 0.02), added)


def _wifi(line: random.Random) -> tuple[Path, Path]:
    added = _spikes(2, 0.05, 10, 150)
    return Path(1, added), Path(1 + line.uniform(0, 0.5), added)


def _fibre(line: random.Random) -> tuple[Path, Path]:
    added = _spikes(1, 0.01, 10, 100)
    apart = line.uniform(-1, 1)
    return Path(8 + apart, added), Path(8 - apart, added)


def _good_4g(line: random.Random) -> tuple[Path, Path]:
    grant: Draw = lambda draw: draw.uniform(0, 10) + draw.gammavariate(2, 2) + _spikes(1, 0.02, 50, 350)(draw)  # noqa: E731
    return Path(15 + line.uniform(2, 10), grant), Path(15, _spikes(3, 0.02, 50, 350))


def _weak_4g(line: random.Random) -> tuple[Path, Path]:
    queue: Draw = lambda draw: (  # noqa: E731
        draw.gammavariate(2, 12) + (draw.uniform(200, 1500) if draw.random() < 0.1 else 0.0)
    )
    return Path(25 + line.uniform(0, 30), queue), Path(25, queue)


def _asymmetric(line: random.Random) -> tuple[Path, Path]:
    slow, quick = Path(305, _spikes(5, 0.05, 20, 500)), Path(5, _spikes(5, 0.05, 20, 500))
    return (slow, quick) if line.random() < 0.5 else (quick, slow)


MODELS = (
    Model("site LAN", _lan),
    Model("classroom Wi-Fi", _wifi),
    Model("fibre", _fibre),
    Model("4G good", _good_4g),
    Model("4G weak", _weak_4g),
    Model("300 ms asymmetric", _asymmetric),
    Model("fibre, server stalls 2 s", _fibre, server_stall_s=2.0),
)


class DriftingSite:
    """A monotonic clock wrong by `rate`, wandering around it, and a centre whose time is true time + `ahead`. Its line
    keeps its two paths; all instants are true time, ns."""

    def __init__(self, model: Model, chance: random.Random, most_rate: float) -> None:
        self._chance = chance
        self._model = model
        self._up, self._down = model.paths(chance)
        self._rate = chance.uniform(-most_rate, most_rate)
        self._phase = chance.uniform(0, 2 * math.pi)
        self._period = 2 * math.pi / (chance.uniform(300, 7200) * SECOND)
        self._start = chance.randrange(10**6) * SECOND
        self._ahead = chance.randrange(2 * 10**18)

    def monotonic(self, true: int) -> int:
        """What its own clock says."""
        wandered = WANDER / self._period * (math.sin(self._period * true + self._phase) - math.sin(self._phase))
        return self._start + true + int(self._rate * true) + int(wandered)

    def lead(self, true: int) -> int:
        """Centre − monotonic, as it is."""
        return true + self._ahead - self.monotonic(true)

    def burst(self, true: int) -> tuple[list[Exchange], int]:
        """The exchanges of a burst that begins now, and when it ended."""
        stall = true + self._chance.randrange(1000 * MS)
        held_until = stall + int(self._model.server_stall_s * SECOND)
        exchanges = []
        for _ in range(BURST):
            arrives = true + self._up.delay_ns(self._chance)
            if stall <= arrives < held_until:
                arrives = held_until
            leaves = arrives + self._chance.randrange(MS // 2)
            back = leaves + self._down.delay_ns(self._chance)
            exchanges.append(
                Exchange(
                    t0=self.monotonic(true),
                    t1=arrives + self._ahead,
                    t2=leaves + self._ahead,
                    t3=self.monotonic(back),
                )
            )
            true = back + 10 * MS
        return exchanges, true
