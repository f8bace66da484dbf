"""Boxes around faces, and the merging of boxes that lie on the same face."""

from collections.abc import Iterable

import msgspec

# Very close faces are found as several nested boxes, which the usual union measure lets pass.
MERGE_ABOVE = 0.6


class Box(msgspec.Struct, frozen=True):
    """A face in frame pixels: upper left corner, size, and the detector's score 0..1."""

    x: float
    y: float
    w: float
    h: float
    score: float

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2

    @property
    def area(self) -> float:
        return self.w * self.h


def overlap(one: Box, other: Box) -> float:
    """Intersection over the smaller of two boxes: 1 when one lies inside the other, 0 when they do not touch."""
    width = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    height = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    smaller = min(one.area, other.area)
    if width <= 0 or height <= 0 or smaller <= 0:
        return 0.0
    return width * height / smaller


def merge(boxes: Iterable[Box], above: float = MERGE_ABOVE) -> list[Box]:
    """Keep the best box of each face: a box that overlaps a better one by more than ``above`` is dropped."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.score, reverse=True):
        if all(overlap(box, better) <= above for better in kept):
            kept.append(box)
    return kept
