"""Frames as the camera folder passes them about: BGR, 8 bit, height x width x 3."""

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

Frame = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.float32]

_GREY_SIDE = 640


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


def to_jpeg(frame: Frame, quality: int = 80) -> bytes:
    """Encode a frame as JPEG."""
    encoded = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return encoded.tobytes()


def to_grey(frame: Frame) -> Grey:
    """Reduce a frame to grey levels 0..255 with a longest side of 640 px, the size at which the gate judges."""
    scale = _GREY_SIDE / max(frame.shape[:2])
    grey = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32)
