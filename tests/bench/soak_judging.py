"""Whether what a process holds has stayed what it was: pure, so that a made-up leak can be put before it.

Memory is judged by the slope of Theil and Sen (the median of the slopes between all pairs of samples: a burst or a
garbage collection does not move it), with the interval in which 95 % of such medians lie (P. K. Sen, JASA 63 (1968),
1379 to 1389, without ties). Flat is what would grow by no more than 5 % or 5 MB, whichever is more, over the time that
was looked at. Of nothing that is counted may there be more than
before, with as many viewers as before.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence

import msgspec

SHARE, BYTES = 0.05, 5_000_000
NORMAL_95 = 1.96


class Slope(msgspec.Struct, frozen=True):
    """Of one series, in its unit per second: the estimate and its interval of 95 %."""

    value: float
    low: float
    high: float


class Trend(msgspec.Struct, frozen=True):
    """One process's memory: ``grew`` in bytes over ``seconds``, with its interval, and how much it may have grown."""

    name: str
    seconds: float
    middle: float
    grew: float
    low: float
    high: float
    allowed: float

    @property
    def flat(self) -> bool:
        return self.grew <= self.allowed


def slope(times: Sequence[float], values: Sequence[float]) -> Slope:
    """Raises :class:`ValueError` for fewer than two moments."""
    pairs = sorted(
        (values[later] - values[earlier]) / (times[later] - times[earlier])
        for earlier in range(len(times))
        for later in range(earlier + 1, len(times))
        if times[later] > times[earlier]
    )
    if not pairs:
        raise ValueError("a slope needs two moments")
    count = len(times)
    spread = NORMAL_95 * math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    low = max(0, math.floor((len(pairs) - spread) / 2))
    return Slope(statistics.median(pairs), pairs[low], pairs[len(pairs) - 1 - low])


def trend(name: str, times: Sequence[float], values: Sequence[float]) -> Trend:
    """How the values, bytes at these moments in seconds, went from the first to the last."""
    found = slope(times, values)
    seconds, middle = times[-1] - times[0], statistics.median(values)
    allowed = max(SHARE * middle, BYTES)
    return Trend(name, seconds, middle, found.value * seconds, found.low * seconds, found.high * seconds, allowed)


def stands(seen: Sequence[Mapping[str, float]], alike: int) -> bool:
    """Whether the last so many looks were the same."""
    return len(seen) >= alike and all(one == seen[-1] for one in seen[-alike:])


def mostly(seen: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """What each count was most often; one that is not there is 0."""
    names = dict.fromkeys(name for one in seen for name in one)
    return {name: statistics.mode(one.get(name, 0) for one in seen) for name in names}


def met(wanted: Mapping[str, float], seen: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The last look, but for each count that was seen as wanted, or lower: that."""
    names = {*wanted, *(name for one in seen for name in one)}
    lowest = {name: min(one.get(name, 0) for one in seen) for name in names}
    found = {name for name in names if lowest[name] <= wanted.get(name, 0)}
    return {name: wanted.get(name, 0) if name in found else seen[-1].get(name, 0) for name in sorted(names)}


def left_over(before: Mapping[str, float], after: Mapping[str, float]) -> list[str]:
    """What there is more of, in words: nothing when all is as it was, or less."""
    return [
        f"{name}: {before.get(name, 0):g} before, {count:g} after"
        for name, count in sorted(after.items())
        if count > before.get(name, 0)
    ]
