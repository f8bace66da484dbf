"""The conductor and roll calls over real SQLite: orders, screens, restarts, two sessions at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.access.audit import Audit
from orchestrator.attendance.events import CountReceived, NumberDeclared
from orchestrator.attendance.model import Burst
from orchestrator.attendance.service import Attendance
from orchestrator.errors import Refused
from orchestrator.links.events import SiteLinked
from orchestrator.live.memory import MemoryBus, MemoryLeases
from orchestrator.media.tokens import Seat
from orchestrator.sessions.model import Session, SessionOrder, SessionState
from orchestrator.sessions.service import Conductor, Ticket
from orchestrator.storage.engine import Connection, Database
from orchestrator.web.kit import Identity
from tests.doubles.eventually import eventually
from tests.doubles.manual_clock import ManualClock
from wire.evidence import GENESIS, Evidence, sign_evidence
from wire.ids import EnrolmentId, PersonId, SessionId, SiteId
from wire.messages import DeclaredCount, Down, LectureOff, LectureOn, Notice, RollCallCount, RollCallOrder

A, B, C = (SiteId(f"site-{letter}") for letter in "abc")
ENROLMENT = EnrolmentId("enrolment-1")
OPERATOR = Identity("person-op", "truchoi", "Trần Văn Trực", "operator")
LECTURER = Identity("person-gv", "giangvien", "Nguyễn Thị Tuyết", "lecturer")
KEY = Ed25519PrivateKey.generate()


class Rooms:
    """The links: notes what each site was sent; nothing reaches those ``away``."""

    def __init__(self) -> None:
        self.sent: list[tuple[SiteId, Down]] = []
        self.away: set[SiteId] = set()

    def send(self, site: SiteId, message: Down) -> bool:
        if site in self.away:
            return False
        self.sent.append((site, message))
        return True

    def take(self) -> list[tuple[SiteId, Down]]:
        taken, self.sent = self.sent, []
        return taken


class Plane:
    """The media plane: tickets that name their stream, and what was closed."""

    def __init__(self) -> None:
        self.closed: list[str] = []
        self.ended: list[tuple[str, str]] = []
        self.until_ns = 0

    def view(self, session: SessionId, stream: str, subject: str, until_ns: int) -> Ticket:
        return Ticket(f"http://relay/whep/{stream}", f"view|{stream}|{subject}")

    def publish(
        self, session: SessionId, stream: str, subject: str, until_ns: int, seat: Seat = Seat.LECTURER
    ) -> Ticket:
        self.until_ns = until_ns
        return Ticket(f"http://relay/whip/{stream}", f"publish|{stream}|{subject}")

    async def close_stream(self, stream: str) -> None:
        self.closed.append(stream)

    async def end_publisher(self, stream: str, subject: str) -> None:
        self.ended.append((stream, subject))


class Day:
    """One centre's conductor and attendance over one database file."""

    def __init__(self, database: Database, leases: MemoryLeases, owner: str = "centre-1") -> None:
        self.clock, self.bus, self.rooms, self.plane = ManualClock(), MemoryBus(), Rooms(), Plane()
        audit = Audit(self.clock)
        self.conductor = Conductor(database, self.clock, self.bus, leases, self.rooms.send, self.plane, audit, owner)
        self.attendance = Attendance(
            database, self.clock, self.bus, self.rooms.send, audit, lambda _conn, _enrolment: _public()
        )
        self.database = database

    async def plan(self, *sites: SiteId, topic: str = "Chuyên đề", lecturer: str | None = None) -> Session:
        now = self.clock.now_ns()
        person = PersonId(lecturer) if lecturer else None
        return await self.conductor.plan(OPERATOR, topic, person, "", now, now + 10**12, frozenset(sites))


def _public() -> bytes:
    return KEY.public_key().public_bytes_raw()


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite:///{folder / 'centre.sqlite3'}")
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    async with opened(tmp_path) as database:
        yield Day(database, MemoryLeases())


async def test_going_live_puts_the_lecture_on_its_own_screens_only(day: Day) -> None:
    one, two = await day.plan(A, B), await day.plan(C, topic="Chuyên đề 2")
    await day.conductor.order(OPERATOR, one.id, SessionOrder.GO_LIVE)
    await day.conductor.order(OPERATOR, two.id, SessionOrder.GO_LIVE)
    shown = {site: message for site, message in day.rooms.take() if isinstance(message, LectureOn)}
    assert {site: message.session for site, message in shown.items()} == {A: one.id, B: one.id, C: two.id}
    assert shown[A].token == f"view|{one.id}-lecture|{A}"
    assert shown[C].stream == f"{two.id}-lecture"


