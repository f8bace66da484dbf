"""Keeps what a person has drawn of this room, in the agent's home; the counter uses it from the next count on."""

import math
import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec
import structlog

from site_agent.camera.frames import Frame, to_grey, to_png
from site_agent.camera.gate import judge
from site_agent.camera.room import Point, Room, RoomFault, RoomFile, load_room
from site_agent.kept import keep
from wire.unreadable import UNREADABLE

FOLDER = "room"
FILE = "room.json"
REFERENCE = "reference.png"
MOST_CORNERS = 40
_FEWEST_CORNERS = 3
# As a share of the picture: less is a slip of the mouse, not seats.
_SMALLEST_AREA = 0.01

log = structlog.get_logger()


class Unfit(Exception):
    """What a person gave cannot be used. ``code``: `corners`, `outside`, `too_small`, or the gate's fault."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RoomKeeper:
    """The room of this site. Its methods block on the disk and raise ``OSError``; ``Unfit`` changes nothing."""

    def __init__(self, home: Path) -> None:
        self._path = home / FOLDER / FILE
        self._told, self._room = _read(self._path)
        # Each deed of the desk has a thread of its own.
        self._writing = threading.Lock()

    @property
    def told(self) -> RoomFile:
        """The room as it is written down."""
        return self._told

    def room(self) -> Room:
        """The room ready for counting."""
        return self._room

    def draw(self, corners: Sequence[Point]) -> None:
        """Only who sits inside these corners counts from now on; no corners: everybody in the picture."""
        check_corners(corners)
        # What was counted by hand was counted with the older polygon.
        self._store(polygon=[(round(x, 4), round(y, 4)) for x, y in corners], **_NOT_BY_HAND)

    def refer(self, frame: Frame, at_ms: int) -> None:
        """From now on the room should look like this picture; of it only the grey is kept."""
        fault = judge(frame)
        if fault is not None:
            raise Unfit(fault)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._writing:
            keep(self._path.parent / REFERENCE, to_png(to_grey(frame)))
        self._store(reference=REFERENCE, reference_ms=at_ms)

    def forget_reference(self) -> None:
        """The camera was moved: compare with nothing until a new picture is taken."""
        self._store(reference=None, reference_ms=None)

    def calibrate(self, by_hand: int, by_camera: int, at_ms: int) -> None:
        """One count made both ways at the same moment."""
        self._store(by_hand=by_hand, by_camera=by_camera, by_hand_ms=at_ms)

    def _store(self, **changes: object) -> None:
        with self._writing:
            told = msgspec.structs.replace(self._told, **changes)
            self._path.parent.mkdir(parents=True, exist_ok=True)
            keep(self._path, msgspec.json.format(msgspec.json.encode(told)))
            self._told, self._room = told, load_room(self._path)


_NOT_BY_HAND: dict[str, None] = {"by_hand": None, "by_camera": None, "by_hand_ms": None}


def check_corners(corners: Sequence[Point]) -> None:
    """Raise ``Unfit`` for a polygon nobody can sit in."""
    if not corners:
        return
    if not _FEWEST_CORNERS <= len(corners) <= MOST_CORNERS:
        raise Unfit("corners")
    if not all(math.isfinite(share) and 0 <= share <= 1 for corner in corners for share in corner):
        raise Unfit("outside")
    if _area(corners) < _SMALLEST_AREA:
        raise Unfit("too_small")


def _area(corners: Sequence[Point]) -> float:
    pairs = zip(corners, [*corners[1:], corners[0]], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def _read(path: Path) -> tuple[RoomFile, Room]:
    """A room that cannot be read is an undrawn one: counting goes on, and the desk shows that it must be drawn."""
    if not path.is_file():
        return RoomFile(), Room()
    try:
        return msgspec.json.decode(path.read_bytes(), type=RoomFile), load_room(path)
    except (OSError, RoomFault, *UNREADABLE) as fault:
        log.error("room_unreadable", error=str(fault))
        return RoomFile(), Room()
