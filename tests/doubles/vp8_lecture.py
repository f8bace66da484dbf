"""Real VP8 pictures of small sizes, packed as browsers do (RFC 7741 §4.2); a viewer's end unpacks and decodes them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from orchestrator.media.recorder.take import OPUS, VP8
from orchestrator.media.relay.rtp import Arrival
from orchestrator.media.relay.vp8 import numbers
from tests.doubles.rtp_lecture import SOUND

MOST = 400
"""Bytes of a picture in one packet: small, so that small pictures have several."""


class Vp8Encoder:
    """One size; every second picture is of an upper temporal layer, as its descriptor says."""

    def __init__(self, width: int, height: int, *, picture: int, layer: int) -> None:
        self.width, self.height = width, height
        self._numbers = [picture, layer]
        self._n = 0
        self._codec = _encoder(width, height)

    def packets(self, *, key: bool = False) -> list[bytes]:
        """The next picture's payloads."""
        n, self._n = self._n, self._n + 1
        key = key or n == 0
        pixels = np.full((self.height, self.width, 3), (n * 5) % 200, np.uint8)
        pixels[:, (n * 4) % self.width :] += 40
        pixels[::2, ::2] = np.random.default_rng(n).integers(0, 255, pixels[::2, ::2].shape, np.uint8)
        frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p")
        frame.pts, frame.time_base = n, Fraction(1, 30)
        frame.pict_type = PictureType.I if key else PictureType.NONE
        body = b"".join(bytes(packet) for packet in self._codec.encode(frame))
        upper = 0 if key else n % 2
        self._numbers[0] = (self._numbers[0] + 1) % (1 << 15)
        self._numbers[1] = (self._numbers[1] + (not upper)) % 256
        picture, layer = self._numbers
        tail = bytes((0xE0,)) + (0x8000 | picture).to_bytes(2, "big") + bytes((layer, upper << 6))
        parts = [body[at : at + MOST] for at in range(0, len(body), MOST)]
        return [bytes((0x90 if index == 0 else 0x80,)) + tail + part for index, part in enumerate(parts)]


class Vp8Lecture:
    """RTP of one stream: 30 pictures and 50 packets of sound a second, of one size after another."""

    def __init__(self) -> None:
        self._sequence = self._n = 0

    def of(self, size: Vp8Encoder, pictures: int) -> Iterator[tuple[float, str, Arrival]]:
        """(moment, kind, packet); the first picture is a keyframe."""
        for first in range(pictures):
            n, self._n = self._n, self._n + 1
            payloads = size.packets(key=first == 0)
            for index, payload in enumerate(payloads):
                marker = 0x80 if index == len(payloads) - 1 else 0
                self._sequence = (self._sequence + 1) & 0xFFFF
                yield n / 30, "video", Arrival(VP8, marker, self._sequence, n * 3000, 1, payload)
            for number in range(n * 5 // 3, (n + 1) * 5 // 3):
                yield n / 30, "audio", Arrival(OPUS, 0, number & 0xFFFF, number * 960, 2, SOUND)


class Vp8Screen:
    """Decodes payloads in order; ``heights`` of all pictures, ``told`` their numbers: picture, base layer, layer."""

    def __init__(self) -> None:
        decoder = av.CodecContext.create("libvpx", "r")
        assert isinstance(decoder, VideoCodecContext)
        self._decoder = decoder
        self.heights: list[int] = []
        self.told: list[tuple[int, int, int]] = []
        self._body = b""

    def take(self, payload: bytes) -> None:
        """One payload. Raises :class:`av.FFmpegError` for a picture that builds on another than the one before."""
        found = numbers(payload)
        assert found is not None
        if payload[0] & 0x10:
            self.finish()
        if found.picture_at is not None and found.layer_at is not None:
            picture = int.from_bytes(payload[found.picture_at : found.picture_at + 2], "big") & 0x7FFF
            said = (picture, payload[found.layer_at], payload[found.layer_at + 1] >> 6)
            if not self.told or self.told[-1] != said:
                self.told.append(said)
        self._body += payload[found.body_at :]

    def finish(self) -> None:
        """The picture is whole."""
        if self._body:
            self.heights += [frame.height for frame in self._decoder.decode(av.Packet(self._body))]
        self._body = b""


def _encoder(width: int, height: int) -> VideoCodecContext:
    codec = av.CodecContext.create("libvpx", "w")
    assert isinstance(codec, VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
    codec.time_base, codec.framerate, codec.bit_rate = Fraction(1, 30), Fraction(30), 12 * width * height
    codec.gop_size, codec.thread_count = 100_000, 1
    codec.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "auto-alt-ref": "0"}
    codec.open()
    return codec
