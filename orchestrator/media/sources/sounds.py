"""The sound of a source: Opus passes as it is, AAC and everything else becomes Opus (RFC 7874 §3)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import msgspec
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.error import FFmpegError

from orchestrator.media.sources.job import Bounds
from orchestrator.media.sources.lanes import AUDIO_CLOCK

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.packet import Packet

FRAME = 960
"""Samples of 20 ms."""
DRIFT = AUDIO_CLOCK * 60 // 1000
"""A source whose timestamps and samples differ by more has a gap or has leapt."""


class Heard(msgspec.Struct, frozen=True):
    """One Opus packet; ``source_s`` in the source's own time."""

    opus: bytes
    source_s: float


class Sounds:
    """Takes a stream's packets in order and gives Opus packets."""

    def __init__(self, stream: AudioStream, bounds: Bounds) -> None:
        context = stream.codec_context
        self.name = f"{context.name.upper()} {context.sample_rate} Hz"
        self.passes = context.name in {"opus", "libopus"} and context.channels <= 2
        self._encoding = None if self.passes else Encoding(stream, bounds)

    def take(self, packet: Packet[Any]) -> Iterable[Heard]:
        """What a packet becomes."""
        if packet.pts is None or packet.time_base is None:
            return []
        if self._encoding is None:
            return [Heard(bytes(packet), float(packet.pts * packet.time_base))]
        return self._encoding.take(packet)


class Encoding:
    """Decodes, brings to 48 kHz stereo, and encodes packets of 20 ms."""

    def __init__(self, stream: AudioStream, bounds: Bounds) -> None:
        self._decoder = stream.codec_context
        self._resampler = AudioResampler("s16", "stereo", AUDIO_CLOCK, frame_size=FRAME)
        self._encoder = av.CodecContext.create("libopus", "w")
        self._encoder.sample_rate, self._encoder.layout, self._encoder.format = AUDIO_CLOCK, "stereo", "s16"
        self._encoder.time_base = Fraction(1, AUDIO_CLOCK)
        self._encoder.bit_rate = bounds.sound_kbps * 1000
        self._encoder.options = {"application": "audio", "frame_duration": "20"}
        self._came = 0
        """Samples at 48 kHz that came since the first one."""
        self._gone = 0
        self._began: int | None = None
        """The first one's time in 1/48000 s."""
        self.spoiled = 0

    def take(self, packet: Packet[Any]) -> Iterable[Heard]:
        """Opus packets; a spoiled packet gives none."""
        try:
            frames = self._decoder.decode(packet)
        except FFmpegError:
            self.spoiled += 1
            return
        for frame in frames:
            if isinstance(frame, AudioFrame):
                yield from self._encode(frame)

    def _encode(self, frame: AudioFrame) -> Iterable[Heard]:
        if frame.pts is not None and frame.time_base is not None:
            at = round(frame.pts * frame.time_base * AUDIO_CLOCK)
            if self._began is None or abs(at - (self._began + self._came)) > DRIFT:
                self._began = at - self._came
        self._came += round(frame.samples * AUDIO_CLOCK / frame.sample_rate)
        frame.pts = None
        for part in self._resampler.resample(frame):
            part.pts, part.time_base = None, Fraction(1, AUDIO_CLOCK)
            for packet in self._encoder.encode(part):
                at = (self._began or 0) + self._gone
                self._gone += FRAME
                yield Heard(bytes(packet), at / AUDIO_CLOCK)
