"""Identifiers and enums that both ends must name alike.

Ids are opaque strings `<kind>-<20 lower-case base32 characters>` (100 random bits). Centre time on the wire is an
integer of nanoseconds since the Unix epoch; monotonic readings never leave the computer they were taken on.
"""

import base64
import secrets
from enum import StrEnum
from typing import NewType

SiteId = NewType("SiteId", str)
EnrolmentId = NewType("EnrolmentId", str)
BootId = NewType("BootId", str)
PlaceId = NewType("PlaceId", str)
SessionId = NewType("SessionId", str)
RollCallId = NewType("RollCallId", str)
ExamId = NewType("ExamId", str)
PersonId = NewType("PersonId", str)
ItemId = NewType("ItemId", str)
OptionId = NewType("OptionId", str)
OrderId = NewType("OrderId", str)
RehearsalId = NewType("RehearsalId", str)

_ID_CHARACTERS = 20


def new_id(kind: str) -> str:
    """Return a fresh random id such as `site-abcdefghijklmnopqrst`."""
    return f"{kind}-{base64.b32encode(secrets.token_bytes(13)).decode().lower()[:_ID_CHARACTERS]}"


class Level(StrEnum):
    """School level (cấp học) of a site."""

    MAM_NON = "mam_non"
    TIEU_HOC = "tieu_hoc"
    THCS = "thcs"
    THPT_GDTX = "thpt_gdtx"


class ClockState(StrEnum):
    """How well a site knows centre time: bound ≤ 150 ms, ≤ 2 s, or worse."""

    SYNCED = "synced"
    LOOSE = "loose"
    BLIND = "blind"


class ScreenState(StrEnum):
    """What the big screen of a site shows of the lecture."""

    PLAYING = "playing"
    STALLED = "stalled"
    DARK = "dark"
    IDLE = "idle"


class CameraState(StrEnum):
    """Whether the room's camera gives pictures."""

    WORKING = "working"
    COVERED = "covered"
    FAILED = "failed"
    ABSENT = "absent"


class ExamState(StrEnum):
    """Where a site stands with one exam; the centre's own states are its own."""

    MISSING = "missing"
    READY = "ready"
    SIGN_IN = "sign_in"
    RELEASED = "released"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Assurance(StrEnum):
    """How a candidate proved who they are."""

    VOUCHER = "voucher"
    PIN = "pin"


class PicturePolicy(StrEnum):
    """What may leave a room besides its count: nothing, a picture in which no face can be known, or the picture."""

    COUNT_ONLY = "count_only"
    BLURRED = "blurred"
    FULL = "full"
