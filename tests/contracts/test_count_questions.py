"""When a room is asked about its numbers, and when the question is taken back, over real SQLite."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from orchestrator.attendance.model import DAY_NS
from orchestrator.attendance.numbers.asking import AGAIN_NS, SETTLED_NS
from orchestrator.attendance.pictures.model import Verdict
from orchestrator.courses import store as course_store
from orchestrator.courses.model import Course, Rule
from orchestrator.exams.events import ExamSignedIn
from orchestrator.links.events import SiteLinked
from orchestrator.storage.engine import Connection
from orchestrator.storage.schema.exams import exam as exam_table
from orchestrator.storage.schema.exams import exam_event
from orchestrator.storage.schema.sites import participants
from tests.contracts.test_attendance_numbers import OPERATOR, PICTURE, A, B, Hall, hall_in
from tests.doubles.eventually import eventually
from wire.chain import EventKind
from wire.ids import EnrolmentId, ExamId, RollCallId, SessionId, SiteId
from wire.messages import CountQuestionWithdrawn, DeclaredCount, Heartbeat

EXAM = ExamId("exam-1")
ENROLMENT = EnrolmentId("enrolment")
OLD = Heartbeat(at_ns=1, agent_version="0")


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with hall_in(tmp_path) as hall:
        yield hall


@asynccontextmanager
async def asking(hall: Hall) -> AsyncIterator[None]:
    """Questions go out as numbers come in, while the block runs."""
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(hall.asking.run()), tasks.create_task(hall.attendance.run())]
        await asyncio.sleep(0)
        yield
        for task in running:
            task.cancel()


async def waits(hall: Hall, site: SiteId, *calls: RollCallId) -> None:
    """A site's heartbeat: these questions wait at its desk."""
    await hall.asking.on_heartbeat(site, ENROLMENT, Heartbeat(at_ns=1, agent_version="1", asked=list(calls)))


def withdrawn(hall: Hall) -> list[tuple[SiteId, RollCallId]]:
    return [(site, each.roll_call) for site, each in hall.rooms.sent if isinstance(each, CountQuestionWithdrawn)]


def asked(hall: Hall, site: SiteId) -> bool:
    return any(each == site for each, _ in hall.questions())


async def held(hall: Hall, course_of: SessionId, signed_in: dict[SiteId, int]) -> None:
    """An exam of today in the course of a session, with so many people signed in."""
    begins = hall.clock.now_ns()
    row = {"title": "Bài thi", "stage": "open", "version": 1, "t0_ns": begins, "duration_s": 60, "plan": "{}"}
    some = {"prev": bytes(32), "enrolment": "e", "cand_seq": 0, "at_ns": begins, "session": "s", "client_seq": 0}
    events = [
        {"exam": EXAM, "candidate": f"{site}-{each}", "hash": bytes([each] * 32), "site": site, **some}
        for site, people in signed_in.items()
        for each in range(people)
    ]

    def work(conn: Connection) -> None:
        course = Course("course-1", "Đợt 1", 1, 2, (course_of,), EXAM, Rule(), 1, 1)
        course_store.put_course(conn, course)
        made = {"id": EXAM, "questions": 1, "codes": 1, "seed": bytes(32), "created_ns": 1}
        conn.execute(exam_table.insert().values(**row, **made))
        conn.execute(exam_event.insert(), [{**each, "kind": EventKind.SIGN_IN.value} for each in events])

    await hall.database.write(work)


async def test_ticks_that_make_a_difference_are_asked_about_at_once(hall: Hall) -> None:
    session, call = await hall.roll()
    people = [{"number": str(each), "site": A, "name": f"Cô {each}"} for each in range(5)]
    await hall.database.write(lambda conn: conn.execute(participants.insert(), people))
    async with asking(hall):
        await hall.count(call, A, 30)
        await hall.numbers.tick(OPERATOR, session.id, A, {str(each): True for each in range(5)})
        await eventually(lambda: hall.questions() == [(A, 30)])


async def test_a_room_is_asked_about_sign_ins_once_its_people_have_come(hall: Hall) -> None:
    session, call = await hall.roll()
    async with asking(hall):
        await hall.count(call, A, 30)
        await held(hall, session.id, {A: 12})
        await hall.bus.publish(ExamSignedIn(EXAM, A))
        await hall.count(call, B, 20)
        await eventually(lambda: asked(hall, B))  # what came before it has been heard
        hall.clock.advance(SETTLED_NS / 10**9 - 1)
        await hall.asking.look()
        assert not asked(hall, A)
        hall.clock.advance(1)
        await hall.asking.look()
        assert asked(hall, A)
        before = len(hall.questions())
        await hall.asking.look()
        assert len(hall.questions()) == before


