"""How many people were in a room over a session, from a few counts. Pure.

Every count stands for the live time that is nearer to it than to any other count, but at most ``REACH_S`` before and
after its moment. Time that no count reaches is a gap: nobody knows. Presence is Σ(count · its time) ÷ Σ(time with a
count); coverage is Σ(time with a count) ÷ live time. Breaks are no live time.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

S = 10**9
REACH_S = 1800


class Span(msgspec.Struct, frozen=True):
    """A piece of live time; ``end_ns`` None while it goes on."""

    begin_ns: int
    end_ns: int | None


class Point(msgspec.Struct, frozen=True):
    """So many people at a moment."""

    at_ns: int
    people: int


class SitePresence(msgspec.Struct, frozen=True):
    """``mean`` people over the time that counts reach, None when there is none; ``gaps`` that nobody knows of."""

    mean: float | None
    covered_ns: int
    live_ns: int
    gaps: tuple[tuple[int, int], ...]

    @property
    def coverage(self) -> float:
        return self.covered_ns / self.live_ns if self.live_ns else 0.0


def presence(points: Sequence[Point], live: Sequence[Span], now: int, reach_s: int = REACH_S) -> SitePresence:
    """The presence of one site; ``now`` ends what is still live."""
    ordered = sorted(points, key=lambda point: point.at_ns)
    reaches = list(_reaches(ordered, reach_s * S))
    weighted = covered = total = 0
    gaps: list[tuple[int, int]] = []
    for span in live:
        begin, end = span.begin_ns, span.end_ns if span.end_ns is not None else max(now, span.begin_ns)
        total += end - begin
        at = begin
        for people, since, until in reaches:
            lo, hi = max(since, at), min(until, end)
            if hi <= lo:
                continue
            if lo > at:
                gaps.append((at, lo))
            weighted += people * (hi - lo)
            covered += hi - lo
            at = hi
        if at < end:
            gaps.append((at, end))
    return SitePresence(weighted / covered if covered else None, covered, total, tuple(gaps))


def _reaches(ordered: Sequence[Point], reach: int) -> list[tuple[int, int, int]]:
    """Of each count: people, from when to when it stands."""
    found = []
    for place, point in enumerate(ordered):
        lo, hi = point.at_ns - reach, point.at_ns + reach
        if place:
            lo = max(lo, (ordered[place - 1].at_ns + point.at_ns) // 2)
        if place + 1 < len(ordered):
            hi = min(hi, (point.at_ns + ordered[place + 1].at_ns) // 2)
        found.append((point.people, lo, hi))
    return found
