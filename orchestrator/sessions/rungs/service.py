"""Takes the orders of rungs: durable first, then the relay, then the room. They end with their session."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

import structlog

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.live.port import Bus, Lagged
from orchestrator.media.port import Rung
from orchestrator.media.rungs import RungNow, RungOrder, Rungs
from orchestrator.sessions.model import Session
from orchestrator.sessions.rungs import store
from orchestrator.sessions.rungs.events import RungOrdered
from orchestrator.sessions.service import Conductor, check_own
from orchestrator.storage.engine import Connection, Database
from orchestrator.web.kit import Identity
from wire.ids import SessionId, SiteId
from wire.ladder import LADDER

log = structlog.get_logger()

NAME_LIMIT = 64
AUTO = "auto"
"""The word for no order: whatever the line takes."""


class RungOrders:
    """The one writer of orders in this process. ``takes``: what a site's agent understands, None while unknown."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bus: Bus,
        audit: Audit,
        conductor: Conductor,
        rungs: Rungs,
        takes: Callable[[SiteId], Sequence[str] | None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._audit = audit
        self._conductor = conductor
        self._rungs = rungs
        self._takes = takes
        self._turn = asyncio.Lock()

    async def load(self) -> None:
        """Read what stands ordered in the sessions on screen: it is obeyed again from the start."""
        for session in [each for each in self._conductor.all() if each.on_screen]:
            self._rungs.put(session.stream, await self._database.read(partial(store.standing, session=session.id)))

    async def order(self, who: Identity, site: SiteId, rung: Rung | None) -> RungNow:
        """Give a room this in the session on its screen, or with None whatever its line takes. Raises
        :class:`orchestrator.errors.Refused`, and then nothing changed."""
        session = self._conductor.shown_at(site)
        if session is None:
            message = "Điểm cầu này không có buổi học nào. / No session is on this site's screen."
            raise Refused("no_session", message, 409)
        check_own(who, session)
        if rung is Rung.PHONE:
            self._check_agent(site)
        name, at_ns = (who.name or who.username)[:NAME_LIMIT], self._clock.now_ns()
        order = RungOrder(rung, name, at_ns) if rung is not None else None
        word = rung.value if rung is not None else AUTO

        def work(conn: Connection) -> None:
            store.put(conn, session.id, site, order, name, at_ns)
            self._audit.record(conn, who.username, "sessions.rung", site, f"{session.id} {word}")

        async with self._turn:
            await self._database.write(work)
            await self._obey(session)
        log.info("rung_ordered", session=session.id, site=site, rung=word)
        await self._bus.publish(RungOrdered(site, session.id, word, name))
        return self._rungs.of(session.stream, site, None)

    def _check_agent(self, site: SiteId) -> None:
        takes = self._takes(site)
        if takes is not None and LADDER not in takes:
            message = (
                "Chương trình ở điểm cầu này còn cũ, chưa hiện được lời mời gọi điện: hãy gọi trực tiếp cho phòng. / "
                "This site's program is too old to show whom to call: telephone the room."
            )
            raise Refused("agent_too_old", message, 409, site=site)

    async def _obey(self, session: Session) -> None:
        """Let relay and rooms follow what is written. Only a room that goes to the telephone or comes back is told."""
        orders = await self._database.read(partial(store.standing, session=session.id))
        sites = {*orders, *self._rungs.standing(session.stream)}
        before = {site for site in sites if self._rungs.by_phone(session.stream, site)}
        self._rungs.put(session.stream, orders)
        for site in sites:
            if self._rungs.by_phone(session.stream, site) is not (site in before):
                self._conductor.show_again(session.id, SiteId(site))
        await self._rungs.tell()

    async def follow(self) -> None:
        """Obey what another process of the centre took. Runs until cancelled."""
        while True:
            async with self._bus.subscribe(RungOrdered) as events:
                try:
                    async for event in events:
                        if isinstance(event, RungOrdered):
                            await self._read_again(event.session)
                except Lagged:
                    for session in self._conductor.all():
                        await self._read_again(session.id)

    async def _read_again(self, session_id: SessionId) -> None:
        session = self._conductor.get(session_id)
        if session.on_screen:
            async with self._turn:
                await self._obey(session)
