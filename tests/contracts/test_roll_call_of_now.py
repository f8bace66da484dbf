"""What stands of a roll call: its own numbers, on the wall those of the session on the screen, and for how long."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orchestrator.access.audit import Audit
from orchestrator.app.attendance import site_key
from orchestrator.app.heads import RoomHeads
from orchestrator.attendance.model import LATE_NS, Burst
from orchestrator.attendance.service import Attendance
from orchestrator.sessions.model import Session, SessionOrder
from orchestrator.wall.judge import Headcount
from tests.contracts.test_attendance_numbers import OPERATOR, A, B, Hall
from tests.contracts.test_count_beside import Asked, asked
from wire.ids import RollCallId
from wire.messages import DeclaredCount

LATE_S = LATE_NS / 10**9


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Asked]:
    async with asked(tmp_path) as centre:
        yield centre


@pytest.fixture
def hall(centre: Asked) -> Hall:
    return centre.hall


def heads(hall: Hall) -> RoomHeads:
    return RoomHeads(hall.attendance, hall.conductor)


async def on_screen(hall: Hall, order: SessionOrder = SessionOrder.GO_LIVE) -> Session:
    session = await hall.session(A, B)
    await hall.conductor.order(OPERATOR, session.id, order)
    return session


async def says(hall: Hall, number: int, roll_call: RollCallId | None = None, signed_by: str = "") -> None:
    record = DeclaredCount(roll_call=roll_call, number=number, at_ns=hall.clock.now_ns(), signed_by=signed_by)
    await hall.declare(A, record)


async def restarted(hall: Hall) -> Attendance:
    again = Attendance(hall.database, hall.clock, hall.bus, hall.rooms.send, Audit(hall.clock), site_key)
    await again.load()
    return again


async def test_each_roll_call_shows_the_number_that_was_given_for_it(centre: Asked, hall: Hall) -> None:
    session, first = await hall.roll()
    await says(hall, 30, first.id)
    hall.clock.advance(1800)
    second = await hall.attendance.order(OPERATOR, session.id, session.sites, Burst(1000))
    assert [(await centre.line(session, call))["declared"] for call in (first, second)] == [30, None]
    await says(hall, 27)
    assert [(await centre.line(session, call))["declared"] for call in (first, second)] == [30, 27]
    again = await restarted(hall)
    assert [[one.number for one in again.given_in(call)[A]] for call in (first, second)] == [[30], [27]]


async def test_what_was_typed_after_a_signature_stands_beside_it(centre: Asked, hall: Hall) -> None:
    session, call = await hall.roll()
    await says(hall, 30, call.id, "Lê Thị Mai")
    await hall.attendance.declare(OPERATOR, call.id, A, 28)
    line = await centre.line(session, call)
    assert [line[name] for name in ("declared", "signed_by", "beside")] == [30, "Lê Thị Mai", 28]
    room = await centre.room(call)
    assert (room["said"]["number"], room["number"], [one["number"] for one in room["declared"]]) == (30, 30, [30, 28])


async def test_a_number_with_a_wrong_clock_belongs_to_the_roll_call_that_it_names(hall: Hall) -> None:
    _session, call = await hall.roll()
    await hall.declare(A, DeclaredCount(roll_call=call.id, number=30, at_ns=5))
    for attendance in (hall.attendance, await restarted(hall)):
        assert [one.number for one in attendance.given_in(call)[A]] == [30]


async def test_a_roll_call_waits_for_five_minutes_and_then_says_that_a_room_did_not_answer(
    centre: Asked, hall: Hall
) -> None:
    session = await on_screen(hall)
    call = await hall.attendance.order(OPERATOR, session.id, session.sites, Burst(1000))
    await hall.count(call, B, 20)
    hall.clock.advance(1 + LATE_S - 1)
    assert (await centre.roll(session, call))["state"] == "waiting"
    assert heads(hall).of(A) == Headcount(asked=True)
    hall.clock.advance(1)
    assert (await centre.roll(session, call))["state"] == "over"
    assert heads(hall).of(A) == Headcount(silent=True)
    await hall.attendance.declare(OPERATOR, call.id, A, 26)
    assert heads(hall).of(A) == Headcount(declared=26)
    await hall.count(call, A, 25)
    assert (await centre.roll(session, call))["state"] == "complete"
    assert (heads(hall).of(A).count, heads(hall).of(A).declared) == (25, 26)


async def test_the_wall_carries_nothing_of_a_session_that_is_no_longer_on_the_screen(hall: Hall) -> None:
    first = await on_screen(hall)
    call = await hall.attendance.order(OPERATOR, first.id, first.sites, Burst(1000))
    await hall.count(call, A, 3)
    await says(hall, 30, call.id)
    await hall.conductor.order(OPERATOR, first.id, SessionOrder.END)
    assert (heads(hall).of(A).count, heads(hall).of(A).declared) == (3, 30)
    hall.clock.advance(1800)
    second = await on_screen(hall, SessionOrder.OPEN_LOBBY)
    assert heads(hall).of(A) == Headcount()
    await says(hall, 31)
    assert heads(hall).of(A) == Headcount(declared=31)
    await hall.attendance.order(OPERATOR, second.id, second.sites, Burst(1000))
    assert heads(hall).of(A) == Headcount(asked=True, declared=31)


async def test_the_wall_carries_nothing_of_yesterday(hall: Hall) -> None:
    session = await on_screen(hall)
    call = await hall.attendance.order(OPERATOR, session.id, session.sites, Burst(1000))
    await hall.count(call, A, 3)
    await says(hall, 30, call.id)
    await says(hall, 31)
    await hall.conductor.order(OPERATOR, session.id, SessionOrder.END)
    hall.clock.advance(8 * 3600)
    assert heads(hall).of(A).count == 3
    hall.clock.advance(2 * 3600)  # 15:00 in Viet Nam when the clock began, 01:00 now
    assert heads(hall).of(A) == Headcount()
    assert RoomHeads(await restarted(hall), hall.conductor).of(A) == Headcount()
