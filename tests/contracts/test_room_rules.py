"""Rules of rooms over real SQLite: which sites are told what, and under which rule a roll call is ordered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from orchestrator.access.audit import Audit
from orchestrator.attendance.model import Burst
from orchestrator.attendance.rules.model import RoomRule
from orchestrator.attendance.rules.service import RuleBook
from orchestrator.attendance.service import Attendance, KeyOf
from orchestrator.courses import store as course_store
from orchestrator.courses.model import Course, Rule
from orchestrator.errors import Refused
from orchestrator.links.events import SiteLinked
from orchestrator.live.memory import MemoryBus, MemoryLeases
from orchestrator.sessions.model import Session, SessionOrder
from orchestrator.sessions.room_rules import RoomRuleTeller
from orchestrator.sessions.service import Conductor
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Identity
from tests.contracts.test_conductor import Plane, Rooms
from tests.doubles.eventually import eventually
from tests.doubles.manual_clock import ManualClock
from wire.ids import EnrolmentId, PicturePolicy, SessionId, SiteId
from wire.messages import RollCallOrder, RoomRules

A, B = SiteId("site-a"), SiteId("site-b")
OPERATOR = Identity("person-op", "truchoi", "Trần Văn Trực", "operator")
PROVINCE = RoomRule(PicturePolicy.BLURRED, 30, "Sở", 3)


class House:
    """A conductor, attendance, and the rules of both."""

    def __init__(self, database: Database, key_of: KeyOf = lambda _conn, _enrolment: None) -> None:
        self.clock, self.bus, self.rooms = ManualClock(), MemoryBus(), Rooms()
        self.database = database
        audit = Audit(self.clock)
        self.book = RuleBook(database, self.bus, self.clock, audit, PROVINCE)
        self.conductor = Conductor(
            database, self.clock, self.bus, MemoryLeases(), self.rooms.send, Plane(), audit, "centre-1"
        )
        self.attendance = Attendance(
            database, self.clock, self.bus, self.rooms.send, audit, key_of, self.book.for_session
        )
        self.linked = {A}
        self.teller = RoomRuleTeller(
            self.conductor.all,
            self.book.by_session,
            PROVINCE,
            lambda: frozenset(self.linked),
            self.clock,
            self.bus,
            self.rooms.send,
        )

    async def session(self, *sites: SiteId) -> Session:
        now = self.clock.now_ns()
        return await self.conductor.plan(OPERATOR, "Chuyên đề", None, "", now, now + 10**13, frozenset(sites))

    async def course(self, *sessions: SessionId) -> str:
        course = Course("course-1", "Đợt 1", 1, 2, sessions, None, Rule(), 1, 1)
        await self.database.write(lambda conn: course_store.put_course(conn, course))
        return course.id

    def told(self) -> list[tuple[SiteId, PicturePolicy]]:
        return [(site, message.policy) for site, message in self.rooms.take() if isinstance(message, RoomRules)]


@asynccontextmanager
async def housed(folder: Path) -> AsyncIterator[House]:
    database = await Database.open(f"sqlite:///{folder / 'centre.sqlite3'}")
    try:
        yield House(database)
    finally:
        await database.close()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with housed(tmp_path) as house:
        yield house


async def test_a_roll_call_carries_the_rule_of_its_course_and_keeps_it(house: House) -> None:
    session = await house.session(A)
    course = await house.course(session.id)
    await house.book.change("kehoach", course, RoomRule(PicturePolicy.FULL, 7, "Phòng", 2))
    first = await house.attendance.order(OPERATOR, session.id, frozenset({A}), Burst(1000))
    shown = RoomRule(PicturePolicy.BLURRED, 7, "Phòng", 2, speaker_seen=True)
    await house.book.change("kehoach", course, shown)
    assert (await house.book.of_course(course)).rule == shown
    await house.book.change("kehoach", course, RoomRule(PicturePolicy.COUNT_ONLY, 0, "Phòng", 5))
    second = await house.attendance.order(OPERATOR, session.id, frozenset({A}), Burst(1000))
    assert [(call.policy, call.keep_days, call.tolerance) for call in (first, second)] == [
        ("full", 7, 2),
        ("count_only", 0, 5),
    ]
    orders = [message for _, message in house.rooms.take() if isinstance(message, RollCallOrder)]
    assert [order.policy for order in orders] == ["full", "count_only"]
    again = Attendance(
        house.database, house.clock, house.bus, house.rooms.send, Audit(house.clock), lambda _conn, _key: None
    )
    await again.load()
    assert [call for call, _ in again.of_session(session.id)] == [first, second]


async def test_a_session_outside_a_course_has_the_rule_of_the_province(house: House) -> None:
    session = await house.session(A)
    call = await house.attendance.order(OPERATOR, session.id, frozenset({A}), Burst(1000))
    assert (call.policy, call.keep_days) == ("blurred", 30)


async def test_sites_are_told_after_each_new_link_and_when_something_changed(house: House) -> None:
    session = await house.session(A, B)
    course = await house.course(session.id)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(house.teller.run())
        await eventually(lambda: house.told() == [(A, PicturePolicy.BLURRED)])
        await house.book.change("kehoach", course, RoomRule(PicturePolicy.FULL, 7, "Phòng", 2))
        await eventually(lambda: house.told() == [(A, PicturePolicy.FULL)])
        house.linked.add(B)
        await house.bus.publish(SiteLinked(site=B, enrolment=EnrolmentId("e"), resumed=False))
        await eventually(lambda: house.told() == [(B, PicturePolicy.FULL)])
        await house.bus.publish(SiteLinked(site=B, enrolment=EnrolmentId("e"), resumed=True))
        await house.bus.publish(SiteLinked(site=A, enrolment=EnrolmentId("e"), resumed=False))
        await eventually(lambda: house.told() == [(A, PicturePolicy.FULL)])
        await house.conductor.order(OPERATOR, session.id, SessionOrder.CANCEL)
        await eventually(lambda: house.told() == [(A, PicturePolicy.BLURRED), (B, PicturePolicy.BLURRED)])
        running.cancel()


async def test_a_rule_of_no_course_is_refused(house: House) -> None:
    with pytest.raises(Refused) as refused:
        await house.book.change("kehoach", "course-9", PROVINCE)
    assert refused.value.code == "no_course"
