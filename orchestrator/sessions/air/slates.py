"""What a session's slate shows at each moment. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from orchestrator.media.port import Want
from orchestrator.media.slate.model import Counting, Face
from orchestrator.sessions.air.model import Wish
from orchestrator.sessions.model import Session, SessionState

MS = 1_000_000
ZONE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Vietnam has one zone and no summer time."""

_Clock = tuple[str, str, Counting, int]

NOW: _Clock = ("Bây giờ là", "Time now", Counting.NOW, 0)


def face_of(session: Session, wish: Wish, now: int, *, was_on_air: bool) -> Face:
    """The slate of a session on screen at ``now`` (centre time in ns). The same answer for as long as nothing but the
    clock moves."""
    line_vi, line_en = _line(session, wish, now, was_on_air=was_on_air)
    clock_vi, clock_en, counting, at_ms = _clock(session, wish, now)
    return Face(
        topic=session.topic,
        lecturer=session.lecturer_name,
        hours=f"{_hour(session.starts_ns)} – {_hour(session.ends_ns)}",
        line_vi=line_vi,
        line_en=line_en,
        clock_vi=clock_vi,
        clock_en=clock_en,
        counting=counting,
        at_ms=at_ms,
    )


def _line(session: Session, wish: Wish, now: int, *, was_on_air: bool) -> tuple[str, str]:
    if session.state is SessionState.BREAK:
        return _break(wish, now)
    if session.state is SessionState.LOBBY and now < session.starts_ns:
        return "Buổi học sắp bắt đầu", "The session starts soon"
    if session.state is SessionState.LOBBY or wish.want is Want.SLATE:
        return "Xin quý thầy cô chờ trong giây lát", "One moment, please"
    if was_on_air:
        return "Giảng viên sẽ trở lại ngay", "The lecturer will be back in a moment"
    return "Giảng viên sắp lên sóng", "The lecturer will be on shortly"


def _break(wish: Wish, now: int) -> tuple[str, str]:
    if wish.resumes_ns is None or now >= wish.resumes_ns:
        return "Giải lao – sắp học tiếp", "Break – we go on shortly"
    at = _hour(wish.resumes_ns)
    return f"Giải lao – học tiếp lúc {at}", f"Break – we go on at {at}"


def _clock(session: Session, wish: Wish, now: int) -> _Clock:
    if session.state is SessionState.BREAK:
        if wish.resumes_ns is not None and now < wish.resumes_ns:
            return "Học tiếp sau", "We go on in", Counting.DOWN, wish.resumes_ns // MS
        return NOW
    if now < session.starts_ns:
        return "Bắt đầu sau", "Starts in", Counting.DOWN, session.starts_ns // MS
    if session.state is SessionState.LIVE:
        return "Thời gian buổi học", "Session time", Counting.UP, session.starts_ns // MS
    return NOW


def _hour(at_ns: int) -> str:
    return datetime.fromtimestamp(at_ns // 10**9, UTC).astimezone(ZONE).strftime("%H:%M")
