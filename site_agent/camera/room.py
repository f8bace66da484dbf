"""What is known about one room: where people sit, how it looks when all is well, and one count by hand."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from site_agent.camera.boxes import Box
from site_agent.camera.frames import Grey, UnreadablePicture, read_picture, to_grey

Point = tuple[float, float]


class RoomFault(Exception):
    """A room file that cannot be used."""


class RoomFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The room file (JSON). ``polygon``: corners around the seats as shares of the picture's width and height (0..1);
    ``reference``: a picture of the room, relative to the file; ``by_hand`` and ``by_camera``: one count made both ways.
    """

    polygon: list[Point] = []
    reference: str | None = None
    by_hand: int | None = None
    by_camera: int | None = None


class Room(msgspec.Struct, frozen=True):
    """A room ready for counting; the empty one counts everywhere and compares with nothing."""

    polygon: tuple[Point, ...] = ()
    reference: Grey | None = None
    hand_ratio: float | None = None

    def holds(self, box: Box, width: int, height: int) -> bool:
        """Whether the middle of a box lies among the seats of a frame of ``width`` x ``height`` px."""
        x, y = box.centre
        return not self.polygon or is_inside((x / width, y / height), self.polygon)


def load_room(path: Path) -> Room:
    """Read a room file; raises ``RoomFault`` naming what is wrong with it."""
    try:
        told = msgspec.json.decode(path.read_bytes(), type=RoomFile)
        reference = to_grey(read_picture(path.parent / told.reference)) if told.reference else None
    except (OSError, msgspec.MsgspecError, UnreadablePicture) as fault:
        raise RoomFault(f"{path}: {fault}") from fault
    if 0 < len(told.polygon) < 3:
        raise RoomFault(f"{path}: a polygon has at least three corners")
    ratio = told.by_hand / told.by_camera if told.by_hand is not None and told.by_camera else None
    return Room(tuple(told.polygon), reference, ratio)


def is_inside(point: Point, polygon: Sequence[Point]) -> bool:
    """Whether a point lies inside a polygon (even-odd rule)."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside
