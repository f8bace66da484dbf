"""Orders at a site: each once, through its own restart; over real files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from site_agent.orders.file import OrderFile
from site_agent.orders.service import Deed, DeedRefused, SiteOrders
from tests.doubles.eventually import eventually
from wire.ids import ClockState, OrderId
from wire.messages import OrderSeen, Record
from wire.orders import OrderAnswer, OrderOutcome, OrderWithdrawn, SiteOrder

NOW = 1_800_000_000 * 10**9
MINUTE = 60 * 10**9


class Time:
    """Centre time that a test moves."""

    def __init__(self) -> None:
        self.state = ClockState.SYNCED
        self.at_ns = NOW

    def now_ns(self) -> int:
        return self.at_ns


class Site:
    """One start of the agent over its file; `outbox` and `done` outlive it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.time = Time()
        self.outbox: list[OrderAnswer] = []
        self.seen: list[str] = []
        self.done: list[str] = []
        self.down: list[str] = []
        self.fault: Exception | None = None
        self.hangs = False

    async def deed(self, order: SiteOrder) -> None:
        self.done.append(order.id)
        if self.fault is not None:
            raise self.fault
        if self.hangs:
            await asyncio.Event().wait()

    async def keep(self, record: Record) -> int:
        assert isinstance(record, OrderAnswer)
        self.outbox.append(record)
        return len(self.outbox)

    def see(self, seen: OrderSeen) -> None:
        self.seen.append(seen.order)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[SiteOrders]:
        """Started, until the block ends, as if killed then."""
        file = await OrderFile.open(self.path)
        kinds: dict[str, Deed] = dict.fromkeys(("notice", "restart_screen", "restart_agent"), self.deed)
        orders = SiteOrders(file, kinds, keep=self.keep, seen=self.see, take_down=self.down.append, time=self.time)
        try:
            async with asyncio.TaskGroup() as tasks:
                task = tasks.create_task(orders.run())
                try:
                    yield orders
                finally:
                    task.cancel()
        finally:
            await file.close()

    async def answered(self, count: int = 1) -> list[tuple[str, str, str]]:
        await eventually(lambda: len(self.outbox) >= count)
        return [(each.order, each.outcome, each.reason) for each in self.outbox]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "orders.sqlite3")


def order(name: str = "o-1", kind: str = "restart_screen", minutes: int = 5) -> SiteOrder:
    until_ns = NOW + minutes * MINUTE
    return SiteOrder(id=OrderId(name), kind=kind, until_ns=until_ns, text_vi="Nghỉ", shown_until_ns=until_ns)


async def test_an_order_is_acknowledged_done_and_answered(site: Site) -> None:
    async with site.running() as orders:
        await orders.on_order(order())
        assert site.seen == ["o-1"]
        assert await site.answered() == [("o-1", "done", "")]


async def test_a_repeated_order_is_acknowledged_and_not_done_again(site: Site) -> None:
    async with site.running() as orders:
        await orders.on_order(order())
        await site.answered()
        await orders.on_order(order())
    async with site.running() as orders:
        await orders.on_order(order())
        await orders.on_order(order("o-2"))
        await site.answered(2)
    assert site.done == ["o-1", "o-2"]
    assert site.seen == ["o-1", "o-1", "o-1", "o-2"]


async def test_an_order_to_restart_is_answered_by_the_next_start_and_never_loops(site: Site) -> None:
    site.hangs = True
    async with site.running() as orders:
        await orders.on_order(order(kind="restart_agent"))
        await eventually(lambda: site.done == ["o-1"])
        assert site.outbox == []
    async with site.running() as orders:
        assert await site.answered() == [("o-1", "done", "")]
        await orders.on_order(order(kind="restart_agent"))
    async with site.running():
        pass
    assert (site.done, len(site.outbox)) == (["o-1"], 1)


async def test_an_order_that_was_interrupted_by_the_end_of_the_agent_is_done_at_the_next_start(site: Site) -> None:
    site.hangs = True
    async with site.running() as orders:
        await orders.on_order(order())
        await eventually(lambda: site.done == ["o-1"])
    site.hangs = False
    async with site.running():
        assert await site.answered() == [("o-1", "done", "")]


