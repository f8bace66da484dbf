"""Tells every site of a session its picture of the floor: the whole of it, whenever it is another one than before.

What was told is remembered per site, so that a hand raised in one room is not told to a thousand. A link that was not
resumed has lost what was sent over the one before: its site is told anew, at its first heartbeat.
"""

from __future__ import annotations

from collections.abc import Callable

from orchestrator.clock import Clock
from orchestrator.floor.model import Aside, Floor
from orchestrator.floor.ports import Media, NameOf, Send, Sessions, aside_streams, floor_stream
from wire.floor import FLOOR, AsideNow, Door, FloorNow, QuestionNow, Speaker
from wire.ids import EnrolmentId, SessionId, SiteId
from wire.messages import Heartbeat

S = 10**9
RIGHT_NS = 30 * S
"""How long a right to speak is good: it comes anew while the room has the floor, and dies soon after."""
RENEW_NS = 10 * S

FloorOf = Callable[[SessionId], Floor]
QuestionsOf = Callable[[SessionId, SiteId], list[QuestionNow]]


class Teller:
    """Pictures for sites. ``floor_of`` and ``questions_of`` answer from memory."""

    def __init__(self, clock: Clock, send: Send, sessions: Sessions, media: Media, name_of: NameOf) -> None:
        self._clock = clock
        self._send = send
        self._sessions = sessions
        self._media = media
        self._name_of = name_of
        self._floor_of: FloorOf = Floor
        self._questions_of: QuestionsOf = lambda _session, _site: []
        self._listening: set[SiteId] = set()
        self._told: dict[SiteId, FloorNow] = {}
        self._doors: dict[tuple[str, str], tuple[Door, int]] = {}

    def ask(self, floor_of: FloorOf, questions_of: QuestionsOf) -> None:
        """Where to look from now on."""
        self._floor_of, self._questions_of = floor_of, questions_of

    # --- links -----------------------------------------------------------------------------------------------------

    async def on_linked(self, site: SiteId, _enrolment: EnrolmentId, resumed: bool) -> None:  # noqa: FBT001
        """For the links."""
        if not resumed:
            self._told.pop(site, None)
            self._listening.discard(site)

    async def on_heartbeat(self, site: SiteId, _enrolment: EnrolmentId, beat: Heartbeat) -> None:
        """A site that understands is told what it does not know yet."""
        if FLOOR in beat.takes:
            self._listening.add(site)
            self.tell(site)

    # --- pictures --------------------------------------------------------------------------------------------------

    def tell_all(self, session: SessionId) -> None:
        """Whatever changed, to whom it concerns."""
        for site in self._sessions.sites_of(session):
            self.tell(site)

    def tell(self, site: SiteId, *, again: bool = False) -> None:
        """The site's picture, if it is another one or must be said ``again``."""
        if site not in self._listening:
            return
        picture = self.picture(site)
        if picture != self._told.get(site) or again:
            if self._send(site, picture):
                self._told[site] = picture
            else:
                self._told.pop(site, None)

    def forget(self, streams: set[str]) -> None:
        """These streams are over."""
        self._doors = {key: known for key, known in self._doors.items() if key[0] not in streams}

    def picture(self, site: SiteId) -> FloorNow:
        """What this site is told now."""
        session = self._sessions.session_at(site)
        if session is None:
            return FloorNow(session=None)
        floor = self._floor_of(session)
        grant, aside = floor.grant, floor.aside_of(site)
        stream = floor_stream(session)
        mine = grant is not None and grant.site == site
        return FloorNow(
            session=session,
            hear=self._hear(session, stream, site),
            speaker=self._speaker(floor),
            speak=self._speak(session, stream, site) if mine else None,
            muted=mine and grant is not None and grant.muted,
            asked=mine and grant is not None and grant.asked,
            place=floor.place_of(site),
            heard=floor.heard.get(site, ""),
            aside=self._aside(session, aside, site) if aside else None,
            questions=self._questions_of(session, site),
        )

    def _speaker(self, floor: Floor) -> Speaker | None:
        grant = floor.grant
        if grant is None:
            return None
        code, name, _ = self._name_of(grant.site)
        return Speaker(site=grant.site, code=code, name=name, since_ns=grant.since_ns, until_ns=grant.until_ns)

    def _aside(self, session: SessionId, aside: Aside, site: SiteId) -> AsideNow:
        says, hears = aside_streams(aside.id)
        return AsideNow(
            id=aside.id,
            said_by=aside.by.name[:300],
            speak=self._speak(session, says, site),
            hear=self._hear(session, hears, site),
        )

    def _hear(self, session: SessionId, stream: str, site: SiteId) -> Door:
        """The same token for as long as the stream is on: a new one would make the page connect anew."""
        key = (stream, f"view {site}")
        if key not in self._doors:
            end_ns = self._sessions.token_end_ns(session)
            ticket = self._media.view(session, stream, site, end_ns)
            self._doors[key] = (Door(url=ticket.url, token=ticket.token), end_ns)
        return self._doors[key][0]

    def _speak(self, session: SessionId, stream: str, site: SiteId) -> Door:
        key = (stream, f"publish {site}")
        now_ns = self._clock.now_ns()
        known = self._doors.get(key)
        if known is None or known[1] - now_ns <= RIGHT_NS - RENEW_NS:
            ticket = self._media.publish(session, stream, site, now_ns + RIGHT_NS)
            known = self._doors[key] = (Door(url=ticket.url, token=ticket.token), now_ns + RIGHT_NS)
        return known[0]
