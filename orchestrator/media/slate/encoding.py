"""Encodes a slate: H.264 constrained baseline or VP8 (RFC 7742 §6.2), and one packet of silence for the sound."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from orchestrator.media.slate.drawing import HEIGHT, WIDTH

if TYPE_CHECKING:
    from numpy.typing import NDArray

VIDEO_CLOCK, AUDIO_CLOCK = 90_000, 48_000
KEYFRAME_S = 2.0
"""A keyframe comes at least this often, so that whoever joins sees a picture at once."""
SILENCE_MS = 60
SILENCE = bytes((0xFB, 0x03, 0xFF, 0xFE, 0xFF, 0xFE, 0xFF, 0xFE))
"""60 ms of digital silence (RFC 6716 §3.1 and §3.2.5): CELT, full band, mono, 20 ms a frame; three frames of one size,
each empty. It has no state, so the same packet may be sent for ever; long ones cost the relay least."""
QUANTISER = 28
"""Constant, so that an unchanged picture stays exactly what it is: a keyframe has about 35 kB, another one 60 bytes."""


class Encoder:
    """One slate's pictures. Unchanged ones become a few bytes of skipped macroblocks."""

    def __init__(self, video: str = "h264") -> None:
        self._codec = _vp8() if video == "vp8" else _h264()
        self._frame: av.VideoFrame | None = None
        self._next_key = 0

    def put(self, picture: NDArray[np.uint8]) -> None:
        """What the next pictures show: RGB, 720 rows by 1280."""
        self._frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")

    def encode(self, at: int, *, keyframe: bool = False) -> tuple[bytes, bool]:
        """One picture at ``at`` (1/90000 s, growing), and whether it is a keyframe. H.264 comes as Annex B with
        parameter sets before each keyframe.

        Raises :class:`av.FFmpegError`, and :class:`RuntimeError` before the first picture is put.
        """
        if self._frame is None:
            raise RuntimeError("nothing to encode yet")
        keyframe = keyframe or at >= self._next_key
        if keyframe:
            self._next_key = at + round(KEYFRAME_S * VIDEO_CLOCK)
        self._frame.pts, self._frame.time_base = at, Fraction(1, VIDEO_CLOCK)
        self._frame.pict_type = PictureType.I if keyframe else PictureType.NONE
        return b"".join(bytes(packet) for packet in self._codec.encode(self._frame)), keyframe


def _codec(name: str) -> VideoCodecContext:
    codec = av.CodecContext.create(name, "w")
    if not isinstance(codec, VideoCodecContext):
        raise TypeError(f"{name} makes no pictures")
    codec.width, codec.height, codec.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    codec.time_base = Fraction(1, VIDEO_CLOCK)
    codec.framerate = Fraction(5)
    codec.thread_count = 1
    return codec


def _vp8() -> VideoCodecContext:
    codec = _codec("libvpx")
    codec.bit_rate = 600_000
    codec.gop_size = 100_000
    codec.options = {
        "deadline": "realtime",
        "cpu-used": "8",
        "lag-in-frames": "0",
        "auto-alt-ref": "0",
        "crf": "20",
        "qmin": "10",
        "qmax": "40",
    }
    codec.open()
    return codec


def _h264() -> VideoCodecContext:
    codec = _codec("libx264")
    # Keyframes come when they are asked for and by our own count, never by x264's.
    own = "keyint=infinite:scenecut=0:bframes=0:ref=1:ipratio=1.0:rc-lookahead=0:repeat-headers=1:annexb=1"
    codec.options = {
        "preset": "veryfast",
        "tune": "zerolatency",
        "profile": "baseline",
        "level": "31",
        "qp": str(QUANTISER),
        "forced-idr": "1",
        "x264-params": own,
    }
    codec.open()
    return codec
