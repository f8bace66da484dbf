"""A rehearsal at the site: look at everything when it is ordered and an hour before its start, note the start.

The start is simulated: the site notes by its own clock when it would have opened an exam, as an interval, and shows
nothing. What is done is remembered, so that a restart does not do it twice and a start that was missed is said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum

import structlog

from site_agent.readiness.judging.time import MISSED_NS, judge_coming, judge_missed, judge_start
from site_agent.readiness.memory import Memory
from site_agent.readiness.service import Readiness
from wire.ids import OrderId
from wire.messages import OrderSeen
from wire.readiness import CheckName, RehearsalOff, RehearsalOrder

log = structlog.get_logger()

PRACTICE_NS = 3600 * 10**9
LONGEST_SLEEP_S = 1.0
UNKNOWN_HI_NS = 2**63 - 1


class Step(StrEnum):
    """What a rehearsal does, each once."""

    ORDERED = "ordered"
    PRACTICE = "practice"
    START = "start"
    AFTER = "after"


class Moment(StrEnum):
    """What is due now, besides a step: nothing yet, or the end."""

    REST = "rest"
    OVER = "over"


def due(order: RehearsalOrder, done: tuple[str, ...], now_ns: int) -> Step | Moment:
    """What is to be done at ``now_ns``. A start that lies too far back is still due: that it was missed is said."""
    if now_ns >= order.until_ns and (Step.START in done or now_ns >= order.t0_ns):
        return Moment.OVER if Step.START in done else Step.START
    if now_ns >= order.t0_ns and Step.START not in done:
        return Step.START
    if Step.START in done:
        return Moment.REST if Step.AFTER in done else Step.AFTER
    if Step.ORDERED not in done:
        return Step.ORDERED
    in_practice = order.t0_ns - PRACTICE_NS <= now_ns < order.t0_ns
    return Step.PRACTICE if in_practice and Step.PRACTICE not in done else Moment.REST


class Rehearsals:
    """The rehearsal of this site; the newest order counts. ``warn`` tells the room before a sound."""

    def __init__(
        self,
        readiness: Readiness,
        memory: Memory,
        *,
        now_ns: Callable[[], int],
        interval_ns: Callable[[], tuple[int, int]],
        seen: Callable[[OrderSeen], None],
        warn: Callable[[], Awaitable[None]],
        longest_sleep_s: float = LONGEST_SLEEP_S,
    ) -> None:
        self._readiness = readiness
        self._memory = memory
        self._now_ns = now_ns
        self._interval_ns = interval_ns
        self._seen = seen
        self._warn = warn
        self._longest_sleep_s = longest_sleep_s
        self._changed = asyncio.Event()
        if memory.now.rehearsal is not None and Step.START not in memory.now.done:
            readiness.put(judge_coming(memory.now.rehearsal.title))

    @property
    def order(self) -> RehearsalOrder | None:
        """The rehearsal that is on."""
        return self._memory.now.rehearsal

    async def on_order(self, order: RehearsalOrder) -> None:
        """For the line: a rehearsal; a repeat is harmless, a moved start begins anew."""
        self._seen(OrderSeen(order=OrderId(order.id)))
        if order == self.order:
            return
        self._memory.put(rehearsal=order, done=())
        self._readiness.put(judge_coming(order.title))
        self._changed.set()

    async def on_off(self, off: RehearsalOff) -> None:
        """For the line: it is called off."""
        if self.order is not None and self.order.id == off.id:
            self._end()

    async def run(self) -> None:
        """Do what is due until cancelled."""
        while True:
            self._changed.clear()
            order = self.order
            if order is None:
                await self._changed.wait()
                continue
            # Read once: a start between two looks at the clock would be noticed a whole pause later.
            now_ns = self._now_ns()
            match due(order, self._memory.now.done, now_ns):
                case Moment.OVER:
                    self._end()
                case Moment.REST:
                    await self._rest(order, now_ns)
                case step:
                    await self._do(order, step)

    async def _do(self, order: RehearsalOrder, step: Step) -> None:
        if step is Step.START:
            self._note_start(order)
        else:
            look = self._look(loud=step is not Step.AFTER and not self._readiness.busy)
            looking = asyncio.get_running_loop().create_task(look, name="rehearsal look")
            if not await self._until_start(order, looking):
                return
        if self.order == order:
            self._memory.put(done=(*self._memory.now.done, step.value, *self._covered(order, step)))
        await self._readiness.certify(order.id)
        log.info("rehearsal_step", rehearsal=order.id, step=step)

    async def _look(self, *, loud: bool) -> None:
        if loud:
            await self._warn()
        await self._readiness.look(loud=loud)

    def _covered(self, order: RehearsalOrder, step: Step) -> list[str]:
        """An order that comes within the hour of practice has begun it."""
        within = step is Step.ORDERED and self._now_ns() >= order.t0_ns - PRACTICE_NS
        return [Step.PRACTICE.value] if within else []

    async def _until_start(self, order: RehearsalOrder, looking: asyncio.Task[None]) -> bool:
        """Wait for a look and its warning, but not past the start or a change of the order; whether it ended."""
        try:
            while not looking.done():
                now_ns = self._now_ns()
                late = Step.START not in self._memory.now.done and now_ns >= order.t0_ns
                if self.order != order or late:
                    return False
                await asyncio.wait([looking], timeout=self._pause_s(order, now_ns))
            looking.result()
            return True
        finally:
            looking.cancel()
            await asyncio.wait([looking])

    def _note_start(self, order: RehearsalOrder) -> None:
        lo_ns, hi_ns = self._interval_ns()
        known = hi_ns < UNKNOWN_HI_NS
        if self._now_ns() - order.t0_ns > MISSED_NS:
            self._readiness.put(judge_missed(order.title))
            return
        self._readiness.put(judge_start(order.t0_ns, lo_ns, hi_ns, order.title, known=known))

    async def _rest(self, order: RehearsalOrder, now_ns: int) -> None:
        # In short sleeps, because the estimate of centre time moves meanwhile.
        try:
            async with asyncio.timeout(self._pause_s(order, now_ns)):
                await self._changed.wait()
        except TimeoutError:
            return

    def _pause_s(self, order: RehearsalOrder, now_ns: int) -> float:
        marks = (order.t0_ns - PRACTICE_NS, order.t0_ns, order.until_ns)
        ahead = [mark - now_ns for mark in marks if mark > now_ns]
        return min([self._longest_sleep_s, *(each / 1e9 for each in ahead)])

    def _end(self) -> None:
        self._memory.put(rehearsal=None, done=())
        self._readiness.drop(CheckName.REHEARSAL)
        self._changed.set()
