"""The one writer of floors in this process: every deed is durable first, then the relay, then every screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec
import structlog

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.floor import model, store
from orchestrator.floor.events import FloorGiven, FloorMoved, FloorTaken
from orchestrator.floor.guarding import Guard
from orchestrator.floor.model import NOBODY, Aside, By, Deed, Floor, Happening, Kind, Reason
from orchestrator.floor.ports import Sessions, aside_streams, floor_stream
from orchestrator.floor.telling import Teller
from orchestrator.live.port import Bus, Lagged
from orchestrator.storage.engine import Connection, Database
from orchestrator.web.kit import Identity
from orchestrator.web.rate import Attempts
from wire.floor import HandWish
from wire.ids import EnrolmentId, SessionId, SiteId, new_id

log = structlog.get_logger()

S = 10**9
TICK_NS = S // 4
GONE_NS = 10 * S
"""A room whose link is away for so long has lost the floor: a short break of the line is no reason."""
BACK_NS = 30 * S
"""So long a room may take that this process has not met yet: after a restart of the centre all must come back."""
DESERTED_NS = 20 * S
"""A private word ends when its person's page has said nothing for so long."""
WISHES_PER_MINUTE = 30


class Limits(msgspec.Struct, frozen=True):
    """Seconds: of a grant when nobody says how long, and of a private word."""

    grant_s: int = 180
    aside_s: int = 900


