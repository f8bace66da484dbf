import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from site_agent.exam.feed import Feed
from site_agent.exam.journal import Journal
from site_agent.link.outbox import Outbox
from tests.doubles.eventually import eventually
from tests.doubles.exam_drafts import draft, seat
from wire.codec import decode_record
from wire.messages import DeclaredCount, Record


class Bench:
    """Journal, outbox and feed of one site, as after a start of the agent."""

    def __init__(self, journal: Journal, outbox: Outbox) -> None:
        self.journal = journal
        self.outbox = outbox
        self.rows: list[int] = []

    async def sent(self) -> list[bytes]:
        """Everything in the outbox, in order."""
        bodies: list[bytes] = []
        while (batch := await self.outbox.batch(len(bodies))) is not None:
            bodies += batch.bodies
        return bodies

    async def written(self) -> list[bytes]:
        return [body for _, body in await self.journal.bodies(0, 10_000)]


@asynccontextmanager
async def started(home: Path, *, feeding: bool = True, outbox: str = "outbox.sqlite3") -> AsyncIterator[Bench]:
    journal = Journal(home / "journal.sqlite3")
    await journal.start()
    box = await Outbox.open(home / outbox)
    bench = Bench(journal, box)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(Feed(journal, box, bench.rows.append).run()) if feeding else None
        yield bench
        if running:
            running.cancel()
    await box.close()
    await journal.stop()


async def test_every_row_is_handed_on_once_and_in_order(tmp_path: Path) -> None:
    async with started(tmp_path) as bench:
        await seat(bench.journal)
        await asyncio.gather(*(bench.journal.append(draft(seq)) for seq in range(1, 200)))
        await eventually(lambda: bench.outbox.marks.last == 200)
        assert await bench.sent() == await bench.written()
    async with started(tmp_path) as bench:
        await bench.journal.append(draft(200))
        await eventually(lambda: bench.outbox.marks.last == 201)
        assert await bench.sent() == await bench.written()


@pytest.mark.parametrize("through", [0, 3, 5])
async def test_a_crash_between_outbox_and_journal_loses_nothing_and_doubles_nothing(
    tmp_path: Path, through: int
) -> None:
    """The outbox has rows that the journal never noted, and a stranger's record among them."""
    async with started(tmp_path, feeding=False) as bench:
        await seat(bench.journal)
        for seq in range(1, 6):
            await bench.journal.append(draft(seq))
        rows = await bench.written()
        await append_raw(bench.outbox, rows[:2])
        await bench.outbox.append(DeclaredCount(roll_call=None, number=7, at_ns=1))
        await append_raw(bench.outbox, rows[2:4])
        await bench.outbox.committed(through)
    async with started(tmp_path) as bench:
        await eventually(lambda: bench.outbox.marks.last == 7)
        sent = await bench.sent()
        assert sent[:2] + sent[3:] == await bench.written()
        assert bench.rows[0] == {0: 0, 3: 2, 5: 4}[through]


async def test_a_new_outbox_gets_every_row(tmp_path: Path) -> None:
    async with started(tmp_path) as bench:
        await seat(bench.journal)
        await bench.journal.append(draft(1))
        await eventually(lambda: bench.outbox.marks.last == 2)
    async with started(tmp_path, outbox="new.sqlite3") as bench:
        await eventually(lambda: bench.outbox.marks.last == 2)
        assert await bench.sent() == await bench.written()


async def test_the_province_confirms_rows_and_may_take_it_back(tmp_path: Path) -> None:
    async with started(tmp_path) as bench:
        await bench.outbox.append(DeclaredCount(roll_call=None, number=7, at_ns=1))
        await seat(bench.journal)
        await bench.journal.append(draft(1))
        await eventually(lambda: bench.outbox.marks.last == 3)
        bench.rows.clear()
        for through in (1, 2, 3, 1):
            await bench.outbox.committed(through)
        assert bench.rows == [0, 1, 2, 0]


def reaches(outbox: Outbox, last: int) -> bool:
    return outbox.marks.last == last


async def append_raw(outbox: Outbox, bodies: Sequence[bytes]) -> None:
    records: list[Record] = [decode_record(body) for body in bodies]
    await outbox.append_many(records)


async def test_what_the_province_has_had_for_long_is_not_remembered_for_ever(tmp_path: Path) -> None:
    """A fall within what is remembered is told exactly; a deeper one is told as nothing at all."""
    async with started(tmp_path, feeding=False) as bench, asyncio.TaskGroup() as tasks:
        feed = Feed(bench.journal, bench.outbox, bench.rows.append, most_places=20)
        running = tasks.create_task(feed.run())
        await seat(bench.journal)
        for seq in range(1, 100):
            await bench.journal.append(draft(seq))
            await eventually(partial(reaches, bench.outbox, seq + 1))
            await bench.outbox.committed(seq + 1)
        bench.rows.clear()
        for through in (100, 95, 3, 100):
            await bench.outbox.committed(through)
        assert bench.rows == [100, 95, 0, 100]
        running.cancel()
