"""Roll calls at the site: count at the ordered moment, seal the evidence, keep it in the outbox."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

import msgspec
import structlog

from site_agent.camera.counter import HeadCount, HeadCounter
from site_agent.link.dialling import within
from site_agent.link.outbox import Batch, Marks, OutboxRefused
from site_agent.roll_ledger import REMEMBERED, RollLedger, Sealed
from site_agent.state import CountedView, RollCallView, SiteState
from wire.codec import encode_record
from wire.ids import RollCallId
from wire.messages import Record, RollCallCount, RollCallOrder
from wire.rollcall import without_picture
from wire.rooms import ROLL_CALL_OPEN_NS

log = structlog.get_logger()

MS = 1_000_000
WAITING = 8
"""Orders that wait for their moment; when one more comes, the farthest of all is left to the centre's repeat."""
TRY_AGAIN_S = 5.0
BLIND_S = 15.0
"""Three bursts of the clock."""
_LOOK_S = 0.1
_READY_NS = 10**9
"""Before its moment an order is handed to the camera, which waits for the rest more exactly."""
TOO_LATE_NS = ROLL_CALL_OPEN_NS
"""An order whose moment lies longer ago is not counted any more: it would say nothing of that moment."""


class Evidence(Protocol):
    """Seals a count; ``EvidenceChain`` is one."""

    def seal(self, order: RollCallOrder, counted: HeadCount) -> RollCallCount: ...
    def advance(self, record: RollCallCount) -> None: ...


class Keeping(Protocol):
    """Keeps records for the centre; ``Outbox`` is one."""

    @property
    def marks(self) -> Marks: ...
    async def append(self, record: Record) -> int: ...
    async def batch(self, after: int) -> Batch | None: ...


