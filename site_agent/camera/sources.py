"""Where pictures come from: a camera by number, a video file (looped), a folder of pictures (looped), an RTSP URL."""

from enum import StrEnum
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import cv2
import msgspec
import numpy as np

from site_agent.camera.frames import Frame, UnreadablePicture, read_picture
from wire.health import NO_CAMERA

DRAWN_MARKER = "drawn.json"
PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})

_DEVICE_SIZE = (1280, 720)
_STREAM_OPEN_MS = 10_000
_STREAM_READ_MS = 5_000
_FOLDER_PACE_S = 0.1
_VIDEO_PACE_S = 1 / 30


class SourceKind(StrEnum):
    """What a source is."""

    DEVICE = "device"
    STREAM = "stream"
    FILE = "file"


class Source(msgspec.Struct, frozen=True):
    """A camera as the configuration names it; ``name`` may be shown to anybody."""

    kind: SourceKind
    target: str

    @property
    def name(self) -> str:
        if self.kind is SourceKind.DEVICE:
            return f"camera {self.target}"
        if self.kind is SourceKind.STREAM:
            # Camera URLs carry passwords.
            parts = urlsplit(self.target)
            return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"
        return Path(self.target).name


class SourceLost(Exception):
    """The source cannot be opened, or gives no more pictures."""


class Capture(Protocol):
    """An open source; every method may block and belongs to the capture thread."""

    @property
    def pace_s(self) -> float:
        """Seconds between two pictures where the source does not keep time itself, else 0."""
        ...

    @property
    def is_drawn(self) -> bool:
        """Whether the pictures are drawn and show no real person."""
        ...

    def grab(self) -> None:
        """Step to the next picture without decoding it; raises ``SourceLost``."""
        ...

    def retrieve(self) -> Frame:
        """Decode the picture of the last grab; raises ``SourceLost``."""
        ...

    def close(self) -> None: ...


def parse_source(text: str) -> Source:
    """Read ``--camera``: digits are a device, ``scheme://`` a stream, everything else a file or folder."""
    if text.isdecimal():
        return Source(SourceKind.DEVICE, text)
    return Source(SourceKind.STREAM if "://" in text else SourceKind.FILE, text)


def open_source(source: Source) -> Capture:
    """Open a source; raises ``SourceLost``."""
    if source.target == NO_CAMERA:
        raise SourceLost("there is none")
    if source.kind is SourceKind.DEVICE:
        return _open_device(int(source.target))
    if source.kind is SourceKind.STREAM:
        return _open_stream(source.target)
    path = Path(source.target)
    if path.is_dir():
        return FolderCapture(path)
    if path.is_file():
        return OpenCvCapture(_opened(cv2.VideoCapture(str(path))), pace_s=_VIDEO_PACE_S, looped=True)
    raise SourceLost("not there")


class OpenCvCapture:
    """A device, stream or video through OpenCV."""

    is_drawn = False

    def __init__(self, capture: cv2.VideoCapture, *, pace_s: float = 0.0, looped: bool = False) -> None:
        self._capture = capture
        self._looped = looped
        self.pace_s = pace_s

    def grab(self) -> None:
        if self._capture.grab():
            return
        if not (self._looped and self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0) and self._capture.grab()):
            raise SourceLost("no more pictures")

    def retrieve(self) -> Frame:
        whole, frame = self._capture.retrieve()
        if not whole:
            raise SourceLost("picture not decoded")
        return np.asarray(frame, dtype=np.uint8)

    def close(self) -> None:
        self._capture.release()


class FolderCapture:
    """The pictures of a folder by name, over and over; the folder is read again on every round.

    A picture is stepped past when it is decoded, not when it is grabbed: a burst whose rhythm happens to match the
    number of pictures would otherwise see the same one again and again.
    """

    pace_s = _FOLDER_PACE_S

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._round: list[Path] = []
        self.is_drawn = (folder / DRAWN_MARKER).is_file()

    def grab(self) -> None:
        if not self._round:
            self._round = sorted(self._pictures(), reverse=True)
        if not self._round:
            raise SourceLost("no pictures in the folder")

    def retrieve(self) -> Frame:
        if not self._round:
            raise SourceLost("nothing grabbed")
        try:
            return read_picture(self._round.pop())
        except UnreadablePicture as fault:
            raise SourceLost(str(fault)) from fault

    def close(self) -> None:
        self._round = []

    def _pictures(self) -> list[Path]:
        try:
            return [path for path in self._folder.iterdir() if path.suffix.lower() in PICTURE_SUFFIXES]
        except OSError as fault:
            raise SourceLost(f"folder: {fault.strerror}") from fault


def _open_device(number: int) -> Capture:
    capture = _opened(cv2.VideoCapture(number))
    # Uncompressed 720p does not fit through USB 2 at a useful rate.
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, _DEVICE_SIZE[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, _DEVICE_SIZE[1])
    return OpenCvCapture(capture)


def _open_stream(url: str) -> Capture:
    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _STREAM_OPEN_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, _STREAM_READ_MS]
    return OpenCvCapture(_opened(cv2.VideoCapture(url, cv2.CAP_FFMPEG, limits)))


def _opened(capture: cv2.VideoCapture) -> cv2.VideoCapture:
    if not capture.isOpened():
        capture.release()
        raise SourceLost("cannot be opened")
    return capture
