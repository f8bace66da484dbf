"""HTTP of the incident log: as a page reads it, printed, as a sheet."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta

import msgspec
from aiohttp import web

from orchestrator.alarms import report
from orchestrator.alarms.report import Figures, Line, Log
from orchestrator.alarms.service import AlarmWatch
from orchestrator.alarms.wording import ZONE, Names
from orchestrator.clock import Clock
from orchestrator.courses.tables import XLSX, as_csv, as_xlsx
from orchestrator.errors import Refused
from orchestrator.printing.sheets import pdf
from orchestrator.sites.model import Standing
from orchestrator.web.kit import Routes, get, json
from wire.ids import SiteId

S = 10**9
NIGHT = timedelta(hours=6)
LONGEST_DAYS = 31

AllSites = Callable[[], Awaitable[Collection[Standing]]]


class LogView(msgspec.Struct, frozen=True):
    """The log of a time, in order; ``cut``: only its newest lines, because there are too many."""

    from_ms: int
    until_ms: int
    figures: Figures
    lines: list[Line]
    cut: bool


class Asked(msgspec.Struct, frozen=True):
    """What was asked for, found."""

    log: Log
    names: Names
    from_ns: int
    until_ns: int
    title: str


class LogPages:
    """The handlers. ``?from=&until=`` are days of Vietnam (2026-11-29, both included), today without them, and until
    six in the morning the day before too; ``?district=`` a name, ``?site=`` an id."""

    def __init__(self, watch: AlarmWatch, clock: Clock, sites: AllSites) -> None:
        self._watch = watch
        self._clock = clock
        self._sites = sites

    async def view(self, request: web.Request) -> web.StreamResponse:
        asked = await self._asked(request)
        times = (asked.from_ns // report.MS, asked.until_ns // report.MS)
        return json(LogView(*times, report.figures(asked.log), report.lines(asked.log, asked.names), asked.log.cut))

    async def csv(self, request: web.Request) -> web.StreamResponse:
        asked = await self._asked(request)
        return _sent(as_csv(report.table(asked.log, asked.names)), "text/csv", "nhat-ky-su-co.csv")

    async def xlsx(self, request: web.Request) -> web.StreamResponse:
        asked = await self._asked(request)
        made = await asyncio.to_thread(as_xlsx, [report.table(asked.log, asked.names)])
        return _sent(made, XLSX, "nhat-ky-su-co.xlsx")

    async def printed(self, request: web.Request) -> web.StreamResponse:
        asked = await self._asked(request)
        now = self._clock.now_ns()
        times = {"from_ns": asked.from_ns, "until_ns": asked.until_ns, "now_ns": now}
        sheet = report.sheet(asked.log, asked.names, title=asked.title, **times)
        return _sent(await pdf(report.TEMPLATE, sheet), "application/pdf", "nhat-ky-su-co.pdf")

    async def _asked(self, request: web.Request) -> Asked:
        from_ns, until_ns = days(request.query.get("from", ""), request.query.get("until", ""), self._clock.now_ns())
        standings = await self._sites()
        names = Names({each.site.id: (each.site.code, each.site.name) for each in standings})
        district, site = request.query.get("district", ""), request.query.get("site", "")
        wanted = None
        if district or site:
            chosen = [each for each in standings if not district or district in each.path[1:2]]
            wanted = {each.site.id for each in chosen if not site or each.site.id == site}
        log = await self._watch.log(from_ns, until_ns, wanted)
        title = " · ".join(filter(None, [district, names.site(SiteId(site)) if site else ""])) or "Tất cả điểm cầu"
        return Asked(log, names, from_ns, until_ns, title)


def days(first: str, last: str, now_ns: int) -> tuple[int, int]:
    """From when until when (Unix time, ns) these days last, both included; raises Refused."""
    now = datetime.fromtimestamp(now_ns / S, ZONE)
    # Who has the night wants the evening with it.
    evening, today = ((now - since).strftime("%Y-%m-%d") for since in (NIGHT, timedelta()))
    try:
        begins = datetime.strptime(first or last or evening, "%Y-%m-%d").replace(tzinfo=ZONE)
        ends = datetime.strptime(last or first or today, "%Y-%m-%d").replace(tzinfo=ZONE) + timedelta(days=1)
    except ValueError as error:
        raise Refused("bad_time", "Ngày không hợp lệ (năm-tháng-ngày). / Not a day.") from error
    if not timedelta() < ends - begins <= timedelta(days=LONGEST_DAYS):
        raise Refused("bad_time", f"Chọn từ 1 đến {LONGEST_DAYS} ngày. / Choose 1 to {LONGEST_DAYS} days.")
    return round(begins.timestamp()) * S, round(ends.timestamp()) * S


def _sent(made: bytes, kind: str, name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=made, content_type=kind, headers=headers)


def routes(pages: LogPages) -> Routes:
    """The routes of the log."""
    base, see = "/api/v1/alarms/log", "wall.see"
    return [
        get(base, pages.view, action=see, summary="the incident log of days", reply=LogView),
        get(f"{base}.csv", pages.csv, action=see, summary="the same as CSV"),
        get(f"{base}.xlsx", pages.xlsx, action=see, summary="the same as a workbook"),
        get(f"{base}.pdf", pages.printed, action=see, summary="the same to print"),
    ]