async def test_ending_takes_the_lecture_off_and_closes_the_stream(day: Day) -> None:
    session = await day.plan(A)
    await day.conductor.order(OPERATOR, session.id, SessionOrder.GO_LIVE)
    await day.conductor.order(OPERATOR, session.id, SessionOrder.TAKE_BREAK)
    day.rooms.take()
    await day.conductor.order(OPERATOR, session.id, SessionOrder.END)
    assert day.rooms.take() == [(A, LectureOff(session=session.id))]
    assert day.plane.closed == [session.stream]


async def test_a_room_that_is_in_one_session_cannot_be_taken_into_another(day: Day) -> None:
    one, two = await day.plan(A, B), await day.plan(B, C)
    await day.conductor.order(OPERATOR, one.id, SessionOrder.OPEN_LOBBY)
    with pytest.raises(Refused) as refused:
        await day.conductor.order(OPERATOR, two.id, SessionOrder.GO_LIVE)
    assert (refused.value.code, refused.value.fields["sites"]) == ("site_busy", [B])
    assert day.conductor.get(two.id).state is SessionState.PLANNED


async def test_a_restarted_centre_goes_on_where_it_was(tmp_path: Path) -> None:
    leases = MemoryLeases()
    async with opened(tmp_path) as database:
        before = Day(database, leases)
        live, ended = await before.plan(A), await before.plan(B)
        await before.conductor.order(OPERATOR, live.id, SessionOrder.GO_LIVE)
        await before.conductor.order(OPERATOR, ended.id, SessionOrder.CANCEL)
        call = await before.attendance.order(OPERATOR, live.id, frozenset({A}), Burst(1000))
        await leases.release(f"session:{live.id}", "centre-1")
    async with opened(tmp_path) as database:
        after = Day(database, leases, "centre-2")
        await after.conductor.load()
        await after.attendance.load()
        assert after.conductor.get(live.id).state is SessionState.LIVE
        assert after.conductor.get(ended.id).state is SessionState.CANCELLED
        async with _greeting(after):
            for site in (A, B):
                await after.bus.publish(SiteLinked(site=site, enrolment=ENROLMENT, resumed=False))
            await eventually(lambda: len(after.rooms.sent) == 3)
        sent = after.rooms.take()
        assert [m.session for s, m in sent if s == A and isinstance(m, LectureOn)] == [live.id]
        assert [m.roll_call for s, m in sent if s == A and isinstance(m, RollCallOrder)] == [call.id]
        assert [m for s, m in sent if s == B] == [LectureOff(session=None)]
        ordered = await after.conductor.order(OPERATOR, live.id, SessionOrder.TAKE_BREAK)
        assert (ordered.state, ordered.version) == (SessionState.BREAK, 2)


@asynccontextmanager
async def _greeting(day: Day) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(day.conductor.greet()), tasks.create_task(day.attendance.run())]
        await asyncio.sleep(0.05)
        yield
        for each in running:
            each.cancel()


async def test_a_link_that_only_resumed_is_not_told_again(day: Day) -> None:
    session = await day.plan(A)
    await day.conductor.order(OPERATOR, session.id, SessionOrder.GO_LIVE)
    day.rooms.take()
    async with _greeting(day):
        await day.bus.publish(SiteLinked(site=A, enrolment=ENROLMENT, resumed=True))
        await day.bus.publish(SiteLinked(site=B, enrolment=ENROLMENT, resumed=False))
        await eventually(lambda: bool(day.rooms.sent))
    assert [site for site, _ in day.rooms.take()] == [B]


async def test_rooms_that_linked_while_nobody_listened_are_told_all_the_same(day: Day) -> None:
    session, orders = await _ordered(day, A)
    await day.conductor.order(OPERATOR, session.id, SessionOrder.GO_LIVE)
    async with _greeting(day):
        pass  # a fault ended the listening
    day.rooms.take()
    async with _greeting(day):
        await eventually(lambda: len(day.rooms.sent) == 2)
    told = {type(message): site for site, message in day.rooms.take()}
    assert told == {LectureOn: A, RollCallOrder: A}
    assert set(orders) == {A}


async def test_another_owner_of_the_lease_keeps_its_session(tmp_path: Path) -> None:
    leases = MemoryLeases()
    async with opened(tmp_path) as database:
        mine = Day(database, leases)
        session = await mine.plan(A)
        await leases.acquire(f"session:{session.id}", "centre-2", 60)
        with pytest.raises(Refused) as refused:
            await mine.conductor.order(OPERATOR, session.id, SessionOrder.GO_LIVE)
        assert refused.value.code == "owned_elsewhere"


