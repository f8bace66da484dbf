"""Sessions over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.media.tokens import Seat
from orchestrator.sessions.air.model import OnAir
from orchestrator.sessions.air.routes import AirView
from orchestrator.sessions.model import Session, SessionOrder
from orchestrator.sessions.service import Conductor
from orchestrator.web.kit import Routes, body, get, json, post, who
from wire.ids import PersonId, SessionId, SiteId

MS = 1_000_000
NOTICE_S = 60


class Plan(msgspec.Struct, frozen=True):
    """A session to be planned; ``sites`` None means all."""

    topic: str
    starts_ms: int
    ends_ms: int
    lecturer: str | None = None
    sites: list[str] | None = None


class Order(msgspec.Struct, frozen=True):
    """An operator's order."""

    order: SessionOrder


class NoticeText(msgspec.Struct, frozen=True):
    """A line for the big screens."""

    text_vi: str
    text_en: str = ""
    seconds: int = NOTICE_S


class Room(msgspec.Struct, frozen=True):
    """How one room follows a session: ``state`` is its screen's, ``hears`` says that sound was measured there."""

    site: str
    code: str
    name: str
    state: str
    hears: bool


class View(msgspec.Struct, frozen=True):
    """A session as pages see it; times in milliseconds of centre time, now ``now_ms``. ``hotline``: whom a lecturer in
    trouble calls. ``on_air``: a person is, not the slate."""

    id: str
    topic: str
    lecturer: str | None
    lecturer_name: str
    starts_ms: int
    ends_ms: int
    state: str
    sites: list[str]
    stream: str
    on_air: bool
    viewers: int
    watching: int = 0
    hearing: int = 0
    rooms: list[Room] = []
    now_ms: int = 0
    hotline: str = ""
    air: AirView | None = None
    sounds: bool = True
    """Whoever is on air can be heard: they are not muted and have not been silent for seconds."""


class PublishTicket(msgspec.Struct, frozen=True):
    whip_url: str
    token: str
    stream: str


class ViewTicket(msgspec.Struct, frozen=True):
    whep_url: str
    token: str


class Sent(msgspec.Struct, frozen=True):
    sites: int


class SessionPages:
    """The handlers. ``rooms`` and ``on_air`` are asked for figures that other features own."""

    def __init__(
        self,
        conductor: Conductor,
        clock: Clock,
        rooms: Callable[[Session], list[Room]],
        on_air: Callable[[str], OnAir],
        air: Callable[[Session], AirView],
        all_sites: Callable[[], Awaitable[frozenset[SiteId]]],
        lecturer_name: Callable[[str], Awaitable[str | None]],
        hotline: str = "",
    ) -> None:
        self._conductor = conductor
        self._clock = clock
        self._rooms = rooms
        self._on_air = on_air
        self._air = air
        self._all_sites = all_sites
        self._lecturer_name = lecturer_name
        self._hotline = hotline

    def view(self, session: Session) -> View:
        air = self._on_air(session.stream)
        rooms = self._rooms(session) if session.on_screen else []
        return View(
            id=session.id,
            topic=session.topic,
            lecturer=session.lecturer,
            lecturer_name=session.lecturer_name,
            starts_ms=session.starts_ns // MS,
            ends_ms=session.ends_ns // MS,
            state=session.state,
            sites=sorted(session.sites),
            stream=session.stream,
            on_air=air.on_air,
            viewers=air.viewers,
            watching=sum(room.state == "playing" for room in rooms),
            hearing=sum(room.hears for room in rooms),
            rooms=rooms,
            now_ms=self._clock.now_ns() // MS,
            hotline=self._hotline,
            air=self._air(session) if session.on_screen else None,
            sounds=air.on_air and air.sounds,
        )

    async def list(self, request: web.Request) -> web.StreamResponse:
        only = who(request).session
        shown = [each for each in self._conductor.all() if not only or each.id == only]
        views = [msgspec.structs.replace(self.view(each), rooms=[]) for each in shown]
        return json(views)

    async def one(self, request: web.Request) -> web.StreamResponse:
        return json(self.view(self._named(request)))

    async def plan(self, request: web.Request) -> web.StreamResponse:
        plan = await body(request, Plan)
        known = await self._all_sites()
        sites = known if plan.sites is None else frozenset(SiteId(site) for site in plan.sites)
        if sites - known:
            raise Refused("no_site", "Có điểm cầu không tồn tại. / Unknown site.", 422, sites=sorted(sites - known))
        name = await self._lecturer_name(plan.lecturer) if plan.lecturer else ""
        if name is None:
            raise Refused("no_person", "Không có giảng viên này. / No such lecturer.", 422)
        lecturer = PersonId(plan.lecturer) if plan.lecturer else None
        session = await self._conductor.plan(
            who(request), plan.topic, lecturer, name, plan.starts_ms * MS, plan.ends_ms * MS, sites
        )
        return json(self.view(session), 201)

    async def order(self, request: web.Request) -> web.StreamResponse:
        order = await body(request, Order)
        session = await self._conductor.order(who(request), self._named(request).id, order.order)
        return json(self.view(session))

    async def publish(self, request: web.Request) -> web.StreamResponse:
        session = self._named(request)
        asked = request.query.get("seat", Seat.LECTURER)
        if asked not in {Seat.LECTURER, Seat.STANDBY}:
            raise Refused("no_seat", "Chỉ có chỗ giảng viên và dự phòng. / Lecturer and standby only.", 422)
        ticket = self._conductor.publish_ticket(who(request), session.id, Seat(asked))
        return json(PublishTicket(ticket.url, ticket.token, session.stream))

    async def watch(self, request: web.Request) -> web.StreamResponse:
        ticket = self._conductor.view_ticket(who(request), self._named(request).id)
        return json(ViewTicket(ticket.url, ticket.token))

    async def notice(self, request: web.Request) -> web.StreamResponse:
        text = await body(request, NoticeText)
        until = self._clock.now_ns() + max(1, min(text.seconds, 24 * 3600)) * 1000 * MS
        sent = await self._conductor.notice(
            who(request), self._named(request).id, text.text_vi, text.text_en or text.text_vi, until
        )
        return json(Sent(sent))

    def _named(self, request: web.Request) -> Session:
        return self._conductor.get(SessionId(request.match_info["id"]))


def routes(pages: SessionPages) -> Routes:
    """The routes of sessions."""
    one = "/api/v1/sessions/{id}"
    return [
        get("/api/v1/sessions", pages.list, action="sessions.see", summary="the plan", reply=list[View]),
        post("/api/v1/sessions", pages.plan, action="sessions.plan", summary="plan one", body=Plan, reply=View),
        get(one, pages.one, action="sessions.see", summary="one, with its rooms", reply=View),
        post(f"{one}/orders", pages.order, action="sessions.conduct", summary="an order", body=Order, reply=View),
        get(f"{one}/publish", pages.publish, action="lecture.publish", summary="right to send", reply=PublishTicket),
        get(f"{one}/view", pages.watch, action="lecture.view", summary="right to watch", reply=ViewTicket),
        post(f"{one}/notice", pages.notice, action="sessions.conduct", summary="a line", body=NoticeText, reply=Sent),
    ]
