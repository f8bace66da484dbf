"""When rooms are asked why their numbers differ, and when a question is taken back.

A question that nobody asks any more would stay at the desk, through restarts too. Which ones wait there a site says in
its heartbeats; they are held against SQL, so that a site that was away, and a centre that was, agree again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from orchestrator.attendance.events import CountReceived, NumberCorrected, NumberDeclared, RosterTicked
from orchestrator.attendance.numbers.service import Numbers
from orchestrator.clock import Clock
from orchestrator.exams.events import ExamSignedIn
from orchestrator.links.events import SiteLinked
from orchestrator.live.port import Bus, Event, Lagged
from wire.ids import EnrolmentId, RollCallId, SiteId
from wire.messages import CountQuestionWithdrawn, Down, Heartbeat

log = structlog.get_logger()

LOOK_S = 1.0
SETTLED_NS = 180 * 10**9
"""So long after the last sign-in at an exam a room is asked: while its people still come in, every number differs."""
AGAIN_NS = 60 * 10**9
"""What waits at a desk is held against SQL this often, should what changed it have been missed."""

WATCHED = (CountReceived, NumberDeclared, NumberCorrected, RosterTicked, ExamSignedIn, SiteLinked)


class Asking:
    """Questions out and back. What it remembers is what sites say of themselves, and they say it again."""

    def __init__(self, numbers: Numbers, clock: Clock, bus: Bus, send: Callable[[SiteId, Down], bool]) -> None:
        self._numbers = numbers
        self._clock = clock
        self._bus = bus
        self._send = send
        self._waiting: dict[SiteId, frozenset[RollCallId]] = {}
        self._looked_ns: dict[SiteId, int] = {}
        self._signed_ns: dict[SiteId, int] = {}
        self._turn = asyncio.Lock()
        """A question and its taking back leave in the order in which the numbers were read."""

    async def on_heartbeat(self, site: SiteId, _enrolment: EnrolmentId, beat: Heartbeat) -> None:
        """For the links' dispatch table."""
        waiting = frozenset(beat.asked)
        if waiting != self._waiting.get(site, frozenset()):
            self._looked_ns.pop(site, None)
        if waiting:
            self._waiting[site] = waiting
        else:
            self._waiting.pop(site, None)

    async def run(self) -> None:
        """Follow what changes numbers. Runs until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            tasks.create_task(self._look_often())

    async def _follow(self) -> None:
        while True:
            async with self._bus.subscribe(*WATCHED) as events:
                try:
                    async for event in events:
                        async with self._turn:
                            await self._take(event)
                except Lagged:
                    log.warning("count_questions_lagged")
                    await asyncio.sleep(0)

    async def _take(self, event: Event) -> None:
        match event:
            case CountReceived(site=site, roll_call=call):
                self._looked_ns.pop(site, None)
                await self._numbers.ask(site, call)
            case NumberDeclared(site=site) | RosterTicked(site=site):
                self._looked_ns.pop(site, None)
                await self._numbers.ask(site)
            case NumberCorrected(site=site):
                self._looked_ns.pop(site, None)
            case ExamSignedIn(site=site):
                self._looked_ns.pop(site, None)
                self._signed_ns[site] = self._clock.now_ns()
            case SiteLinked(site=site, resumed=False):
                await self._numbers.ask(site)

    async def _look_often(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Ask rooms whose people have signed in; take back what waits at a desk and is not asked any more."""
        async with self._turn:
            await self._look(self._clock.now_ns())

    async def _look(self, now: int) -> None:
        for site in [site for site, at_ns in self._signed_ns.items() if now >= at_ns + SETTLED_NS]:
            del self._signed_ns[site]
            await self._numbers.ask(site)
        for site, waiting in list(self._waiting.items()):
            if now >= self._looked_ns.get(site, 0) + AGAIN_NS:
                self._looked_ns[site] = now
                await self._take_back(site, waiting)

    async def _take_back(self, site: SiteId, waiting: frozenset[RollCallId]) -> None:
        asked = await self._numbers.asked(site, waiting)
        for call in sorted(waiting - asked):
            if not self._send(site, CountQuestionWithdrawn(roll_call=call)):
                self._waiting.pop(site, None)  # away: its first heartbeat says again what waits there
                return
            log.info("count_question_withdrawn", site=site, roll_call=call)
