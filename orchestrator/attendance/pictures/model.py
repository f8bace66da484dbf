"""What a person says of a picture, and whether the clock may be believed before one is erased. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from orchestrator.errors import Refused
from wire.ids import RollCallId, SiteId

WITNESSES = 3
HALF_A_DAY_MS = 12 * 3600 * 1000
NOTE_LIMIT = 500


class Verdict(StrEnum):
    """What somebody who looked at a picture says."""

    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    UNUSABLE = "unusable"


class Review(msgspec.Struct, frozen=True):
    """One look that came to a verdict; later ones stand beside earlier ones, the last holds."""

    roll_call: RollCallId
    site: SiteId
    verdict: Verdict
    note: str
    at_ns: int
    who: str


def clock_agrees(offsets_ms: Sequence[float]) -> bool:
    """Whether the sites' own clocks bear the centre's out: at least three sites, and the median of (centre − site) is
    less than half a day.

    Centre time is the wall clock of the moment the centre started. Set wrong then, it would erase what is not due; it
    cannot also have set the clocks of the schools' computers.
    """
    return len(offsets_ms) >= WITNESSES and abs(statistics.median(offsets_ms)) < HALF_A_DAY_MS


def check_note(note: str) -> None:
    if len(note) > NOTE_LIMIT:
        raise Refused("long_note", f"Ghi chú tối đa {NOTE_LIMIT} chữ. / At most {NOTE_LIMIT} letters.", 422)


def check_why(why: str) -> None:
    """Refuse an erasure without a reason."""
    if not 1 <= len(why.strip()) <= NOTE_LIMIT:
        raise Refused("no_reason", f"Phải ghi lý do, tối đa {NOTE_LIMIT} chữ. / Say why, in {NOTE_LIMIT} letters.", 422)


def no_picture() -> Refused:
    """There is none, or it was erased."""
    return Refused("no_picture", "Không có ảnh, hoặc ảnh đã xóa. / No picture, or it was erased.", 404)
