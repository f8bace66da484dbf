"""An hour without a line, the agent killed in the middle, and everything told twice: nothing doubled, nothing lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from orchestrator.clock import Clock
from orchestrator.history.service import History
from orchestrator.history.timeline import PRESENCE
from orchestrator.links.records import Intake
from orchestrator.live.memory import MemoryBoard, MemoryBus, MemoryLeases
from orchestrator.presence.model import Thresholds
from orchestrator.presence.service import PresenceWatch
from orchestrator.storage.engine import Database
from site_agent.health.keeper import HealthKeeper
from site_agent.health.ledger import SpanLedger
from tests.doubles.manual_clock import ManualClock
from wire.codec import encode_record
from wire.health import Facet, HealthSpans
from wire.ids import CameraState, ClockState, EnrolmentId, ScreenState, SiteId
from wire.messages import CameraHealth, ClockHealth, Heartbeat, Records, ScreenHealth

SITE, ENROLMENT = SiteId("site-a"), EnrolmentId("enrolment-a")
S = 10**9
MINUTE = 60
THRESHOLDS = Thresholds(12 * S, 30 * S, 120 * S)


class SiteClock:
    """Centre time at the site, which it knows except when a test says otherwise."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.state = ClockState.SYNCED

    def now_ns(self) -> int:
        return self._clock.now_ns()


class Over(msgspec.Struct, frozen=True):
    """Nothing more has been said."""


class School:
    """A site: what its devices do, and whether its line stands."""

    def __init__(self, path: Path, clock: ManualClock) -> None:
        self.path = path
        self.clock = clock
        self.up = True
        self.screen = ScreenState.PLAYING
        self.sent: list[HealthSpans] = []
        self.keeper = self.started()

    def heartbeat(self) -> Heartbeat:
        return Heartbeat(
            at_ns=self.clock.now_ns(),
            agent_version="1",
            disk_free_mb=9000,
            camera=CameraHealth(state=CameraState.WORKING),
            screen=ScreenHealth(state=self.screen, audio_dbfs=-20.0),
            clock=ClockHealth(state=ClockState.SYNCED),
        )

    def started(self) -> HealthKeeper:
        async def keep(record: HealthSpans) -> None:
            self.sent.append(record)

        clock = SiteClock(self.clock)
        ledger = SpanLedger(self.path)
        return HealthKeeper(ledger, clock, self.clock.now_ns, self.heartbeat, lambda: self.up, keep, draw=max, pace_s=0)

    def killed(self) -> None:
        self.keeper.close()


