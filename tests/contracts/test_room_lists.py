"""The room's own list as the fourth number: the manager's record, what the centre tells over HTTP, its sheets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from orchestrator.attendance.events import NumberDeclared
from orchestrator.attendance.model import Burst, RollCall
from orchestrator.attendance.numbers.model import RoomState
from orchestrator.courses import store as course_store
from orchestrator.courses.model import Course, Rule
from orchestrator.history.kinds import KINDS
from orchestrator.storage.engine import Connection
from orchestrator.storage.schema.exams import exam, exam_event
from orchestrator.storage.schema.sites import participants
from tests.contracts.test_attendance_numbers import OPERATOR, A, B, Hall
from tests.contracts.test_count_beside import Asked, asked
from wire.chain import EventKind
from wire.codec import decode_record, encode_record
from wire.ids import ExamId, SessionId
from wire.messages import CountQuestion, DeclaredCount

SIGNED = ("Ký tên, điểm danh", "Ký tên theo")
HOUR = 3600.0


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Asked]:
    async with asked(tmp_path) as centre:
        yield centre


async def tell(hall: Hall, listed: int | None, call: RollCall | None = None, number: int = 29) -> None:
    """Room A declares a number now, over the wire, with or without its list."""
    told = DeclaredCount(roll_call=call.id if call else None, number=number, at_ns=hall.clock.now_ns(), listed=listed)
    record = decode_record(encode_record(told))
    assert isinstance(record, DeclaredCount)
    await hall.declare(A, record)


async def next_call(hall: Hall, session: SessionId) -> RollCall:
    return await hall.attendance.order(OPERATOR, session, frozenset({A, B}), Burst(1000))


async def sat_an_exam(hall: Hall, session: SessionId, people: int) -> None:
    """The session's course has an exam at which so many of room A signed in."""
    now = hall.clock.now_ns()
    name = ExamId("exam-1")
    row = {"id": name, "title": "Kiểm tra", "stage": "open", "version": 1, "t0_ns": now, "duration_s": 60, "plan": "{}"}
    beside = {"questions": 1, "codes": 1, "seed": bytes(32), "created_ns": now}
    kept = {"exam": name, "site": A, "enrolment": "enrolment-site-a", "cand_seq": 1, "at_ns": now, "client_seq": 1}
    events = [
        kept
        | {"candidate": str(each), "hash": bytes([each]) * 32, "prev": bytes(32)}
        | {"kind": EventKind.SIGN_IN.value, "session": str(each)}
        for each in range(people)
    ]

    def work(conn: Connection) -> None:
        conn.execute(exam.insert().values(row | beside))
        conn.execute(exam_event.insert(), events)
        course_store.put_course(conn, Course("course-1", "Đợt 1", 1, 2, (session,), name, Rule(), 1, 1))

    await hall.database.write(work)


async def test_on_a_lecture_day_the_room_itself_tells_how_many_signed(centre: Asked) -> None:
    hall = centre.hall
    session, call = await hall.roll()
    await hall.count(call, A, 29)
    assert (await centre.room(call))["signed_in"] is None
    await tell(hall, 28, call)
    room = await centre.room(call)
    told_ms = hall.clock.now_ns() // 1_000_000
    assert (room["signed_in"], room["signed_in_from"], room["signed_in_told_ms"]) == (28, "list", told_ms)
    assert (room["difference"], room["state"], room["number"]) == (2, "agreed", 29)
    assert await centre.cells(call, SIGNED) == [28, "danh sách của phòng"]
    assert "danh sách của phòng" in await centre.csv(call)
    assert (await hall.numbers.of_session(session.id))[0].rooms[1].signed_in is None


async def test_every_number_of_a_list_is_kept_and_the_last_one_holds(centre: Asked) -> None:
    hall = centre.hall
    _session, call = await hall.roll()
    for listed in (280, 28, None):
        hall.clock.advance(1)
        await tell(hall, listed, call)
    room = await centre.room(call)
    assert [each["listed"] for each in room["declared"]] == [280, 28, None]
    assert room["signed_in"] == 28