class Floors:
    """All floors of the sessions on screen; what a session's floor was is in SQL.

    ``can_speak`` raises :class:`Refused` for a room that nobody would hear.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        audit: Audit,
        bus: Bus,
        *,
        sessions: Sessions,
        teller: Teller,
        guard: Guard,
        linked: Callable[[], frozenset[SiteId]],
        limits: Limits | None = None,
        can_speak: Callable[[SiteId], None] = lambda _site: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._bus = bus
        self._sessions = sessions
        self._teller = teller
        self._guard = guard
        self._linked = linked
        self._limits = limits or Limits()
        self._can_speak = can_speak
        self._floors: dict[SessionId, Floor] = {}
        self._on_screen: set[SessionId] = set()
        self._turn = asyncio.Lock()
        self._away_ns: dict[tuple[SessionId, SiteId], int] = {}
        self._met: set[tuple[SessionId, SiteId]] = set()
        self._kept_ns: dict[str, int] = {}
        self._wishes = Attempts(WISHES_PER_MINUTE, 60 * S)

    async def load(self) -> None:
        """Read the floors of the sessions on screen: they go on where they were."""
        for session in self._sessions.on_screen():
            await self._read(session)

    def of(self, session: SessionId) -> Floor:
        """The floor as this process knows it."""
        return self._floors.get(session) or Floor(session)

    # --- what people do --------------------------------------------------------------------------------------------

    async def grant(self, who: Identity, session: SessionId, site: SiteId, seconds: int | None = None) -> Floor:
        """Give a room the floor, for as long as is usual when nobody says. Raises :class:`Refused`."""
        self._check_room(session, site)
        self._can_speak(site)
        length = seconds if seconds is not None else self._limits.grant_s
        return await self._do(who, session, "floor.grant", site, lambda deed: model.grant(deed, site, length))

    async def extend(self, who: Identity, session: SessionId, seconds: int) -> Floor:
        """More time for who speaks."""
        return await self._do(who, session, "floor.extend", str(seconds), lambda deed: model.extend(deed, seconds))

    async def mute(self, who: Identity, session: SessionId, *, muted: bool) -> Floor:
        """Silence who speaks, at the relay, or let it be heard again."""
        word = "floor.mute" if muted else "floor.unmute"
        return await self._do(who, session, word, "", lambda deed: model.mute(deed, muted=muted))

    async def take_back(self, who: Identity, session: SessionId) -> Floor:
        """Nobody has the floor any more."""
        return await self._do(who, session, "floor.take_back", "", model.take_back)

    async def dismiss(self, who: Identity, session: SessionId, site: SiteId) -> Floor:
        """Lower a room's hand."""
        return await self._do(who, session, "floor.dismiss", site, lambda deed: model.dismiss(deed, site))

    async def take_aside(self, who: Identity, session: SessionId, site: SiteId) -> Aside:
        """A private word with a room. Raises :class:`Refused`."""
        self._check_room(session, site)
        name = new_id("aside")
        self._kept_ns[name] = self._clock.now_ns()
        seconds = self._limits.aside_s
        floor = await self._do(
            who, session, "floor.aside", site, lambda deed: model.take_aside(deed, site, name, seconds)
        )
        aside = floor.aside(name)
        assert aside is not None
        return aside

    def keep_aside(self, who: Identity, session: SessionId, name: str) -> Aside:
        """The person's page is still there. Raises :class:`Refused` when the private word is over or another's."""
        aside = self.of(session).aside(name)
        if aside is None or aside.by.username != who.username:
            raise Refused("aside_over", "Cuộc trao đổi riêng đã kết thúc. / The private word is over.", 410)
        self._kept_ns[name] = self._clock.now_ns()
        return aside

    async def end_aside(self, who: Identity, session: SessionId, name: str) -> Floor:
        """Bring a room back into the lecture; any operator may."""
        return await self._do(
            who, session, "floor.aside_over", name, lambda deed: model.end_aside(deed, name, Reason.BY_PERSON)
        )

    def _check_room(self, session: SessionId, site: SiteId) -> None:
        if session not in self._sessions.on_screen():
            raise Refused("not_open", "Buổi học chưa mở hoặc đã kết thúc. / The session is not on.", 409)
        if site not in self._sessions.sites_of(session):
            raise Refused("no_site", "Điểm cầu này không ở trong buổi học. / Not a room of this session.", 404)
        if self._sessions.session_at(site) not in (session, None):
            raise Refused("elsewhere", "Điểm cầu đang ở một buổi học khác. / The room is in another session.", 409)

    async def _do(
        self, who: Identity, session: SessionId, action: str, detail: str, work: Callable[[Deed], None]
    ) -> Floor:
        by = By(who.username, who.name)

        def audited(conn: Connection) -> None:
            self._audit.record(conn, who.username, action, session, detail)

        return await self._act(session, by, work, audited)

    # --- what rooms and time do ------------------------------------------------------------------------------------

    async def on_wish(self, site: SiteId, _enrolment: EnrolmentId, wish: HandWish) -> None:
        """For the links: a room raises or lowers its hand. It says so again until its picture names the wish."""
        if self._sessions.session_at(site) != wish.session or self._wishes.take(site, self._clock.now_ns()):
            self._teller.tell(site, again=True)
            return

        def work(deed: Deed) -> None:
            model.wish(deed, site, wish.id, wish.at_ns, up=wish.up)

        try:
            await self._act(wish.session, NOBODY, work)
        except Refused as refused:
            log.info("wish_not_taken", site=site, code=refused.code)
        self._teller.tell(site, again=True)

    async def run(self) -> None:
        """Let time pass four times a second. Runs until cancelled."""
        while True:
            await self.tick()
            await self._clock.sleep_until(self._clock.now_ns() + TICK_NS)

    async def follow(self) -> None:
        """Read anew what another process of the centre wrote. Runs until cancelled."""
        while True:
            async with self._bus.subscribe(FloorMoved) as events:
                try:
                    async for event in events:
                        if isinstance(event, FloorMoved) and self.of(event.session).version < event.version:
                            async with self._turn:
                                await self._read(event.session)
                            self._teller.tell_all(event.session)
                except Lagged:
                    async with self._turn:
                        await self.load()

    async def tick(self) -> None:
        """End what is over, renew rights, hold the relay to what stands."""
        now_ns = self._clock.now_ns()
        on_screen = self._sessions.on_screen()
        for session in set(on_screen) - set(self._floors):
            async with self._turn:
                await self._read(session)
        gone = self._gone(now_ns)
        for session in {*on_screen, *self._floors}:
            here = frozenset(site for of, site in gone if of == session)
            await self._pass_time(session, session in on_screen, here, now_ns)
        self._tell_changes(set(on_screen))
        # At once: a relay that does not answer for one session must not keep another's room from being silenced.
        async with asyncio.TaskGroup() as holding:
            for session in on_screen:
                holding.create_task(self._guard.hold(session, self.of, now_ns))
        for session in on_screen:
            self._renew(self.of(session))
        await self._guard.sweep(set(on_screen))

    def _tell_changes(self, on_screen: set[SessionId]) -> None:
        """Rooms whose session has begun or ended learn so now."""
        for session in self._on_screen ^ on_screen:
            if session not in on_screen:
                self._floors.pop(session, None)
                self._teller.forget({floor_stream(session)})
            self._teller.tell_all(session)
        self._on_screen = on_screen

    async def _pass_time(self, session: SessionId, on_screen: bool, gone: frozenset[SiteId], now_ns: int) -> None:  # noqa: FBT001
        floor = self.of(session)
        if floor.quiet:
            return
        for aside in floor.asides:
            self._kept_ns.setdefault(aside.id, now_ns)
        deserted = frozenset(each.id for each in floor.asides if now_ns - self._kept_ns[each.id] > DESERTED_NS)

        def work(deed: Deed) -> None:
            model.pass_time(deed, on_screen=on_screen, gone=gone, deserted=deserted)

        try:
            await self._act(session, NOBODY, work)
        except Refused as refused:
            log.info("floor_changed_meanwhile", session=session, code=refused.code)

    def _gone(self, now_ns: int) -> set[tuple[SessionId, SiteId]]:
        """Rooms in use that have been without a link, or in another session, for a moment."""
        linked = self._linked()
        used = {
            (session, site)
            for session, floor in self._floors.items()
            for site in (*(each.site for each in floor.asides), *([floor.grant.site] if floor.grant else []))
        }
        here = {room for room in used if room[1] in linked and self._sessions.session_at(room[1]) == room[0]}
        self._met = here | (self._met & used)
        self._away_ns = {room: self._away_ns.get(room, now_ns) for room in used - here}
        patience_ns = {room: GONE_NS if room in self._met else BACK_NS for room in self._away_ns}
        return {room for room, since in self._away_ns.items() if now_ns - since >= patience_ns[room]}

    def _renew(self, floor: Floor) -> None:
        """Rights to speak are short: whoever has one is told the next in time."""
        for aside in floor.asides:
            self._teller.tell(aside.site)
        if floor.grant is not None:
            self._teller.tell(floor.grant.site)

    # --- one deed --------------------------------------------------------------------------------------------------

    async def _act(
        self,
        session: SessionId,
        by: By,
        work: Callable[[Deed], None],
        also: Callable[[Connection], None] = lambda _conn: None,
    ) -> Floor:
        """Decide, write, then tell; what changes nothing is not written."""
        async with self._turn:
            if session not in self._floors:
                await self._read(session)
            deed = Deed(self.of(session), self._clock.now_ns(), by)
            work(deed)
            if not deed.happened:
                return deed.floor

            def write(conn: Connection) -> None:
                store.append(conn, session, deed.happened)
                also(conn)

            try:
                await self._database.write(write)
            except Refused:
                await self._read(session)
                raise
            self._floors[session] = deed.floor
        await self._brought_about(deed.floor, deed.happened)
        return deed.floor

    async def _brought_about(self, floor: Floor, happened: list[Happening]) -> None:
        for what in happened:
            log.info("floor", session=floor.session, kind=what.kind, site=what.site, reason=what.reason)
            if what.kind is Kind.ASIDE_OVER:
                self._guard.aside_over(what.wish)
                self._kept_ns.pop(what.wish, None)
                self._teller.forget(set(aside_streams(what.wish)))
        if floor.grant is None:
            self._teller.tell_all(floor.session)
        # The relay before the screens: whoever is let in finds the door open, and nobody else in it.
        await self._guard.hold(floor.session, self.of, self._clock.now_ns())
        self._teller.tell_all(floor.session)
        await self._bus.publish(FloorMoved(floor.session, floor.version))
        for what in happened:
            if what.kind is Kind.GRANTED:
                await self._bus.publish(FloorGiven(what.site, floor.session, what.until_ns, what.by.name))
            elif what.kind is Kind.TAKEN_BACK:
                await self._bus.publish(FloorTaken(what.site, floor.session, what.reason))

    async def _read(self, session: SessionId) -> None:
        known = self.of(session)
        news = await self._database.read(lambda conn: store.happened(conn, session, known.version))
        self._floors[session] = model.fold(known, news)
