"""Roll calls at the site: count at the ordered moment, seal the evidence, keep it in the outbox."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

import msgspec
import structlog

from site_agent.camera.counter import HeadCount, HeadCounter
from site_agent.link.outbox import Batch, Marks, OutboxRefused
from site_agent.roll_ledger import REMEMBERED, RollLedger, Sealed
from site_agent.state import CountedView, RollCallView, SiteState
from wire.codec import encode_record
from wire.ids import RollCallId
from wire.messages import Record, RollCallCount, RollCallOrder
from wire.rooms import ROLL_CALL_OPEN_NS

log = structlog.get_logger()

MS = 1_000_000
WAITING = 8
TRY_AGAIN_S = 5.0
BLIND_S = 15.0
"""Three bursts of the clock."""
_LOOK_S = 0.1
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
    """Takes orders one after another. ``ratio``: people by hand for one by camera, where somebody has counted both;
    ``sure``: whether the centre's time is known, ``blind_s`` how long an order waits for it."""

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
        self._orders: asyncio.Queue[RollCallOrder] = asyncio.Queue(WAITING)
        # Bounded like the ledger, which knows the rest.
        self._taken: dict[RollCallId, None] = {}
        for order in ledger.known.waiting[-WAITING:]:
            self._take(order)

    async def on_order(self, order: RollCallOrder) -> None:
        """For the line: take an order; a repeated one is harmless, one too many is left to the centre's repeat."""
        if order.roll_call in self._taken or self._ledger.knows(order.roll_call):
            return
        if self._is_too_late(order):
            log.warning("roll_call_too_late", roll_call=order.roll_call)
            return
        if self._orders.full():
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
        self._orders.put_nowait(order)

    async def run(self) -> None:
        """Finish what was sealed when the program stopped, then count until cancelled."""
        while True:
            await self._finish()
            order = await self._orders.get()
            if order.roll_call in self._ledger.known.kept:
                continue
            self._state.put(roll_call=RollCallView(order.at_ns // MS))
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

    async def _one(self, order: RollCallOrder) -> None:
        await self._time_known()
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
        """Whether the outbox got it already; bytes are compared, nothing is guessed."""
        marks = self._outbox.marks
        body = encode_record(sealed.record)
        # A restored disk has begun a new stream, which may hold what the older one did not get away.
        after = sealed.after if marks.stream == sealed.stream else marks.oldest - 1
        while (batch := await self._outbox.batch(after)) is not None:
            if body in batch.bodies:
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
        now_ns = self._now_ns()
        if self._sure() or abs(order.at_ns - now_ns) <= 2 * TOO_LATE_NS:
            return order
        log.warning("roll_call_by_wrong_clock", roll_call=order.roll_call)
        return msgspec.structs.replace(order, at_ns=max(0, now_ns))

    def _view(self, order: RollCallOrder, record: RollCallCount) -> CountedView:
        return CountedView(order.roll_call, order.at_ns // MS, record.count, record.reason, record.still, self._ratio())
