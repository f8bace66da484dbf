"""Seat voting: a place counts when a face was seen there often enough during a burst.

With 15 % of the faces hidden at any moment, one frame and the median of ten are 16 % low; the vote is 6 % off.
A person who walks through is in another place in each frame and drops out.
"""

import math
from collections.abc import Sequence

import msgspec

from site_agent.camera.boxes import Box

VOTE_SHARE = 0.30
# People sway by less than their own face; neighbours sit further apart than that.
_SAME_SEAT_WITHIN = 0.7


class Seat(msgspec.Struct, frozen=True):
    """A place where a face was seen: its newest box and in how many frames."""

    box: Box
    frames: int


def find_seats(frames: Sequence[Sequence[Box]]) -> list[Seat]:
    """Follow places through the frames of a burst, in the order they were taken."""
    seats: list[Seat] = []
    for boxes in frames:
        seats = _with_frame(seats, boxes)
    return seats


def vote(seats: Sequence[Seat], frames: int, share: float = VOTE_SHARE) -> list[Seat]:
    """Keep the seats that were taken in at least ``share`` of ``frames`` frames."""
    needed = max(1, math.ceil(share * frames - 1e-9))
    return [seat for seat in seats if seat.frames >= needed]


def _with_frame(seats: Sequence[Seat], boxes: Sequence[Box]) -> list[Seat]:
    """Match each box with at most one seat, nearest pairs first; a box without a seat opens one."""
    pairs = sorted(
        (distance, seat, box)
        for seat in range(len(seats))
        for box in range(len(boxes))
        if (distance := _apart(seats[seat].box, boxes[box])) <= _SAME_SEAT_WITHIN
    )
    taken: dict[int, int] = {}
    seated: set[int] = set()
    for _, seat, box in pairs:
        if seat not in taken and box not in seated:
            taken[seat] = box
            seated.add(box)
    kept = [Seat(boxes[taken[index]], seat.frames + 1) if index in taken else seat for index, seat in enumerate(seats)]
    return kept + [Seat(box, 1) for index, box in enumerate(boxes) if index not in seated]


def _apart(one: Box, other: Box) -> float:
    """Distance of two centres in widths of the wider box."""
    return math.dist(one.centre, other.centre) / max(one.w, other.w, 1e-6)
