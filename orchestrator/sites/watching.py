"""What the sites' links mean for the register: when a site was last heard, and that a revoked computer is cut off."""

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol

import structlog

from orchestrator.links.events import SiteLinked, SiteUnlinked
from orchestrator.live.port import Bus, Event, Lagged
from orchestrator.sites.enrolling import Enrolling
from orchestrator.sites.events import SiteRevoked
from orchestrator.sites.service import Sites
from wire.ids import SiteId

log = structlog.get_logger()

CODE = "revoked"
MESSAGE = "Điểm cầu đã bị gỡ khỏi trung tâm, hãy ghép nối lại. / Revoked, pair again."


class Links(Protocol):
    """The links of this process."""

    def linked(self) -> frozenset[SiteId]: ...

    async def close(self, site: SiteId, code: str, message: str) -> None: ...


class LinkWatch:
    """One task per process; run it as long as links are served."""

    def __init__(self, bus: Bus, links: Links, sites: Sites, enrolling: Enrolling) -> None:
        self._bus = bus
        self._links = links
        self._sites = sites
        self._enrolling = enrolling

    async def run(self, started: asyncio.Event | None = None) -> None:
        """Follow the Bus until cancelled; `started` is set once nothing published can be missed any more."""
        while True:
            async with self._bus.subscribe(SiteRevoked, SiteLinked, SiteUnlinked) as events:
                if started is not None:
                    started.set()
                # Whoever was revoked while nobody listened; at the first start nobody is linked.
                await self._close_all_revoked()
                try:
                    await self._follow(events)
                except Lagged:
                    log.warning("sites_watch_lagged")

    async def _follow(self, events: AsyncIterator[Event]) -> None:
        async for event in events:
            match event:
                case SiteRevoked(site=site):
                    await self._links.close(site, CODE, MESSAGE)
                case SiteLinked(site=site, enrolment=enrolment):
                    await self._sites.note_seen(site)
                    # Revoked between its hello and its welcome: the event found no link to close.
                    if not await self._enrolling.counts(enrolment):
                        await self._links.close(site, CODE, MESSAGE)
                case SiteUnlinked(site=site):
                    await self._sites.note_seen(site)

    async def _close_all_revoked(self) -> None:
        if not self._links.linked():
            return
        revoked = {standing.site.id for standing in await self._sites.sites() if not standing.paired}
        for site in self._links.linked() & revoked:
            await self._links.close(site, CODE, MESSAGE)
