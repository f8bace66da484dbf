"""Frames as the camera folder passes them about: BGR, 8 bit, height x width x 3."""

from pathlib import Path

import cv2
import msgspec
import numpy as np
import numpy.typing as npt

Frame = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.float32]

_GREY_SIDE = 640


class Picture(msgspec.Struct, frozen=True):
    """A frame and whether it was drawn, so that it shows no real person."""

    frame: Frame
    is_drawn: bool


class UnreadablePicture(Exception):
    """A file that is no picture, or is not there."""


def read_picture(path: Path) -> Frame:
    """Read a picture file; raises ``UnreadablePicture``."""
    try:
        # OpenCV on Windows cannot open paths outside ASCII, so the file is read here.
        encoded = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    except OSError as fault:
        raise UnreadablePicture(f"{path}: {fault.strerror}") from fault
    frame = cv2.imdecode(encoded, cv2.IMREAD_COLOR) if encoded.size else None
    if frame is None:
        raise UnreadablePicture(f"{path}: not a picture")
    return np.asarray(frame, dtype=np.uint8)


def to_side(frame: Frame, side: int) -> Frame:
    """Reduce a frame to at most ``side`` px on its longest side; a smaller one stays as it is."""
    scale = side / max(frame.shape[:2])
    if scale >= 1:
        return frame
    return np.asarray(cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def to_jpeg(frame: Frame, quality: int = 80, *, fine_colours: bool = False) -> bytes:
    """Encode a frame as JPEG; ``fine_colours`` keeps colours as fine as brightness."""
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    if fine_colours:
        options += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    return cv2.imencode(".jpg", frame, options)[1].tobytes()


def to_png(grey: Grey) -> bytes:
    """Encode grey levels as PNG."""
    return cv2.imencode(".png", np.asarray(np.clip(grey, 0, 255), dtype=np.uint8))[1].tobytes()


def to_grey(frame: Frame) -> Grey:
    """Reduce a frame to grey levels 0..255 with a longest side of 640 px, the size at which the gate judges."""
    scale = _GREY_SIDE / max(frame.shape[:2])
    grey = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32)
