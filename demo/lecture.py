"""A lecture that needs no lecturer: moving slides and a voice-like tone, encoded once and kept as a file.

The picture is H.264 constrained baseline without B-frames, one keyframe every two seconds, so that the file can be
sent packet by packet as it is; the sound is Opus in 60 ms packets. The loop has no seam: picture and sound are equally
long and the tone ends where it began.
"""

import hashlib
import os
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from numpy.typing import NDArray

from demo.slides import SlidePainter

if TYPE_CHECKING:
    from av.audio import AudioStream
    from av.container import OutputContainer
    from av.video import VideoStream

SAMPLE_RATE = 48_000
OPUS_FRAME_MS = 60
"""Three times the usual 20 ms: a third of the packets for every watcher of the demonstration."""
OPUS_FRAME = SAMPLE_RATE * OPUS_FRAME_MS // 1000
KEYFRAME_EVERY_S = 2
SYLLABLES_HZ = 4
VOICE_HZ = 140
DRAWING = 5
"""Raised whenever the drawing or the encoding changes, so that an older file is not taken for the new one."""


@dataclass(frozen=True, slots=True)
class LectureSettings:
    """What decides the bytes of the file. Lengths in pixels and seconds; tone_dbfs is the RMS level of the sound
    relative to full scale (a full-scale square wave is 0 dBFS, as dBov in RFC 6464)."""

    width: int = 1280
    height: int = 720
    fps: int = 15
    seconds: int = 12
    lecturer: str = "TS. Nguyễn Thị Ánh Tuyết"
    tone_dbfs: float = -20.0

    def __post_init__(self) -> None:
        if self.seconds <= 0 or self.seconds * 1000 % OPUS_FRAME_MS:
            raise ValueError("a loop is 3, 6, 9… seconds long, so that picture and sound end together")

    def digest(self) -> str:
        """16 hex digits naming these settings and this version of the drawing."""
        text = repr(sorted(asdict(self).items())) + str(DRAWING)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def lecture_file(folder: Path, settings: LectureSettings = LectureSettings()) -> Path:
    """The path of the lecture's Matroska file in `folder`, made now if it is not there yet (a few seconds of work)."""
    path = folder / f"lecture-{settings.digest()}.mkv"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    half_made = path.with_suffix(f".{os.getpid()}.part")
    try:
        _encode(half_made, settings)
        half_made.replace(path)
    finally:
        half_made.unlink(missing_ok=True)
    return path


def speaking_tone(settings: LectureSettings) -> NDArray[np.float32]:
    """The loop's sound, mono, one float per sample: harmonics of a low voice that swell with each syllable.

    All frequencies are whole numbers of Hz, so the loop closes, and every quarter of a second has the same level.
    """
    at = np.arange(settings.seconds * SAMPLE_RATE) / SAMPLE_RATE
    voice = sum(np.sin(2 * np.pi * VOICE_HZ * n * at) / n for n in range(1, 7))
    spoken = voice * (0.5 - 0.5 * np.cos(2 * np.pi * SYLLABLES_HZ * at))
    rms = np.sqrt(np.mean(spoken**2))
    loud: NDArray[np.float32] = (spoken / rms * 10 ** (settings.tone_dbfs / 20)).astype(np.float32)
    return loud


def _encode(path: Path, settings: LectureSettings) -> None:
    with av.open(str(path), "w", format="matroska") as container:
        video = _video_stream(container, settings)
        options = {"application": "voip", "frame_duration": str(OPUS_FRAME_MS)}
        audio = container.add_stream("libopus", rate=SAMPLE_RATE, layout="stereo", options=options)
        audio.bit_rate = 48_000
        _encode_sound(container, audio, settings)
        _encode_picture(container, video, settings)


def _video_stream(container: "OutputContainer", settings: LectureSettings) -> "VideoStream":
    every = settings.fps * KEYFRAME_EVERY_S
    video = container.add_stream("libx264", rate=settings.fps)
    video.width, video.height, video.pix_fmt = settings.width, settings.height, "yuv420p"
    video.codec_context.time_base = Fraction(1, settings.fps)
    video.codec_context.options = {
        "preset": "veryfast",
        "tune": "stillimage",
        "profile": "baseline",
        "level": "31",
        "crf": "24",
        "maxrate": "2000k",
        "bufsize": "2000k",
        "x264-params": f"keyint={every}:min-keyint={every}:scenecut=0:bframes=0:ref=1:sliced-threads=0:rc-lookahead=0",
    }
    return video


def _encode_picture(container: "OutputContainer", video: "VideoStream", settings: LectureSettings) -> None:
    painter = SlidePainter(settings.width, settings.height, settings.fps, settings.seconds, settings.lecturer)
    for index in range(settings.fps * settings.seconds):
        frame = av.VideoFrame.from_ndarray(np.asarray(painter.frame(index)), format="rgb24")
        frame.pts, frame.time_base = index, Fraction(1, settings.fps)
        container.mux(video.encode(frame))
    container.mux(video.encode(None))


def _encode_sound(container: "OutputContainer", audio: "AudioStream", settings: LectureSettings) -> None:
    samples = np.clip(speaking_tone(settings), -1, 1)
    stereo = np.repeat((samples * 32767).astype(np.int16), 2).reshape(1, -1)
    for start in range(0, samples.size, OPUS_FRAME):
        frame = av.AudioFrame.from_ndarray(
            stereo[:, 2 * start : 2 * (start + OPUS_FRAME)], format="s16", layout="stereo"
        )
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, start, Fraction(1, SAMPLE_RATE)
        container.mux(audio.encode(frame))
    container.mux(audio.encode(None))
