"""One film, looked at in a process of its own before anybody may play it: whatever it does to a reader, it does here.

    python -m orchestrator.media.sources.film_checker FILE

One line of JSON (:class:`Looked`) goes to standard output. Every packet is read, so that a film whose end is missing
and keyframes that are too far apart are known beforehand; at some places pictures are decoded. Nothing is written.
Exit code 0; a limit that was broken ends the process without its line.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import av
import msgspec
from av import logging as av_logging
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame

from orchestrator.media.sources.films import moving_picture, open_film, sound_of
from orchestrator.media.sources.h264 import parameter_sets
from orchestrator.media.sources.job import Bounds, Why
from orchestrator.media.sources.judging import Flow, Picture, judge
from orchestrator.media.sources.limits import confine

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.video.stream import VideoStream

CPU_S = 600
MEMORY_MB = 2048
OPEN_S = 20.0
LARGEST = (4096, 2304)
"""Pixels across and down. Larger pictures cannot be converted in time."""
SHORTEST_S = 1.0
MISSING_S, MISSING_SHARE = 1.0, 0.02
"""A film may end so much earlier than its container says."""
PLACES = (0.0, 0.25, 0.5, 0.75, 0.95)
"""Where pictures are decoded, as shares of the length."""
PATIENCE = 400
"""Packets after a place within which a picture must have come."""
HEAD = 64
MAGIC = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"\x1a\x45\xdf\xa3")
"""How MP4 and MOV (ISO 14496-12 §4.3) and Matroska (RFC 8794 §11.2.1) begin: such a file is a film that is damaged."""


class Looked(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was found. ``fault``: a stable word why it cannot be played, at ``at_s`` seconds where a place is to blame;
    else its length, what its picture and sound are, and why the picture must be converted (none: it passes)."""

    fault: str = ""
    at_s: float = 0.0
    length_s: float = 0.0
    picture: str = ""
    sound: str = ""
    converted: Why = Why.NONE
    turned: bool = False
    """The camera was held upright and only a note in the file says so: rooms see the picture lying."""


class _Faulty(Exception):
    def __init__(self, word: str, at_s: float = 0.0) -> None:
        super().__init__(word)
        self.looked = Looked(fault=word, at_s=at_s)


def look(path: str, bounds: Bounds) -> Looked:
    """Everything about one film."""
    try:
        with open_film(path, OPEN_S) as container:
            return _look(container, bounds)
    except _Faulty as faulty:
        return faulty.looked
    except (FFmpegError, OSError, ValueError):
        return Looked(fault="broken" if _is_film(path) else "unknown")


def _is_film(path: str) -> bool:
    with Path(path).open("rb") as file:
        head = file.read(HEAD)
    return any(head.startswith(word) or head[4:].startswith(word) for word in MAGIC)


def _look(container: InputContainer, bounds: Bounds) -> Looked:
    video, sound = moving_picture(container), sound_of(container)
    if video is None:
        raise _Faulty("no_decoder" if container.streams.video else "no_picture")
    context = video.codec_context
    if context.width > LARGEST[0] or context.height > LARGEST[1]:
        raise _Faulty("too_many_pixels")
    sets = parameter_sets(context.extradata or b"") if context.name == "h264" else None
    picture = Picture(context.name, context.width, context.height, bool(context.has_b_frames), sets)
    converted = judge(picture, bounds)
    start_s = (container.start_time or 0) / av.time_base
    end_s, flowing = _read_through(container, video, sound, bounds)
    length_s = max((container.duration or 0) / av.time_base, end_s - start_s)
    if end_s - start_s < SHORTEST_S:
        raise _Faulty("empty")
    if end_s - start_s < length_s - max(MISSING_S, MISSING_SHARE * length_s):
        raise _Faulty("truncated", max(0.0, end_s - start_s))
    turned = [_try_place(container, video, sound, start_s, share * length_s) for share in PLACES]
    heard = f"{sound.codec_context.name.upper()} {sound.codec_context.sample_rate} Hz" if sound is not None else ""
    return Looked(
        length_s=round(length_s, 2),
        picture=picture.name,
        sound=heard,
        converted=converted if converted is not Why.NONE else flowing,
        turned=any(turned),
    )


def _read_through(
    container: InputContainer, video: VideoStream, sound: AudioStream | None, bounds: Bounds
) -> tuple[float, Why]:
    """Read every packet: when the last one is due, and why passing would end."""
    flow, why, end_s, pictures = Flow(bounds), Why.NONE, float("-inf"), 0
    for packet in container.demux([video] if sound is None else [video, sound]):
        if packet.pts is None or packet.time_base is None or not packet.size:
            continue
        at_s = float(packet.pts * packet.time_base)
        end_s = max(end_s, at_s)
        if packet.stream.index != video.index:
            continue
        pictures += 1
        if why is Why.NONE:
            why = flow.look(at_s, packet.size, keyframe=packet.is_keyframe)
    if not pictures:
        raise _Faulty("no_picture")
    return end_s, why


def _try_place(
    container: InputContainer, video: VideoStream, sound: AudioStream | None, start_s: float, at_s: float
) -> bool:
    """Decode a picture, and sound where there is some, at one place; whether the picture lies on its side."""
    streams = [video] if sound is None else [video, sound]
    seen, heard, turned = False, sound is None, False
    try:
        container.seek(round((start_s + at_s) * av.time_base))
        for count, packet in enumerate(container.demux(streams)):
            for frame in packet.decode():
                if isinstance(frame, VideoFrame):
                    seen, turned = True, turned or abs(frame.rotation) % 180 == 90
                else:
                    heard = True
            if (seen and heard) or (seen and count > PATIENCE):
                return turned
            if count > PATIENCE * 4:
                break
    except FFmpegError:
        raise _Faulty("broken", at_s) from None
    if not seen:
        raise _Faulty("broken", at_s)
    return turned


def main(argv: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="film-checker")
    parser.add_argument("file")
    parser.add_argument("--pass-kbps", type=int, default=Bounds().pass_kbps)
    parser.add_argument("--video", choices=["h264", "vp8"], default=Bounds().video)
    chosen = parser.parse_args(argv)
    av_logging.set_level(av_logging.PANIC)
    bounds = Bounds(chosen.video, pass_kbps=chosen.pass_kbps, memory_mb=MEMORY_MB, cpu_hours=CPU_S / 3600)
    confine(bounds)
    print(msgspec.json.encode(look(chosen.file, bounds)).decode(), flush=True)  # noqa: T201  (the protocol)
    return 0


if __name__ == "__main__":
    sys.exit(main())