async def test_two_centres_cannot_apply_the_same_version(tmp_path: Path) -> None:
    leases = MemoryLeases()
    async with opened(tmp_path) as database:
        one, two = Day(database, leases), Day(database, leases)
        session = await one.plan(A)
        await two.conductor.load()
        await one.conductor.order(OPERATOR, session.id, SessionOrder.GO_LIVE)
        with pytest.raises(Refused) as refused:
            await two.conductor.order(OPERATOR, session.id, SessionOrder.CANCEL)
        assert refused.value.code == "conflict"


async def test_a_lecturer_touches_only_their_own_session(day: Day) -> None:
    own, other = await day.plan(A, lecturer=LECTURER.person), await day.plan(B, lecturer="person-x")
    await day.conductor.order(LECTURER, own.id, SessionOrder.GO_LIVE)
    assert day.conductor.publish_ticket(LECTURER, own.id).token == f"publish|{own.stream}|{LECTURER.person}"
    assert day.plane.until_ns > own.ends_ns
    for attempt in (
        lambda: day.conductor.order(LECTURER, other.id, SessionOrder.GO_LIVE),
        lambda: day.conductor.notice(LECTURER, other.id, "Chào", "Hello", 0),
    ):
        with pytest.raises(Refused, match="not_yours"):
            await attempt()
    with pytest.raises(Refused, match="not_yours"):
        day.conductor.sites_for(LECTURER, other.id)


async def test_nobody_publishes_before_the_session_opens(day: Day) -> None:
    session = await day.plan(A)
    with pytest.raises(Refused, match="not_open"):
        day.conductor.publish_ticket(OPERATOR, session.id)


async def test_a_notice_reaches_the_rooms_of_its_session(day: Day) -> None:
    session = await day.plan(A, B)
    assert await day.conductor.notice(OPERATOR, session.id, "Nghỉ 10 phút", "Break", 5) == 2
    notices = [(site, m.text_vi) for site, m in day.rooms.take() if isinstance(m, Notice)]
    assert notices == [(A, "Nghỉ 10 phút"), (B, "Nghỉ 10 phút")]
    with pytest.raises(Refused, match="bad_notice"):
        await day.conductor.notice(OPERATOR, session.id, "x" * 301, "", 5)


def counted(
    site: SiteId, order: RollCallOrder, count: int | None, *, nonce: bytes = b"", signed: bool = True
) -> RollCallCount:
    reason = "" if count is not None else "dark"
    numbers = {"lo_ns": 1, "hi_ns": 2, "count": count, "minimum": 0, "maximum": count or 0, "frames_used": 3}
    evidence = Evidence(
        session=order.session,
        roll_call=order.roll_call,
        nonce=nonce or order.nonce,
        site=site,
        quality=900,
        reason=reason,
        model=b"",
        settings="",
        picture=b"",
        previous=GENESIS,
        **numbers,  # type: ignore[arg-type]
    )
    content, signature = sign_evidence(KEY, evidence)
    return RollCallCount(
        roll_call=order.roll_call,
        nonce=nonce or order.nonce,
        quality=0.9,
        reason=reason,
        evidence=content,
        signature=signature if signed else b"\0" * 64,
        **numbers,  # type: ignore[arg-type]
    )


async def test_the_right_of_whoever_came_by_a_link_is_brief_and_can_be_ended(day: Day) -> None:
    session = await day.plan(A)
    await day.conductor.order(OPERATOR, session.id, SessionOrder.OPEN_LOBBY)
    for role, seat in (("guest_lecturer", Seat.LECTURER), ("standby", Seat.STANDBY)):
        guest = Identity(f"person-{role}", role, "Khách mời", role, session.id)
        day.conductor.publish_ticket(guest, session.id, seat)
        assert day.plane.until_ns - day.clock.now_ns() == 120 * 10**9
    await day.conductor.off_the_air(session.id, PersonId("person-standby"))
    assert day.plane.ended == [(session.stream, "person-standby")]


async def _ordered(day: Day, *sites: SiteId) -> tuple[Session, dict[SiteId, RollCallOrder]]:
    session = await day.plan(*sites)
    await day.attendance.order(OPERATOR, session.id, session.sites, Burst(1000, 3, 500))
    return session, {site: m for site, m in day.rooms.take() if isinstance(m, RollCallOrder)}


