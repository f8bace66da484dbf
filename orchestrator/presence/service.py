"""Runs presence in time: heartbeats in, one look at the clock a second."""

from __future__ import annotations

import asyncio

import msgspec

from orchestrator.clock import Clock
from orchestrator.links.events import SiteLinked, SiteUnlinked
from orchestrator.live.port import Board, Bus, Lagged
from orchestrator.presence import model
from orchestrator.presence.events import PresenceChanged, SiteHeard
from orchestrator.presence.model import Presence, PresenceState, Thresholds
from wire.ids import EnrolmentId, SiteId
from wire.messages import Heartbeat

LOOK_S = 1.0


class PresenceWatch:
    """The one writer of presence in this process; the Board shows it to others until it expires."""

    def __init__(self, clock: Clock, bus: Bus, board: Board, thresholds: Thresholds) -> None:
        self._clock = clock
        self._bus = bus
        self._board = board
        self._thresholds = thresholds
        self._sites: dict[SiteId, Presence] = {}

    def of(self, site: SiteId) -> Presence:
        return self._sites.get(site) or Presence(site)

    def online(self) -> int:
        return sum(each.state is PresenceState.ONLINE for each in self._sites.values())

    async def on_heartbeat(self, site: SiteId, _enrolment: EnrolmentId, heartbeat: Heartbeat) -> None:
        """For the links' dispatch table."""
        await self._set(model.heard(self.of(site), heartbeat, self._clock.now_ns()))
        ttl_s = self._thresholds.silent_ns / 1e9
        await self._board.put(f"presence:{site}", msgspec.msgpack.encode(heartbeat), ttl_s)
        await self._bus.publish(SiteHeard(site))

    async def watch(self) -> None:
        """Follow links and the clock. Runs until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow_links())
            tasks.create_task(self._follow_clock())

    async def _follow_links(self) -> None:
        while True:
            async with self._bus.subscribe(SiteLinked, SiteUnlinked) as events:
                try:
                    async for event in events:
                        if isinstance(event, SiteLinked):
                            await self._set(model.linked(self.of(event.site), self._clock.now_ns()))
                        elif isinstance(event, SiteUnlinked):
                            await self._set(model.unlinked(self.of(event.site)))
                except Lagged:
                    continue  # the next heartbeats tell the same

    async def _follow_clock(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Let time pass for every site."""
        now = self._clock.now_ns()
        for presence in list(self._sites.values()):
            await self._set(model.at(presence, self._thresholds, now))

    async def _set(self, presence: Presence) -> None:
        before = self.of(presence.site)
        self._sites[presence.site] = presence
        if before.state is not presence.state:
            await self._bus.publish(PresenceChanged(presence.site, before.state, presence.state, self._clock.now_ns()))
