"""Tells every site which rule holds in its room: after each new link, and whenever that changes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping

import structlog

from orchestrator.attendance.events import RulesChanged
from orchestrator.attendance.rules.model import RoomRule
from orchestrator.clock import Clock
from orchestrator.links.events import SiteLinked
from orchestrator.live.port import Bus, Lagged
from orchestrator.sessions.events import SessionChanged, SessionPlanned
from orchestrator.sessions.model import Session, SessionState
from wire.ids import PicturePolicy, SessionId, SiteId
from wire.messages import Down, RoomRules

log = structlog.get_logger()

SWEEP_S = 30
"""A session may also change its course: looked at this often."""
S = 10**9

Send = Callable[[SiteId, Down], bool]


def session_of_rooms(sessions: Iterable[Session], now: int) -> dict[SiteId, SessionId]:
    """Whose rule holds in each room: of the session on its screen, else of the next one planned there."""
    coming = [
        each for each in sessions if each.on_screen or (each.state is SessionState.PLANNED and each.ends_ns > now)
    ]
    ordered = sorted(coming, key=lambda each: (each.on_screen, -each.starts_ns))
    return {site: each.id for each in ordered for site in each.sites}


class RoomRuleTeller:
    """Remembers what each linked site was told, and tells it only what is new."""

    def __init__(
        self,
        sessions: Callable[[], list[Session]],
        rules: Callable[[], Awaitable[Mapping[SessionId, RoomRule]]],
        province: RoomRule,
        linked: Callable[[], frozenset[SiteId]],
        clock: Clock,
        bus: Bus,
        send: Send,
    ) -> None:
        self._sessions = sessions
        self._rules = rules
        self._province = province
        self._linked = linked
        self._clock = clock
        self._bus = bus
        self._send = send
        self._told: dict[SiteId, RoomRules] = {}

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            tasks.create_task(self._sweep())

    def policy_at(self, site: SiteId) -> PicturePolicy:
        """Which pictures may leave a room, as its site was told; none from a site that was told nothing."""
        told = self._told.get(site)
        return told.policy if told is not None else PicturePolicy.COUNT_ONLY

    async def _follow(self) -> None:
        while True:
            async with self._bus.subscribe(SiteLinked, SessionChanged, SessionPlanned, RulesChanged) as events:
                self._told.clear()
                await self.tell()
                try:
                    async for event in events:
                        if isinstance(event, SiteLinked) and not event.resumed:
                            self._told.pop(event.site, None)
                        await self.tell(event.site if isinstance(event, SiteLinked) else None)
                except Lagged:
                    log.warning("room_rules_lagged")

    async def _sweep(self) -> None:
        while True:
            await self._clock.sleep_until(self._clock.now_ns() + SWEEP_S * S)
            await self.tell()

    async def tell(self, only: SiteId | None = None) -> None:
        """Send what a linked site does not know yet; ``only``: to this one."""
        sites = self._linked() if only is None else frozenset({only})
        if all(site in self._told for site in sites) and only is not None:
            return
        rules, of_rooms = await self._rules(), session_of_rooms(self._sessions(), self._clock.now_ns())
        for site in sorted(sites):
            session = of_rooms.get(site)
            rule = rules.get(session, self._province) if session is not None else self._province
            message = rule.told()
            if self._told.get(site) != message and self._send(site, message):
                self._told[site] = message