async def test_a_refusal_carries_its_reason(site: Site) -> None:
    site.fault = DeedRefused("exam_open")
    async with site.running() as orders:
        await orders.on_order(order())
        assert await site.answered() == [("o-1", "failed", "exam_open")]


async def test_a_fault_ends_that_order_alone(site: Site) -> None:
    site.fault = RuntimeError("broken")
    async with site.running() as orders:
        await orders.on_order(order())
        assert await site.answered() == [("o-1", "failed", "fault")]
        site.fault = None
        await orders.on_order(order("o-2"))
        assert (await site.answered(2))[1] == ("o-2", "done", "")


async def test_an_order_of_a_newer_centre_is_not_supported(site: Site) -> None:
    async with site.running() as orders:
        await orders.on_order(order(kind="fireworks"))
        assert await site.answered() == [("o-1", "unsupported", "old_agent")]


async def test_an_order_whose_time_is_over_is_not_done(site: Site) -> None:
    site.time.at_ns = NOW + 6 * MINUTE
    async with site.running() as orders:
        await orders.on_order(order())
        assert await site.answered() == [("o-1", "expired", "late")]
    assert site.done == []


async def test_a_computer_that_does_not_know_the_time_believes_the_centre(site: Site) -> None:
    site.time.at_ns, site.time.state = NOW + 600 * MINUTE, ClockState.BLIND
    async with site.running() as orders:
        await orders.on_order(order())
        assert await site.answered() == [("o-1", "done", "")]


async def test_a_notice_is_shown_again_after_a_restart_until_it_is_over_or_withdrawn(site: Site) -> None:
    async with site.running() as orders:
        await orders.on_order(order("o-1", "notice"))
        await orders.on_order(order("o-2", "notice", minutes=60))
        await orders.on_order(order("o-3", "notice", minutes=60))
        await site.answered(3)
        await orders.on_withdrawn(OrderWithdrawn(order=OrderId("o-3")))
        assert site.down == ["o-3"]
    site.time.at_ns = NOW + 6 * MINUTE
    site.done.clear()
    async with site.running():
        await eventually(lambda: site.done != [])
    assert site.done == ["o-2"]
    assert len(site.outbox) == 3


async def test_an_order_withdrawn_before_it_was_begun_is_not_done(site: Site) -> None:
    site.hangs = True
    async with site.running() as orders:
        await orders.on_order(order("o-1"))
        await orders.on_order(order("o-2"))
        await orders.on_withdrawn(OrderWithdrawn(order=OrderId("o-2")))
    site.hangs = False
    async with site.running():
        await site.answered(2)
    assert "o-2" not in site.done
    assert site.outbox[1].reason == "withdrawn"


async def test_a_damaged_file_is_put_aside_and_the_agent_starts(site: Site) -> None:
    site.path.write_bytes(b"no database at all, but long enough to be looked at" * 40)
    async with site.running() as orders:
        await orders.on_order(order())
        assert (await site.answered())[0][1] == OrderOutcome.DONE
    assert site.path.with_name("orders.sqlite3.damaged").exists()


async def test_a_clock_that_does_not_know_the_time_forgets_nothing_and_repeats_nothing(site: Site) -> None:
    async with site.running() as orders:
        await orders.on_order(order())
        await site.answered()
        site.time.at_ns = NOW + 60 * 24 * 60 * MINUTE
        site.time.state = ClockState.BLIND
        await orders.on_order(order("o-2"))
        await site.answered(2)
        site.time.state = ClockState.SYNCED
        await orders.on_order(order())
    assert site.done == ["o-1", "o-2"]


async def test_a_file_that_cannot_be_opened_now_is_not_taken_for_damaged(tmp_path: Path) -> None:
    path = tmp_path / "orders.sqlite3"
    path.mkdir()
    with pytest.raises(OSError, match="orders"):
        await OrderFile.open(path)
    assert path.is_dir()
