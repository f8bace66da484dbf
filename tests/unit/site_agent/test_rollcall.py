"""Roll calls at the site: what becomes of an order whose count goes wrong, and of a program that stops at any point."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from site_agent.camera.counter import BurstOrder, HeadCount
from site_agent.camera.evidence import EvidenceChain
from site_agent.camera.gate import Fault
from site_agent.camera.headcount import uncounted
from site_agent.link.outbox import Batch, Marks, Outbox, OutboxRefused
from site_agent.roll_ledger import RollLedger
from site_agent.rollcall import TOO_LATE_NS, WAITING, RollCalls
from site_agent.state import SiteName, SiteState, SiteView
from tests.doubles.camera import ScriptedCounter
from tests.doubles.eventually import eventually
from wire.codec import decode_record
from wire.evidence import GENESIS, evidence_digest, verify_evidence
from wire.ids import RollCallId, SessionId, SiteId
from wire.messages import Record, RollCallCount, RollCallOrder

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def order(name: str, at_ns: int = 1) -> RollCallOrder:
    return RollCallOrder(
        roll_call=RollCallId(name), session=SessionId("s"), nonce=b"n" * 16, at_ns=at_ns, frames=1, span_ms=0
    )


def site_state() -> SiteState:
    return SiteState(SiteView(site=SiteName(SiteId("site-a"), "A", "Trường A")))


class FailsOnce:
    """Fails on the first order as no counter should, then counts."""

    def __init__(self) -> None:
        self.asked = 0

    async def count(self, _order: BurstOrder) -> HeadCount:
        self.asked += 1
        if self.asked == 1:
            raise ValueError("a picture of no size")
        return HeadCount(uncounted(Fault.NO_PICTURE), 1, 2)


S = 10**9
MINUTE = 60 * S


class AtTheMoment:
    """Counts three people, once the moment of the order has come, as the camera does."""

    def __init__(self, now: list[int]) -> None:
        self._now = now

    async def count(self, order: BurstOrder) -> HeadCount:
        await eventually(lambda: self._now[0] >= order.at_ns)
        return await ScriptedCounter(3).count(order)


class PowerCut(BaseException):
    """The computer stops here; nothing that runs may catch it."""


class Cut:
    """Chain, ledger and outbox of one agent, whose power is cut just before or just after one step."""

    def __init__(self, home: Path, outbox: Outbox, step: str = "", *, after: bool = False) -> None:
        self.chain = EvidenceChain(home / "chain", SiteId("site-a"), KEY)
        self.ledger = RollLedger(home)
        self.outbox = outbox
        self.step, self.after = step, after
        self.seal = self.chain.seal
        self.batch = outbox.batch

    @property
    def marks(self) -> Marks:
        return self.outbox.marks

    def advance(self, record: RollCallCount) -> None:
        self._cut("advance", after=False)
        self.chain.advance(record)
        self._cut("advance", after=True)

    async def append(self, record: Record) -> int:
        self._cut("append", after=False)
        number = await self.outbox.append(record)
        self._cut("append", after=True)
        return number

    def _cut(self, step: str, *, after: bool) -> None:
        if (step, after) == (self.step, self.after):
            raise PowerCut


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Outbox]:
    outbox = await Outbox.open(path)
    try:
        yield outbox
    finally:
        await outbox.close()


async def records(outbox: Outbox) -> list[RollCallCount]:
    batch = await outbox.batch(0)
    found = [decode_record(body) for body in batch.bodies] if batch is not None else []
    return [record for record in found if isinstance(record, RollCallCount)]


def chain_holds(found: list[RollCallCount]) -> bool:
    public, previous = KEY.public_key().public_bytes_raw(), GENESIS
    for record in found:
        if verify_evidence(public, record.evidence, record.signature).previous != previous:
            return False
        previous = evidence_digest(record.evidence)
    return True


@asynccontextmanager
async def running(calls: RollCalls) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        life = tasks.create_task(calls.run())
        yield
        life.cancel()


async def test_a_count_that_fails_ends_that_count_alone_and_may_be_ordered_again(tmp_path: Path) -> None:
    async with opened(tmp_path / "outbox") as outbox:
        chain = EvidenceChain(tmp_path / "chain", SiteId("site-a"), KEY)
        counter, state = FailsOnce(), site_state()
        calls = RollCalls(counter, chain, outbox, RollLedger(tmp_path), state, lambda: 1)
        async with running(calls):
            await calls.on_order(order("first"))
            await eventually(lambda: counter.asked == 1 and state.view.roll_call is None)
            await calls.on_order(order("second"))
            await eventually(lambda: outbox.marks.last == 1)
            await eventually(lambda: RollLedger(tmp_path).known.waiting == ())
            await calls.on_order(order("first"))
            await eventually(lambda: outbox.marks.last == 2)
        assert [record.roll_call for record in await records(outbox)] == ["second", "first"]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", ["advance", "append"])
async def test_a_power_cut_at_any_step_loses_no_count_and_doubles_none(tmp_path: Path, step: str, after: bool) -> None:
    async with opened(tmp_path / "outbox") as outbox:
        await outbox.append(await sealed_elsewhere(tmp_path / "other"))
        cut = Cut(tmp_path, outbox, step, after=after)
        calls = RollCalls(ScriptedCounter(21, 22), cut, cut, cut.ledger, site_state(), lambda: 1)
        await calls.on_order(order("a"))
        with pytest.raises(PowerCut):
            await calls.run()
    async with opened(tmp_path / "outbox") as outbox:
        again = Cut(tmp_path, outbox)
        counter = ScriptedCounter(33)
        calls = RollCalls(counter, again, again, again.ledger, site_state(), lambda: 1)
        async with running(calls):
            await calls.on_order(order("a"))
            await calls.on_order(order("b"))
            await eventually(lambda: RollLedger(tmp_path).knows(RollCallId("b")) and outbox.marks.last == 3)
            await eventually(lambda: RollLedger(tmp_path).known.waiting == ())
        found = (await records(outbox))[1:]
        assert [(record.roll_call, record.count) for record in found] == [("a", 21), ("b", 33)]
        assert chain_holds(found)
        assert len(counter.orders) == 1


async def sealed_elsewhere(home: Path) -> RollCallCount:
    """A record that is in the outbox already."""
    home.mkdir()
    counted = await ScriptedCounter(5).count(order("earlier"))
    return EvidenceChain(home / "chain", SiteId("site-a"), KEY).seal(order("earlier"), counted)


async def test_an_order_outlives_a_program_that_stops_before_its_moment(tmp_path: Path) -> None:
    async with opened(tmp_path / "outbox") as outbox:
        stopped = Cut(tmp_path, outbox)
        await RollCalls(ScriptedCounter(1), stopped, stopped, stopped.ledger, site_state(), lambda: 1).on_order(
            order("a")
        )
        again = Cut(tmp_path, outbox)
        state = site_state()
        calls = RollCalls(ScriptedCounter(17), again, again, again.ledger, state, lambda: 1, ratio=lambda: 1.25)
        async with running(calls):
            await eventually(lambda: state.view.counted is not None)
        assert [record.count for record in await records(outbox)] == [17]
        assert state.view.counted is not None
        assert (state.view.counted.roll_call, state.view.counted.ratio) == ("a", 1.25)


async def test_an_order_that_waited_too_long_is_not_counted(tmp_path: Path) -> None:
    now = [1]
    async with opened(tmp_path / "outbox") as outbox:
        stopped = Cut(tmp_path, outbox)
        await RollCalls(ScriptedCounter(1), stopped, stopped, stopped.ledger, site_state(), lambda: 1).on_order(
            order("a")
        )
        now[0] = TOO_LATE_NS + 2
        again = Cut(tmp_path, outbox)
        counter = ScriptedCounter(17)
        calls = RollCalls(counter, again, again, again.ledger, site_state(), lambda: now[0])
        async with running(calls):
            await eventually(lambda: RollLedger(tmp_path).known.waiting == ())
        assert (counter.orders, outbox.marks.last) == ([], 0)


async def test_a_clock_that_nobody_has_set_drops_no_order(tmp_path: Path) -> None:
    known, now = False, 10 * TOO_LATE_NS
    async with opened(tmp_path / "outbox") as outbox:
        chain, counter = EvidenceChain(tmp_path / "chain", SiteId("site-a"), KEY), ScriptedCounter(21, 22)
        calls = RollCalls(
            counter,
            chain,
            outbox,
            RollLedger(tmp_path),
            site_state(),
            lambda: now,
            sure=lambda: known,
            blind_s=0.3,
        )
        async with running(calls):
            await calls.on_order(order("a"))
            await eventually(lambda: outbox.marks.last == 1)
            assert counter.orders[0].at_ns == now
            now = 2
            await calls.on_order(order("b"))
            known = True
            await eventually(lambda: outbox.marks.last == 2)
            assert counter.orders[1].at_ns == 1
            now = 10 * TOO_LATE_NS
            await calls.on_order(order("c"))
            assert not RollLedger(tmp_path).knows(RollCallId("c"))


async def test_an_order_for_later_holds_up_none_that_comes_after_it_for_sooner(tmp_path: Path) -> None:
    now = [0]
    async with opened(tmp_path / "outbox") as outbox:
        chain, state = EvidenceChain(tmp_path / "chain", SiteId("site-a"), KEY), site_state()
        calls = RollCalls(AtTheMoment(now), chain, outbox, RollLedger(tmp_path), state, lambda: now[0])
        async with running(calls):
            await calls.on_order(order("planned", 10 * MINUTE))
            await eventually(lambda: state.view.roll_call is not None)
            now[0] = MINUTE
            await calls.on_order(order("random", MINUTE + 3 * S))
            await eventually(lambda: state.view.roll_call is not None and state.view.roll_call.at_ms == 63_000)
            now[0] = MINUTE + 3 * S
            await eventually(lambda: outbox.marks.last == 1)
            await eventually(lambda: state.view.roll_call is not None and state.view.roll_call.at_ms == 600_000)
            now[0] = 10 * MINUTE
            await eventually(lambda: outbox.marks.last == 2)
        found = await records(outbox)
        assert [(record.roll_call, record.lo_ns) for record in found] == [
            ("random", MINUTE + 3 * S),
            ("planned", 10 * MINUTE),
        ]
        assert chain_holds(found)


async def test_orders_that_waited_through_a_restart_are_counted_by_their_moments(tmp_path: Path) -> None:
    now = [0]
    wanted = [order("third", 3 * MINUTE), order("first", MINUTE), order("second", 2 * MINUTE)]
    async with opened(tmp_path / "outbox") as outbox:
        stopped = Cut(tmp_path, outbox)
        before = RollCalls(AtTheMoment(now), stopped, stopped, stopped.ledger, site_state(), lambda: now[0])
        for each in wanted:
            await before.on_order(each)
        again = Cut(tmp_path, outbox)
        async with running(RollCalls(AtTheMoment(now), again, again, again.ledger, site_state(), lambda: now[0])):
            for counted in (1, 2, 3):
                now[0] = counted * MINUTE
                await eventually(lambda counted=counted: outbox.marks.last == counted)  # type: ignore[misc]
        assert [record.roll_call for record in await records(outbox)] == ["first", "second", "third"]


async def test_where_too_many_wait_the_farthest_gives_way_and_may_come_again(tmp_path: Path) -> None:
    now = [0]
    async with opened(tmp_path / "outbox") as outbox:
        cut = Cut(tmp_path, outbox)
        calls = RollCalls(AtTheMoment(now), cut, cut, cut.ledger, site_state(), lambda: now[0])
        for place in range(WAITING):
            await calls.on_order(order(f"later-{place}", (place + 2) * MINUTE))
        await calls.on_order(order("farther", 60 * MINUTE))
        await calls.on_order(order("sooner", MINUTE))
        waiting = {each.roll_call for each in RollLedger(tmp_path).known.waiting}
        assert waiting == {"sooner", *(f"later-{place}" for place in range(WAITING - 1))}
        async with running(calls):
            now[0] = MINUTE
            await eventually(lambda: outbox.marks.last == 1)
            await calls.on_order(order(f"later-{WAITING - 1}", (WAITING + 1) * MINUTE))
        assert RollLedger(tmp_path).knows(RollCallId(f"later-{WAITING - 1}"))


async def test_a_full_agent_that_stops_in_the_middle_of_a_count_forgets_no_order(tmp_path: Path) -> None:
    now = [MINUTE]
    names = {"under-way", *(f"later-{place}" for place in range(WAITING))}
    async with opened(tmp_path / "outbox") as outbox:
        stopped = Cut(tmp_path, outbox)
        before = RollCalls(AtTheMoment(now), stopped, stopped, stopped.ledger, site_state(), lambda: now[0])
        async with running(before):
            await before.on_order(order("under-way", MINUTE + S))
            await eventually(lambda: before.waiting == 0)
            for place in range(WAITING):
                await before.on_order(order(f"later-{place}", (place + 2) * MINUTE))
        again = Cut(tmp_path, outbox)
        now[0] = 20 * S
        calls = RollCalls(AtTheMoment(now), again, again, again.ledger, site_state(), lambda: now[0])
        assert calls.waiting == len(names)
        async with running(calls):
            now[0] = MINUTE + S
            await eventually(lambda: outbox.marks.last == 1)
        assert [record.roll_call for record in await records(outbox)] == ["under-way"]


async def test_a_count_that_the_centre_has_already_is_not_kept_twice(tmp_path: Path) -> None:
    """Its picture has gone with the centre's word, and then the power was cut before the ledger knew."""
    async with opened(tmp_path / "outbox") as outbox:
        cut = Cut(tmp_path, outbox, "append", after=True)
        calls = RollCalls(Pictured(), cut, cut, cut.ledger, site_state(), lambda: 1)
        await calls.on_order(order("a"))
        with pytest.raises(PowerCut):
            await calls.run()
        await outbox.committed(1)
        again = Cut(tmp_path, outbox)
        async with running(RollCalls(Pictured(), again, again, again.ledger, site_state(), lambda: 1)):
            await eventually(lambda: RollLedger(tmp_path).known.kept == ("a",))
        assert [(record.picture, record.let_go) for record in await records(outbox)] == [(None, True)]


