"""Roll calls over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec
from aiohttp import web

from orchestrator.attendance.model import FRAMES, LEAD_MS, SPAN_MS, Burst, Declared, RollCall, SiteCount, said_of
from orchestrator.attendance.service import Attendance
from orchestrator.web.kit import Identity, Routes, body, get, json, post, who
from wire.count_notes import CountNotes
from wire.ids import RollCallId, SessionId, SiteId

MS = 1_000_000


class RollCallWish(msgspec.Struct, frozen=True):
    """How long from now the rooms count, and how many pictures they take within how long."""

    lead_ms: int = LEAD_MS
    frames: int = FRAMES
    span_ms: int = SPAN_MS


class Ordered(msgspec.Struct, frozen=True):
    id: str
    at_ms: int


class Number(msgspec.Struct, frozen=True):
    number: int


class Done(msgspec.Struct, frozen=True):
    done: bool = True


class RoomCount(msgspec.Struct, frozen=True):
    """One room in a roll call; ``received_ms`` None without an answer; what is not ``verified`` counts in no sum.
    Beside the count: ``still`` of those counted never moved, ``hand_ratio`` people by hand for one by camera, ``about``
    how many that makes. ``declared`` is the number that holds in this roll call, ``signed_by`` whose PIN signed it,
    ``beside`` what was said unsigned after that."""

    site: str
    code: str
    expected: int
    count: int | None
    minimum: int | None
    maximum: int | None
    reason: str | None
    quality: float | None
    still: int | None
    hand_ratio: float | None
    about: int | None
    declared: int | None
    signed_by: str
    beside: int | None
    verified: bool
    received_ms: int | None


class RollCallView(msgspec.Struct, frozen=True):
    """A roll call with every room; ``state`` is ``complete`` when all have answered, ``waiting`` while the others still
    may, then ``over``."""

    id: str
    at_ms: int
    state: str
    sites: list[RoomCount]


SiteName = Callable[[SiteId], tuple[str, int]]
"""The code and the expected head count of a site."""
SessionSites = Callable[[Identity, SessionId], frozenset[SiteId]]
"""The rooms of a session that a person may count; raises Refused."""


class RollCallPages:
    """The handlers."""

    def __init__(self, attendance: Attendance, sites_of: SessionSites, site_name: SiteName) -> None:
        self._attendance = attendance
        self._sites_of = sites_of
        self._site_name = site_name

    async def order(self, request: web.Request) -> web.StreamResponse:
        wish = await body(request, RollCallWish)
        session = SessionId(request.match_info["id"])
        call = await self._attendance.order(
            who(request), session, self._sites_of(who(request), session), Burst(wish.lead_ms, wish.frames, wish.span_ms)
        )
        return json(Ordered(call.id, call.at_ns // MS), 201)

    async def list(self, request: web.Request) -> web.StreamResponse:
        session = SessionId(request.match_info["id"])
        self._sites_of(who(request), session)
        rolls = self._attendance.of_session(session)
        return json([self._view(call, counts, self._attendance.given_in(call)) for call, counts in rolls])

    async def declare(self, request: web.Request) -> web.StreamResponse:
        given = await body(request, Number)
        call, site = RollCallId(request.match_info["id"]), SiteId(request.match_info["site"])
        self._sites_of(who(request), self._attendance.session_of(call))
        await self._attendance.declare(who(request), call, site, given.number)
        return json(Done())

    def _view(
        self, call: RollCall, counts: dict[SiteId, SiteCount], given: Mapping[SiteId, Sequence[Declared]]
    ) -> RollCallView:
        found = (self._room(site, counts.get(site), given[site]) for site in call.sites)
        rooms = sorted(found, key=lambda room: room.code)
        open_ = "waiting" if self._attendance.awaits(call) else "over"
        state = "complete" if len(counts) == len(call.sites) else open_
        return RollCallView(call.id, call.at_ns // MS, state, rooms)

    def _room(self, site: SiteId, count: SiteCount | None, given: Sequence[Declared]) -> RoomCount:
        code, expected = self._site_name(site)
        said = said_of(given)
        notes = count.notes if count else CountNotes()
        return RoomCount(
            site=site,
            code=code,
            expected=expected,
            count=count.count if count else None,
            minimum=count.minimum if count else None,
            maximum=count.maximum if count else None,
            reason=count.reason if count else None,
            quality=count.quality if count else None,
            still=notes.still,
            hand_ratio=notes.hand_ratio,
            about=count.about if count else None,
            declared=said.number if said else None,
            signed_by=said.signed_by if said else "",
            beside=given[-1].number if given and given[-1] is not said else None,
            verified=count.verified if count else False,
            received_ms=count.received_ns // MS if count else None,
        )


def routes(pages: RollCallPages) -> Routes:
    """The routes of roll calls."""
    calls = "/api/v1/sessions/{id}/roll-calls"
    declared = "/api/v1/roll-calls/{id}/sites/{site}/declared"
    return [
        post(calls, pages.order, action="rollcall.order", summary="count now", body=RollCallWish, reply=Ordered),
        get(calls, pages.list, action="sessions.see", summary="counts so far", reply=list[RollCallView]),
        post(declared, pages.declare, action="rollcall.order", summary="by telephone", body=Number, reply=Done),
    ]
