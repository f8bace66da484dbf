"""What a source's process is told and what it tells: one :class:`Job` in its environment, one :class:`Told` a line."""

from __future__ import annotations

from enum import StrEnum

import msgspec

JOB_VARIABLE = "DIEMCAU_SOURCE_JOB"
LINE_LIMIT = 16 << 10


class Way(StrEnum):
    """How a source's bytes come."""

    RTMP = "rtmp"
    """An encoder such as OBS sends to us; the process reads FLV from its standard input."""
    RTSP = "rtsp"
    """We fetch from a camera or an encoder."""
    SRT = "srt"
    """We fetch from an encoder that listens."""
    SRT_IN = "srt_in"
    """An encoder sends to us; the process reads MPEG-TS from its standard input."""
    FILE = "file"

    @property
    def pushed(self) -> bool:
        """An encoder comes to us with a key."""
        return self in {Way.RTMP, Way.SRT_IN}


class State(StrEnum):
    """Where a source stands."""

    STOPPED = "stopped"
    CONNECTING = "connecting"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"
    FAILED = "failed"


class Why(StrEnum):
    """Why a picture is converted instead of passed on untouched, or why a source failed. Stable words; pages know
    each of them as a sentence."""

    NONE = ""
    # converted, because
    CENTRE_CODEC = "centre_codec"
    """Rooms see another codec than H.264, by the centre's own choice."""
    CODEC = "codec"
    B_FRAMES = "b_frames"
    PROFILE = "profile"
    SIZE = "size"
    KEYFRAMES = "keyframes"
    BITRATE = "bitrate"
    # failed, because
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    SILENT = "silent"
    UNREADABLE = "unreadable"
    NO_PICTURE = "no_picture"
    NO_FILE = "no_file"
    NOT_PUBLISHED = "not_published"
    MISSING_PROGRAM = "missing_program"
    BROKEN = "broken"
    TOO_MANY = "too_many"
    PORT_TAKEN = "port_taken"
    BAD_SECRET = "bad_secret"


class Bounds(msgspec.Struct, frozen=True):
    """What a source may cost and send."""

    video: str = "h264"
    """The codec that was agreed on with the rooms: h264 or vp8."""
    pass_kbps: int = 6000
    """More than this for some seconds, and the picture is converted."""
    pass_width: int = 1920
    pass_height: int = 1088
    keyframe_s: float = 2.2
    """Whoever comes late waits for a keyframe, and so does every room when this source takes over, which is to be
    within two seconds: one whose keyframes are further apart is converted."""
    width: int = 1280
    height: int = 720
    """Converted pictures fit into this."""
    fps: int = 30
    kbps: int = 2000
    sound_kbps: int = 64
    memory_mb: int = 2048
    """Address space of the process."""
    cpu_hours: float = 24.0
    open_s: float = 10.0
    silent_s: float = 8.0
    """A live source that gives nothing for so long has failed."""


class Job(msgspec.Struct, frozen=True):
    """One source to publish. ``address``: URL or path, empty for standard input."""

    way: Way
    address: str
    whip_url: str
    token: str
    bounds: Bounds = Bounds()
    repeat: bool = False
    """A file begins again at its end."""
    from_s: float = 0.0
    length_s: float = 0.0
    """Of a file, where it was measured before."""


class Order(msgspec.Struct, frozen=True):
    """A line on the standard input of a file's process: ``deed`` is pause, resume or seek."""

    deed: str
    at_s: float = 0.0


class Told(msgspec.Struct, frozen=True):
    """A source as its process sees it, told every second and at its end."""

    state: State
    why: Why = Why.NONE
    """Of a failure."""
    picture: str = ""
    """What comes in, e.g. "H.264 Constrained Baseline 1280x720"."""
    sound: str = ""
    passes: bool = False
    """The picture is passed on untouched."""
    converted: Why = Why.NONE
    kbps: int = 0
    """Coming in, over the last seconds."""
    pictures: int = 0
    sounds: int = 0
    skipped: int = 0
    """Pictures left out because converting could not keep up, and packets that could not be sent."""
    published: bool = False
    at_s: float = 0.0
    """Of a file."""
    length_s: float = 0.0
    cpu_s: float = 0.0
