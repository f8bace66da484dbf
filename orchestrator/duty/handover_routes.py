"""HTTP of hand-overs: the list as it stands, offering, taking, printing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import msgspec
from aiohttp import web

from orchestrator.courses.tables import XLSX, as_xlsx
from orchestrator.duty.handing import Handovers
from orchestrator.duty.handover import Handover, Sheet, Step
from orchestrator.duty.model import NOTE_LIMIT
from orchestrator.duty.sheets import TEMPLATE, printed, tables
from orchestrator.printing.sheets import pdf
from orchestrator.web.kit import Routes, body, get, json, post, who

MS = 1_000_000
SEE, ACT = "wall.see", "duty.call"
DRAFT = "draft"


class ColleagueView(msgspec.Struct, frozen=True):
    id: str
    name: str


class HandoverView(msgspec.Struct, frozen=True):
    """A hand-over, without its list."""

    id: str
    giver: str
    giver_name: str
    taker: str
    taker_name: str
    at_ms: int
    note: str
    state: str
    decided_ms: int | None


class HandingView(msgspec.Struct, frozen=True):
    """The asker's list as it would be handed over now, to whom it may go, and the latest hand-overs."""

    draft: Sheet
    colleagues: list[ColleagueView]
    handovers: list[HandoverView]


class OfferBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To whom, and what to say besides."""

    taker: Annotated[str, msgspec.Meta(max_length=40)]
    note: Annotated[str, msgspec.Meta(max_length=2 * NOTE_LIMIT)] = ""


def handover_view(handover: Handover) -> HandoverView:
    return HandoverView(
        id=handover.id,
        giver=handover.giver,
        giver_name=handover.giver_name,
        taker=handover.taker,
        taker_name=handover.taker_name,
        at_ms=handover.at_ns // MS,
        note=handover.note,
        state=handover.state,
        decided_ms=None if handover.decided_ns is None else handover.decided_ns // MS,
    )


class HandoverPages:
    """The handlers."""

    def __init__(self, handovers: Handovers) -> None:
        self._handovers = handovers

    async def standing(self, request: web.Request) -> web.StreamResponse:
        told = await self._handovers.standing(who(request))
        colleagues = [ColleagueView(person.id, person.name) for person in told.colleagues]
        return json(HandingView(told.draft, colleagues, [handover_view(each) for each in told.handovers]))

    async def offer(self, request: web.Request) -> web.StreamResponse:
        given = await body(request, OfferBody)
        return json(handover_view(await self._handovers.offer(who(request), given.taker, given.note)), 201)

    def step(self, step: Step) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def respond(request: web.Request) -> web.StreamResponse:
            after = await self._handovers.take_step(who(request), request.match_info["handover"], step)
            return json(handover_view(after))

        return respond

    async def sheet(self, request: web.Request) -> web.StreamResponse:
        return json(await self._asked(request))

    async def sheet_pdf(self, request: web.Request) -> web.StreamResponse:
        made = await pdf(TEMPLATE, printed(await self._asked(request)))
        headers = {"Content-Disposition": 'inline; filename="ban-giao-ca-truc.pdf"'}
        return web.Response(body=made, content_type="application/pdf", headers=headers)

    async def sheet_xlsx(self, request: web.Request) -> web.StreamResponse:
        made = await asyncio.to_thread(as_xlsx, tables(await self._asked(request)))
        headers = {"Content-Disposition": 'attachment; filename="ban-giao-ca-truc.xlsx"'}
        return web.Response(body=made, content_type=XLSX, headers=headers)

    async def _asked(self, request: web.Request) -> Sheet:
        asked = request.match_info["handover"]
        if asked == DRAFT:
            return (await self._handovers.standing(who(request))).draft
        return await self._handovers.sheet(asked)


def routes(pages: HandoverPages) -> Routes:
    """The routes of hand-overs; `draft` in place of an id is the asker's own list as it stands."""
    many = "/api/v1/duty/handovers"
    one = f"{many}/{{handover}}"
    return [
        get(many, pages.standing, action=ACT, summary="my list and the latest hand-overs", reply=HandingView),
        post(many, pages.offer, action=ACT, summary="offer my shift", body=OfferBody, reply=HandoverView),
        *[
            post(f"{one}/{step}", pages.step(step), action=ACT, summary=f"{step} an offer", reply=HandoverView)
            for step in Step
        ],
        get(f"{one}/sheet", pages.sheet, action=ACT, summary="the list", reply=Sheet),
        get(f"{one}/sheet.pdf", pages.sheet_pdf, action=ACT, summary="the list, printed"),
        get(f"{one}/sheet.xlsx", pages.sheet_xlsx, action=ACT, summary="the list as a workbook"),
    ]