class Province:
    """A centre's presence and history over real SQLite."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self._bus = bus = MemoryBus()
        self.clock = clock
        self.presence = PresenceWatch(clock, bus, MemoryBoard(), THRESHOLDS)
        self.history = History(database, clock, bus, MemoryLeases(), self.presence, "test", keep_days=90)
        self.intake = Intake(database, bus, clock, lambda _site, _message: True)
        self.intake.on_record(HealthSpans, self.history.take_spans)

    async def hear(self, school: School) -> None:
        """What a centre does by the second: takes a heartbeat, looks at the clock, writes history."""
        async with self._bus.subscribe() as events:
            if school.up:
                await self.presence.on_heartbeat(SITE, ENROLMENT, school.heartbeat())
            await self.presence.look()
            await self._bus.publish(Over())
            async for event in events:
                if isinstance(event, Over):
                    break
                self.history.take(event)
        await self.history.flush()

    async def lane(self, facet: str, since_ns: int) -> list[tuple[int, int, str, str]]:
        """(minute it began, minute it ended, state, source) of each stretch since a moment."""
        told = await self.history.of(SITE, since_ns, self.clock.now_ns())
        (lane,) = [each for each in told.lanes if each.facet == facet]
        minutes = [
            (round((s.from_ns - since_ns) / MINUTE / S), round((s.until_ns - since_ns) / MINUTE / S), s.state, s.source)
            for s in lane.stretches
        ]
        return [each for each in minutes if each[0] != each[1]]

    async def take(self, first: int, record: HealthSpans, stream: str = "stream-1") -> None:
        await self.intake.take(SITE, ENROLMENT, Records(stream=stream, first=first, bodies=[encode_record(record)]))


@pytest.fixture
async def province(tmp_path: Path) -> AsyncIterator[Province]:
    clock = ManualClock()
    database = await Database.open(f"sqlite:///{tmp_path / 'diemcau.sqlite3'}")
    yield Province(database, clock)
    await database.close()


async def pass_time(province: Province, school: School, minutes: float, *, agent: bool = True) -> None:
    """Time goes by in looks of five seconds."""
    for _ in range(round(minutes * 12)):
        province.clock.advance(5)
        if agent:
            await school.keeper.look()
        await province.hear(school)


async def test_an_hour_without_a_line_is_told_afterwards_as_it_was(province: Province, tmp_path: Path) -> None:
    start = province.clock.now_ns()
    school = School(tmp_path / "health.sqlite3", province.clock)
    await pass_time(province, school, 10)
    school.up = False
    await pass_time(province, school, 20)
    school.screen = ScreenState.DARK
    await pass_time(province, school, 10)
    school.killed()
    await pass_time(province, school, 15, agent=False)
    school.keeper = school.started()
    school.screen = ScreenState.PLAYING
    await pass_time(province, school, 15)
    assert await province.lane(PRESENCE, start) == [
        (0, 10, "online", "seen"),
        (10, 11, "late", "seen"),
        (11, 12, "silent", "nobody"),
        (12, 70, "unknown", "nobody"),
    ]
    school.up = True
    await pass_time(province, school, 5)
    assert sum(len(record.spans) for record in school.sent) < 30

    for first, record in enumerate(school.sent, 1):
        await province.take(first, record)
        await province.take(first, record)
    once = await province.history.of(SITE, start, province.clock.now_ns())
    # The disk of the site was lost and came back from a copy: another stream tells the same once more.
    for first, record in enumerate(school.sent, 1):
        await province.take(first, record, "stream-2")
    assert await province.history.of(SITE, start, province.clock.now_ns()) == once

    assert await province.lane(PRESENCE, start) == [
        (0, 10, "online", "seen"),
        (10, 11, "late", "seen"),
        (11, 40, "cut_off", "afterwards"),
        (40, 55, "off", "afterwards"),
        (55, 70, "cut_off", "afterwards"),
        (70, 75, "online", "seen"),
    ]
    assert await province.lane(Facet.SCREEN, start) == [
        (0, 11, "playing", "seen"),
        (11, 30, "playing", "afterwards"),
        (30, 40, "dark", "afterwards"),
        (40, 55, "off", "afterwards"),
        (55, 70, "playing", "afterwards"),
        (70, 75, "playing", "seen"),
    ]
    school.killed()


async def test_a_site_waits_its_own_while_before_it_tells_and_says_nothing_on_a_line_that_stood(
    province: Province, tmp_path: Path
) -> None:
    school = School(tmp_path / "health.sqlite3", province.clock)
    await pass_time(province, school, 3)
    school.up = False
    await pass_time(province, school, 3)
    school.up = True
    await pass_time(province, school, 0.9)
    assert school.sent == []
    await pass_time(province, school, 0.3)
    assert len(school.sent) == 1
    await pass_time(province, school, 5)
    assert len(school.sent) == 1
    school.killed()


async def test_however_much_there_is_to_tell_nobody_stops_looking_meanwhile(province: Province, tmp_path: Path) -> None:
    school = School(tmp_path / "health.sqlite3", province.clock)
    await school.keeper.look()
    school.up = False
    for turn in range(400):
        school.screen = ScreenState.DARK if turn % 2 else ScreenState.PLAYING
        province.clock.advance(5)
        await school.keeper.look()
    school.up = True
    for _ in range(60):
        province.clock.advance(5)
        told = len(school.sent)
        await school.keeper.look()
        assert len(school.sent) <= told + 1
    assert len(school.sent) > 5
    assert "off" not in {span.state for record in school.sent for span in record.spans}
    school.killed()


async def test_while_the_centre_was_down_the_history_says_that_nobody_watched(
    province: Province, tmp_path: Path
) -> None:
    start = province.clock.now_ns()
    school = School(tmp_path / "health.sqlite3", province.clock)
    await province.history.begin()
    await pass_time(province, school, 5)
    province.clock.advance(10 * MINUTE)
    await province.history.begin()
    await pass_time(province, school, 5)
    assert [each[2] for each in await province.lane(PRESENCE, start)][-3:] == ["online", "unwatched", "online"]
    school.killed()
