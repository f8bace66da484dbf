"""Durable records over the real database: all of a batch or nothing, and each record once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import NoneType

import msgspec
import pytest
import sqlalchemy as sa

from orchestrator.errors import Refused
from orchestrator.links.records import Intake
from orchestrator.live.memory import MemoryBus
from orchestrator.storage.engine import Database
from orchestrator.storage.schema.links import record_stream
from tests.doubles.lost_answers import LostAnswers
from tests.doubles.manual_clock import ManualClock
from wire.codec import decode_record, encode_record
from wire.ids import EnrolmentId, RollCallId, SiteId
from wire.messages import Committed, DeclaredCount, Down, Records, RollCallCount, StreamIs

BREAKS_THE_DISK = 600
COUNT = RollCallCount(
    roll_call=RollCallId("rollcall-1"),
    nonce=b"n" * 16,
    lo_ns=1,
    hi_ns=2,
    count=3,
    minimum=3,
    maximum=3,
    frames_used=1,
    quality=1.0,
    reason="",
    evidence=b"sworn",
    signature=b"s" * 64,
    picture=b"\xff\xd8 a room",
)
SITE, OTHER, ENROLMENT = SiteId("site-1"), SiteId("site-2"), EnrolmentId("enrolment-1")


class Centre:
    """An intake whose one feature writes numbers into a table, and fails as the number says."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.sent: list[tuple[SiteId, Down]] = []
        self.disk_fails = False
        self.intake = Intake(database, MemoryBus(), ManualClock(), self._send)
        self.intake.on_record(DeclaredCount, self._apply)

    async def take(self, first: int, *numbers: int, site: SiteId = SITE) -> int:
        bodies = [encode_record(DeclaredCount(roll_call=None, number=number, at_ns=1)) for number in numbers]
        await self.intake.take(site, ENROLMENT, Records(stream="stream-1", first=first, bodies=bodies))
        to, message = self.sent[-1]
        assert to == site
        assert isinstance(message, Committed)
        return message.through

    async def take_of(self, site: SiteId, first: int, *numbers: int) -> None:
        """As `take`, with others at the same time."""
        bodies = [encode_record(DeclaredCount(roll_call=None, number=number, at_ns=1)) for number in numbers]
        await self.intake.take(site, ENROLMENT, Records(stream="stream-1", first=first, bodies=bodies))

    async def written(self) -> list[int]:
        rows = await self.database.read(lambda conn: conn.execute(sa.text("SELECT number FROM written")).all())
        return [row.number for row in rows]

    async def set_aside(self) -> dict[int, str]:
        query = sa.select(record_stream).where(record_stream.c.fault.is_not(None))
        rows = await self.database.read(lambda conn: conn.execute(query).all())
        return {row.sequence: row.fault for row in rows}

    def _send(self, site: SiteId, message: Down) -> bool:
        self.sent.append((site, message))
        return True

    def _apply(
        self, conn: sa.Connection, _site: SiteId, _enrolment: EnrolmentId, _sequence: int, record: DeclaredCount
    ) -> None:
        conn.execute(sa.text("INSERT INTO written VALUES (:number)"), {"number": record.number})
        if record.number == 400:
            raise Refused("no_such_roll_call", "not ours")
        if record.number == 500:
            raise ZeroDivisionError
        if self.disk_fails or record.number == BREAKS_THE_DISK:
            raise sa.exc.OperationalError("INSERT", {}, OSError("disk I/O error"))


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    database = await Database.open(f"sqlite:///{tmp_path / 'centre.sqlite3'}")
    await database.write(lambda conn: conn.execute(sa.text("CREATE TABLE written (number INTEGER)")))
    yield Centre(database)
    await database.close()


async def test_a_stream_never_seen_is_committed_through_nothing(centre: Centre) -> None:
    await centre.intake.announce(SITE, ENROLMENT, StreamIs(stream="stream-1"))
    assert centre.sent == [(SITE, Committed(stream="stream-1", through=0))]