async def test_people_sign_once_a_session_and_each_roll_call_of_it_has_that_number(centre: Asked) -> None:
    hall = centre.hall
    session, first = await hall.roll()
    await tell(hall, 28, first)
    hall.clock.advance(2 * HOUR)
    second = await next_call(hall, session.id)
    await hall.count(second, A, 29)
    assert (await centre.room(second))["signed_in"] == 28
    await tell(hall, 30, second)
    assert [(await centre.room(call))["signed_in"] for call in (first, second)] == [28, 30]
    other, elsewhere = await hall.roll()
    assert other.id != session.id
    assert (await centre.room(elsewhere))["signed_in"] is None


async def test_a_list_that_was_told_before_the_first_roll_call_holds_for_it(centre: Asked) -> None:
    hall = centre.hall
    session = await hall.session(A, B)
    await tell(hall, 28)
    hall.clock.advance(HOUR)
    call = await next_call(hall, session.id)
    room = await centre.room(call)
    assert (room["signed_in"], room["declared"]) == (28, [])


async def test_names_ticked_at_the_centre_go_first_then_the_room_s_list_then_the_exam(centre: Asked) -> None:
    hall = centre.hall
    session, call = await hall.roll()
    found = []
    await sat_an_exam(hall, session.id, 3)
    found.append(await centre.cells(call, SIGNED))
    await tell(hall, 28, call)
    found.append(await centre.cells(call, SIGNED))
    people = [{"number": str(each), "site": A, "name": f"Cô {each}"} for each in range(2)]
    await hall.database.write(lambda conn: conn.execute(participants.insert(), people))
    await hall.numbers.tick(OPERATOR, session.id, A, {"0": True, "1": True})
    found.append(await centre.cells(call, SIGNED))
    assert found == [[3, "vào phòng thi"], [28, "danh sách của phòng"], [2, "đánh dấu tại trung tâm"]]


async def test_a_list_that_differs_is_asked_about_with_its_number_until_somebody_signs(centre: Asked) -> None:
    hall = centre.hall
    _session, call = await hall.roll()
    await hall.count(call, A, 29)
    await hall.numbers.ask(A)
    assert hall.questions() == []
    await tell(hall, 3, call)
    await hall.numbers.ask(A)
    (question,) = [each for _site, each in hall.rooms.sent if isinstance(each, CountQuestion)]
    assert (question.declared, question.camera, question.signed_in) == (29, 29, 3)
    answer = DeclaredCount(
        roll_call=call.id, number=29, at_ns=hall.clock.now_ns() + 1, signed_by="Lê Thị Mai", word="Ghi thiếu", listed=29
    )
    await hall.declare(A, answer)
    assert await hall.state(call, A) is RoomState.AGREED
    assert (await centre.room(call))["signed_in"] == 29


async def test_a_record_of_an_older_agent_stands_without_a_list(centre: Asked) -> None:
    hall = centre.hall
    _session, call = await hall.roll()
    fields = msgspec.msgpack.decode(encode_record(DeclaredCount(roll_call=call.id, number=30, at_ns=1)))
    del fields["listed"]
    record = decode_record(msgspec.msgpack.encode(fields))
    assert isinstance(record, DeclaredCount)
    await hall.declare(A, record)
    room = await centre.room(call)
    assert ([each["number"] for each in room["declared"]], room["signed_in"]) == ([30], None)
    assert await centre.cells(call, SIGNED) == [None, None]


async def test_the_history_of_a_site_is_told_both_numbers(centre: Asked) -> None:
    hall = centre.hall
    _session, call = await hall.roll()
    async with hall.bus.subscribe(NumberDeclared) as events, asyncio.TaskGroup() as tasks:
        running = tasks.create_task(hall.attendance.run())
        await tell(hall, 28, call)
        event = await anext(events)
        running.cancel()
    assert {name: getattr(event, name) for name in KINDS["NumberDeclared"].fields} == {"number": 29, "listed": 28}
