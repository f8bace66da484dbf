"""Tells the sites of a session its decks beforehand and each turn at once, and whoever links anew all of it.

Nobody is told twice what its link was told already: a session has many more changes than pages that are turned. What a
site understands is known with its first heartbeat, so that is when a new link is told. A site that reads nothing loses
its link and is told again with the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec
import structlog

from orchestrator.live.port import Bus, Lagged
from orchestrator.sessions.events import SessionChanged, SessionPlanned
from orchestrator.sessions.model import Session, SessionState
from orchestrator.slides.events import DecksChanged, SlideTurned
from orchestrator.slides.model import Deck, DeckState, Show, deck_told
from wire.ids import EnrolmentId, SessionId, SiteId
from wire.messages import Down, Heartbeat
from wire.slides import SLIDES, SlideNow, SlidesHealth

log = structlog.get_logger()

AHEAD_NS = 48 * 3600 * 10**9
"""Sites fetch the decks of sessions that begin within this time."""

Send = Callable[[SiteId, Down], bool]


class _Known(msgspec.Struct):
    """What a link was told: decks by their ids, and of each session the page that it shows."""

    decks: set[str] = msgspec.field(default_factory=set)
    shows: dict[SessionId, SlideNow] = msgspec.field(default_factory=dict)


class SlideTeller:
    """Remembers what each link was told."""

    def __init__(
        self,
        sessions: Callable[[], Iterable[Session]],
        decks: Callable[[SessionId], list[Deck]],
        show: Callable[[SessionId], Show],
        now_ns: Callable[[], int],
        bus: Bus,
        send: Send,
    ) -> None:
        self._sessions = sessions
        self._decks = decks
        self._show = show
        self._now_ns = now_ns
        self._bus = bus
        self._send = send
        self._told: dict[SiteId, _Known] = {}
        self._health: dict[SiteId, SlidesHealth] = {}
        self._greet: set[SiteId] = set()

    async def on_linked(self, site: SiteId, _enrolment: EnrolmentId, resumed: bool) -> None:  # noqa: FBT001
        """A link stands: the next heartbeat says whether the site takes slides."""
        if not resumed or site not in self._told:
            self._told.pop(site, None)
            self._greet.add(site)

    async def on_heartbeat(self, site: SiteId, _enrolment: EnrolmentId, heartbeat: Heartbeat) -> None:
        """For the links' dispatch table."""
        self._health[site] = heartbeat.slides
        if site in self._greet and SLIDES in heartbeat.takes:
            self._greet.discard(site)
            self._told[site] = _Known()
            for session in self._coming():
                if site in session.sites:
                    self._catch_up(session, [site])

    def health(self, site: SiteId) -> SlidesHealth:
        """What a site said last."""
        return self._health.get(site, SlidesHealth())

    async def run(self) -> None:
        """Follow decks, turns and sessions. Runs until cancelled."""
        while True:
            async with self._bus.subscribe(SlideTurned, DecksChanged, SessionChanged, SessionPlanned) as events:
                self._all()
                try:
                    async for event in events:
                        if isinstance(event, SlideTurned):
                            self._turned(event.session)
                        elif isinstance(event, DecksChanged | SessionChanged | SessionPlanned):
                            self._changed(event.session)
                except Lagged:
                    log.warning("slide_teller_lagged")

    def _coming(self) -> list[Session]:
        soon = self._now_ns() + AHEAD_NS
        return [
            each
            for each in self._sessions()
            if each.on_screen
            or (each.state is SessionState.PLANNED and each.starts_ns < soon and each.ends_ns > self._now_ns())
        ]

    def _named(self, session: SessionId) -> Session | None:
        return next((each for each in self._coming() if each.id == session), None)

    def _all(self) -> None:
        for session in self._coming():
            self._catch_up(session, sorted(session.sites & self._told.keys()))

    def _changed(self, session_id: SessionId) -> None:
        session = self._named(session_id)
        if session is not None:
            self._catch_up(session, sorted(session.sites & self._told.keys()))

    def _turned(self, session_id: SessionId) -> None:
        session, show = self._named(session_id), self._show(session_id)
        if session is None:
            return
        for site in sorted(session.sites & self._told.keys()):
            self._tell_show(site, show)

    def _catch_up(self, session: Session, sites: list[SiteId]) -> None:
        """Each of these sites is told the decks that it does not know, and the page if it knows another."""
        ready = [deck for deck in self._decks(session.id) if deck.state is DeckState.READY]
        show = self._show(session.id)
        for site in sites:
            if all(self._tell_deck(site, deck) for deck in ready) and show.version:
                self._tell_show(site, show)

    def _tell_deck(self, site: SiteId, deck: Deck) -> bool:
        """Whether the site knows it now."""
        known = self._told[site]
        if deck.id not in known.decks:
            if not self._tell(site, deck_told(deck)):
                return False
            known.decks.add(deck.id)
        return True

    def _tell_show(self, site: SiteId, show: Show) -> None:
        known, now = self._told[site], show.told()
        if known.shows.get(show.session) != now and self._tell(site, now):
            known.shows[show.session] = now

    def _tell(self, site: SiteId, message: Down) -> bool:
        if self._send(site, message):
            return True
        self._told.pop(site, None)
        self._greet.add(site)
        return False