async def test_each_record_is_written_once_however_often_it_comes(centre: Centre) -> None:
    assert await centre.take(1, 10, 11) == 2
    assert await centre.take(1, 10, 11, 12) == 3
    assert await centre.take(3, 12) == 3
    assert await centre.written() == [10, 11, 12]


async def test_a_gap_writes_nothing_and_names_what_is_committed(centre: Centre) -> None:
    await centre.take(1, 10)
    assert await centre.take(3, 12) == 1
    assert await centre.written() == [10]


async def test_streams_of_two_sites_with_one_name_are_two_streams(centre: Centre) -> None:
    assert await centre.take(1, 10) == 1
    assert await centre.take(1, 20, site=OTHER) == 1
    assert await centre.written() == [10, 20]


async def test_a_refused_or_failing_record_is_undone_alone_and_set_aside(centre: Centre) -> None:
    assert await centre.take(1, 10, 400, 500, 11) == 4
    assert await centre.written() == [10, 11]
    assert await centre.set_aside() == {2: "no_such_roll_call: not ours", 3: "fault: ZeroDivisionError"}


async def test_a_count_that_is_set_aside_keeps_no_picture(centre: Centre) -> None:
    def refuse(*_: object) -> None:
        raise Refused("unasked", "a count that nobody asked for")

    centre.intake.on_record(RollCallCount, refuse)
    body = encode_record(COUNT)
    await centre.intake.take(SITE, ENROLMENT, Records(stream="stream-1", first=1, bodies=[body]))
    assert await centre.set_aside() == {1: "unasked: a count that nobody asked for"}
    kept = await centre.database.read(lambda conn: conn.scalar(sa.select(record_stream.c.set_aside)))
    assert kept is not None
    assert decode_record(kept) == msgspec.structs.replace(COUNT, picture=None)
    await centre.intake.take(SITE, ENROLMENT, Records(stream="stream-1", first=1, bodies=[body]))
    assert centre.sent[-1][1] == Committed(stream="stream-1", through=1)


async def test_a_fault_of_the_database_keeps_nothing_of_the_batch(centre: Centre, count_lost: LostAnswers) -> None:
    await centre.take(1, 10)
    centre.disk_fails = True
    with pytest.raises(sa.exc.OperationalError):
        await centre.take(2, 11, 12)
    assert len(centre.sent) == 1
    centre.disk_fails = False
    assert await centre.written() == [10]
    through = await centre.take(2, 11, 12)
    assert through == 3
    assert await centre.written() == [10, 11, 12]
    count_lost([10, 11, 12][:through], await centre.written())


async def test_batches_that_come_together_are_each_told_once_they_are_durable(centre: Centre) -> None:
    sites = [SiteId(f"site-{place}") for place in range(20)]
    await asyncio.gather(*(centre.take_of(site, 1, place) for place, site in enumerate(sites)))
    assert sorted(await centre.written()) == list(range(20))
    assert sorted(to for to, _ in centre.sent) == sorted(sites)
    assert {message.through for _, message in centre.sent if isinstance(message, Committed)} == {1}


async def test_a_batch_that_fails_does_not_keep_those_that_came_with_it(centre: Centre) -> None:
    outcomes = await asyncio.gather(
        *(centre.take_of(SiteId(f"site-{number}"), 1, number) for number in (1, BREAKS_THE_DISK, 2, 3)),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [NoneType, sa.exc.OperationalError, NoneType, NoneType]
    assert sorted(await centre.written()) == [1, 2, 3]


async def test_whoever_is_cancelled_while_a_batch_is_written_holds_up_nobody(centre: Centre) -> None:
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(centre.take_of(SITE, 1, 10))
        tasks.create_task(centre.take_of(OTHER, 1, 20))
        await asyncio.sleep(0)
        first.cancel()
    assert 20 in await centre.written()
    assert OTHER in [to for to, _ in centre.sent]