async def test_a_correction_takes_the_question_back_from_the_desk(hall: Hall) -> None:
    _session, call = await hall.roll()
    async with asking(hall):
        await hall.count(call, A, 18, PICTURE)
        await eventually(lambda: asked(hall, A))
        await waits(hall, A, call.id)
        await hall.asking.look()
        assert withdrawn(hall) == []
        await hall.numbers.correct(OPERATOR, call.id, A, 29, "đếm lại trên ảnh")
        await eventually(lambda: withdrawn(hall) == [(A, call.id)])
        await waits(hall, A)
        await hall.asking.look()
    assert withdrawn(hall) == [(A, call.id)]


@pytest.mark.parametrize("deed", ["verdict", "telephone", "signature"])
async def test_whatever_answers_a_question_takes_it_back(hall: Hall, deed: str) -> None:
    _session, call = await hall.roll()
    await hall.count(call, A, 18, PICTURE)
    await hall.declare(B, DeclaredCount(roll_call=call.id, number=10, at_ns=1))
    async with asking(hall):
        await waits(hall, A, call.id)
        await waits(hall, B, call.id)
        await hall.asking.look()
        assert withdrawn(hall) == []
        site = B if deed == "telephone" else A
        if deed == "verdict":
            await hall.pictures.review(OPERATOR, call.id, A, Verdict.CORRECTED, "thấy 29 người", 29)
        elif deed == "telephone":
            await hall.attendance.declare(OPERATOR, call.id, B, 29)
        else:
            await hall.declare(A, DeclaredCount(roll_call=call.id, number=29, at_ns=1, signed_by="Lê Thị Mai"))
        await eventually(lambda: withdrawn(hall) == [(site, call.id)])


async def test_a_site_that_was_away_or_a_centre_that_was_agree_with_the_next_heartbeat(hall: Hall) -> None:
    _session, call = await hall.roll()
    await hall.count(call, A, 18)
    await hall.numbers.correct(OPERATOR, call.id, A, 29, "đếm lại trên ảnh")
    hall.clock.advance(3 * DAY_NS / 10**9)
    await waits(hall, A, call.id, RollCallId("roll-of-nobody"))
    await hall.asking.look()
    assert sorted(withdrawn(hall)) == sorted([(A, call.id), (A, RollCallId("roll-of-nobody"))])


async def test_what_could_not_be_sent_is_sent_with_the_next_heartbeat(hall: Hall) -> None:
    _session, call = await hall.roll()
    await hall.count(call, A, 18)
    await waits(hall, A, call.id)
    await hall.asking.look()
    await hall.numbers.correct(OPERATOR, call.id, A, 29, "đếm lại trên ảnh")
    hall.rooms.away.add(A)
    hall.clock.advance(AGAIN_NS / 10**9)
    await hall.asking.look()
    hall.rooms.away.discard(A)
    await hall.asking.look()
    assert withdrawn(hall) == []
    await waits(hall, A, call.id)
    await hall.asking.look()
    assert withdrawn(hall) == [(A, call.id)]


async def test_an_old_question_that_is_still_asked_stays_at_the_desk(hall: Hall) -> None:
    _session, call = await hall.roll()
    await hall.count(call, A, 18)
    hall.clock.advance(DAY_NS / 10**9)
    await waits(hall, A, call.id)
    await hall.asking.look()
    assert withdrawn(hall) == []


async def test_an_agent_of_before_is_sent_nothing_that_it_does_not_know(hall: Hall) -> None:
    _session, call = await hall.roll()
    async with asking(hall):
        await hall.count(call, A, 18)
        await eventually(lambda: asked(hall, A))
        await hall.asking.on_heartbeat(A, ENROLMENT, OLD)
        await hall.numbers.correct(OPERATOR, call.id, A, 29, "đếm lại trên ảnh")
        await hall.bus.publish(SiteLinked(site=A, enrolment=ENROLMENT, resumed=False))
        await hall.count(call, B, 20)
        await eventually(lambda: asked(hall, B))
        await hall.asking.look()
    assert withdrawn(hall) == []
