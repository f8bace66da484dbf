"""A recording: its rule, its switch, its files on one line of time. Pure.

A line counts 90000 ticks a second of what was recorded; breaks are not on it. ``lecture`` is the line of a session,
``floor`` has one of its own, laid beside it by the moments at which its files began.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from orchestrator.errors import Refused
from wire.ids import SessionId

LECTURE, FLOOR = "lecture", "floor"
TRACKS = (LECTURE, FLOOR)
TICKS = 90000
KEEP_LIMIT_DAYS = 3650
NOTE_LIMIT = 500
TEXT_LIMIT = 300
DAY_NS = 24 * 3600 * 10**9
JUST_AFTER_NS = 30 * 10**9


class RecordingRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What holds for the sessions of a course: whether they are recorded unless somebody says otherwise, and for how
    many days a recording is kept."""

    record: bool = True
    keep_days: int = 365


class Switch(msgspec.Struct, frozen=True):
    """Somebody said that a session is to be recorded, or is not."""

    on: bool
    at_ns: int
    who: str
    name: str


class Segment(msgspec.Struct, frozen=True):
    """One file. ``why`` it ended, empty while it grows; ``erased_ns`` when its contents were let go."""

    session: SessionId
    track: str
    number: int
    file: str
    at_ns: int
    starts: int
    ends: int
    size: int
    width: int
    height: int
    keep_days: int
    digest: bytes | None = None
    why: str = ""
    erased_ns: int | None = None

    @property
    def due_ns(self) -> int:
        """When its time is over."""
        return self.at_ns + self.keep_days * DAY_NS

    @property
    def length_ns(self) -> int:
        return (self.ends - self.starts) * 10**9 // TICKS


class Mark(msgspec.Struct, frozen=True):
    """Something that happened at a moment of a session. ``kind`` is a stable word, ``text`` what belongs to it."""

    session: SessionId
    kind: str
    at_ns: int
    text: str = ""


class Erasure(msgspec.Struct, frozen=True):
    """A file that was let go: its digest, so that what is gone is known; when, why and by whom."""

    session: SessionId
    track: str
    number: int
    digest: bytes
    size: int
    due_ns: int
    at_ns: int
    who: str
    why: str


class Standing(msgspec.Struct, frozen=True):
    """A session's recording now. ``on``: whether it is to be recorded; ``running``: whether pictures or sound reach the
    disk; ``trouble``: a stable word, empty when there is none; ``switched``: the last who said so."""

    on: bool
    running: bool
    trouble: str = ""
    switched: Switch | None = None


def check_rule(rule: RecordingRule) -> None:
    """Refuse a rule that cannot hold."""
    if not 1 <= rule.keep_days <= KEEP_LIMIT_DAYS:
        raise Refused("bad_rule", f"Lưu từ 1 đến {KEEP_LIMIT_DAYS} ngày. / Keep 1 to {KEEP_LIMIT_DAYS} days.", 422)


def check_why(why: str) -> None:
    """Refuse an erasure without a reason."""
    if not 1 <= len(why.strip()) <= NOTE_LIMIT:
        raise Refused("no_reason", f"Phải ghi lý do, tối đa {NOTE_LIMIT} chữ. / Say why, in {NOTE_LIMIT} letters.", 422)


def no_recording() -> Refused:
    """There is none, or it was erased."""
    return Refused("no_recording", "Không có bản ghi, hoặc đã xóa. / No recording, or it was erased.", 404)


def on_line(segments: Sequence[Segment], at_ns: int) -> int | None:
    """Where a moment stands on the line of these segments (of one track, in order), in ticks. A moment in a break is
    where the next file begins; one just after the last file, its end: sources count time a little differently than we
    do. None later, or before there is any."""
    for segment in segments:
        if at_ns < segment.at_ns + segment.length_ns:
            return segment.starts + max(0, at_ns - segment.at_ns) * TICKS // 10**9
    if segments and at_ns < segments[-1].at_ns + segments[-1].length_ns + JUST_AFTER_NS:
        return segments[-1].ends
    return None
