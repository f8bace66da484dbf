"""Runs the rooms' low-rate pictures: orders out while somebody looks, pictures in, each look on record once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection

import msgspec
import structlog

from orchestrator.access.audit import Audit
from orchestrator.attendance.sworn import is_reduced
from orchestrator.clock import Clock
from orchestrator.links.events import SiteLinked
from orchestrator.live.port import Bus, Lagged
from orchestrator.storage.engine import Database
from orchestrator.wall.looks import Kept, Looks
from wire.ids import EnrolmentId, PicturePolicy, SiteId
from wire.rooms import Thumbnail, ThumbnailOrder

log = structlog.get_logger()

STEP_S = 1.0
MS = 1_000_000

Send = Callable[[SiteId, ThumbnailOrder], bool]
Rule = Callable[[SiteId], PicturePolicy]
"""Which pictures may leave a room, as its site was told; `count_only` for a site that was told nothing."""


class Sight(msgspec.Struct, frozen=True):
    """What a looking page is told of one room: the newest picture, or that there is none and why."""

    site: SiteId
    tag: str = ""
    at_ms: int | None = None
    policy: str = ""
    why: str = ""


class Pictures:
    """The one owner of the rooms' pictures. They are never written anywhere."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bus: Bus,
        audit: Audit,
        send: Send,
        linked: Callable[[], frozenset[SiteId]],
        rule: Rule,
    ) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._audit = audit
        self._send = send
        self._linked = linked
        self._rule = rule
        self._looks = Looks()
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._order_often())
            tasks.create_task(self._follow_links())

    async def _order_often(self) -> None:
        while True:
            self.order()
            try:
                async with asyncio.timeout(STEP_S):
                    await self._woken.wait()
            except TimeoutError:
                continue
            self._woken.clear()

    async def _follow_links(self) -> None:
        while True:
            async with self._bus.subscribe(SiteLinked) as events:
                try:
                    async for event in events:
                        if isinstance(event, SiteLinked):
                            self._looks.linked_anew(event.site)
                except Lagged:
                    continue  # an order is repeated before it ends

    def order(self) -> None:
        """Ask the rooms that are looked at for what they do not send yet."""
        now, linked = self._clock.now_ns(), self._linked()
        allowed = {
            site: site in linked and self._rule(site) is not PicturePolicy.COUNT_ONLY
            for site in self._looks.looked_at(now)
        }
        for site, order in self._looks.orders(allowed, now).items():
            if not self._send(site, order):
                self._looks.linked_anew(site)

    async def on_thumbnail(self, site: SiteId, _enrolment: EnrolmentId, thumbnail: Thumbnail) -> None:
        """For the links' dispatch table. What calls itself blurred and is not is thrown away."""
        if thumbnail.policy is PicturePolicy.BLURRED and not is_reduced(thumbnail.jpeg):
            log.warning("thumbnail_not_blurred", site=site, size=len(thumbnail.jpeg))
            return
        self._looks.take(site, thumbnail, self._rule(site), self._clock.now_ns())

    async def look(self, key: str, who: str, sites: Collection[SiteId]) -> list[Sight]:
        """Somebody's page looks at these rooms; what there is of each. The rooms that this look had not taken in before
        are on the audit trail before anything of them is told."""
        fresh = self._looks.look(key, who, sites, self._clock.now_ns())
        if fresh:
            told = {"sites": sorted(fresh)}
            try:
                await self._database.write(lambda conn: self._audit.record(conn, who, "rooms.looked_at", "", told))
            except BaseException:
                self._looks.end(key, who)  # what is not on the trail is not looked at
                raise
            self._woken.set()
        return [self._sight(site) for site in sites]

    def look_away(self, key: str, who: str) -> None:
        """The page switched its pictures off."""
        self._looks.end(key, who)

    def picture(self, key: str, who: str, site: SiteId) -> Kept | None:
        """The newest picture of a room that this look takes in."""
        now = self._clock.now_ns()
        return self._looks.picture(site, self._rule(site), now) if self._looks.looker(key, who, site, now) else None

    def _sight(self, site: SiteId) -> Sight:
        rule = self._rule(site)
        if rule is PicturePolicy.COUNT_ONLY:
            return Sight(site, why="count_only")
        kept = self._looks.picture(site, rule, self._clock.now_ns())
        if kept is None:
            return Sight(site, why="awaited" if site in self._linked() else "away")
        return Sight(site, tag(kept), kept.thumbnail.at_ns // MS, kept.thumbnail.policy)


def tag(kept: Kept) -> str:
    """Names one picture of a room."""
    return f"{kept.received_ns:x}"
