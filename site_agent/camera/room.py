"""What is known about one room: where people sit, how it looks when all is well, and one count by hand."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from site_agent.camera.boxes import Box
from site_agent.camera.frames import Grey, UnreadablePicture, read_picture, to_grey
from wire.count_notes import hand_word
from wire.unreadable import UNREADABLE

Point = tuple[float, float]


class RoomFault(Exception):
    """A room file that cannot be used."""


class RoomFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The room file (JSON). ``polygon``: corners around the seats as shares of the picture's width and height (0..1);
    ``reference``: a picture of the room, relative to the file; ``by_hand`` and ``by_camera``: one count made both ways.
    ``reference_ms`` and ``by_hand_ms``: when, as Unix time in ms.
    """

    polygon: list[Point] = []
    reference: str | None = None
    by_hand: int | None = None
    by_camera: int | None = None
    reference_ms: int | None = None
    by_hand_ms: int | None = None


class Room(msgspec.Struct, frozen=True):
    """A room ready for counting; the empty one counts everywhere and compares with nothing."""

    polygon: tuple[Point, ...] = ()
    reference: Grey | None = None
    hand_ratio: float | None = None

    @property
    def settings(self) -> str:
        """What evidence says of the room: how many corners, a digest of where they lie, the ratio of hand to camera."""
        marks = hashlib.sha256(msgspec.msgpack.encode(self.polygon)).hexdigest()[:8]
        seats = f" polygon={len(self.polygon)}:{marks}" if self.polygon else ""
        reference = " reference" if self.reference is not None else ""
        hand = f" {hand_word(self.hand_ratio)}" if self.hand_ratio is not None else ""
        return f"{seats}{reference}{hand}"

    def holds(self, box: Box, width: int, height: int) -> bool:
        """Whether the middle of a box lies among the seats of a frame of ``width`` x ``height`` px."""
        x, y = box.centre
        return not self.polygon or is_inside((x / width, y / height), self.polygon)


def load_room(path: Path) -> Room:
    """Read a room file; raises ``RoomFault`` naming what is wrong with it."""
    try:
        told = msgspec.json.decode(path.read_bytes(), type=RoomFile)
        reference = to_grey(read_picture(path.parent / told.reference)) if told.reference else None
    except (OSError, UnreadablePicture, *UNREADABLE) as fault:
        raise RoomFault(f"{path}: {fault}") from fault
    if 0 < len(told.polygon) < 3:
        raise RoomFault(f"{path}: a polygon has at least three corners")
    return Room(tuple(told.polygon), reference, ratio_of(told))


def ratio_of(told: RoomFile) -> float | None:
    """People by hand for one by camera; None while nobody has counted both ways."""
    return told.by_hand / told.by_camera if told.by_hand is not None and told.by_camera else None


def is_inside(point: Point, polygon: Sequence[Point]) -> bool:
    """Whether a point lies inside a polygon (even-odd rule)."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside
