"""Faces that never move: a portrait on the wall is counted as a person, but in ten seconds nobody sits as still as it.

Within a burst a place is still when its pixels change no more than the quiet parts of the same picture do, which is
the camera's own noise. It is told of only after it was still in several bursts on end, because a person may hold the
pose for one.
"""

from collections.abc import Sequence
from pathlib import Path

import cv2
import msgspec
import numpy as np
import structlog

from site_agent.camera.boxes import Box
from site_agent.camera.frames import Frame, Grey
from site_agent.kept import keep
from wire.unreadable import UNREADABLE

log = structlog.get_logger()

FEWEST_FRAMES = 4
BURSTS = 2
"""Bursts in which a place must have been still, one after another."""

_SMOOTH = 1.5
_CELLS = 12
# Grey levels that a still place may change by: the picture's own noise times this, between these two. A camera that
# shakes changes everywhere: then nothing is still, rather than everybody.
_FLOOR, _CEILING = 0.9, 2.0
_OVER_NOISE = 1.5
_SAME_WITHIN = 0.6


class StillPlace(msgspec.Struct, frozen=True):
    """A place as shares of the picture (centre and width), and in how many bursts on end it was still."""

    x: float
    y: float
    w: float
    bursts: int


def still_boxes(frames: Sequence[Frame], boxes: Sequence[Box]) -> list[Box]:
    """The boxes in which nothing moved during one burst; none when the burst is too short to say."""
    if len(frames) < FEWEST_FRAMES or not boxes or len({frame.shape for frame in frames}) != 1:
        return []
    changes = _changes(frames)
    noise = _noise(changes)
    if noise > _CEILING:
        return []
    limit = min(_CEILING, max(_FLOOR, _OVER_NOISE * noise))
    return [box for box in boxes if _change_in(changes, box) <= limit]


class StillPlaces:
    """What bursts have shown so far; one instance belongs to the looking thread.

    ``path``: where it is kept through a restart, None to forget it then. A disk that keeps nothing costs the memory
    alone.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._places = _read(path) if path is not None else []

    def take(self, frames: Sequence[Frame], boxes: Sequence[Box]) -> list[Box]:
        """The boxes that have been still for ``BURSTS`` bursts on end, this one included."""
        if len(frames) < FEWEST_FRAMES or not boxes:
            return []
        height, width = frames[0].shape[:2]
        before, self._places, told = self._places, [], []
        for box in still_boxes(frames, boxes):
            x, y = box.centre
            here = StillPlace(x / width, y / height, box.w / width, 1 + _earlier(before, x / width, y / height))
            self._places.append(here)
            if here.bursts >= BURSTS:
                told.append(box)
        if self._places != before:
            self._keep()
        return told

    def _keep(self) -> None:
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            keep(self._path, msgspec.json.encode(self._places))
        except OSError as error:
            log.warning("still_places_not_kept", error=str(error))


def _read(path: Path) -> list[StillPlace]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[StillPlace])
    except FileNotFoundError:
        return []
    except (OSError, *UNREADABLE) as error:
        log.warning("still_places_unreadable", error=str(error))
        return []


def _earlier(places: Sequence[StillPlace], x: float, y: float) -> int:
    near = (p.bursts for p in places if max(abs(p.x - x), abs(p.y - y)) <= _SAME_WITHIN * p.w)
    return max(near, default=0)


def _changes(frames: Sequence[Frame]) -> Grey:
    """How much each pixel varies over the burst, in grey levels; what changes everywhere at once is lighting."""
    greys = []
    for frame in frames:
        grey = np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), dtype=np.float32)
        smooth = np.asarray(cv2.GaussianBlur(grey, (0, 0), _SMOOTH), dtype=np.float32)
        greys.append(smooth - np.median(smooth))
    return np.asarray(np.std(np.stack(greys), axis=0), dtype=np.float32)


def _noise(changes: Grey) -> float:
    """The change of the quieter half of the picture's parts, where nobody moves."""
    cells = cv2.resize(changes, (_CELLS, _CELLS), interpolation=cv2.INTER_AREA)
    return float(np.percentile(np.asarray(cells), 35))


def _change_in(changes: Grey, box: Box) -> float:
    height, width = changes.shape
    left, top = max(0, int(box.x)), max(0, int(box.y))
    right, bottom = min(width, int(box.x + box.w) + 1), min(height, int(box.y + box.h) + 1)
    part = changes[top:bottom, left:right]
    # The liveliest quarter: a cheek is smooth and shows little even when the head turns.
    return float(np.percentile(part, 75)) if part.size else float("inf")
