"""Roll calls at the site: count at the ordered moment, seal the evidence, keep it in the outbox."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from site_agent.camera.counter import HeadCount, HeadCounter
from site_agent.link.outbox import OutboxRefused
from site_agent.state import RollCallView, SiteState
from wire.ids import RollCallId
from wire.messages import RollCallCount, RollCallOrder

log = structlog.get_logger()

MS = 1_000_000
WAITING = 8
TOO_LATE_NS = 600 * 10**9
"""An order whose moment lies longer ago is not counted any more: it would say nothing of that moment."""


class Evidence(Protocol):
    """Seals a count; ``EvidenceChain`` is one."""

    def seal(self, order: RollCallOrder, counted: HeadCount) -> RollCallCount: ...


class RollCalls:
    """Takes orders one after another. ``keep`` stores a record durably before it returns."""

    def __init__(
        self,
        counter: HeadCounter,
        evidence: Evidence,
        keep: Callable[[RollCallCount], Awaitable[object]],
        state: SiteState,
        now_ns: Callable[[], int],
    ) -> None:
        self._counter = counter
        self._evidence = evidence
        self._keep = keep
        self._state = state
        self._now_ns = now_ns
        self._orders: asyncio.Queue[RollCallOrder] = asyncio.Queue(WAITING)
        self._known: set[RollCallId] = set()

    async def on_order(self, order: RollCallOrder) -> None:
        """For the line: take an order; a repeated one is harmless, one too many is left to the centre's repeat."""
        if order.roll_call in self._known:
            return
        if self._now_ns() - order.at_ns > TOO_LATE_NS:
            log.warning("roll_call_too_late", roll_call=order.roll_call)
            return
        try:
            self._orders.put_nowait(order)
        except asyncio.QueueFull:
            log.warning("roll_calls_full", roll_call=order.roll_call)
            return
        self._known.add(order.roll_call)

    async def run(self) -> None:
        """Count until cancelled."""
        while True:
            order = await self._orders.get()
            self._state.put(roll_call=RollCallView(order.at_ns // MS))
            try:
                counted = await self._counter.count(order)
                record = await asyncio.to_thread(self._evidence.seal, order, counted)
                await self._keep(record)
                log.info("room_counted", roll_call=order.roll_call, count=record.count, reason=record.reason)
            except (OSError, OutboxRefused) as error:
                log.error("count_not_kept", roll_call=order.roll_call, error=str(error))
                self._known.discard(order.roll_call)
            except Exception:
                # Whatever a picture does to the detector ends that count alone; the centre may order it again.
                log.exception("count_failed", roll_call=order.roll_call)
                self._known.discard(order.roll_call)
            finally:
                self._state.put(roll_call=None)
