"""What a slate shows, and what its process is told. Pure."""

from __future__ import annotations

from enum import StrEnum

import msgspec

MS = 1000
TEXT_LIMIT = 200
MOST_SLATES = 64
"""Sessions on screen at a time; a centre has a handful."""


class Counting(StrEnum):
    """What the large clock tells."""

    NOW = "now"
    """The time of day."""
    DOWN = "down"
    """What is left until ``at_ms``."""
    UP = "up"
    """What has passed since ``at_ms``."""


class Face(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One slate's picture. ``at_ms`` is centre time in milliseconds since the Unix epoch, ``zone_s`` the seconds by
    which the clock on the wall is ahead of UTC."""

    topic: str
    lecturer: str
    hours: str
    line_vi: str
    line_en: str
    clock_vi: str
    clock_en: str
    counting: Counting = Counting.NOW
    at_ms: int = 0
    zone_s: int = 7 * 3600

    def still(self) -> Face:
        """The part that does not change by the second."""
        return msgspec.structs.replace(self, counting=Counting.NOW, at_ms=0)


class Slate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One stream's slate: what it shows, where it is published, in which codec. ``shown``: the rooms see it now."""

    stream: str
    url: str
    token: str
    face: Face
    shown: bool = False
    video: str = "h264"


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line to the process: all slates that should be on their way from now on."""

    slates: list[Slate]
    anchor: str = ""
    """Of the centre's clock (:class:`orchestrator.clock.CentreClock`)."""


def clock_text(face: Face, now_ms: int) -> str:
    """The large clock's text: ``H:MM:SS`` or ``MM:SS``, never negative."""
    if face.counting is Counting.NOW:
        seconds = (now_ms // MS + face.zone_s) % 86400
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if face.counting is Counting.DOWN:
        left_ms = max(0, face.at_ms - now_ms)
        return _length(-(-left_ms // MS))
    return _length(max(0, now_ms - face.at_ms) // MS)


def _length(seconds: int) -> str:
    hours, rest = divmod(min(seconds, 99 * 3600 + 3599), 3600)
    text = f"{rest // 60:02d}:{rest % 60:02d}"
    return f"{hours}:{text}" if hours else text
