"""Carries out what the centre orders, one after another and each once, and answers through the outbox.

The ledger is the queue: an order is written down before it is acknowledged, marked as begun before anything happens,
and answered at the end. After a restart, whatever was begun and not answered is looked at again; an order to restart
the agent that was begun has then been carried out.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Protocol

import structlog

from site_agent.link.outbox import OutboxRefused
from site_agent.orders import ledger
from site_agent.orders.file import OrderFile
from site_agent.orders.ledger import Kept
from wire.ids import ClockState, OrderId
from wire.messages import OrderSeen, Record
from wire.orders import OrderAnswer, OrderKind, OrderOutcome, OrderWithdrawn, SiteOrder
from wire.unreadable import UNREADABLE

log = structlog.get_logger()

DEED_LIMIT_S = 120.0
RETRY_S = 5.0


class DeedRefused(Exception):
    """An order is not carried out; `reason` is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Time(Protocol):
    """Centre time as this computer knows it."""

    @property
    def state(self) -> ClockState: ...

    def now_ns(self) -> int: ...


Deed = Callable[[SiteOrder], Awaitable[None]]
"""Does what an order asks; raises `DeedRefused`."""


class SiteOrders:
    """`on_order` and `on_withdrawn` are fed by the line; `run` begins with `resume`."""

    def __init__(
        self,
        file: OrderFile,
        deeds: Mapping[str, Deed],
        *,
        keep: Callable[[Record], Awaitable[object]],
        seen: Callable[[OrderSeen], None],
        take_down: Callable[[OrderId], None],
        time: Time,
    ) -> None:
        self._file = file
        self._deeds = deeds
        self._keep = keep
        self._seen = seen
        self._take_down = take_down
        self._time = time
        self._stir = asyncio.Event()

    @property
    def kinds(self) -> list[str]:
        """The orders that this agent understands."""
        return sorted(self._deeds)

    async def on_order(self, order: SiteOrder) -> None:
        """For the line: remember an order, then say that it is here. A known one is only acknowledged."""
        # Nothing is forgotten by a clock that does not know the time: what is forgotten could be ordered again.
        now_ns = None if self._time.state is ClockState.BLIND else self._time.now_ns()
        if await self._file.run(lambda conn: ledger.take(conn, order, now_ns)):
            log.info("order_taken", order=order.id, kind=order.kind)
            self._stir.set()
        self._seen(OrderSeen(order=order.id))

    async def on_withdrawn(self, withdrawn: OrderWithdrawn) -> None:
        """For the line: what is not begun is not done any more, and a notice leaves the screen."""
        await self._file.run(partial(ledger.withdraw, order=withdrawn.order))
        self._take_down(withdrawn.order)

    async def resume(self) -> None:
        """After a start of the agent: show notices again, and answer for a restart that has just happened."""
        now_ns = self._time.now_ns()
        for order in await self._file.run(lambda conn: ledger.notices(conn, now_ns)):
            await self._deeds[OrderKind.NOTICE](order)
        for kept in await self._file.run(ledger.unanswered):
            if kept.begun and kept.order.kind == OrderKind.RESTART_AGENT:
                await self._answer(kept.order, OrderOutcome.DONE)
        self._stir.set()

    async def run(self) -> None:
        """Carry orders out until cancelled. A fault of the file never keeps the agent from its exam."""
        resumed = False
        self._stir.set()
        while True:
            await self._stir.wait()
            self._stir.clear()
            try:
                if not resumed:
                    await self.resume()
                    resumed = True
                while waiting := await self._file.run(ledger.unanswered):
                    await self._carry_out(waiting[0])
            except (sqlite3.Error, OutboxRefused, OSError, *UNREADABLE) as error:
                log.error("order_not_kept", error=type(error).__name__)
                await asyncio.sleep(RETRY_S)
                self._stir.set()

    async def _carry_out(self, kept: Kept) -> None:
        order = kept.order
        deed = self._deeds.get(order.kind)
        if kept.withdrawn:
            await self._answer(order, OrderOutcome.FAILED, "withdrawn")
        elif deed is None:
            await self._answer(order, OrderOutcome.UNSUPPORTED, "old_agent")
        elif self._is_over(kept):
            await self._answer(order, OrderOutcome.EXPIRED, "late")
        else:
            await self._file.run(partial(ledger.begin, order=order.id))
            await self._answer(order, *await self._done(deed, order))

    def _is_over(self, kept: Kept) -> bool:
        # The centre sends nothing that is over; a computer that does not know the time believes it.
        return self._time.state is not ClockState.BLIND and self._time.now_ns() > kept.order.until_ns

    async def _done(self, deed: Deed, order: SiteOrder) -> tuple[OrderOutcome, str]:
        try:
            async with asyncio.timeout(DEED_LIMIT_S):
                await deed(order)
        except DeedRefused as refused:
            return OrderOutcome.FAILED, refused.reason
        except TimeoutError:
            return OrderOutcome.FAILED, "timeout"
        except (sqlite3.Error, OutboxRefused):
            raise
        except Exception:
            log.exception("order_failed", order=order.id, kind=order.kind)
            return OrderOutcome.FAILED, "fault"
        return OrderOutcome.DONE, ""

    async def _answer(self, order: SiteOrder, outcome: OrderOutcome, reason: str = "") -> None:
        """Into the outbox first: if the agent dies between the two, the centre gets the same answer twice."""
        answer = OrderAnswer(order=order.id, outcome=outcome, at_ns=max(0, self._time.now_ns()), reason=reason)
        await self._keep(answer)
        await self._file.run(lambda conn: ledger.end(conn, answer))
        log.info("order_answered", order=order.id, kind=order.kind, outcome=outcome, reason=reason)
