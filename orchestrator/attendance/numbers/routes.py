"""The numbers of roll calls over HTTP, as JSON, XLSX and CSV."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec
from aiohttp import web

from orchestrator.attendance.numbers.service import Numbers, RollNumbers
from orchestrator.attendance.numbers.store import Named
from orchestrator.attendance.numbers.tables import (
    KIND_WORDS,
    presence_sums_table,
    presence_table,
    rooms_table,
    sums_table,
)
from orchestrator.attendance.numbers.views import (
    PresenceView,
    RollLine,
    RollView,
    presence_view,
    roll_line,
    roll_view,
)
from orchestrator.courses.tables import XLSX, as_csv, as_xlsx
from orchestrator.web.kit import Identity, Routes, body, get, json, post, put, who
from wire.ids import RollCallId, SessionId, SiteId

SessionSites = Callable[[Identity, SessionId], frozenset[SiteId]]
"""The rooms of a session that a person may see; raises Refused."""


class CorrectionWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands from now on, and why."""

    number: int
    why: str


class Ticks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Roster numbers, present or not."""

    ticks: dict[str, bool]


class NumberPages:
    """The handlers."""

    def __init__(self, numbers: Numbers, sites_of: SessionSites) -> None:
        self._numbers = numbers
        self._sites_of = sites_of

    async def _roll(self, request: web.Request) -> RollNumbers:
        roll = await self._numbers.of_call(RollCallId(request.match_info["call"]))
        self._sites_of(who(request), roll.call.session)
        return roll

    def _session(self, request: web.Request) -> SessionId:
        session = SessionId(request.match_info["id"])
        self._sites_of(who(request), session)
        return session

    async def all(self, request: web.Request) -> web.StreamResponse:
        rolls = await self._numbers.of_session(self._session(request))
        return json([roll_line(roll) for roll in rolls])

    async def one(self, request: web.Request) -> web.StreamResponse:
        return json(roll_view(await self._roll(request)))

    async def xlsx(self, request: web.Request) -> web.StreamResponse:
        roll = await self._roll(request)
        made = await asyncio.to_thread(as_xlsx, [rooms_table(roll), sums_table(roll.rooms)])
        return _sent(made, XLSX, _name(roll, "xlsx"))

    async def csv(self, request: web.Request) -> web.StreamResponse:
        roll = await self._roll(request)
        return _sent(as_csv(rooms_table(roll)), "text/csv", _name(roll, "csv"))

    async def correct(self, request: web.Request) -> web.StreamResponse:
        wish = await body(request, CorrectionWish)
        roll = await self._roll(request)
        site = SiteId(request.match_info["site"])
        await self._numbers.correct(who(request), roll.call.id, site, wish.number, wish.why)
        return json(roll_view(await self._numbers.of_call(roll.call.id)))

    async def roster(self, request: web.Request) -> web.StreamResponse:
        session = self._session(request)
        return json(await self._numbers.roster(session, SiteId(request.match_info["site"])))

    async def tick(self, request: web.Request) -> web.StreamResponse:
        given, session = await body(request, Ticks), self._session(request)
        site = SiteId(request.match_info["site"])
        return json(await self._numbers.tick(who(request), session, site, given.ticks))

    async def presence(self, request: web.Request) -> web.StreamResponse:
        return json(presence_view(await self._numbers.presence(self._session(request))))

    async def report(self, request: web.Request) -> web.StreamResponse:
        session = self._session(request)
        told = await self._numbers.presence(session)
        tables = [presence_table(told), presence_sums_table(told)]
        for place, roll in enumerate(reversed(await self._numbers.of_session(session)), 1):
            table = rooms_table(roll)
            title = f"{place}. {KIND_WORDS[roll.call.kind]}"
            tables.append(msgspec.structs.replace(table, title=title))
        return _sent(await asyncio.to_thread(as_xlsx, tables), XLSX, "diem-danh.xlsx")


def _name(roll: RollNumbers, ending: str) -> str:
    return f"diem-danh-{roll.call.at_ns // 10**9}.{ending}"


def _sent(made: bytes, kind: str, name: str) -> web.Response:
    return web.Response(body=made, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def routes(pages: NumberPages) -> Routes:
    """The routes of numbers."""
    session, call = "/api/v1/sessions/{id}", "/api/v1/roll-calls/{call}"
    see, correct = "sessions.see", "rollcall.correct"
    people = f"{session}/sites/{{site}}/roster"
    setting = f"{call}/sites/{{site}}/corrections"
    return [
        get(f"{session}/rolls", pages.all, action=see, summary="its roll calls, summed", reply=list[RollLine]),
        get(f"{session}/presence", pages.presence, action=see, summary="people over time", reply=PresenceView),
        get(f"{session}/attendance.xlsx", pages.report, action=see, summary="all of it as a workbook"),
        get(people, pages.roster, action=correct, summary="who is expected", reply=list[Named]),
        put(people, pages.tick, action=correct, summary="tick who is there", body=Ticks, reply=list[Named]),
        get(f"{call}/numbers", pages.one, action=see, summary="four numbers a room", reply=RollView),
        get(f"{call}/numbers.xlsx", pages.xlsx, action=see, summary="as a workbook"),
        get(f"{call}/numbers.csv", pages.csv, action=see, summary="as CSV"),
        post(setting, pages.correct, action=correct, summary="correct one", body=CorrectionWish, reply=RollView),
    ]
