"""An encoder without a camera: one shade of grey as H.264 access units and a tone as Opus packets, in real time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from fractions import Fraction

import av
import numpy as np
from av.video.frame import PictureType

FPS = 25
RATE, SAMPLES = 48_000, 960


class Shades:
    """Encodes pictures of one brightness with a moving bar; a keyframe only where one is forced."""

    def __init__(self, size: tuple[int, int] = (160, 120)) -> None:
        self._size = size
        self._encoder = av.CodecContext.create("libx264", "w")
        self._encoder.width, self._encoder.height, self._encoder.pix_fmt = *size, "yuv420p"
        self._encoder.time_base, self._encoder.framerate = Fraction(1, FPS), Fraction(FPS)
        self._encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "g": "100000"}
        self._count = 0
        self.key_next = False

    def next(self, brightness: int) -> tuple[bytes, int, bool]:
        """An access unit as Annex B, its timestamp in 1/90000 s, and whether it is a keyframe."""
        width, height = self._size
        picture = np.full((height, width, 3), brightness, np.uint8)
        column = self._count * 4 % width
        picture[:, column : column + 8] = 255 - brightness
        frame = av.VideoFrame.from_ndarray(picture, "rgb24")
        frame.pts, frame.time_base = self._count, Fraction(1, FPS)
        frame.pict_type = PictureType.I if self.key_next else PictureType.NONE
        self.key_next = False
        (packet,) = self._encoder.encode(frame)
        self._count += 1
        return bytes(packet), (self._count - 1) * 90_000 // FPS, packet.is_keyframe


class Hum:
    """Encodes 440 Hz in packets of 20 ms."""

    def __init__(self) -> None:
        self._encoder = av.CodecContext.create("libopus", "w")
        self._encoder.sample_rate, self._encoder.layout, self._encoder.format = RATE, "stereo", "s16"
        self._encoder.time_base = Fraction(1, RATE)
        self._at = 0
        self._out = 0

    def next(self) -> list[tuple[bytes, int]]:
        """What 20 ms of sound become: packets and their timestamps in 1/48000 s."""
        phase = (self._at + np.arange(SAMPLES)) * (2 * np.pi * 440 / RATE)
        both = np.repeat((np.sin(phase) * 8000).astype(np.int16), 2).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(both, "s16", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._at, Fraction(1, RATE)
        self._at += SAMPLES
        packets = []
        for packet in self._encoder.encode(frame):
            packets.append((bytes(packet), self._out))
            self._out += SAMPLES
        return packets


async def in_real_time(turn: Callable[[], None]) -> None:
    """Call ``turn`` 50 times a second, until cancelled."""
    now = asyncio.get_running_loop().time
    due = now()
    while True:
        turn()
        due = max(due + 0.02, now() - 1)
        await asyncio.sleep(max(0.0, due - now()))
