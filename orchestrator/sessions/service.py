"""The conductor: takes sessions through the day and keeps every site's big screen on the right lecture."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

import msgspec
import structlog

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.links.events import SiteLinked
from orchestrator.live.port import Bus, Lagged, Leases
from orchestrator.media.tokens import Seat
from orchestrator.sessions import store
from orchestrator.sessions.events import SessionChanged, SessionPlanned
from orchestrator.sessions.model import Session, SessionOrder, after, check_free, check_plan
from orchestrator.storage.engine import Connection, Database
from orchestrator.web.kit import Identity
from wire.ids import OrderId, PersonId, SessionId, SiteId, new_id
from wire.ladder import PHONE
from wire.messages import Down, LectureOff, LectureOn, Notice

log = structlog.get_logger()

LEASE_S = 15.0
NOTICE_LIMIT = 300
BRIEF_RIGHTS = frozenset({"guest_lecturer", "standby"})
"""Roles of those who came by a link: it may be taken back."""
BRIEF_NS = 120 * 10**9
"""How long their right to begin to send is good; who sends goes on."""

Send = Callable[[SiteId, Down], bool]


class Ticket(msgspec.Struct, frozen=True):
    """Where to publish or view a stream, and the token that allows it."""

    url: str
    token: str


class Streams(Protocol):
    """What the conductor needs of the media plane."""

    def view(self, session: SessionId, stream: str, subject: str, until_ns: int) -> Ticket: ...

    def publish(
        self, session: SessionId, stream: str, subject: str, until_ns: int, seat: Seat = Seat.LECTURER
    ) -> Ticket: ...

    async def close_stream(self, stream: str) -> None: ...

    async def end_publisher(self, stream: str, subject: str) -> None: ...


class Conductor:
    """The one writer of sessions in this process. Holds them all in memory; SQL has every applied order.

    ``by_phone``: whether a room is to telephone (``hotline``) in place of watching a stream.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bus: Bus,
        leases: Leases,
        send: Send,
        streams: Streams,
        audit: Audit,
        owner: str,
        *,
        by_phone: Callable[[str, SiteId], bool] = lambda _stream, _site: False,
        hotline: str = "",
    ) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._leases = leases
        self._send = send
        self._streams = streams
        self._audit = audit
        self._owner = owner
        self._by_phone = by_phone
        self._hotline = hotline
        self._sessions: dict[SessionId, Session] = {}
        self._shown: dict[SiteId, SessionId] = {}
        self._turn = asyncio.Lock()
        self._listened = False

    async def load(self) -> None:
        """Read every session; those on screen go on where they were, as their sites link."""
        sessions = await self._database.read(store.load_all)
        self._sessions = {session.id: session for session in sessions}
        self._place()

    def _place(self) -> None:
        on_screen = [session for session in self._sessions.values() if session.on_screen]
        self._shown = {site: session.id for session in on_screen for site in session.sites}

    def all(self) -> list[Session]:
        return sorted(self._sessions.values(), key=lambda session: (-session.starts_ns, session.id))

    def get(self, session: SessionId) -> Session:
        found = self._sessions.get(session)
        if found is None:
            raise Refused("no_session", "Không có buổi học này. / No such session.", 404)
        return found

    def shown_at(self, site: SiteId) -> Session | None:
        """The session that a site's big screen shows now."""
        session = self._shown.get(site)
        return self._sessions[session] if session is not None else None

    async def plan(
        self,
        who: Identity,
        topic: str,
        lecturer: PersonId | None,
        lecturer_name: str,
        starts_ns: int,
        ends_ns: int,
        sites: frozenset[SiteId],
    ) -> Session:
        """Put a new session into the plan."""
        check_plan(topic, starts_ns, ends_ns, sites)
        identity = SessionId(new_id("session"))
        session = Session(identity, topic.strip(), lecturer, lecturer_name, starts_ns, ends_ns, sites)

        def work(conn: Connection) -> None:
            store.insert(conn, session)
            self._audit.record(conn, who.username, "sessions.plan", session.id, session.topic)

        await self._database.write(work)
        self._sessions[session.id] = session
        await self._bus.publish(SessionPlanned(session.id))
        return session

    async def order(self, who: Identity, session_id: SessionId, order: SessionOrder) -> Session:
        """Carry out ``order``: durable first, then every screen. Refused orders change nothing."""
        async with self._turn:
            before = self.get(session_id)
            check_own(who, before)
            session = after(before, order)
            if session.on_screen and not before.on_screen:
                check_free(session, list(self._sessions.values()))
            fence = await self._leases.acquire(f"session:{session.id}", self._owner, LEASE_S)
            if fence is None:
                raise Refused("owned_elsewhere", "Buổi học do máy chủ khác điều hành. / Another server has it.", 409)
            session = msgspec.structs.replace(session, fence=max(fence, before.fence))
            at_ns = self._clock.now_ns()

            def work(conn: Connection) -> None:
                store.apply(conn, session, order, who.person, at_ns)
                self._audit.record(conn, who.username, "sessions.conduct", session.id, order)

            await self._database.write(work)
            self._sessions[session.id] = session
            self._place()
        log.info("session_ordered", session=session.id, order=order, state=session.state)
        await self._show(before, session)
        await self._bus.publish(SessionChanged(session.id, session.topic, session.state, at_ns))
        return session

    async def _show(self, before: Session, session: Session) -> None:
        if session.on_screen and not before.on_screen:
            for site in sorted(session.sites):
                self._send(site, self._lecture(session, site))
        if before.on_screen and not session.on_screen:
            for site in sorted(session.sites):
                self._send(site, LectureOff(session=session.id))
            await self._streams.close_stream(session.stream)

    def _lecture(self, session: Session, site: SiteId) -> LectureOn:
        ticket = self._streams.view(session.id, session.stream, site, self._token_end(session))
        return LectureOn(
            session=session.id,
            stream=session.stream,
            whep_url=ticket.url,
            token=ticket.token,
            title=session.topic,
            lecturer=session.lecturer_name,
            rung=PHONE if self._by_phone(session.stream, site) else "",
            hotline=self._hotline,
        )

    def show_again(self, session_id: SessionId, site: SiteId) -> None:
        """Tell a room anew what its screen shows: its telephone order changed."""
        self._send(site, self._lecture(self.get(session_id), site))

    def _token_end(self, session: Session) -> int:
        day = 24 * 3600 * 10**9
        return max(session.ends_ns, self._clock.now_ns()) + day

    def token_end_ns(self, session: SessionId) -> int:
        """Until when rights to a stream of this session are good."""
        return self._token_end(self.get(session))

    def publish_ticket(self, who: Identity, session_id: SessionId, seat: Seat = Seat.LECTURER) -> Ticket:
        """A right to send from a seat; only while the session is on screen, and only to its lecturer or a conductor."""
        session = self.get(session_id)
        check_own(who, session)
        if who.role == "standby" and seat is not Seat.STANDBY:
            message = "Liên kết này chỉ dành cho nguồn dự phòng. / This link is the standby's only."
            raise Refused("standby_only", message, 403)
        if not session.on_screen:
            raise Refused("not_open", "Buổi học chưa mở. / The session is not open yet.", 409, state=session.state)
        # A lecturer's page asks for another right each time that it connects: one that was taken back is soon worth
        # nothing.
        own_page = who.role in BRIEF_RIGHTS
        until_ns = self._clock.now_ns() + BRIEF_NS if own_page else self._token_end(session)
        return self._streams.publish(session.id, session.stream, who.person, until_ns, seat)

    async def off_the_air(self, session_id: SessionId, person: PersonId) -> None:
        """Whoever sends with this person's right is ended, on air or not. Refuses ``media_unavailable``."""
        await self._streams.end_publisher(self.get(session_id).stream, person)

    def view_ticket(self, who: Identity, session_id: SessionId) -> Ticket:
        """A person's right to watch."""
        session = self.get(session_id)
        return self._streams.view(session.id, session.stream, who.person, self._token_end(session))

    async def notice(self, who: Identity, session_id: SessionId, text_vi: str, text_en: str, until_ns: int) -> int:
        """Show a line on the session's big screens; returns how many sites it went to at once."""
        session = self.get(session_id)
        check_own(who, session)
        if not text_vi.strip() or max(len(text_vi), len(text_en)) > NOTICE_LIMIT:
            raise Refused("bad_notice", f"Thông báo dài 1 đến {NOTICE_LIMIT} chữ. / 1 to {NOTICE_LIMIT} letters.", 422)
        await self._database.write(
            lambda conn: self._audit.record(conn, who.username, "sessions.notice", session.id, text_vi)
        )
        message = Notice(id=OrderId(new_id("order")), text_vi=text_vi, text_en=text_en, until_ns=until_ns)
        return sum(self._send(site, message) for site in sorted(session.sites))

    def sites_for(self, who: Identity, session_id: SessionId) -> frozenset[SiteId]:
        """The rooms that this person may count."""
        session = self.get(session_id)
        check_own(who, session)
        return session.sites

    async def greet(self) -> None:
        """Tell every site that links anew what its screen should show. Runs until cancelled."""
        while True:
            async with self._bus.subscribe(SiteLinked) as events:
                if self._listened:
                    self._catch_up_all()
                self._listened = True
                try:
                    async for event in events:
                        if isinstance(event, SiteLinked):
                            self._catch_up(event)
                except Lagged:
                    log.warning("conductor_lagged")

    def _catch_up_all(self) -> None:
        """Rooms may have linked unheard: show every lecture again, which changes nothing where it is on."""
        for session in self._sessions.values():
            if session.on_screen:
                for site in sorted(session.sites):
                    self._send(site, self._lecture(session, site))

    def _catch_up(self, event: SiteLinked) -> None:
        if event.resumed:
            return  # the link itself sends again what was lost
        session = self.shown_at(event.site)
        # No session tells a room that still shows what ended while it was away.
        self._send(event.site, self._lecture(session, event.site) if session else LectureOff(session=None))

    async def owns(self, session: SessionId) -> bool:
        """Whether this process conducts the session: of several, one alone does what time brings about."""
        return await self._leases.acquire(f"session:{session}", self._owner, LEASE_S) is not None

    async def keep_leases(self) -> None:
        """Renew the lease of every session on screen. Runs until cancelled."""
        while True:
            for session in [each for each in self._sessions.values() if each.on_screen]:
                await self._leases.acquire(f"session:{session.id}", self._owner, LEASE_S)
            await asyncio.sleep(LEASE_S / 3)


def check_own(who: Identity, session: Session) -> None:
    """A lecturer conducts and publishes only what is theirs, whether by account or by a link for the session."""
    if (who.role == "lecturer" and session.lecturer != who.person) or (who.session and who.session != session.id):
        raise Refused("not_yours", "Buổi học này của giảng viên khác. / Another lecturer's session.", 403)
