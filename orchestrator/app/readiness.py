"""Builds readiness: certificates, the board, the turns in which sites measure their lines."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import msgspec

from orchestrator.app.ground import Ground
from orchestrator.app.lives import Life
from orchestrator.app.streams import Streams
from orchestrator.courses import store as course_store
from orchestrator.courses.model import Course
from orchestrator.errors import Refused
from orchestrator.live.port import Lagged
from orchestrator.presence.model import PresenceState
from orchestrator.presence.service import PresenceWatch
from orchestrator.readiness.board import Board, Room, words
from orchestrator.readiness.measure_routes import routes as measure_routes
from orchestrator.readiness.measuring import Measuring
from orchestrator.readiness.model import Known, Verdict
from orchestrator.readiness.rehearsal import Start
from orchestrator.readiness.rehearsal_routes import RehearsalPages
from orchestrator.readiness.rehearsal_routes import routes as rehearsal_routes
from orchestrator.readiness.rehearsing import Rehearsals
from orchestrator.readiness.routes import ReadinessPages
from orchestrator.readiness.routes import routes as readiness_routes
from orchestrator.readiness.service import PROVINCE, Readiness
from orchestrator.sessions.model import SessionState
from orchestrator.sessions.service import Conductor
from orchestrator.sites.events import SitePaired, SiteRevoked, SitesImported
from orchestrator.wall.board import WallBoard
from orchestrator.wall.judge import SiteCard
from orchestrator.web.kit import Routes
from wire.ids import SessionId, SiteId
from wire.messages import Certificate, MeasureAsk, OrderSeen

LOOK_S = 5.0
REGISTER_S = 1.0
"""Between two readings of the register, however many sites pair meanwhile."""
UNDER_WAY = frozenset({SessionState.PLANNED, SessionState.LOBBY, SessionState.LIVE, SessionState.BREAK})


class ReadinessParts(msgspec.Struct, frozen=True):
    """Lives to keep going, by name, and routes to serve."""

    lives: Mapping[str, Life]
    routes: Routes


def build_readiness(
    ground: Ground, presence: PresenceWatch, conductor: Conductor, streams: Streams, wall: WallBoard
) -> ReadinessParts:
    """All parts, connected; nothing runs yet."""
    view = _View(ground, presence, conductor, streams)
    readiness = Readiness(ground.database, ground.clock, ground.live.bus, ground.audit, view.known)
    board = Board(readiness, ground.clock, view.rooms)
    measuring = Measuring(ground.clock, ground.live.bus, ground.links.send, view.viewing, view.lecture_on)
    rehearsals = Rehearsals(
        ground.database, ground.clock, ground.live.bus, ground.audit, ground.links.send, readiness, view.starts
    )
    ground.intake.on_record(Certificate, readiness.take)
    ground.links.on(OrderSeen, rehearsals.on_seen)
    ground.links.on(MeasureAsk, measuring.on_ask)

    async def tell_wall() -> None:
        """One word of each site on the wall. Runs until cancelled."""
        while True:
            await view.look()
            told = words(board.rows())
            wall.put_section("readiness", told)
            ground.register.not_ready = frozenset(each.id for each in told if each.verdict is Verdict.NO_GO)
            await asyncio.sleep(LOOK_S)

    other_sites = asyncio.Event()

    async def follow_register() -> None:
        """A site that was imported, paired or revoked stands so on the board at once. Runs until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(read_register())
            while True:
                async with ground.live.bus.subscribe(SitesImported, SitePaired, SiteRevoked) as events:
                    try:
                        async for _ in events:
                            other_sites.set()
                    except Lagged:
                        other_sites.set()

    async def read_register() -> None:
        """Once for all that happened meanwhile: a province that pairs in an hour is not read a thousand times."""
        while True:
            await other_sites.wait()
            other_sites.clear()
            await ground.register.refresh()
            readiness.changed(None)
            await asyncio.sleep(REGISTER_S)

    return ReadinessParts(
        lives={
            "readiness": readiness.run,
            "rehearsals": rehearsals.run,
            "measuring": measuring.run,
            "readiness_wall": tell_wall,
            "readiness_register": follow_register,
        },
        routes=[
            *readiness_routes(ReadinessPages(readiness, board, view.has_site, view.rooms)),
            *rehearsal_routes(RehearsalPages(rehearsals, ground.clock, view.rooms)),
            *measure_routes(measuring),
        ],
    )


class _View:
    """What readiness asks of the other features, answered from their memory."""

    def __init__(self, ground: Ground, presence: PresenceWatch, conductor: Conductor, streams: Streams) -> None:
        self._ground = ground
        self._presence = presence
        self._conductor = conductor
        self._streams = streams
        self._courses: dict[str, Course] = {}
        self._starts: dict[SiteId, int] = {}

    async def look(self) -> None:
        """Courses, and the next start of every site."""
        courses = await self._ground.database.read(course_store.all_courses)
        self._courses = {each.id: each for each in courses}
        starts: dict[SiteId, int] = {}
        for start in self.starts():
            for site in start.sites:
                starts[site] = min(start.starts_ns, starts.get(site, start.starts_ns))
        self._starts = starts

    def starts(self) -> list[Start]:
        """Sessions and exams that have not ended."""
        now = self._ground.clock.now_ns()
        sessions = [
            Start(each.id, each.topic, each.starts_ns, each.sites)
            for each in self._conductor.all()
            if each.state in UNDER_WAY and each.ends_ns > now
        ]
        exams = [
            Start(each.exam.id, each.exam.title, each.exam.t0_ns, frozenset(each.exam.sites))
            for each in self._ground.register.exams
            if each.exam.t0_ns + each.exam.duration_s * 10**9 > now
        ]
        return sessions + exams

    def known(self, site: SiteId) -> Known:
        card = self._ground.register.cards.get(site)
        online = self._presence.of(site).state is PresenceState.ONLINE
        paired = card is not None and card.paired and not card.revoked
        return Known(paired=paired, online=online, starts_ns=self._starts.get(site))

    def has_site(self, site: SiteId) -> bool:
        return site in self._ground.register.cards

    def rooms(self, scope: str) -> Mapping[SiteId, Room]:
        """All sites, or those that take part in a course; refuses `no_course`."""
        cards = self._ground.register.cards
        wanted = set(cards) if scope == PROVINCE else self._sites_of(scope)
        return {site: _room(cards[site]) for site in wanted if site in cards}

    def _sites_of(self, scope: str) -> set[SiteId]:
        course = self._courses.get(scope)
        if course is None:
            raise Refused("no_course", "Không có đợt bồi dưỡng này. / No such course.", 404)
        by_id = {each.id: each.sites for each in self._conductor.all()}
        sites = {site for session in course.sessions for site in by_id.get(session, ())}
        exams = [each.exam for each in self._ground.register.exams if each.exam.id == course.exam]
        return sites | {site for exam in exams for site in exam.sites}

    def lecture_on(self) -> bool:
        return any(each.on_screen for each in self._conductor.all())

    def viewing(self, site: SiteId, until_ns: int) -> tuple[str, str]:
        """A stream of the site's own that nobody sends."""
        ticket = self._streams.view(SessionId("measure"), f"measure-{site}", site, until_ns)
        return ticket.url, ticket.token


def _room(card: SiteCard) -> Room:
    return Room(card.id, card.code, card.name, card.district, card.level, card.contact, card.phone)
