"""Opens a film, and finds in it what is played. Used by whoever plays it and by whoever looks at it beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
from av.container import InputContainer
from av.stream import Disposition

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.video.stream import VideoStream

FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,flv,avi,mpeg,ogg,asf"
"""None of those that name other files."""


def open_film(path: str, open_s: float) -> InputContainer:
    """Open a file as one of the allowed containers, reading nothing but this file. Raises :class:`av.FFmpegError`."""
    options = {"protocol_whitelist": "file", "format_whitelist": FORMATS}
    return av.open(path, "r", options=options, timeout=(open_s, None))


def moving_picture(container: InputContainer) -> VideoStream | None:
    """The first stream of pictures whose size is known; the cover of a piece of music is none."""
    return next((one for one in container.streams.video if _moves(one)), None)


def sound_of(container: InputContainer) -> AudioStream | None:
    """The first stream of sound that our library can read."""
    return next((one for one in container.streams.audio if _known(one)), None)


def _moves(stream: VideoStream) -> bool:
    return _known(stream) and bool(stream.codec_context.width) and not stream.disposition & Disposition.attached_pic


def _known(stream: VideoStream | AudioStream) -> bool:
    # For a codec that the library lacks there is no context, whatever its annotations say.
    context: object = stream.codec_context
    return context is not None
