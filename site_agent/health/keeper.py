"""Keeps the ledger of this site's health, and tells the centre afterwards what it could not see.

A whole district may come back in the same second: each site waits its own while, then sends a record at a time.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

import structlog

from site_agent.health.ledger import SpanLedger
from site_agent.link.outbox import OutboxRefused
from site_agent.link.uplink import LineState
from wire.health import MOST_SPANS, Facet, HealthSpans, facets
from wire.ids import ClockState
from wire.messages import Heartbeat

log = structlog.get_logger()

LOOK_S = 5.0
MARK_EVERY = 3
"""Looks after which a state that goes on is marked as seen: a synced write to an old disk costs something."""
SPREAD_S = (5.0, 60.0)
"""How long a site waits before it tells, so that a district does not tell at once."""
PACE_S = 2.0
"""Between two records."""
ASLEEP_NS = 60 * 10**9
"""Nobody looked for this long: the computer slept."""
UNSURE_NS = 60 * 10**9
"""A line that is back gets this long to tell the time; then what was noted is told as it is."""
STEP_NS = 10**9
"""A correction of the clock above this moves what was noted by the old one."""

T = TypeVar("T")
Keep = Callable[[HealthSpans], Awaitable[object]]


class Time(Protocol):
    """Centre time as the site knows it; ``ClockDiscipline`` is one."""

    @property
    def state(self) -> ClockState: ...

    def now_ns(self) -> int: ...


class Line(Protocol):
    """The line to the centre; ``Uplink`` is one."""

    @property
    def state(self) -> LineState: ...


async def keep_health(
    path: Path, clock: Time, mono_ns: Callable[[], int], heartbeat: Callable[[], Heartbeat], line: Line, keep: Keep
) -> None:
    """Keep the ledger at ``path`` until cancelled."""
    ledger = await asyncio.to_thread(SpanLedger, path)
    keeper = HealthKeeper(ledger, clock, mono_ns, heartbeat, lambda: line.state is LineState.UP, keep)
    try:
        await keeper.run()
    finally:
        keeper.close()


class HealthKeeper:
    """``run`` it; ``heartbeat`` and ``line_up`` say how things are, ``keep`` stores a record durably."""

    def __init__(
        self,
        ledger: SpanLedger,
        clock: Time,
        mono_ns: Callable[[], int],
        heartbeat: Callable[[], Heartbeat],
        line_up: Callable[[], bool],
        keep: Keep,
        *,
        draw: Callable[[float, float], float] = random.uniform,
        pace_s: float = PACE_S,
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._mono_ns = mono_ns
        self._heartbeat = heartbeat
        self._line_up = line_up
        self._keep = keep
        self._draw = draw
        self._pace_s = pace_s
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._resumed = False
        self._states: dict[Facet, str] = {}
        self._looks = 0
        self._looked_ns: int | None = None
        self._skew_ns: int | None = None
        self._was_sure = False
        self._back_ns: int | None = None
        """Since when the line is back and nothing was settled yet, by the monotonic clock."""
        self._tell_at_ns: int | None = None

    def close(self) -> None:
        """Finish what is being written, then close the file."""
        self._thread.submit(self._ledger.close)
        self._thread.shutdown()

    async def run(self) -> None:
        """Look every five seconds until cancelled. A full disk costs the history, never the agent."""
        try:
            while True:
                await self.look()
                await asyncio.sleep(LOOK_S if self._tell_at_ns is None else min(LOOK_S, self._pace_s))
        except (sqlite3.Error, OutboxRefused) as error:
            log.warning("health_not_kept", error=str(error))
            raise

    async def look(self) -> None:
        """Note how things are; settle once the line is back and the time is known, and tell when it is time."""
        await self._follow_clock()
        now, mono, up = max(0, self._clock.now_ns()), self._mono_ns(), self._line_up()
        await self._resume(now, mono)
        states = {Facet.LINE: "up" if up else "down", **facets(self._heartbeat())}
        came_back = up and self._states.get(Facet.LINE) != "up"
        self._looks += 1
        if states != self._states or self._looks % MARK_EVERY == 0:
            await self._in_thread(self._ledger.look, states, now, sure=self._sure())
            self._states = states
        if not up:
            self._back_ns = self._tell_at_ns = None
        elif came_back:
            self._back_ns = mono
        await self._settle(now, mono)
        if self._tell_at_ns is not None and mono >= self._tell_at_ns:
            await self._tell(mono)

    async def _resume(self, now: int, mono: int) -> None:
        """After a start, or when the computer slept: until now the agent was off."""
        slept = self._looked_ns is not None and mono - self._looked_ns > ASLEEP_NS
        self._looked_ns = mono
        if slept or not self._resumed:
            await self._in_thread(self._ledger.resume, now, sure=self._sure())
            self._resumed, self._states = True, {}

    async def _settle(self, now: int, mono: int) -> None:
        if self._back_ns is None or not (self._sure() or mono - self._back_ns > UNSURE_NS):
            return
        self._back_ns = None
        if await self._in_thread(self._ledger.settle, now):
            self._tell_at_ns = mono + round(self._draw(*SPREAD_S) * 1e9)

    async def _tell(self, mono: int) -> None:
        """Put one record of what is due into the outbox; told twice it does no harm. The next one goes at a later look:
        however much there is to tell, nobody stops looking meanwhile."""
        spans = await self._in_thread(self._ledger.due, MOST_SPANS)
        lost = await self._in_thread(self._ledger.lost)
        if not spans and not lost.spans:
            self._tell_at_ns = None
            return
        record = HealthSpans(ledger=self._ledger.id, spans=spans, dropped=lost.spans, dropped_until_ns=lost.until_ns)
        await self._keep(record)
        await self._in_thread(self._ledger.told, spans, lost)
        log.info("health_told", spans=len(spans), lost=lost.spans)
        self._tell_at_ns = mono + round(self._pace_s * 1e9)

    async def _follow_clock(self) -> None:
        """When the centre's time becomes known, what was noted by this computer's own clock moves along."""
        skew, sure = self._clock.now_ns() - self._mono_ns(), self._sure()
        by_ns = 0 if self._skew_ns is None else skew - self._skew_ns
        stepped, found = abs(by_ns) > STEP_NS, sure and not self._was_sure
        self._skew_ns, self._was_sure = skew, sure
        if self._resumed and (stepped or found):
            await self._in_thread(self._ledger.shift, by_ns if stepped else 0, sure=sure)

    def _sure(self) -> bool:
        return self._clock.state is not ClockState.BLIND

    async def _in_thread(self, call: Callable[..., T], *given: Any, **named: Any) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: call(*given, **named))
