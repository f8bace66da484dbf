"""Tells every room whether what is on its screen is being recorded: at once when that changes, and after a new link."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from orchestrator.live.port import Bus, Lagged
from orchestrator.recordings.events import RecordingRuns
from orchestrator.sessions.events import SessionChanged
from orchestrator.sessions.model import Session
from wire.ids import EnrolmentId, SessionId, SiteId
from wire.messages import Down, Heartbeat
from wire.recordings import RECORDING, RecordingNow

log = structlog.get_logger()

ShownAt = Callable[[SiteId], Session | None]


class RoomLights:
    """What each room knows. ``shown_at``: the session on a room's screen; ``sites_of``: the rooms of a session."""

    def __init__(
        self,
        bus: Bus,
        send: Callable[[SiteId, Down], bool],
        shown_at: ShownAt,
        sites_of: Callable[[SessionId], frozenset[SiteId]],
    ) -> None:
        self._bus = bus
        self._send = send
        self._shown_at = shown_at
        self._sites_of = sites_of
        self._running: set[SessionId] = set()
        self._listening: set[SiteId] = set()
        self._told: dict[SiteId, RecordingNow] = {}

    async def on_linked(self, site: SiteId, _enrolment: EnrolmentId, resumed: bool) -> None:  # noqa: FBT001
        """For the links: what was sent over the line before is lost, unless it goes on."""
        if not resumed:
            self._told.pop(site, None)
            self._listening.discard(site)

    async def on_heartbeat(self, site: SiteId, _enrolment: EnrolmentId, beat: Heartbeat) -> None:
        """A room that understands is told what it does not know yet."""
        if RECORDING in beat.takes:
            self._listening.add(site)
            self.tell(site)

    async def run(self) -> None:
        """Follow what begins and ends, until cancelled."""
        while True:
            async with self._bus.subscribe(RecordingRuns, SessionChanged) as events:
                try:
                    async for event in events:
                        if isinstance(event, RecordingRuns):
                            (self._running.add if event.running else self._running.discard)(event.session)
                        if isinstance(event, RecordingRuns | SessionChanged):
                            for site in self._sites_of(event.session):
                                self.tell(site)
                except Lagged:
                    log.warning("recording_lights_lagged")  # each room is told again at its next heartbeat

    def tell(self, site: SiteId) -> None:
        """The room's light, if it is another one."""
        if site not in self._listening:
            return
        session = self._shown_at(site)
        runs = session is not None and session.id in self._running
        now = RecordingNow(session=session.id, on=True) if session is not None and runs else RecordingNow()
        if now != self._told.get(site, RecordingNow()):
            if self._send(site, now):
                self._told[site] = now
            else:
                self._told.pop(site, None)
