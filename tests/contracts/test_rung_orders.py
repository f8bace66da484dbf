"""Ordered rungs over real SQLite and a real conductor: kept through a restart, told to the room, audited, ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from orchestrator.access.audit import Audit
from orchestrator.errors import Refused
from orchestrator.links.events import SiteLinked
from orchestrator.live.memory import MemoryBus, MemoryLeases
from orchestrator.media.port import Rung, ViewerStats
from orchestrator.media.rungs import Rungs
from orchestrator.media.tokens import Seat
from orchestrator.sessions.model import Session, SessionOrder
from orchestrator.sessions.rungs.service import RungOrders
from orchestrator.sessions.service import Conductor, Ticket
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Identity
from tests.doubles.eventually import eventually
from tests.doubles.manual_clock import ManualClock
from wire.ids import EnrolmentId, PersonId, SessionId, SiteId
from wire.ladder import LADDER
from wire.messages import Down, LectureOn

A, B = SiteId("site-a"), SiteId("site-b")
LAN = Identity("person-lan", "lan", "Nguyễn Thị Lan", "operator")
TUYET = Identity("person-tuyet", "tuyet", "Trần Thị Tuyết", "lecturer")


class Engine:
    """The media plane: tickets, and what it was ordered."""

    def __init__(self) -> None:
        self.orders: dict[str, dict[str, Rung]] = {}

    async def viewers(self, stream: str) -> list[ViewerStats]:
        return []

    async def set_rungs(self, stream: str, rungs: Mapping[str, Rung]) -> None:
        self.orders[stream] = dict(rungs)

    def view(self, session: SessionId, stream: str, subject: str, until_ns: int) -> Ticket:
        return Ticket(f"http://relay/whep/{stream}", f"view {stream} {subject}")

    def publish(
        self, session: SessionId, stream: str, subject: str, until_ns: int, seat: Seat = Seat.LECTURER
    ) -> Ticket:
        return Ticket(f"http://relay/whip/{stream}", f"publish {stream} {subject}")

    async def close_stream(self, stream: str) -> None:
        self.orders.pop(stream, None)

    async def end_publisher(self, stream: str, subject: str) -> None:
        raise AssertionError(f"{subject} is not to be ended at {stream}")


class Centre:
    """One process of the centre; ``takes``: what agents said that they understand."""

    def __init__(self, database: Database, clock: ManualClock, bus: MemoryBus, leases: MemoryLeases) -> None:
        self.database, self.clock, self.bus = database, clock, bus
        self.engine = Engine()
        self.rungs = Rungs(self.engine)
        self.told: list[tuple[SiteId, str]] = []
        self.takes: dict[SiteId, list[str]] = {}
        self.audit = Audit(clock)
        self.conductor = Conductor(
            database,
            clock,
            bus,
            leases,
            self._send,
            self.engine,
            self.audit,
            "centre",
            by_phone=self.rungs.by_phone,
            hotline="1900 1234",
        )
        self.orders = RungOrders(database, clock, bus, self.audit, self.conductor, self.rungs, self.takes.get)

    def _send(self, site: SiteId, message: Down) -> bool:
        if isinstance(message, LectureOn):
            assert message.hotline == "1900 1234"
            self.told.append((site, message.rung))
        return True

    def taken(self) -> list[tuple[SiteId, str]]:
        """What rooms were told of their screens since the last look."""
        told, self.told = self.told, []
        return told

    async def load(self) -> None:
        await self.conductor.load()
        await self.orders.load()
        await self.rungs.tell()


@asynccontextmanager
async def centre(folder: Path) -> AsyncIterator[tuple[Centre, Session]]:
    """A centre with a session of two rooms on screen."""
    database = await Database.open(f"sqlite:///{folder / 'centre.sqlite3'}")
    made = Centre(database, ManualClock(), MemoryBus(), MemoryLeases())
    try:
        now = made.clock.now_ns()
        session = await made.conductor.plan(
            LAN, "Chuyên đề", PersonId("person-tuyet"), "", now, now + 10**12, frozenset({A, B})
        )
        await made.conductor.order(LAN, session.id, SessionOrder.GO_LIVE)
        made.taken()
        yield made, session
    finally:
        await database.close()


def again(made: Centre) -> Centre:
    """The same centre after a restart: other memory, the same database."""
    return Centre(made.database, made.clock, made.bus, MemoryLeases())


async def test_a_room_is_sent_to_the_telephone_and_comes_back_and_each_word_is_on_the_trail(tmp_path: Path) -> None:
    async with centre(tmp_path) as (day, session):
        day.takes[A] = [LADDER]
        now = await day.orders.order(LAN, A, Rung.PHONE)
        assert (now.ordered, now.by) == ("phone", "Nguyễn Thị Lan")
        assert day.taken() == [(A, "phone")]
        assert day.engine.orders[session.stream] == {}
        await day.orders.order(LAN, A, Rung.SOUND)
        assert day.taken() == [(A, "")]
        assert day.engine.orders[session.stream] == {A: Rung.SOUND}
        await day.orders.order(LAN, A, None)
        assert day.taken() == []
        assert day.engine.orders[session.stream] == {}
        trail = await day.database.read(lambda conn: day.audit.newest(conn, 3))
        assert [(row.who, row.action, row.target, row.detail) for row in reversed(trail)] == [
            ("lan", "sessions.rung", A, f"{session.id} {word}") for word in ("phone", "sound", "auto")
        ]


async def test_a_centre_that_starts_anew_still_obeys(tmp_path: Path) -> None:
    async with centre(tmp_path) as (day, session):
        await day.orders.order(LAN, A, Rung.PHONE)
        await day.orders.order(LAN, B, Rung.LOW)
        anew = again(day)
        await anew.load()
        assert anew.engine.orders == {session.stream: {B: Rung.LOW}}
        ordered = anew.rungs.ordered(session.stream, A)
        assert ordered is not None
        assert (ordered.rung, ordered.by, ordered.at_ns) == (Rung.PHONE, "Nguyễn Thị Lan", day.clock.now_ns())
        async with asyncio.TaskGroup() as tasks:
            greeting = tasks.create_task(anew.conductor.greet())
            await asyncio.sleep(0)  # it listens from its first step on
            for site in (A, B):
                await anew.bus.publish(SiteLinked(site=site, enrolment=EnrolmentId("enrolment-1"), resumed=False))
            await eventually(lambda: len(anew.told) == 2)
            greeting.cancel()
        assert anew.taken() == [(A, "phone"), (B, "")]


async def test_another_process_of_the_centre_obeys_too(tmp_path: Path) -> None:
    async with centre(tmp_path) as (day, session):
        other = again(day)
        await other.load()
        async with asyncio.TaskGroup() as tasks:
            following = tasks.create_task(other.orders.follow())
            await asyncio.sleep(0)  # it listens from its first step on
            await day.orders.order(LAN, A, Rung.PHONE)
            await eventually(lambda: other.rungs.by_phone(session.stream, A))
            following.cancel()
        assert other.taken() == [(A, "phone")]


async def test_orders_end_with_their_session(tmp_path: Path) -> None:
    async with centre(tmp_path) as (day, session):
        await day.orders.order(LAN, A, Rung.PHONE)
        await day.conductor.order(LAN, session.id, SessionOrder.END)
        anew = again(day)
        await anew.load()
        assert anew.engine.orders == {}
        assert not anew.rungs.by_phone(session.stream, A)
        with pytest.raises(Refused, match="không có buổi học nào"):
            await anew.orders.order(LAN, A, Rung.LOW)


async def test_what_may_not_be_ordered_changes_nothing(tmp_path: Path) -> None:
    async with centre(tmp_path) as (day, session):
        day.takes[A] = ["chat"]
        with pytest.raises(Refused, match="còn cũ"):
            await day.orders.order(LAN, A, Rung.PHONE)
        with pytest.raises(Refused, match="giảng viên khác"):
            await day.orders.order(Identity("person-x", "x", "X", "lecturer"), A, Rung.LOW)
        assert day.rungs.standing(session.stream) == {}
        assert day.taken() == []
        await day.orders.order(TUYET, A, Rung.LOW)
        assert day.engine.orders[session.stream] == {A: Rung.LOW}