class Pictured:
    """Counts a room and takes its picture."""

    async def count(self, order: BurstOrder) -> HeadCount:
        return msgspec.structs.replace(await ScriptedCounter(3).count(order), picture=b"jpeg")


async def test_a_sealed_count_waits_for_room_in_the_outbox_and_no_other_is_sealed_before(tmp_path: Path) -> None:
    async with opened(tmp_path / "outbox") as outbox:
        refusing = Refusing(outbox)
        chain = EvidenceChain(tmp_path / "chain", SiteId("site-a"), KEY)
        calls = RollCalls(
            ScriptedCounter(21, 22), chain, refusing, RollLedger(tmp_path), site_state(), lambda: 1, pause_s=0.01
        )
        async with running(calls):
            await calls.on_order(order("a"))
            await calls.on_order(order("b"))
            await eventually(lambda: refusing.refused > 2)
            assert outbox.marks.last == 0
            refusing.is_full = False
            await eventually(lambda: outbox.marks.last == 2)
        found = await records(outbox)
        assert [record.count for record in found] == [21, 22]
        assert chain_holds(found)


class Refusing:
    """An outbox on a full disk."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self.is_full = True
        self.refused = 0

    @property
    def marks(self) -> Marks:
        return self._outbox.marks

    async def append(self, record: Record) -> int:
        if self.is_full:
            self.refused += 1
            raise OutboxRefused("disk_full", "full")
        return await self._outbox.append(record)

    async def batch(self, after: int) -> Batch | None:
        return await self._outbox.batch(after)
