"""What the rooms read while nobody speaks to them."""

from __future__ import annotations

import msgspec
import pytest

from orchestrator.media.port import Want
from orchestrator.media.slate.model import Counting, Face, clock_text
from orchestrator.sessions.air.model import Wish
from orchestrator.sessions.air.slates import face_of
from orchestrator.sessions.model import Session, SessionState
from wire.ids import SessionId

H = 3600 * 10**9
EIGHT = 1_800_061_200 * 10**9
"""08:00 in Vietnam on some day."""


def session(state: SessionState) -> Session:
    return Session(SessionId("s"), "Dạy học kết hợp", None, "TS. Ánh", EIGHT, EIGHT + 3 * H, frozenset(), state)


def face(state: SessionState, wish: Wish, now: int, *, spoken: bool = True) -> Face:
    return face_of(session(state), wish, now, was_on_air=spoken)


def test_a_lobby_counts_down_to_the_start() -> None:
    shown = face(SessionState.LOBBY, Wish(), EIGHT - H)
    assert (shown.topic, shown.lecturer, shown.hours) == ("Dạy học kết hợp", "TS. Ánh", "08:00 – 11:00")
    assert shown.line_vi == "Buổi học sắp bắt đầu"
    assert clock_text(shown, (EIGHT - H) // 10**6) == "1:00:00"
    late = face(SessionState.LOBBY, Wish(), EIGHT + 1)
    assert late.counting is Counting.NOW
    assert clock_text(late, EIGHT // 10**6 + 61_000) == "08:01:01"


def test_a_lost_lecturer_will_be_back_and_the_sessions_clock_goes_on() -> None:
    shown = face(SessionState.LIVE, Wish(), EIGHT + H)
    assert (shown.line_vi, shown.line_en) == ("Giảng viên sẽ trở lại ngay", "The lecturer will be back in a moment")
    assert clock_text(shown, (EIGHT + H) // 10**6 + 2_500) == "1:00:02"
    assert face(SessionState.LIVE, Wish(), EIGHT + H, spoken=False).line_vi == "Giảng viên sắp lên sóng"
    assert face(SessionState.LIVE, Wish(want=Want.SLATE), EIGHT + H).line_vi == "Xin quý thầy cô chờ trong giây lát"


def test_a_break_says_when_it_ends() -> None:
    wish = Wish(resumes_ns=EIGHT + H)
    shown = face(SessionState.BREAK, wish, EIGHT + H - 90 * 10**9)
    assert shown.line_vi == "Giải lao – học tiếp lúc 09:00"
    assert clock_text(shown, (EIGHT + H) // 10**6 - 90_000) == "01:30"
    assert face(SessionState.BREAK, wish, EIGHT + H).line_vi == "Giải lao – sắp học tiếp"


def test_a_face_stays_the_same_while_only_its_clock_moves() -> None:
    assert face(SessionState.LIVE, Wish(), EIGHT + 1) == face(SessionState.LIVE, Wish(), EIGHT + H)


@pytest.mark.parametrize(
    ("counting", "at_ms", "now_ms", "text"),
    [
        (Counting.DOWN, 10_000, 10_001, "00:00"),
        (Counting.DOWN, 10_000, 9_001, "00:01"),
        (Counting.UP, 10_000, 9_000, "00:00"),
        (Counting.UP, 0, 10**15, "99:59:59"),
        (Counting.NOW, 0, 0, "07:00:00"),
    ],
)
def test_a_clock_is_never_negative_and_never_too_wide(counting: Counting, at_ms: int, now_ms: int, text: str) -> None:
    plain = face(SessionState.LIVE, Wish(), EIGHT)
    assert clock_text(msgspec.structs.replace(plain, counting=counting, at_ms=at_ms), now_ms) == text