class RollCalls:
    """Counts one order after another, by their moments, however they came. ``ratio``: people by hand for one by camera,
    where somebody has counted both; ``sure``: whether the centre's time is known, ``blind_s`` how long an order waits
    for it."""

    def __init__(
        self,
        counter: HeadCounter,
        evidence: Evidence,
        outbox: Keeping,
        ledger: RollLedger,
        state: SiteState,
        now_ns: Callable[[], int],
        *,
        ratio: Callable[[], float | None] = lambda: None,
        sure: Callable[[], bool] = lambda: True,
        pause_s: float = TRY_AGAIN_S,
        blind_s: float = BLIND_S,
    ) -> None:
        self._counter = counter
        self._evidence = evidence
        self._outbox = outbox
        self._ledger = ledger
        self._state = state
        self._now_ns = now_ns
        self._ratio = ratio
        self._sure = sure
        self._pause_s = pause_s
        self._blind_s = blind_s
        self._waiting: list[RollCallOrder] = []
        self._came = asyncio.Event()
        # Bounded like the ledger, which knows the rest.
        self._taken: dict[RollCallId, None] = {}
        # One more than may wait: the one that was being counted is still among them.
        for order in sorted(ledger.known.waiting, key=_moment)[-WAITING - 1 :]:
            self._take(order)

    @property
    def waiting(self) -> int:
        """Orders whose moment has not come."""
        return len(self._waiting)

    async def on_order(self, order: RollCallOrder) -> None:
        """For the line: take an order; a repeated one is harmless, one too many is left to the centre's repeat."""
        if order.roll_call in self._taken or self._ledger.knows(order.roll_call):
            return
        if self._is_too_late(order):
            log.warning("roll_call_too_late", roll_call=order.roll_call)
            return
        if not await self._has_room(order):
            log.warning("roll_calls_full", roll_call=order.roll_call)
            return
        try:
            await asyncio.to_thread(self._ledger.wait, order)
        except OSError as error:
            # Counted all the same: what a full disk forgets, the centre's repeat brings back.
            log.error("roll_call_not_written", roll_call=order.roll_call, error=str(error))
        self._take(order)

    def _take(self, order: RollCallOrder) -> None:
        self._taken[order.roll_call] = None
        while len(self._taken) > REMEMBERED:
            del self._taken[next(iter(self._taken))]
        self._waiting.append(order)
        self._came.set()

    async def _has_room(self, order: RollCallOrder) -> bool:
        """Whether one more may wait; the farthest gives way to one that comes sooner."""
        if len(self._waiting) < WAITING:
            return True
        farthest = max(self._waiting, key=_moment)
        if order.at_ns >= farthest.at_ns:
            return False
        log.warning("roll_calls_full", roll_call=farthest.roll_call)
        self._waiting.remove(farthest)
        await self._let_go(farthest)
        return True

    async def run(self) -> None:
        """Finish what was sealed when the program stopped, then count until cancelled."""
        while True:
            await self._finish()
            order = await self._next()
            try:
                await self._one(order)
            except (OSError, OutboxRefused) as error:
                log.error("count_not_kept", roll_call=order.roll_call, error=str(error))
                await self._let_go(order)
            except Exception:
                # Whatever a picture does to the detector ends that count alone; the centre may order it again.
                log.exception("count_failed", roll_call=order.roll_call)
                await self._let_go(order)
            finally:
                self._state.put(roll_call=None)

    async def _next(self) -> RollCallOrder:
        """The order whose moment comes first, once it is near. One that comes meanwhile for an earlier moment is first,
        whatever waits already."""
        kept = self._ledger.known.kept
        self._waiting = [each for each in self._waiting if each.roll_call not in kept]
        timed: RollCallOrder | None = None
        while True:
            self._came.clear()
            if not self._waiting:
                await self._came.wait()
                continue
            order = min(self._waiting, key=_moment)
            self._show(order)
            if order is not timed:
                await self._time_known()
                timed = order
                continue
            left_ns = self._left_ns(order)
            if left_ns <= _READY_NS:
                self._waiting.remove(order)
                return order
            # In short looks, because the estimate of centre time moves while the agent waits.
            await within(min((left_ns - _READY_NS) / 1e9, _LOOK_S), self._came)

    def _show(self, order: RollCallOrder) -> None:
        view = RollCallView(order.at_ns // MS)
        if self._state.view.roll_call != view:
            self._state.put(roll_call=view)

    async def _one(self, order: RollCallOrder) -> None:
        if self._is_too_late(order):
            log.warning("roll_call_too_late", roll_call=order.roll_call)
            await self._let_go(order)
            return
        counted = await self._counter.count(self._timely(order))
        record = await asyncio.to_thread(self._evidence.seal, order, counted)
        marks = self._outbox.marks
        sealed = Sealed(record, marks.stream, marks.last)
        await asyncio.to_thread(self._ledger.seal, sealed)
        await self._hand_over(sealed)
        log.info("room_counted", roll_call=order.roll_call, count=record.count, reason=record.reason)
        self._state.put(counted=self._view(order, record))

    async def _finish(self) -> None:
        """Hand over the count that is sealed but not kept, before any other is sealed: the chain must not lose it."""
        while (sealed := self._ledger.known.sealed) is not None:
            try:
                await self._hand_over(sealed)
            except (OSError, OutboxRefused) as error:
                log.error("sealed_count_waits", roll_call=sealed.record.roll_call, error=str(error))
                await asyncio.sleep(self._pause_s)

    async def _hand_over(self, sealed: Sealed) -> None:
        """Give a sealed count to the outbox exactly once, whatever happened before."""
        await asyncio.to_thread(self._evidence.advance, sealed.record)
        if not await self._has(sealed):
            await self._outbox.append(sealed.record)
        await asyncio.to_thread(self._ledger.kept, sealed.record.roll_call)

    async def _has(self, sealed: Sealed) -> bool:
        """Whether the outbox got it already; bytes are compared, nothing is guessed. The centre may have it by now, and
        then the outbox has let its picture go."""
        marks = self._outbox.marks
        mine = {encode_record(sealed.record), encode_record(without_picture(sealed.record))}
        # A restored disk has begun a new stream, which may hold what the older one did not get away.
        after = sealed.after if marks.stream == sealed.stream else marks.oldest - 1
        while (batch := await self._outbox.batch(after)) is not None:
            if not mine.isdisjoint(batch.bodies):
                return True
            after = batch.last
        return False

    async def _let_go(self, order: RollCallOrder) -> None:
        sealed = self._ledger.known.sealed
        if sealed is not None and sealed.record.roll_call == order.roll_call:
            return  # sealed: it is handed over, not counted again
        self._taken.pop(order.roll_call, None)
        try:
            await asyncio.to_thread(self._ledger.drop, order.roll_call)
        except OSError as error:
            log.error("roll_call_not_written", roll_call=order.roll_call, error=str(error))

    def _is_too_late(self, order: RollCallOrder) -> bool:
        """Never by a clock that nobody has set: the evidence says how well the moment is known, the centre judges."""
        return self._sure() and self._now_ns() - order.at_ns > TOO_LATE_NS

    async def _time_known(self) -> None:
        """Give a line that has just come the moment that it takes to tell the time."""
        waited_s = 0.0
        while not self._sure() and waited_s < self._blind_s:
            await asyncio.sleep(_LOOK_S)
            waited_s += _LOOK_S

    def _timely(self, order: RollCallOrder) -> RollCallOrder:
        """Without the centre's time an order far from this computer's own is meant for now: orders come just before
        their moment."""
        if not self._is_by_wrong_clock(order):
            return order
        log.warning("roll_call_by_wrong_clock", roll_call=order.roll_call)
        return msgspec.structs.replace(order, at_ns=max(0, self._now_ns()))

    def _is_by_wrong_clock(self, order: RollCallOrder) -> bool:
        return not self._sure() and abs(order.at_ns - self._now_ns()) > 2 * TOO_LATE_NS

    def _left_ns(self, order: RollCallOrder) -> int:
        return 0 if self._is_by_wrong_clock(order) else order.at_ns - self._now_ns()

    def _view(self, order: RollCallOrder, record: RollCallCount) -> CountedView:
        return CountedView(order.roll_call, order.at_ns // MS, record.count, record.reason, record.still, self._ratio())


def _moment(order: RollCallOrder) -> int:
    return order.at_ns
