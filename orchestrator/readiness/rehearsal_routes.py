"""Rehearsals over HTTP: plan, move, call off, follow live, print."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import msgspec
from aiohttp import web

from orchestrator.clock import Clock
from orchestrator.courses.tables import XLSX, as_xlsx
from orchestrator.errors import Refused
from orchestrator.printing.sheets import pdf
from orchestrator.readiness.board import Room, RoomsOf
from orchestrator.readiness.model import MS, Finding, Verdict
from orchestrator.readiness.rehearsal import Rehearsal, SiteOutcome
from orchestrator.readiness.rehearsing import Rehearsals
from orchestrator.readiness.routes import compressed
from orchestrator.readiness.service import PROVINCE
from orchestrator.readiness.summary import TEMPLATE, rehearsal_sheet, rehearsal_tables, verdict_of
from orchestrator.web.kit import Routes, body, get, json, post, who
from wire.ids import SiteId

SEE, REHEARSE = "sites.see", "readiness.rehearse"


class RehearsalWish(msgspec.Struct, frozen=True):
    """A rehearsal with its simulated start; of these sites, of those of a course, or of all."""

    title: str
    t0_ms: int
    sites: list[str] | None = None
    course: str = PROVINCE


class MoveWish(msgspec.Struct, frozen=True):
    """Its new simulated start."""

    t0_ms: int


class RehearsalView(msgspec.Struct, frozen=True, kw_only=True):
    """A rehearsal; times in ms. `before_ms`: the start that a practice belongs to."""

    id: str
    kind: str
    title: str
    stage: str
    from_ms: int
    t0_ms: int
    until_ms: int
    sites: int
    by: str
    before_ms: int | None
    replaces: str | None


class SiteInRehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """How far a site is; `lo_ms` and `hi_ms` bound its opening relative to T0."""

    site: str
    code: str
    name: str
    district: str
    contact: str
    phone: str
    step: str
    verdict: Verdict
    findings: list[Finding]
    sent_ms: int | None
    seen_ms: int | None
    looked_ms: int | None
    reason: str
    lo_ms: float | None
    hi_ms: float | None


class RehearsalSites(msgspec.Struct, frozen=True):
    """A rehearsal with all its sites."""

    rehearsal: RehearsalView
    centre_ms: int
    sites: list[SiteInRehearsal]


class RehearsalPages:
    """The handlers."""

    def __init__(self, rehearsals: Rehearsals, clock: Clock, rooms: RoomsOf) -> None:
        self._rehearsals = rehearsals
        self._clock = clock
        self._rooms = rooms

    async def all(self, _request: web.Request) -> web.StreamResponse:
        return json([_view(each) for each in await self._rehearsals.all()])

    async def plan(self, request: web.Request) -> web.StreamResponse:
        wish = await body(request, RehearsalWish)
        rooms = self._rooms(wish.course)
        sites = set(rooms) if wish.sites is None else {SiteId(each) for each in wish.sites}
        if not sites <= set(rooms):
            raise Refused("no_such_site", "Có điểm cầu không tồn tại. / Some site does not exist.", 422)
        planned = await self._rehearsals.plan(who(request).username, wish.title, wish.t0_ms * MS, sites)
        return json(_view(planned), 201)

    async def move(self, request: web.Request) -> web.StreamResponse:
        wish = await body(request, MoveWish)
        moved = await self._rehearsals.move(who(request).username, _id(request), wish.t0_ms * MS)
        return json(_view(moved))

    async def call_off(self, request: web.Request) -> web.StreamResponse:
        return json(_view(await self._rehearsals.call_off(who(request).username, _id(request))))

    async def one(self, request: web.Request) -> web.StreamResponse:
        rehearsal, outcomes, rooms = await self._told(request)
        sites = [_site(each, rooms[each.steps.site]) for each in outcomes if each.steps.site in rooms]
        return await compressed(RehearsalSites(_view(rehearsal), self._clock.now_ns() // MS, sites))

    async def printed(self, request: web.Request) -> web.StreamResponse:
        rehearsal, outcomes, rooms = await self._told(request)
        made = await pdf(TEMPLATE, rehearsal_sheet(rehearsal, outcomes, rooms, self._clock.now_ns()))
        return _file(made, "application/pdf", "tong-duyet.pdf")

    async def table(self, request: web.Request) -> web.StreamResponse:
        rehearsal, outcomes, rooms = await self._told(request)
        made = await asyncio.to_thread(as_xlsx, rehearsal_tables(rehearsal, outcomes, rooms))
        return _file(made, XLSX, "tong-duyet.xlsx")

    async def _told(self, request: web.Request) -> tuple[Rehearsal, list[SiteOutcome], Mapping[SiteId, Room]]:
        rehearsal = await self._rehearsals.one(_id(request))
        return rehearsal, await self._rehearsals.outcome(rehearsal), self._rooms(PROVINCE)


def _id(request: web.Request) -> str:
    return request.match_info["rehearsal"]


def _file(content: bytes, kind: str, name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return web.Response(body=content, content_type=kind, headers=headers)


def _view(rehearsal: Rehearsal) -> RehearsalView:
    return RehearsalView(
        id=rehearsal.id,
        kind=rehearsal.kind,
        title=rehearsal.title,
        stage=rehearsal.stage,
        from_ms=rehearsal.from_ns // MS,
        t0_ms=rehearsal.t0_ns // MS,
        until_ms=rehearsal.until_ns // MS,
        sites=len(rehearsal.sites),
        by=rehearsal.by,
        before_ms=_ms(rehearsal.start_ns),
        replaces=rehearsal.replaces,
    )


def _site(outcome: SiteOutcome, room: Room) -> SiteInRehearsal:
    steps = outcome.steps
    return SiteInRehearsal(
        site=steps.site,
        code=room.code,
        name=room.name,
        district=room.district,
        contact=room.contact,
        phone=room.phone,
        step=outcome.step,
        verdict=verdict_of(outcome),
        findings=outcome.judgement.findings if outcome.judgement else [],
        sent_ms=_ms(steps.sent_ns),
        seen_ms=_ms(steps.seen_ns),
        looked_ms=_ms(steps.looked_ns),
        reason=steps.reason,
        lo_ms=steps.lo_ms,
        hi_ms=steps.hi_ms,
    )


def _ms(at_ns: int | None) -> int | None:
    return None if at_ns is None else at_ns // MS


def routes(pages: RehearsalPages) -> Routes:
    """The routes of rehearsals."""
    base, one = "/api/v1/readiness/rehearsals", "/api/v1/readiness/rehearsals/{rehearsal}"
    return [
        get(base, pages.all, action=SEE, summary="Rehearsals, the newest first", reply=list[RehearsalView]),
        post(base, pages.plan, action=REHEARSE, summary="Plan a rehearsal", body=RehearsalWish, reply=RehearsalView),
        get(one, pages.one, action=SEE, summary="How far every site is", reply=RehearsalSites),
        post(
            f"{one}/move", pages.move, action=REHEARSE, summary="Move its simulated start", body=MoveWish,
            reply=RehearsalView,
        ),
        post(f"{one}/off", pages.call_off, action=REHEARSE, summary="Call it off", reply=RehearsalView),
        get(f"{one}/summary.pdf", pages.printed, action=SEE, summary="Summary to print"),
        get(f"{one}/summary.xlsx", pages.table, action=SEE, summary="Summary as a sheet"),
    ]  # fmt: skip
