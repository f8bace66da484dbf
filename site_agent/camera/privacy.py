"""What of a picture may leave the room. Pure: every picture that goes out was made by ``prepare``.

A detector cannot be trusted to blur what it missed, so nothing is blurred in places: under ``BLURRED`` the whole
picture is reduced until no face that must be expected is wider than 6 px. Expected are two things, and the wider one
counts: a face one metre before the lens, whether anything was detected or not (137 of 1280 px through a 70-degree
webcam; nobody sits nearer to a camera that looks over a room), and the widest face that was detected, with a margin,
down to scores too low to be counted. What remains of the nearest row is a few spots of colour; rows behind it, less.
"""

from collections.abc import Callable, Iterable, Sequence

import cv2
import msgspec
import numpy as np

from site_agent.camera.boxes import Box
from site_agent.camera.frames import Frame, Picture, to_jpeg, to_side
from wire.ids import PicturePolicy

MOST_FACE_PX = 6
NEAREST_SHARE = 0.107
"""Width of the nearest face to be expected, as a share of the picture's longest side: `BLURRED_SIDE_PX` is left."""
MARGIN = 1.4
"""How much wider than its box a face may be: boxes end at the cheeks, and people lean forward between two pictures."""
PLACE_COLOUR = (60, 220, 255)
FULL_QUALITY, BLURRED_QUALITY, LOWEST_QUALITY = 70, 92, 35
SMALLEST_SIDE = 160

_STRICTEST_FIRST = (PicturePolicy.COUNT_ONLY, PicturePolicy.BLURRED, PicturePolicy.FULL)


class Leaving(msgspec.Struct, frozen=True):
    """A picture that may leave: a JPEG, its size in pixels, and the policy it was made under."""

    jpeg: bytes
    width: int
    height: int
    policy: PicturePolicy


def stricter(one: PicturePolicy, other: PicturePolicy) -> PicturePolicy:
    """Whichever of two policies lets less out."""
    return min(one, other, key=_STRICTEST_FIRST.index)


def prepare(
    picture: Picture,
    policy: PicturePolicy,
    faces: Callable[[], Iterable[Box]],
    *,
    places: Sequence[Box] = (),
    side: int,
    most_bytes: int,
) -> Leaving | None:
    """The picture as ``policy`` lets it go, at most ``side`` px on its longest side; None when nothing may.

    ``faces``: every face that may be in the picture, in its pixels, asked only when the policy needs it (it may raise
    ``NoModel``: then nothing leaves); ``places`` are painted as boxes when the policy is ``BLURRED``. A drawn room
    shows no real person: its picture leaves whatever the policy says.
    """
    if picture.is_drawn or policy is PicturePolicy.FULL:
        return _whole(picture.frame, side, most_bytes)
    if policy is PicturePolicy.COUNT_ONLY:
        return None
    return _encoded(reduce(picture.frame, faces(), places, side), BLURRED_QUALITY, policy, most_bytes)


def reduce(frame: Frame, faces: Iterable[Box], places: Sequence[Box] = (), side: int | None = None) -> Frame:
    """The whole picture, so small that no expected face is wider than 6 px, with ``places`` painted as solid boxes."""
    height, width = frame.shape[:2]
    longest = max(height, width)
    expected = max([NEAREST_SHARE * longest, *(face.w * MARGIN for face in faces)])
    scale = min(1.0, MOST_FACE_PX / expected, (side or longest) / longest)
    # Downwards: a pixel too many would be a face too wide.
    size = (max(1, int(width * scale)), max(1, int(height * scale)))
    # By area: every pixel is the mean of all that it covers, so that no detail survives by chance.
    small = np.ascontiguousarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    for place in places:
        _paint(small, place, size[0] / width, size[1] / height)
    return small


def _paint(small: Frame, place: Box, across: float, down: float) -> None:
    left, top = int(place.x * across), int(place.y * down)
    right = left + max(1, round(place.w * across))
    bottom = top + max(1, round(place.h * down))
    small[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = PLACE_COLOUR


def _whole(frame: Frame, side: int, most_bytes: int) -> Leaving | None:
    while True:
        frame = to_side(frame, side)
        left = _encoded(frame, FULL_QUALITY, PicturePolicy.FULL, most_bytes)
        if left is not None or side <= SMALLEST_SIDE:
            return left
        side = max(SMALLEST_SIDE, min(side, max(frame.shape[:2])) * 3 // 4)


def _encoded(frame: Frame, quality: int, policy: PicturePolicy, most_bytes: int) -> Leaving | None:
    height, width = frame.shape[:2]
    for each in (quality, LOWEST_QUALITY):
        # Painted places of a few pixels would run into each other with coarse colours.
        jpeg = to_jpeg(frame, each, fine_colours=policy is PicturePolicy.BLURRED)
        if len(jpeg) <= most_bytes:
            return Leaving(jpeg, width, height, policy)
    return None
