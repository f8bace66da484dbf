"""What goes up a connection, and when."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from site_agent.link import pump
from site_agent.link.outbox import Outbox
from site_agent.link.pump import RecordPump
from tests.doubles.eventually import eventually
from wire.messages import MAX_BATCH_RECORDS, Committed, DeclaredCount, Records, StreamIs, Up


class Line:
    """A running pump, and what it sent."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        self.pump = RecordPump(outbox)
        self.sent: list[Up] = []

    async def send(self, message: Up) -> None:
        self.sent.append(message)

    async def append(self, count: int) -> None:
        await self.outbox.append_many([DeclaredCount(roll_call=None, number=n, at_ns=1) for n in range(count)])

    def commit(self, through: int) -> None:
        self.pump.heard(Committed(stream=self.outbox.marks.stream, through=through))

    @property
    def batches(self) -> list[tuple[int, int]]:
        """(first number, records) of each batch."""
        return [(each.first, len(each.bodies)) for each in self.sent if isinstance(each, Records)]


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    outbox = await Outbox.open(tmp_path / "outbox.sqlite3")
    line = Line(outbox)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(line.pump.run(line.send))
        await eventually(lambda: isinstance(line.sent[0], StreamIs) if line.sent else False)
        line.commit(0)
        yield line
        running.cancel()
    await outbox.close()


async def test_single_records_wait_for_company_while_a_commit_is_owed(line: Line) -> None:
    await line.append(1)
    await eventually(lambda: line.batches == [(1, 1)])
    for _ in range(10):
        await line.append(1)
    assert line.batches == [(1, 1)]
    line.commit(1)
    await eventually(lambda: line.batches == [(1, 1), (2, 10)])


async def test_full_batches_do_not_wait(line: Line) -> None:
    await line.append(3 * MAX_BATCH_RECORDS + 5)
    full = [(1 + n * MAX_BATCH_RECORDS, MAX_BATCH_RECORDS) for n in range(3)]
    await eventually(lambda: line.batches == full)
    line.commit(3 * MAX_BATCH_RECORDS)
    await eventually(lambda: line.batches == [*full, (3 * MAX_BATCH_RECORDS + 1, 5)])


async def test_what_is_kept_during_a_hold_goes_afterwards_as_one_batch(line: Line) -> None:
    line.pump.hold(3.0)
    for _ in range(3):
        await line.append(1)
        await asyncio.sleep(0)
    assert line.batches == []
    await eventually(lambda: line.batches == [(1, 3)])
    assert not [each for each in line.sent[1:] if isinstance(each, StreamIs)]


@pytest.mark.parametrize("seconds", [0.5, 1.5, 2.5, 3.5])
async def test_a_hold_that_ends_between_two_looks_at_the_clock_is_over(
    line: Line, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    looks = itertools.count()
    monkeypatch.setattr(pump, "time", SimpleNamespace(monotonic=lambda: float(next(looks))))
    line.pump.hold(seconds)
    await line.append(1)
    await eventually(lambda: line.batches == [(1, 1)])


async def test_a_shorter_hold_ends_no_longer_one(line: Line) -> None:
    line.pump.hold(60.0)
    line.pump.hold(0.0)
    await line.append(MAX_BATCH_RECORDS)
    await asyncio.sleep(0.05)
    assert line.batches == []
