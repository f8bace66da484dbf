"""Roll calls over real SQLite: numbers, questions to rooms, corrections, plans, pictures, erasures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from orchestrator.access.audit import Audit
from orchestrator.app.attendance import site_key
from orchestrator.app.orders import RoomsWithSessions
from orchestrator.attendance.model import Burst, Kind, RollCall
from orchestrator.attendance.numbers.asking import Asking
from orchestrator.attendance.numbers.model import RoomState, SignedIn, SiteFacts, Source
from orchestrator.attendance.numbers.service import Numbers
from orchestrator.attendance.numbers.store import recent_rolls, signed_in, standing_numbers
from orchestrator.attendance.numbers.tables import presence_sums_table, presence_table, rooms_table, sums_table
from orchestrator.attendance.pictures.model import Verdict, clock_agrees
from orchestrator.attendance.pictures.retention import Retention
from orchestrator.attendance.pictures.service import Pictures
from orchestrator.attendance.verify.service import verification
from orchestrator.courses.tables import as_csv, as_xlsx
from orchestrator.errors import Refused
from orchestrator.links.events import SiteLinked
from orchestrator.orders.model import Author
from orchestrator.sessions.model import Session, SessionOrder
from orchestrator.sessions.rolls.model import LineState, RollPlan
from orchestrator.sessions.rolls.service import RollPlans
from orchestrator.storage.engine import Connection, Database
from orchestrator.storage.schema.access import audit as audit_table
from orchestrator.storage.schema.sites import enrolments, participants, places, sites
from orchestrator.web.kit import Identity
from tests.contracts.test_room_rules import House, housed
from tests.doubles.eventually import eventually
from tests.doubles.pictures import jpeg
from tests.doubles.sworn_counts import SwornRoom
from wire.ids import EnrolmentId, OrderId, RollCallId, SiteId
from wire.messages import CountQuestion, DeclaredCount, RollCallCount, RollCallOrder

A, B = SiteId("site-a"), SiteId("site-b")
OPERATOR = Identity("person-op", "truchoi", "Trần Văn Trực", "operator")
PICTURE = jpeg("brown", (56, 31))
DAY = 24 * 3600.0


class Hall(House):
    """A house with numbers, pictures, a plan, and rooms that swear."""

    def __init__(self, database: Database, folder: Path) -> None:
        super().__init__(database, site_key)
        audit = Audit(self.clock)
        self.audit = audit
        self.numbers = Numbers(database, self.clock, self.bus, audit, facts, self.rooms.send)
        self.asking = Asking(self.numbers, self.clock, self.bus, self.rooms.send)
        self.pictures = Pictures(database, self.clock, audit, self.numbers)
        self.offsets: list[float] = [20.0, -35.0, 400.0]
        self.retention = Retention(database, self.clock, audit, lambda: self.offsets)
        self.plans = RollPlans(database, self.clock, audit, self.conductor, self.attendance)
        self.sworn = {A: SwornRoom(folder, A, 1), B: SwornRoom(folder, B, 2)}

    async def roll(self) -> tuple[Session, RollCall]:
        session = await self.session(A, B)
        return session, await self.attendance.order(OPERATOR, session.id, session.sites, Burst(1000))

    def order_of(self, call: RollCall) -> RollCallOrder:
        orders = [each for _, each in self.rooms.sent if isinstance(each, RollCallOrder)]
        return next(each for each in orders if each.roll_call == call.id)

    async def count(self, call: RollCall, site: SiteId, people: int, picture: bytes | None = None) -> None:
        await self.take(site, self.sworn[site].count(self.order_of(call), people, picture))

    async def take(self, site: SiteId, record: RollCallCount) -> None:
        enrolment = EnrolmentId(f"enrolment-{site}")
        await self.database.write(lambda conn: self.attendance.take_count(conn, site, enrolment, 1, record))

    async def declare(self, site: SiteId, record: DeclaredCount) -> None:
        enrolment = EnrolmentId(f"enrolment-{site}")
        await self.database.write(lambda conn: self.attendance.take_declared(conn, site, enrolment, 2, record))

    async def state(self, call: RollCall, site: SiteId) -> RoomState:
        found = await self.numbers.of_call(call.id)
        return next(room.state for room in found.rooms if room.site == site)

    def questions(self) -> list[tuple[SiteId, int | None]]:
        return [(site, each.camera) for site, each in self.rooms.sent if isinstance(each, CountQuestion)]

    async def audited(self, action: str) -> list[str]:
        wanted = sa.select(audit_table.c.target).where(audit_table.c.action == action)
        return await self.database.read(lambda conn: list(conn.scalars(wanted)))


def facts(site: SiteId) -> SiteFacts:
    return SiteFacts(site.upper(), f"Trường {site}", "Huyện Yên Hà", "tieu_hoc", 30)


def enrol(conn: Connection, site: SwornRoom) -> None:
    row = {"code": site.site.upper(), "name": "Trường", "level": "tieu_hoc", "place": "place-1", "expected": 30}
    conn.execute(sites.insert().values(id=site.site, contact="", phone="", sealed_secret=b"", **row))
    keys = {"sign_key": site.public, "box_key": bytes(32), "agent_version": "1", "platform": "", "paired_ns": 1}
    conn.execute(enrolments.insert().values(id=f"enrolment-{site.site}", site=site.site, **keys))


@asynccontextmanager
async def hall_in(folder: Path) -> AsyncIterator[Hall]:
    """A hall whose two rooms are enrolled."""
    async with housed(folder) as house:
        hall = Hall(house.database, folder)

        def prepare(conn: Connection) -> None:
            conn.execute(places.insert().values(id="place-1", parent=None, kind="province", name="Tỉnh"))
            for room in hall.sworn.values():
                enrol(conn, room)

        await hall.database.write(prepare)
        yield hall


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with hall_in(tmp_path) as hall:
        yield hall


async def test_a_room_whose_numbers_differ_is_asked_until_somebody_says_why(hall: Hall) -> None:
    _session, call = await hall.roll()
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(hall.asking.run()), tasks.create_task(hall.attendance.run())]
        await asyncio.sleep(0)
        await hall.count(call, A, 18)
        await hall.count(call, B, 29)
        await eventually(lambda: hall.questions() == [(A, 18)])
        await hall.bus.publish(SiteLinked(site=A, enrolment=EnrolmentId("e"), resumed=False))
        await eventually(lambda: hall.questions() == [(A, 18), (A, 18)])
        word = DeclaredCount(roll_call=call.id, number=28, at_ns=5, signed_by="Lê Thị Mai", word="10 người ngoài khung")
        await hall.declare(A, word)
        await hall.bus.publish(SiteLinked(site=A, enrolment=EnrolmentId("e"), resumed=False))
        await hall.bus.publish(SiteLinked(site=B, enrolment=EnrolmentId("e"), resumed=False))
        for task in running:
            task.cancel()
    assert len(hall.questions()) == 2
    assert await hall.state(call, A) is RoomState.EXPLAINED
    assert await hall.state(call, B) is RoomState.AGREED


async def test_a_correction_keeps_the_first_value_who_and_why(hall: Hall) -> None:
    _session, call = await hall.roll()
    await hall.count(call, A, 18)
    await hall.numbers.correct(OPERATOR, call.id, A, 27, "đếm lại trên ảnh")
    await hall.numbers.correct(OPERATOR, call.id, A, 28, "sót một người sau cột")
    room = (await hall.numbers.of_call(call.id)).rooms[0]
    assert [(each.before, each.number, each.who) for each in room.corrections] == [
        (18, 27, "truchoi"),
        (27, 28, "truchoi"),
    ]
    assert (room.number, room.count and room.count.count, room.state) == (28, 18, RoomState.CORRECTED)
    assert await hall.audited("attendance.corrected") == [f"{call.id}/{A}"] * 2
    with pytest.raises(Refused):
        await hall.numbers.correct(OPERATOR, call.id, A, 28, " ")
    with pytest.raises(Refused):
        await hall.numbers.correct(OPERATOR, RollCallId("roll-9"), A, 28, "lý do")


async def test_ticked_people_are_the_fourth_number(hall: Hall) -> None:
    session, call = await hall.roll()
    people = [{"number": number, "site": A, "name": f"Cô {number}"} for number in ("1", "2", "3")]
    await hall.database.write(lambda conn: conn.execute(participants.insert(), people))
    await hall.numbers.tick(OPERATOR, session.id, A, {"1": True, "2": True, "9": True})
    named = await hall.numbers.tick(OPERATOR, session.id, A, {"2": False})
    assert [(each.number, each.present) for each in named] == [("1", True), ("2", False), ("3", None)]
    known = {room.site: room.signed_in for room in (await hall.numbers.of_call(call.id)).rooms}
    assert known == {A: SignedIn(1, Source.ROSTER), B: None}


async def test_every_look_at_a_picture_is_in_the_trail_and_a_verdict_may_correct(hall: Hall) -> None:
    _session, call = await hall.roll()
    await hall.count(call, A, 18, PICTURE)
    assert await hall.pictures.look(OPERATOR, call.id, A) == PICTURE
    assert await hall.audited("attendance.looked") == [f"{call.id}/{A}"]
    await hall.pictures.review(OPERATOR, call.id, A, Verdict.CORRECTED, "thấy 21 người", 21)
    await hall.pictures.review(OPERATOR, call.id, A, Verdict.UNUSABLE, "ngược sáng", None)
    said = await hall.pictures.said(call.id)
    assert said.reviews[A].verdict is Verdict.UNUSABLE
    assert (await hall.numbers.of_call(call.id)).rooms[0].number == 21
    lecturer = Identity("person-gv", "giangvien", "", "lecturer")
    with pytest.raises(Refused):
        await hall.pictures.review(lecturer, call.id, A, Verdict.CORRECTED, "x", 21)
    with pytest.raises(Refused):
        await hall.pictures.look(OPERATOR, call.id, B)


async def test_a_picture_goes_when_its_time_is_over_and_its_evidence_stays_whole(hall: Hall, tmp_path: Path) -> None:
    _session, call = await hall.roll()
    await hall.count(call, A, 18, PICTURE)
    hall.clock.advance(29.9 * DAY)
    assert await hall.retention.erase_due() == 0
    assert (await hall.retention.state()).kept == 1
    hall.clock.advance(0.2 * DAY)
    assert await hall.retention.erase_due() == 1
    (erasure,) = (await hall.pictures.said(call.id)).erasures
    assert (erasure.who, erasure.size) == ("clock", len(PICTURE))
    assert await hall.audited("attendance.erased") == [f"{call.id}/{A}"]
    found = await hall.database.read(lambda conn: verification(conn, hall.audit))
    assert (found.held, found.erased, found.pictures, found.faults) == (True, 1, 0, 0)
    left = [file.name for file in tmp_path.glob("centre.sqlite3*") if PICTURE in file.read_bytes()]
    assert left == []


async def test_a_clock_that_the_sites_do_not_bear_out_erases_nothing(hall: Hall) -> None:
    _session, call = await hall.roll()
    await hall.count(call, A, 18, PICTURE)
    hall.clock.advance(400 * DAY)
    for offsets in ([], [10.0, 10.0], [400 * DAY * 1000] * 5):
        hall.offsets = offsets
        assert await hall.retention.erase_due() == 0
        state = await hall.retention.state()
        assert (state.kept, state.due, state.clock_agrees) == (1, 1, False)
    hall.offsets = [10.0, 20.0, 300 * DAY * 1000]
    assert clock_agrees(hall.offsets)
    assert await hall.retention.erase_due() == 1


async def test_a_person_may_order_the_erasure_and_says_why(hall: Hall) -> None:
    _session, call = await hall.roll()
    await hall.count(call, A, 18, PICTURE)
    with pytest.raises(Refused):
        await hall.retention.erase_call(OPERATOR, call.id, "")
    assert await hall.retention.erase_call(OPERATOR, call.id, "người trong phòng yêu cầu") == 1
    found = await hall.database.read(lambda conn: verification(conn, hall.audit))
    assert (found.held, found.erased) == (True, 1)


async def test_the_plan_holds_its_roll_calls_and_goes_on_after_a_restart(hall: Hall) -> None:
    session = await hall.session(A)
    await hall.plans.put(OPERATOR, session.id, RollPlan(at_random=0))
    await hall.conductor.order(OPERATOR, session.id, SessionOrder.GO_LIVE)
    await hall.plans.look()
    hall.clock.advance(301)
    again = RollPlans(hall.database, hall.clock, hall.audit, hall.conductor, hall.attendance)
    await again.look()
    await again.look()
    await hall.plans.look()
    calls = [call for call, _ in hall.attendance.of_session(session.id)]
    assert [call.kind for call in calls] == [Kind.START]
    _plan, (line,) = await again.see(session.id)
    assert (line.state, line.at_ns) == (LineState.HELD, calls[0].at_ns)
    await hall.conductor.order(OPERATOR, session.id, SessionOrder.END)
    with pytest.raises(Refused):
        await hall.plans.put(OPERATOR, session.id, RollPlan())


async def test_presence_follows_the_numbers_that_stand(hall: Hall) -> None:
    session = await hall.session(A, B)
    await hall.conductor.order(OPERATOR, session.id, SessionOrder.GO_LIVE)
    hall.clock.advance(600)
    call = await hall.attendance.order(OPERATOR, session.id, session.sites, Burst(1000))
    await hall.count(call, A, 18)
    hall.clock.advance(600)
    await hall.conductor.order(OPERATOR, session.id, SessionOrder.END)
    told = await hall.numbers.presence(session.id)
    assert (told.sites[A][1].mean, told.sites[A][1].coverage, told.sites[A][2]) == (18, 1.0, 1)
    assert (told.sites[B][1].mean, told.sites[B][1].gaps) == (None, ((told.live[0].begin_ns, told.live[0].end_ns),))


async def test_the_sheets_open_in_a_spreadsheet_and_put_the_largest_difference_first(hall: Hall) -> None:
    session, call = await hall.roll()
    await hall.count(call, B, 12)
    await hall.count(call, A, 29)
    await hall.numbers.correct(OPERATOR, call.id, B, 28, "=đếm lại")
    roll = await hall.numbers.of_call(call.id)
    csv = as_csv(rooms_table(roll))
    assert csv.startswith(b"\xef\xbb\xbf")
    lines = csv.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["Mã điểm cầu", "SITE-B", "SITE-A"]
    assert "'=đếm lại" in lines[1]
    told = await hall.numbers.presence(session.id)
    book = as_xlsx([presence_table(told), presence_sums_table(told), rooms_table(roll), sums_table(roll.rooms)])
    assert book[:2] == b"PK"
    assert sums_table(roll.rooms).rows[-1][0] == "Tất cả"


async def test_a_course_reckons_with_the_numbers_that_stand(hall: Hall) -> None:
    session, call = await hall.roll()
    await hall.count(call, A, 18)
    await hall.count(call, B, 20)
    await hall.numbers.correct(OPERATOR, call.id, A, 27, "đếm lại trên ảnh")
    assert await hall.database.read(lambda conn: standing_numbers(conn, [session.id])) == [{A: 27, B: 20}]


async def test_an_order_that_is_given_again_after_a_crash_holds_no_second_roll_call(hall: Hall) -> None:
    """The centre stopped between the roll call and the note that the order has left."""
    one, two = await hall.session(A), await hall.session(B)
    for session in (one, two):
        await hall.conductor.order(OPERATOR, session.id, SessionOrder.GO_LIVE)
    rooms = RoomsWithSessions(hall.attendance, hall.conductor, hall.database)
    author = Author(OPERATOR.person, OPERATOR.username, OPERATOR.name, OPERATOR.role)
    first = await rooms.call(OrderId("order-1"), author, frozenset({A, B}))
    assert await rooms.call(OrderId("order-1"), author, frozenset({A, B})) == first
    assert len(set(first.values())) == 2
    assert [len(hall.attendance.of_session(session.id)) for session in (one, two)] == [1, 1]
    assert len(await hall.audited("rollcall.order")) == 2
    other = await rooms.call(OrderId("order-2"), author, frozenset({A}))
    assert other[A] not in first.values()


async def test_a_withdrawn_roll_call_is_told_to_no_room_that_returns_and_what_was_counted_stays(hall: Hall) -> None:
    session, call = await hall.roll()
    other = await hall.attendance.order(OPERATOR, session.id, session.sites, Burst(1000))
    await hall.count(call, A, 18)
    rooms = RoomsWithSessions(hall.attendance, hall.conductor, hall.database)
    rooms.withdraw(call.id)
    hall.rooms.sent.clear()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(hall.attendance.run())
        while {site for site, _ in hall.rooms.sent} != {A, B}:  # nobody may listen yet
            for site in (A, B):
                await hall.bus.publish(SiteLinked(site=site, enrolment=EnrolmentId("e"), resumed=False))
            await asyncio.sleep(0)
        running.cancel()
    assert {each.roll_call for _, each in hall.rooms.sent if isinstance(each, RollCallOrder)} == {other.id}
    assert hall.attendance.latest(A).call == other
    assert {room.site: room.number for room in (await hall.numbers.of_call(call.id)).rooms} == {A: 18, B: None}


async def test_what_one_room_is_asked_reads_the_rows_of_that_room_alone(hall: Hall) -> None:
    session, call = await hall.roll()
    people = [{"number": str(each), "site": site, "name": f"Cô {each}"} for each, site in enumerate([A, B] * 5)]
    await hall.database.write(lambda conn: conn.execute(participants.insert(), people))
    for site in (A, B):
        await hall.count(call, site, 18, PICTURE)
        await hall.numbers.correct(OPERATOR, call.id, site, 19, "đếm lại")
        await hall.numbers.tick(OPERATOR, session.id, site, {str(each): True for each in range(10)})
        await hall.declare(site, DeclaredCount(roll_call=call.id, number=19, at_ns=1, listed=18))
    (of_a,) = await hall.database.read(lambda conn: recent_rolls(conn, A, 0))
    everything = (of_a.counts, of_a.corrections, of_a.pictures)
    assert [set(each) for each in everything] == [{A}] * 3
    known = await hall.database.read(lambda conn: signed_in(conn, session.id, A))
    assert (known.ticked, set(known.lists)) == ({A: 5}, {A})
    every = await hall.database.read(lambda conn: signed_in(conn, session.id))
    assert (set(every.ticked), set(every.lists)) == ({A, B}, {A, B})
