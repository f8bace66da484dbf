"""Builds the floor: what runs, what people may ask, and what the wall is told of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.access.model import may
from orchestrator.app.lives import Life
from orchestrator.app.register import Register
from orchestrator.clock import Clock
from orchestrator.config import Config
from orchestrator.floor.guarding import Guard
from orchestrator.floor.ports import Ticket
from orchestrator.floor.questions import Questions
from orchestrator.floor.routes import FloorPages, routes
from orchestrator.floor.service import Floors, Limits
from orchestrator.floor.telling import Teller
from orchestrator.floor.voices import Voices
from orchestrator.links.records import Intake
from orchestrator.links.service import SiteLinks
from orchestrator.live.port import Bus
from orchestrator.media.port import MediaEngine
from orchestrator.media.tokens import Right
from orchestrator.sessions.service import Conductor
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Routes
from wire.ids import SessionId, SiteId
from wire.messages import FloorQuestion, HandWish, Heartbeat

TOLD_EVERY_NS = 250_000_000
MS = 1_000_000

PutSection = Callable[[str, Sequence[Any]], None]


class FloorParts(msgspec.Struct, frozen=True):
    """Lives to keep going, by name, routes to serve, and what to load first."""

    lives: Mapping[str, Life]
    routes: Routes
    load: Callable[[], Awaitable[None]]


class FloorRow(msgspec.Struct, frozen=True):
    """A session's floor on the wall: who speaks and until when, whose hands are up in their order, who is aside."""

    session: str
    speaker: str | None
    until_ms: int
    muted: bool
    hands: list[str]
    aside: list[str]


class PlanOfSessions:
    """The conductor as the floor sees it."""

    def __init__(self, conductor: Conductor) -> None:
        self._conductor = conductor

    def session_at(self, site: SiteId) -> SessionId | None:
        session = self._conductor.shown_at(site)
        return session.id if session else None

    def on_screen(self) -> list[SessionId]:
        return [each.id for each in self._conductor.all() if each.on_screen]

    def sites_of(self, session: SessionId) -> frozenset[SiteId]:
        return next((each.sites for each in self._conductor.all() if each.id == session), frozenset())

    def token_end_ns(self, session: SessionId) -> int:
        return self._conductor.token_end_ns(session)


class FloorMedia:
    """The media plane as the floor sees it."""

    def __init__(self, plane: MediaEngine) -> None:
        self._plane = plane

    def publish(self, session: SessionId, stream: str, subject: str, until_ns: int) -> Ticket:
        token = self._plane.token(session, stream, Right.PUBLISH, subject, until_ns)
        return Ticket(self._plane.publish_url(stream), token)

    def view(self, session: SessionId, stream: str, subject: str, until_ns: int) -> Ticket:
        token = self._plane.token(session, stream, Right.VIEW, subject, until_ns)
        return Ticket(self._plane.view_url(stream), token)

    async def hush(self, stream: str, *, hushed: bool) -> None:
        await self._plane.hush(stream, hushed=hushed)

    async def end_publisher(self, stream: str) -> None:
        await self._plane.end_publisher(stream)

    async def close_stream(self, stream: str) -> None:
        await self._plane.close_stream(stream)


class FloorOnTheWall:
    """Puts who speaks and whose hands are up on the wall."""

    def __init__(self, floors: Floors, plan: PlanOfSessions, clock: Clock, put: PutSection) -> None:
        self._floors, self._plan, self._clock, self._put = floors, plan, clock, put

    async def run(self) -> None:
        """Look four times a second. Runs until cancelled."""
        while True:
            self._put("floors", [self._row(session) for session in self._plan.on_screen()])
            await self._clock.sleep_until(self._clock.now_ns() + TOLD_EVERY_NS)

    def _row(self, session: SessionId) -> FloorRow:
        floor = self._floors.of(session)
        grant = floor.grant
        return FloorRow(
            session=session,
            speaker=grant.site if grant else None,
            until_ms=grant.until_ns // MS if grant else 0,
            muted=bool(grant and grant.muted),
            hands=[hand.site for hand in floor.hands],
            aside=[each.site for each in floor.asides],
        )


def build_floor(
    config: Config,
    database: Database,
    clock: Clock,
    bus: Bus,
    audit: Audit,
    links: SiteLinks,
    intake: Intake,
    register: Register,
    conductor: Conductor,
    plane: MediaEngine,
    put: PutSection,
) -> FloorParts:
    """All parts, connected; nothing runs yet."""
    plan, media = PlanOfSessions(conductor), FloorMedia(plane)

    def name_of(site: SiteId) -> tuple[str, str, str]:
        card = register.cards.get(site)
        return (card.code, card.name, card.district) if card else (site[:40], "", "")

    teller = Teller(clock, links.send, plan, media, name_of)
    limits = Limits(config.floor.grant_s, config.floor.aside_s)
    voices = Voices()
    floors = Floors(
        database,
        clock,
        audit,
        bus,
        sessions=plan,
        teller=teller,
        guard=Guard(media),
        linked=links.linked,
        limits=limits,
        can_speak=voices.check,
    )
    questions = Questions(database, clock, audit, bus, sessions=plan, teller=teller)
    teller.ask(floors.of, questions.of_site)
    links.on_linked(teller.on_linked)
    links.on(Heartbeat, voices.on_heartbeat)
    links.on(Heartbeat, teller.on_heartbeat)
    links.on(HandWish, floors.on_wish)
    intake.on_record(FloorQuestion, questions.take)

    async def load() -> None:
        await floors.load()
        await questions.load()

    pages = FloorPages(
        floors,
        questions,
        media,
        clock,
        name_of=name_of,
        allowed=conductor.sites_for,
        linked=links.linked,
        may=may,
        voice_of=voices.of,
    )
    return FloorParts(
        lives={
            "floor": floors.run,
            "floor_elsewhere": floors.follow,
            "questions": questions.run,
            "floor_on_the_wall": FloorOnTheWall(floors, plan, clock, put).run,
        },
        routes=routes(pages),
        load=load,
    )
