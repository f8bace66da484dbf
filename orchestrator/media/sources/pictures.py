"""The picture of a source on its way out: passed on as it is, or converted to what was agreed with the rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import msgspec
from av.error import FFmpegError
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

from orchestrator.media.sources.h264 import ParameterSets, is_keyframe, parameter_sets
from orchestrator.media.sources.job import Bounds, Why
from orchestrator.media.sources.judging import Flow, Picture, judge
from orchestrator.media.sources.lanes import VIDEO_CLOCK

if TYPE_CHECKING:
    from av.packet import Packet
    from av.video.codeccontext import VideoCodecContext
    from av.video.stream import VideoStream

KEYFRAME_EVERY_S = 2
VP8_SPEED = "-14"
"""Below nought it is fixed; above, libvpx goes by its own clock and blurs the picture when the computer is busy."""
BEHIND_S = 0.7
"""Converting that is this late leaves pictures out until it has caught up."""


class Shown(msgspec.Struct, frozen=True):
    """One picture that is ready to be sent, H.264 as Annex B; ``source_s`` in the source's own time."""

    coded: bytes
    source_s: float
    keyframe: bool


class Pictures:
    """Takes a stream's packets in order and gives access units. Begins by passing where the stream allows it and
    changes to converting when it turns out that it does not; never back, so that nothing flickers."""

    def __init__(self, stream: VideoStream, bounds: Bounds, lag_s: Callable[[float], float]) -> None:
        """``lag_s``: how late a moment of the source is now."""
        context = stream.codec_context
        self._stream = stream
        self._bounds = bounds
        self._lag_s = lag_s
        self._sets = parameter_sets(context.extradata or b"") if context.name == "h264" else None
        self.picture = Picture(context.name, context.width, context.height, bool(context.has_b_frames), self._sets)
        self._flow = Flow(bounds)
        self.converted = judge(self.picture, bounds)
        self._converting = Converting(stream, bounds) if self.converted is not Why.NONE else None
        self.skipped = 0

    def want_keyframe(self) -> None:
        """Somebody cannot decode: from any thread. What passes untouched has its own keyframes."""
        if self._converting is not None:
            self._converting.key_next = True

    def take(self, packet: Packet[Any]) -> Iterable[Shown]:
        """What a packet becomes: nothing, one or more access units."""
        if packet.pts is None or packet.time_base is None:
            return
        at_s = float(packet.pts * packet.time_base)
        if self._converting is None and self._sets is not None:
            unit = self._passed(self._sets, packet, at_s)
            if unit is not None:
                yield unit
                return
        if self._converting is not None:
            late = self._lag_s(at_s) > BEHIND_S
            for frame in self._converting.decode(packet):
                if late:
                    self.skipped += 1
                    continue
                yield from self._converting.encode(frame)

    def _passed(self, sets: ParameterSets, packet: Packet[Any], at_s: float) -> Shown | None:
        try:
            annex_b = sets.annex_b(bytes(packet))
        except ValueError:
            return None
        keyframe = is_keyframe(annex_b)
        why = self._flow.look(at_s, len(annex_b), keyframe=keyframe)
        if why is Why.NONE:
            return Shown(annex_b, at_s, keyframe)
        self.converted = why
        self._converting = Converting(self._stream, self._bounds)
        return None


class Converting:
    """Decodes and encodes anew within bounds: size, pictures a second, bits a second, one thread each."""

    def __init__(self, stream: VideoStream, bounds: Bounds) -> None:
        self._decoder = stream.codec_context
        self._decoder.thread_count = 1
        self._bounds = bounds
        self._reformatter = VideoReformatter()
        self._encoder: VideoCodecContext | None = None
        self._size = (0, 0)
        self._newest: int | None = None
        self.key_next = False
        self.spoiled = 0

    def decode(self, packet: Packet[Any]) -> list[VideoFrame]:
        """Pictures in the order in which they are shown; a spoiled packet gives none."""
        try:
            frames = self._decoder.decode(packet)
        except FFmpegError:
            self.spoiled += 1
            return []
        return [frame for frame in frames if isinstance(frame, VideoFrame)]

    def encode(self, frame: VideoFrame) -> Iterable[Shown]:
        """The picture within the bounds; nothing when it comes too soon after the last one."""
        if frame.pts is None or frame.time_base is None:
            return
        at = round(frame.pts * frame.time_base * VIDEO_CLOCK)
        if self._newest is not None and 0 <= at - self._newest < 0.9 * VIDEO_CLOCK / self._bounds.fps:
            return
        if self._newest is not None and at < self._newest:
            self._encoder = None  # a file was moved back
        self._newest = at
        size = fitting(frame.width, frame.height, self._bounds)
        if self._encoder is None or size != self._size:
            self._encoder, self._size = self._open(size), size
        small = self._reformatter.reformat(frame, *size, format="yuv420p", interpolation=Interpolation.BILINEAR)
        small.pts, small.time_base = at, Fraction(1, VIDEO_CLOCK)
        small.pict_type = PictureType.I if self.key_next else PictureType.NONE
        self.key_next = False
        for packet in self._encoder.encode(small):
            yield Shown(bytes(packet), (packet.pts or at) / VIDEO_CLOCK, packet.is_keyframe)

    def _open(self, size: tuple[int, int]) -> VideoCodecContext:
        bounds = self._bounds
        encoder = av.CodecContext.create("libvpx" if bounds.video == "vp8" else "libx264", "w")
        encoder.width, encoder.height, encoder.pix_fmt = *size, "yuv420p"
        encoder.time_base, encoder.framerate = Fraction(1, VIDEO_CLOCK), Fraction(bounds.fps)
        encoder.bit_rate = bounds.kbps * 1000
        encoder.gop_size = bounds.fps * KEYFRAME_EVERY_S
        encoder.thread_count = 1
        rate = {"maxrate": f"{bounds.kbps}k", "bufsize": f"{bounds.kbps}k"}
        encoder.options = rate | (_vp8(bounds) if bounds.video == "vp8" else _H264)
        return encoder


_H264 = {
    "preset": "superfast",
    "tune": "zerolatency",
    "profile": "baseline",
    "x264-params": "scenecut=0:sliced-threads=0",
}


def _vp8(bounds: Bounds) -> dict[str, str]:
    """Live: every picture comes out at once, none is left out, none is hidden (RFC 6386 §9.7 knows such)."""
    return {
        "deadline": "realtime",
        "cpu-used": VP8_SPEED,
        "lag-in-frames": "0",
        "auto-alt-ref": "0",
        "minrate": f"{bounds.kbps}k",
        "max-intra-rate": "300",
        "static-thresh": "1",
        "qmin": "2",
        "qmax": "56",
    }


def fitting(width: int, height: int, bounds: Bounds) -> tuple[int, int]:
    """The largest even size of the same shape within the bounds, never larger than the picture."""
    scale = min(1.0, bounds.width / width, bounds.height / height)
    return max(2, round(width * scale) // 2 * 2), max(2, round(height * scale) // 2 * 2)
