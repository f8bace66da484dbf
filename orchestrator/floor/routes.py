"""The floor over HTTP: what stands, what a lecturer or an operator does, tickets for those who listen."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from aiohttp import web

from orchestrator.clock import Clock
from orchestrator.floor.model import Aside, Floor
from orchestrator.floor.ports import Media, NameOf, aside_streams, floor_stream
from orchestrator.floor.questions import Questions
from orchestrator.floor.service import Floors
from orchestrator.floor.store import Question
from orchestrator.web.kit import Identity, Routes, body, get, json, post, who
from wire.floor import QuestionState
from wire.ids import SessionId, SiteId

MS = 1_000_000
S = 10**9
TICKET_NS = 3600 * S
MODERATOR = "floor.moderate"

Allowed = Callable[[Identity, SessionId], frozenset[SiteId]]
"""The rooms of a session that this person may conduct; raises `Refused` (no such session, or another lecturer's)."""
May = Callable[[str, str], bool]
"""Whether a role may take an action."""


class RoomName(msgspec.Struct, frozen=True):
    """A room by the names that people read."""

    site: str
    code: str
    name: str
    district: str


class HandView(msgspec.Struct, frozen=True):
    """A raised hand; ``linked``: the room's line stands; ``voice``: whether it could be heard (`wire.floor.Voice`)."""

    room: RoomName
    since_ms: int
    linked: bool
    voice: str


class GrantView(msgspec.Struct, frozen=True):
    """Who has the floor; ``by``: who gave it."""

    room: RoomName
    since_ms: int
    until_ms: int
    by: str
    muted: bool
    linked: bool
    voice: str


class AsideView(msgspec.Struct, frozen=True):
    """A private word; ``mine``: the asker's own."""

    id: str
    room: RoomName
    since_ms: int
    until_ms: int
    by: str
    mine: bool
    voice: str


class QuestionView(msgspec.Struct, frozen=True):
    """A written question."""

    id: str
    room: RoomName
    text: str
    at_ms: int
    state: QuestionState
    decided_by: str


class FloorView(msgspec.Struct, frozen=True):
    """A session's floor. Questions: all for who moderates, else those let through, the newest last."""

    now_ms: int
    version: int
    hands: list[HandView]
    grant: GrantView | None
    asides: list[AsideView]
    questions: list[QuestionView]
    asked: int
    """Questions that wait for a moderator."""


class Give(msgspec.Struct, frozen=True):
    site: str
    seconds: int | None = None


class Room(msgspec.Struct, frozen=True):
    site: str


class More(msgspec.Struct, frozen=True):
    seconds: int = 60


class Muted(msgspec.Struct, frozen=True):
    muted: bool


class Decision(msgspec.Struct, frozen=True):
    state: QuestionState


class HearTicket(msgspec.Struct, frozen=True):
    whep_url: str
    token: str


class AsideTicket(msgspec.Struct, frozen=True):
    """Where the person at the centre speaks and hears."""

    id: str
    until_ms: int
    whip_url: str
    whip_token: str
    whep_url: str
    whep_token: str


class FloorPages:
    """The handlers."""

    def __init__(
        self,
        floors: Floors,
        questions: Questions,
        media: Media,
        clock: Clock,
        *,
        name_of: NameOf,
        allowed: Allowed,
        linked: Callable[[], frozenset[SiteId]],
        may: May,
        voice_of: Callable[[SiteId], str],
    ) -> None:
        self._floors = floors
        self._questions = questions
        self._media = media
        self._clock = clock
        self._name_of = name_of
        self._allowed = allowed
        self._linked = linked
        self._may = may
        self._voice_of = voice_of

    async def see(self, request: web.Request) -> web.StreamResponse:
        session = self._session(request)
        return json(await self._view(who(request), self._floors.of(session)))

    async def grant(self, request: web.Request) -> web.StreamResponse:
        session, given = self._session(request), await body(request, Give)
        return await self._after(
            request, await self._floors.grant(who(request), session, SiteId(given.site), given.seconds)
        )

    async def extend(self, request: web.Request) -> web.StreamResponse:
        session, more = self._session(request), await body(request, More)
        return await self._after(request, await self._floors.extend(who(request), session, more.seconds))

    async def mute(self, request: web.Request) -> web.StreamResponse:
        session, given = self._session(request), await body(request, Muted)
        return await self._after(request, await self._floors.mute(who(request), session, muted=given.muted))

    async def take_back(self, request: web.Request) -> web.StreamResponse:
        session = self._session(request)
        return await self._after(request, await self._floors.take_back(who(request), session))

    async def dismiss(self, request: web.Request) -> web.StreamResponse:
        session, given = self._session(request), await body(request, Room)
        return await self._after(request, await self._floors.dismiss(who(request), session, SiteId(given.site)))

    async def hear(self, request: web.Request) -> web.StreamResponse:
        """A person's right to hear the rooms."""
        session, asker = self._session(request), who(request)
        until_ns = self._clock.now_ns() + TICKET_NS
        ticket = self._media.view(session, floor_stream(session), asker.person, until_ns)
        return json(HearTicket(ticket.url, ticket.token))

    async def decide(self, request: web.Request) -> web.StreamResponse:
        session, given, asker = self._session(request), await body(request, Decision), who(request)
        await self._questions.decide(asker, session, request.match_info["question"], given.state)
        return await self._after(request, self._floors.of(session))

    async def take_aside(self, request: web.Request) -> web.StreamResponse:
        session, given, asker = self._session(request), await body(request, Room), who(request)
        aside = await self._floors.take_aside(asker, session, SiteId(given.site))
        return json(self._ticket(asker, session, aside), 201)

    async def keep_aside(self, request: web.Request) -> web.StreamResponse:
        """Said by the page every few seconds; brings the tickets anew, for a page that must connect again."""
        session, asker = self._session(request), who(request)
        aside = self._floors.keep_aside(asker, session, request.match_info["aside"])
        return json(self._ticket(asker, session, aside))

    async def end_aside(self, request: web.Request) -> web.StreamResponse:
        session = self._session(request)
        floor = await self._floors.end_aside(who(request), session, request.match_info["aside"])
        return await self._after(request, floor)

    def _session(self, request: web.Request) -> SessionId:
        session = SessionId(request.match_info["id"])
        self._allowed(who(request), session)
        return session

    async def _after(self, request: web.Request, floor: Floor) -> web.StreamResponse:
        return json(await self._view(who(request), floor))

    def _ticket(self, asker: Identity, session: SessionId, aside: Aside) -> AsideTicket:
        says, hears = aside_streams(aside.id)
        speak = self._media.publish(session, hears, asker.person, aside.until_ns)
        hear = self._media.view(session, says, asker.person, aside.until_ns)
        return AsideTicket(aside.id, aside.until_ns // MS, speak.url, speak.token, hear.url, hear.token)

    async def _view(self, asker: Identity, floor: Floor) -> FloorView:
        linked = self._linked()
        grant = floor.grant
        questions = await self._questions.of(floor.session)
        moderates = self._may(asker.role, MODERATOR)
        shown = {QuestionState.ACCEPTED, QuestionState.ANSWERED}
        return FloorView(
            now_ms=self._clock.now_ns() // MS,
            version=floor.version,
            hands=[
                HandView(self._room(hand.site), hand.since_ns // MS, hand.site in linked, self._voice_of(hand.site))
                for hand in floor.hands
            ],
            grant=GrantView(
                self._room(grant.site),
                grant.since_ns // MS,
                grant.until_ns // MS,
                grant.by.name,
                grant.muted,
                grant.site in linked,
                self._voice_of(grant.site),
            )
            if grant
            else None,
            asides=[self._aside(asker, each) for each in floor.asides],
            questions=[self._question(each) for each in questions if moderates or each.state in shown],
            asked=sum(each.state is QuestionState.ASKED for each in questions),
        )

    def _aside(self, asker: Identity, aside: Aside) -> AsideView:
        mine = aside.by.username == asker.username
        return AsideView(
            aside.id,
            self._room(aside.site),
            aside.since_ns // MS,
            aside.until_ns // MS,
            aside.by.name,
            mine,
            self._voice_of(aside.site),
        )

    def _question(self, each: Question) -> QuestionView:
        return QuestionView(
            each.id, self._room(each.site), each.text, each.received_ns // MS, each.state, each.decided_by
        )

    def _room(self, site: SiteId) -> RoomName:
        return RoomName(site, *self._name_of(site))


def routes(pages: FloorPages) -> Routes:
    """The routes of the floor."""
    one = "/api/v1/sessions/{id}/floor"
    aside, question = f"{one}/asides", f"{one}/questions/{{question}}"
    see, give, word, moderate = "sessions.see", "floor.give", "floor.aside", MODERATOR
    return [
        get(one, pages.see, action=see, summary="hands, who speaks, questions", reply=FloorView),
        get(f"{one}/hear", pages.hear, action="lecture.view", summary="right to hear the rooms", reply=HearTicket),
        post(f"{one}/grant", pages.grant, action=give, summary="a room may speak", body=Give, reply=FloorView),
        post(f"{one}/extend", pages.extend, action=give, summary="more time", body=More, reply=FloorView),
        post(f"{one}/mute", pages.mute, action=give, summary="silence who speaks", body=Muted, reply=FloorView),
        post(f"{one}/take-back", pages.take_back, action=give, summary="nobody speaks", reply=FloorView),
        post(f"{one}/dismiss", pages.dismiss, action=give, summary="lower a hand", body=Room, reply=FloorView),
        post(question, pages.decide, action=moderate, summary="let through, hide", body=Decision, reply=FloorView),
        post(aside, pages.take_aside, action=word, summary="a private word", body=Room, reply=AsideTicket),
        post(f"{aside}/{{aside}}/keep", pages.keep_aside, action=word, summary="still there", reply=AsideTicket),
        post(f"{aside}/{{aside}}/end", pages.end_aside, action=word, summary="bring it back", reply=FloorView),
    ]
