"""Roll calls at the site: what becomes of an order whose count goes wrong."""

import asyncio

from site_agent.camera.counter import BurstOrder, HeadCount
from site_agent.camera.gate import Fault
from site_agent.camera.headcount import uncounted
from site_agent.rollcall import RollCalls
from site_agent.state import SiteName, SiteState, SiteView
from tests.doubles.eventually import eventually
from wire.ids import RollCallId, SessionId, SiteId
from wire.messages import RollCallCount, RollCallOrder


def order(name: str) -> RollCallOrder:
    return RollCallOrder(
        roll_call=RollCallId(name), session=SessionId("s"), nonce=b"n" * 16, at_ns=1, frames=1, span_ms=0
    )


class Counter:
    """Fails on the first order as no counter should, then counts."""

    def __init__(self) -> None:
        self.asked = 0

    async def count(self, _order: BurstOrder) -> HeadCount:
        self.asked += 1
        if self.asked == 1:
            raise ValueError("a picture of no size")
        return HeadCount(uncounted(Fault.NO_PICTURE), 1, 2)


class Sealing:
    """Seals without keys."""

    def seal(self, order: RollCallOrder, counted: HeadCount) -> RollCallCount:
        return RollCallCount(
            roll_call=order.roll_call,
            nonce=order.nonce,
            lo_ns=counted.lo_ns,
            hi_ns=counted.hi_ns,
            count=None,
            minimum=0,
            maximum=0,
            frames_used=0,
            quality=0.0,
            reason="no_picture",
            evidence=b"",
            signature=b"",
        )


async def test_a_count_that_fails_ends_that_count_alone_and_may_be_ordered_again() -> None:
    kept: list[RollCallCount] = []

    async def keep(record: RollCallCount) -> None:
        kept.append(record)

    state = SiteState(SiteView(site=SiteName(SiteId("site-a"), "A", "Trường A")))
    calls = RollCalls(Counter(), Sealing(), keep, state, lambda: 1)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(calls.run())
        for name in ("first", "second", "first"):
            await calls.on_order(order(name))
            await eventually(lambda: state.view.roll_call is None)
            await asyncio.sleep(0.01)
        await eventually(lambda: len(kept) == 2)
        running.cancel()
    assert [record.roll_call for record in kept] == ["second", "first"]
