"""What three viewers of ``simulcast_bottleneck`` saw and whether it is what it should be: pure.

Freezes as getStats counts them are judged, and beside them pictures and the longest time without one: a picture that
stands still for good is no freeze in getStats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

DOWN_S, UP_S = 10, 30
LEAST_SEEN = 0.8
GAP_S = 1.0
"""At most so long without a new picture."""


class Seen(msgspec.Struct, frozen=True):
    """A viewer's own statistics (webrtc-stats, inbound-rtp of the picture)."""

    height: int
    frames: int
    freezes: int
    frozen: float
    """Seconds."""
    lost: int
    gap: float
    """The longest time without a new picture since the look before, in seconds."""


@dataclass
class Line:
    """What one viewer saw, second by second: moments in seconds of one clock."""

    name: str
    rows: list[tuple[float, Seen]] = field(default_factory=list)

    def between(self, begin: float, end: float) -> list[Seen]:
        """What was read in that time."""
        return [seen for at, seen in self.rows if begin <= at <= end]

    def change(self, begin: float, heights: set[int]) -> float | None:
        """Seconds from ``begin`` until the picture first had one of these heights."""
        return next((at - begin for at, seen in self.rows if at >= begin and seen.height in heights), None)

    def played(self, begin: float, end: float) -> Played:
        """What became of the picture in that time."""
        rows = self.between(begin, end)
        if len(rows) < 2:
            return Played(0, 0, 0.0, float("inf"))
        first, last = rows[0], rows[-1]
        gap = max(each.gap for each in rows[1:])
        return Played(last.frames - first.frames, last.freezes - first.freezes, last.frozen - first.frozen, gap)


class Played(msgspec.Struct, frozen=True):
    """Between two moments: pictures, freezes and seconds in them, the longest time without a picture in seconds."""

    pictures: int
    freezes: int
    frozen: float
    gap: float

    def words(self) -> str:
        """One line."""
        return (
            f"{self.pictures} pictures, {self.freezes} freezes, {self.frozen:.2f} s frozen in all, "
            f"longest time without a picture {self.gap:.1f} s"
        )


class Encoded(msgspec.Struct, frozen=True):
    """Pictures that the lecturer's browser made in its full size, read when the line was narrowed and at the end."""

    narrowed: int
    ended: int


def tell(lines: Sequence[Line], encoded: Encoded, narrowed: float, lifted: float, top: int) -> dict[str, bool]:
    """Print the figures that count, and say whether they are what they should be; the first line is the weak one."""
    weak, good = lines[0], lines[1:]
    ended = max((at for line in lines for at, _ in line.rows), default=lifted)
    lower = {seen.height for _, seen in weak.rows if 0 < seen.height < top}
    down, up = weak.change(narrowed, lower), weak.change(lifted, {top})
    print(f"weak line: lower encoding after {down} s, the full one again {up} s after the line was wide again")
    settled = weak.played(narrowed + DOWN_S, lifted)
    print(f"  from {DOWN_S} s on: {settled.words()}")
    others = [line.played(narrowed + DOWN_S, lifted) for line in good]
    enough = LEAST_SEEN * max((one.pictures for one in others), default=0)
    after = [line.played(lifted + UP_S, ended) for line in lines]
    print(f"  from {UP_S} s after the line was wide again: {after[0].words()}")
    before = [seen.height for at, seen in weak.rows if at <= narrowed][-1:]
    goals = {
        "the weak line has the full size before": before == [top],
        f"lower within {DOWN_S} s": down is not None and down <= DOWN_S,
        f"up again within {UP_S} s": down is not None and up is not None and up <= UP_S,
        "no freeze on the weak line from then on": settled.pictures > 0 and settled.freezes == 0,
        f"the weak line has at least {LEAST_SEEN:.0%} of the others' pictures": settled.pictures > 0
        and settled.pictures >= enough,
        f"the weak line is never {GAP_S:.0f} s without a picture from then on": settled.gap < GAP_S,
        "the weak line plays to the end": after[0].gap < GAP_S
        and after[0].pictures >= LEAST_SEEN * max(one.pictures for one in after),
    }
    whole = [line.played(narrowed, ended) for line in good]
    made = encoded.ended - encoded.narrowed
    for line, one in zip(good, whole, strict=True):
        heights = sorted({seen.height for seen in line.between(narrowed, ended)})
        print(f"{line.name} line: heights {heights}, of {made} pictures made {one.words()}")
    seen_heights = {seen.height for line in good for seen in line.between(narrowed, ended)}
    return goals | {
        "the others stay at the top": seen_heights == {top},
        f"the others have at least {LEAST_SEEN:.0%} of the lecturer's pictures": made > 0
        and bool(whole)
        and all(one.pictures >= LEAST_SEEN * made for one in whole),
        f"the others are never {GAP_S:.0f} s without a picture": bool(whole) and all(one.gap < GAP_S for one in whole),
    }
