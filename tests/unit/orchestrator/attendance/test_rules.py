"""What a rule may say, and whose rule holds in a room."""

from __future__ import annotations

import pytest

from orchestrator.attendance.rules.model import RoomRule, check_rule
from orchestrator.errors import Refused
from orchestrator.sessions.model import Session, SessionState
from orchestrator.sessions.room_rules import session_of_rooms
from wire.ids import PicturePolicy, SessionId, SiteId

A, B, C = (SiteId(f"site-{letter}") for letter in "abc")


def session(name: str, starts: int, state: SessionState, *sites: SiteId) -> Session:
    return Session(SessionId(name), "Chuyên đề", None, "", starts, starts + 100, frozenset(sites), state)


def test_a_sound_rule_passes_and_says_the_same_to_a_site() -> None:
    rule = RoomRule(PicturePolicy.BLURRED, 7, "Phòng Giáo dục", 2, speaker_seen=True)
    check_rule(rule)
    told = rule.told()
    assert (told.policy, told.keep_days, told.seen_by, told.tolerance) == ("blurred", 7, "Phòng Giáo dục", 2)
    assert told.speaker_seen


@pytest.mark.parametrize(
    "rule",
    [
        RoomRule(keep_days=-1),
        RoomRule(keep_days=4000),
        RoomRule(keep_days=0),
        RoomRule(seen_by=" "),
        RoomRule(seen_by="x" * 301),
        RoomRule(tolerance=-1),
        RoomRule(PicturePolicy.COUNT_ONLY, 0, speaker_seen=True),
    ],
)
def test_a_rule_that_cannot_hold_is_refused(rule: RoomRule) -> None:
    with pytest.raises(Refused) as refused:
        check_rule(rule)
    assert refused.value.code == "bad_rule"


def test_counting_alone_needs_no_days() -> None:
    check_rule(RoomRule(PicturePolicy.COUNT_ONLY, 0))


def test_a_room_has_the_rule_of_what_is_on_its_screen_else_of_what_comes_next() -> None:
    sessions = [
        session("tomorrow", 5000, SessionState.PLANNED, A, B),
        session("soon", 1000, SessionState.PLANNED, A, B),
        session("now", 2000, SessionState.LIVE, A),
        session("over", 10, SessionState.ENDED, C),
        session("missed", 10, SessionState.PLANNED, C),
    ]
    assert session_of_rooms(sessions, 500) == {A: "now", B: "soon"}
