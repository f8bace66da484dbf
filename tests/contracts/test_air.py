"""Orders about who is on air, and the record of it, over a real database; the relay is a double that remembers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from orchestrator.access.audit import Audit
from orchestrator.errors import Refused
from orchestrator.live.memory import MemoryBus, MemoryLeases
from orchestrator.media.port import AirTurn, Want
from orchestrator.sessions.air.model import AirStep, Finding, OnAir, Turn
from orchestrator.sessions.air.service import Air
from orchestrator.sessions.model import Session, SessionOrder
from orchestrator.sessions.service import Conductor
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Identity
from tests.contracts.test_conductor import LECTURER, OPERATOR, Plane, Rooms
from tests.doubles.eventually import eventually
from tests.doubles.manual_clock import ManualClock
from tests.doubles.small_day import until_told
from wire.ids import PersonId, SiteId

OTHER = Identity("person-other", "khac", "Giảng viên khác", "lecturer")


class Relay:
    """Remembers what it was told; ``down`` refuses it."""

    def __init__(self) -> None:
        self.told: dict[str, tuple[Want, bool, bool]] = {}
        self.seen: dict[str, OnAir] = {}
        self.down = False

    async def set_air(self, stream: str, want: Want, *, standby_armed: bool, auto_return: bool) -> None:
        if self.down:
            raise Refused("media_unavailable", "Đang khởi động lại. / Restarting.", 503)
        self.told[stream] = want, standby_armed, auto_return

    def on_air(self, stream: str) -> OnAir:
        return self.seen.get(stream, OnAir())


class Studio:
    """A conductor with one live session, and its air."""

    def __init__(self, database: Database) -> None:
        self.clock, self.bus, self.relay = ManualClock(), MemoryBus(), Relay()
        audit = Audit(self.clock)
        self.conductor = Conductor(
            database, self.clock, self.bus, MemoryLeases(), Rooms().send, Plane(), audit, "centre-1"
        )
        self.air = Air(database, self.clock, self.bus, audit, self.conductor, self.relay, self.relay.on_air)

    async def live(self) -> Session:
        now = self.clock.now_ns()
        planned = await self.conductor.plan(
            OPERATOR, "Chuyên đề", PersonId(LECTURER.person), "TS. Ánh", now, now + 10**13, frozenset({SiteId("a")})
        )
        return await self.conductor.order(OPERATOR, planned.id, SessionOrder.GO_LIVE)

    async def load(self) -> None:
        await self.conductor.load()
        await self.air.load()

    def see(self, session: Session, seat: str, why: str) -> None:
        """The relay tells from now on that this seat is on air."""
        self.relay.seen[session.stream] = OnAir(air=seat, why=why, since_ms=self.clock.now_ns() // 10**6)


@asynccontextmanager
async def running(air: Air) -> AsyncIterator[None]:
    task = asyncio.get_running_loop().create_task(air.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(f"sqlite:///{tmp_path / 'centre.sqlite3'}")
    yield opened
    await opened.close()


async def recorded(studio: Studio, session: Session, number: int) -> list[Turn]:
    """The record once it has so many turns."""

    async def enough() -> list[Turn] | None:
        turns = await studio.air.turns(session.id)
        return turns if len(turns) >= number else None

    return await until_told(enough, f"{number} turns")


async def test_orders_reach_the_relay_and_outlive_a_restart(database: Database) -> None:
    studio = Studio(database)
    session = await studio.live()
    await studio.air.order(LECTURER, session.id, AirStep.ARM)
    await studio.air.order(OPERATOR, session.id, AirStep.STANDBY)
    assert studio.relay.told == {session.stream: (Want.STANDBY, True, False)}
    again = Studio(database)
    await again.load()
    async with running(again.air):
        await eventually(lambda: again.relay.told == studio.relay.told)
    assert again.air.wish(session.id).by == OPERATOR.name


async def test_another_lecturer_orders_nothing_and_a_refused_order_changes_nothing(database: Database) -> None:
    studio = Studio(database)
    session = await studio.live()
    for who, step, code in ((OTHER, AirStep.SLATE, "not_yours"), (OPERATOR, AirStep.RESUME_AT, "no_break")):
        with pytest.raises(Refused) as refused:
            await studio.air.order(who, session.id, step)
        assert refused.value.code == code
    assert studio.relay.told == {}
    await studio.conductor.order(OPERATOR, session.id, SessionOrder.END)
    with pytest.raises(Refused) as refused:
        await studio.air.order(OPERATOR, session.id, AirStep.SLATE)
    assert refused.value.code == "not_on_screen"


async def test_a_break_gives_the_slate_the_air_and_takes_it_back(database: Database) -> None:
    studio = Studio(database)
    session = await studio.live()
    async with running(studio.air):
        await studio.conductor.order(OPERATOR, session.id, SessionOrder.TAKE_BREAK)
        await eventually(lambda: studio.relay.told.get(session.stream) == (Want.SLATE, False, False))
        until = studio.clock.now_ns() + 600 * 10**9
        await studio.air.order(OPERATOR, session.id, AirStep.RESUME_AT, until)
        assert studio.air.face(studio.conductor.get(session.id)).at_ms == until // 10**6
        await studio.conductor.order(OPERATOR, session.id, SessionOrder.RESUME)
        await eventually(lambda: studio.relay.told[session.stream] == (Want.AUTO, False, False))
        assert studio.air.wish(session.id).resumes_ns is None


async def test_a_relay_that_was_down_is_told_when_it_is_back(database: Database) -> None:
    studio = Studio(database)
    session = await studio.live()
    async with running(studio.air):
        studio.relay.down = True
        await studio.air.order(OPERATOR, session.id, AirStep.SLATE)
        studio.relay.down = False
        await eventually(lambda: studio.relay.told.get(session.stream) == (Want.SLATE, False, False), limit_s=20)


async def test_the_record_tells_who_held_the_stream_from_when_to_when_and_why(database: Database) -> None:
    studio = Studio(database)
    session = await studio.live()
    began = studio.clock.now_ns()
    async with running(studio.air):
        studio.see(session, "lecturer", "preferred")
        await recorded(studio, session, 1)
        studio.clock.advance(60)
        studio.see(session, "slate", "lecturer_silent")
        await recorded(studio, session, 2)
        assert studio.air.finding(session) is Finding.LECTURER_LOST
        studio.clock.advance(5)
        await studio.air.order(OPERATOR, session.id, AirStep.STANDBY)
        studio.see(session, "standby", "ordered")
        await recorded(studio, session, 3)
        studio.clock.advance(10)
        await studio.conductor.order(OPERATOR, session.id, SessionOrder.END)
        ended = studio.clock.now_ns()

        async def over() -> list[Turn] | None:
            turns = await studio.air.turns(session.id)
            return turns if turns[-1].until_ns is not None else None

        turns = await until_told(over, "the end of the last turn")
    lost = began + 60 * 10**9
    taken = lost + 5 * 10**9
    assert turns == [
        Turn(1, "lecturer", "preferred", "", began, lost),
        Turn(2, "slate", "lecturer_silent", "", lost, taken),
        Turn(3, "standby", "ordered", OPERATOR.name, taken, ended),
    ]


async def test_what_came_and_went_between_two_looks_is_in_the_record_once(database: Database) -> None:
    studio = Studio(database)
    session = await studio.live()
    at_ms = studio.clock.now_ns() // 10**6
    studio.clock.advance(10)
    turns = (
        AirTurn("lecturer", "preferred", at_ms),
        AirTurn("slate", "lecturer_silent", at_ms + 1000),
        AirTurn("lecturer", "preferred", at_ms + 1700),
    )
    async with running(studio.air):
        studio.relay.seen[session.stream] = OnAir(air="lecturer", why="preferred", since_ms=at_ms + 1700, turns=turns)
        told = await recorded(studio, session, 3)
    assert [(turn.seat, turn.from_ns // 10**6 - at_ms) for turn in told] == [
        ("lecturer", 0), ("slate", 1000), ("lecturer", 1700),
    ]  # fmt: skip
    again = Studio(database)
    await again.load()
    again.clock.advance(20)
    later = (*turns, AirTurn("standby", "lecturer_silent", at_ms + 9000))
    async with running(again.air):
        again.relay.seen[session.stream] = OnAir(
            air="standby", why="lecturer_silent", since_ms=at_ms + 9000, turns=later
        )
        told = await recorded(again, session, 4)
    assert [turn.seat for turn in told] == ["lecturer", "slate", "lecturer", "standby"]


async def test_a_restart_of_the_centre_goes_on_with_the_same_turn(database: Database) -> None:
    studio = Studio(database)
    session = await studio.live()
    async with running(studio.air):
        studio.see(session, "lecturer", "preferred")
        await recorded(studio, session, 1)
    again = Studio(database)
    await again.load()
    async with running(again.air):
        again.see(session, "lecturer", "preferred")
        again.see(session, "slate", "lecturer_silent")
        turns = await recorded(again, session, 2)
    assert [(turn.seat, turn.until_ns is None) for turn in turns] == [("lecturer", False), ("slate", True)]
    assert again.air.finding(again.conductor.get(session.id)) is Finding.LECTURER_LOST
