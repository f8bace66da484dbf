"""A room is needed by a session on its screen, an exam under way and the hour of practice; people are in it less."""

from __future__ import annotations

import pytest

from orchestrator.app.needs import Needs, needs, unarmed
from orchestrator.exams.model import Exam, Stage
from orchestrator.sessions.model import Session, SessionState
from wire.ids import ExamId, SessionId, SiteId
from wire.paper import Plan

MINUTE = 60 * 10**9
HOUR = 60 * MINUTE
NOW = 1_000 * HOUR
ROOM, OTHER = SiteId("room"), SiteId("other")


def session(state: SessionState, begins_ns: int = 0, lasts_ns: int = 3 * HOUR, site: SiteId = ROOM) -> Session:
    """One that begins `begins_ns` from now."""
    starts_ns = NOW + begins_ns
    name = SessionId(f"session-{begins_ns}")
    return Session(name, "Toán", None, "", starts_ns, starts_ns + lasts_ns, frozenset({site}), state)


def exam(stage: Stage, begins_ns: int) -> Exam:
    return Exam(ExamId("exam"), "Toán", stage, 1, NOW + begins_ns, 3600, Plan(), 20, 4, (ROOM,), b"", 0)


def of(*what: Session | Exam) -> Needs:
    sessions = [each for each in what if isinstance(each, Session)]
    return needs(sessions, [each for each in what if isinstance(each, Exam)], NOW)


def word(found: Needs) -> str:
    """How the room stands."""
    assert found.used <= found.awaited
    return "used" if ROOM in found.used else "awaited" if ROOM in found.awaited else "idle"


P, S = SessionState, Stage


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (P.LOBBY, "used"),
        (P.LIVE, "used"),
        (P.BREAK, "awaited"),
        (P.ENDED, "idle"),
        (P.CANCELLED, "idle"),
    ],
)
def test_a_session_needs_its_rooms_while_it_is_on_their_screens(state: SessionState, expected: str) -> None:
    assert word(of(session(state, -HOUR))) == expected


@pytest.mark.parametrize(
    ("begins_ns", "expected"),
    [
        (61 * MINUTE, "idle"),
        (60 * MINUTE, "used"),
        (MINUTE, "used"),
        (-MINUTE, "used"),  # nobody opened it yet
        (-3 * HOUR, "idle"),  # its time is over
    ],
)
def test_the_hour_of_practice_before_a_session_needs_its_rooms(begins_ns: int, expected: str) -> None:
    assert word(of(session(P.PLANNED, begins_ns))) == expected


@pytest.mark.parametrize(
    ("morning", "expected"),
    [
        (session(P.ENDED, -4 * HOUR), "idle"),
        (session(P.BREAK, -4 * HOUR), "awaited"),
        (exam(S.MARKED, -4 * HOUR), "idle"),
        (session(P.ENDED, -20 * HOUR), "used"),
        (session(P.CANCELLED, -4 * HOUR), "used"),
        (session(P.ENDED, -4 * HOUR, site=OTHER), "used"),
    ],
)
def test_nobody_practises_before_the_second_start_of_a_day(morning: Session | Exam, expected: str) -> None:
    assert word(of(morning, session(P.PLANNED, 30 * MINUTE))) == expected


def test_before_an_exam_that_is_the_second_start_the_computer_is_awaited_and_the_room_may_be_dark() -> None:
    assert word(of(session(P.ENDED, -4 * HOUR), exam(S.ARMED, 30 * MINUTE))) == "awaited"


def test_the_second_start_itself_needs_its_rooms_as_the_first_does() -> None:
    morning = session(P.ENDED, -4 * HOUR)
    assert word(of(morning, session(P.PLANNED, 0))) == "used"
    assert word(of(morning, session(P.LOBBY, 15 * MINUTE))) == "used"


@pytest.mark.parametrize(
    ("stage", "begins_ns", "expected"),
    [
        (S.SEALED, 30 * HOUR, "idle"),
        (S.ARMED, 2 * HOUR, "idle"),
        (S.SEALED, HOUR, "used"),
        (S.ARMED, MINUTE, "used"),
        (S.ARMED, -MINUTE, "used"),
        (S.SEALED, -HOUR, "idle"),  # nobody armed it
        (S.CLOSED, -HOUR, "idle"),
        (S.MARKED, -HOUR, "idle"),
        (S.CANCELLED, MINUTE, "idle"),
    ],
)
def test_an_exam_needs_its_rooms_from_the_hour_of_practice_on(stage: Stage, begins_ns: int, expected: str) -> None:
    assert word(of(exam(stage, begins_ns))) == expected


@pytest.mark.parametrize(("stage", "expected"), [(each, each in {S.RELEASED, S.OPEN, S.CLOSING}) for each in Stage])
def test_an_exam_is_sat_until_the_centre_closed_it(stage: Stage, expected: bool) -> None:
    assert (ROOM in of(exam(stage, -2 * HOUR)).sitting) is expected


@pytest.mark.parametrize(("stage", "expected"), [(each, each in {S.ARMED, S.RELEASED, S.OPEN}) for each in Stage])
def test_a_paper_is_due_from_the_arming_on(stage: Stage, expected: bool) -> None:
    assert (ROOM in of(exam(stage, 2 * HOUR)).papers) is expected


@pytest.mark.parametrize(
    ("stage", "begins_ns", "told"),
    [
        (S.SEALED, 31 * MINUTE, []),
        (S.SEALED, 30 * MINUTE, ["Toán"]),
        (S.SEALED, -59 * MINUTE, ["Toán"]),
        (S.SEALED, -HOUR, []),
        (S.ARMED, 10 * MINUTE, []),
        (S.DRAFT, 10 * MINUTE, []),
    ],
)
def test_an_exam_that_nobody_has_armed_is_told_when_its_time_is_near(
    stage: Stage, begins_ns: int, told: list[str]
) -> None:
    assert unarmed([exam(stage, begins_ns)], NOW) == told