async def _taken(day: Day, site: SiteId, record: RollCallCount | DeclaredCount) -> None:
    def work(conn: Connection) -> None:
        if isinstance(record, RollCallCount):
            day.attendance.take_count(conn, site, ENROLMENT, 1, record)
        else:
            day.attendance.take_declared(conn, site, ENROLMENT, 1, record)

    await day.database.write(work)


async def test_counts_come_in_with_their_evidence_and_the_first_one_stands(day: Day) -> None:
    session, orders = await _ordered(day, A, B, C)
    assert {order.at_ns for order in orders.values()} == {day.clock.now_ns() + 10**9}
    async with day.bus.subscribe(CountReceived, NumberDeclared) as events, _greeting(day):
        await _taken(day, A, counted(A, orders[A], 21))
        await _taken(day, A, counted(A, orders[A], 99))
        await _taken(day, B, counted(B, orders[B], None))
        await _taken(day, C, counted(C, orders[C], 7, signed=False))
        await _taken(day, C, DeclaredCount(roll_call=None, number=8, at_ns=day.clock.now_ns()))
        heard = [await anext(events) for _ in range(4)]
    assert [getattr(event, "count", getattr(event, "number", None)) for event in heard] == [21, None, 7, 8]
    [(_, counts)] = day.attendance.of_session(session.id)
    assert {site: (c.count, c.reason, c.verified) for site, c in counts.items()} == {
        A: (21, "", True),
        B: (None, "dark", True),
        C: (7, "", False),
    }
    latest = day.attendance.latest(C)
    assert latest.declared is not None
    assert latest.declared.number == 8


async def test_a_batch_that_is_rolled_back_is_told_to_nobody(day: Day) -> None:
    _, orders = await _ordered(day, A)

    def batch(conn: Connection) -> None:
        day.attendance.take_count(conn, A, ENROLMENT, 1, counted(A, orders[A], 21))
        day.attendance.take_declared(conn, A, ENROLMENT, 2, DeclaredCount(roll_call=None, number=8, at_ns=5))
        raise ZeroDivisionError  # the disk, say

    with pytest.raises(ZeroDivisionError):
        await day.database.write(batch)
    latest = day.attendance.latest(A)
    assert (latest.count, latest.declared) == (None, None)
    await _taken(day, A, counted(A, orders[A], 22))
    count = day.attendance.latest(A).count
    assert count is not None
    assert count.count == 22


async def test_a_count_that_nobody_asked_for_is_refused(day: Day) -> None:
    _, orders = await _ordered(day, A)
    for site, record in ((B, counted(B, orders[A], 5)), (A, counted(A, orders[A], 5, nonce=b"n" * 16))):
        with pytest.raises(Refused, match="unasked"):
            await _taken(day, site, record)
    assert day.attendance.latest(A).count is None


async def test_roll_calls_of_yesterday_leave_the_memory_with_their_counts(day: Day) -> None:
    session, orders = await _ordered(day, A, B)
    await _taken(day, A, counted(A, orders[A], 21))
    assert len(day.attendance.of_session(session.id)) == 1
    day.clock.advance(25 * 3600)
    today = await day.attendance.order(OPERATOR, session.id, frozenset({B}), Burst(1000, 3, 500))
    assert [call.id for call, _ in day.attendance.of_session(session.id)] == [today.id]
    assert day.attendance.latest(A).call is None
    assert day.attendance.latest(B).call == today


async def test_an_operator_may_enter_what_a_room_said_on_the_telephone(day: Day) -> None:
    session, orders = await _ordered(day, A)
    await day.attendance.declare(OPERATOR, orders[A].roll_call, A, 19)
    (declared,) = day.attendance.given_in(day.attendance.of_session(session.id)[0][0])[A]
    assert (declared.number, declared.by) == (19, OPERATOR.person)
    with pytest.raises(Refused, match="no_roll_call"):
        await day.attendance.declare(OPERATOR, orders[A].roll_call, B, 19)
    with pytest.raises(Refused, match="bad_number"):
        await day.attendance.declare(OPERATOR, orders[A].roll_call, A, -1)
    assert day.attendance.of_session(session.id)


@pytest.mark.parametrize("burst", [Burst(499), Burst(600_001), Burst(1000, 2), Burst(1000, 31), Burst(1000, 3, 60_001)])
async def test_a_roll_call_that_rooms_cannot_meet_is_refused(day: Day, burst: Burst) -> None:
    session = await day.plan(A)
    with pytest.raises(Refused):
        await day.attendance.order(OPERATOR, session.id, session.sites, burst)
    assert day.rooms.take() == []
