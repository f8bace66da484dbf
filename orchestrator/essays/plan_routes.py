"""HTTP of those who plan and watch essays: the question, codes, lists, files."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec
from aiohttp import web

from orchestrator.courses.tables import XLSX, as_csv, as_xlsx
from orchestrator.essays import standing
from orchestrator.essays.model import SIZE_LIMIT, Criterion, Decision, Essay, EssayPlan, Form, Source, Version
from orchestrator.essays.routes import MS, Admitted, EssayView, VersionView, essay_view, version_view
from orchestrator.essays.service import Essays, Everybody
from orchestrator.web.kit import Routes, body, get, json, post, put, who
from wire.ids import SiteId

ZONE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
TYPES = {
    Form.TEXT: "text/plain",
    Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Form.PDF: "application/pdf",
}


class PlanBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An essay as a page plans it; times in milliseconds, marks in hundredths."""

    question: str
    deadline_ms: int
    cap_ms: int
    forms: tuple[Form, ...] = tuple(Form)
    size_limit: int = SIZE_LIMIT
    sources: tuple[Source, ...] = tuple(Source)
    criteria: tuple[Criterion, ...] = ()
    step: int = 25
    apart: int = 100
    decision: Decision = Decision.CLOSEST


class PlannedView(msgspec.Struct, frozen=True):
    """An essay with everything that is planned of it."""

    essay: EssayView
    criteria: tuple[Criterion, ...]
    step: int
    apart: int
    decision: str


class Slip(msgspec.Struct, frozen=True):
    """What a participant signs in with."""

    number: str
    name: str
    site: str
    code: str


class Slips(msgspec.Struct, frozen=True):
    """Slips to print."""

    title: str
    essay: str
    deadline_ms: int
    slips: list[Slip]


class SiteCode(msgspec.Struct, frozen=True):
    code: str


class LineView(msgspec.Struct, frozen=True):
    """A participant in a list."""

    number: str
    name: str
    site: str
    handed: str
    versions: int
    received_ms: int | None
    receipt: str
    form: str


class CountView(msgspec.Struct, frozen=True):
    """A site, a district or everybody, counted."""

    key: str
    name: str
    district: str
    contact: str
    phone: str
    people: int
    in_time: int
    late: int
    checking: int
    refused: int
    nothing: int


class StandingView(msgspec.Struct, frozen=True):
    """Who handed in: counted in all, by district, by site."""

    whole: CountView
    districts: list[CountView]
    sites: list[CountView]


def attached(file: Path, kind: str, name: str) -> web.StreamResponse:
    """A stranger's file as a download: never shown inside our pages, never guessed at."""
    return web.FileResponse(
        file,
        headers={
            "Content-Type": kind,
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )


def sent(made: bytes, kind: str, name: str) -> web.Response:
    """A file that we made."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=made, content_type=kind, headers=headers)


class EssayPlanPages:
    """The handlers."""

    def __init__(self, essays: Essays) -> None:
        self._essays = essays

    async def plan(self, request: web.Request) -> web.StreamResponse:
        given = await body(request, PlanBody)
        told = msgspec.structs.asdict(given)
        plan = EssayPlan(deadline_ns=told.pop("deadline_ms") * MS, cap_ns=told.pop("cap_ms") * MS, **told)
        essay = await self._essays.plan(who(request).username, request.match_info["course"], plan)
        return json(await self._planned(essay))

    async def planned(self, request: web.Request) -> web.StreamResponse:
        essay = await self._essays.of_course(request.match_info["course"])
        return json(await self._planned(essay) if essay else None)

    async def _planned(self, essay: Essay) -> PlannedView:
        plan = essay.plan
        view = essay_view(essay, await self._essays.title(essay))
        return PlannedView(view, plan.criteria, plan.step, plan.apart, plan.decision)

    async def codes(self, request: web.Request) -> web.StreamResponse:
        site = SiteId(request.query["site"]) if request.query.get("site") else None
        course, essay, codes = await self._essays.codes(who(request).username, request.match_info["essay"], site)
        slips = [Slip(each.number, each.name, each.site, each.code) for each in codes]
        return json(Slips(course.title, essay.id, essay.plan.deadline_ns // MS, slips))

    async def renew(self, request: web.Request) -> web.StreamResponse:
        told = request.match_info
        code = await self._essays.renew_code(who(request).username, told["essay"], told["number"])
        return json(Slip(code.number, code.name, code.site, code.code))

    async def site_code(self, request: web.Request) -> web.StreamResponse:
        told = request.match_info
        return json(SiteCode(await self._essays.site_code(who(request).username, told["essay"], SiteId(told["site"]))))

    async def collect(self, request: web.Request) -> web.StreamResponse:
        told = request.match_info
        return json(Admitted(await self._essays.collect(who(request).username, told["essay"], SiteId(told["site"]))))

    async def standing(self, request: web.Request) -> web.StreamResponse:
        told = await self._everybody(request)
        counts = standing.whole(told.lines)
        districts, sites = standing.by_district(told.lines, told.known), standing.by_site(told.lines, told.known)
        views = [[_count(each) for each in some] for some in ([counts], districts, sites)]
        return json(StandingView(views[0][0], views[1], views[2]))

    async def people(self, request: web.Request) -> web.StreamResponse:
        told = await self._everybody(request)
        wanted = request.query.get("handed", "")
        return json([_line(line) for line in told.lines if not wanted or line.handed == wanted])

    async def versions(self, request: web.Request) -> web.StreamResponse:
        told = request.match_info
        essay, found = await self._essays.versions(told["essay"], told["number"])
        return json([version_view(essay.plan, each) for each in found])

    async def file(self, request: web.Request) -> web.StreamResponse:
        version, file = await self._essays.download(who(request).username, request.match_info["version"])
        return attached(file, TYPES[version.form], file_name(version))

    async def csv(self, request: web.Request) -> web.StreamResponse:
        told = await self._everybody(request)
        lacking = request.query.get("lacking") == "1"
        table = standing.people_table(told.lines, told.known, _times(told), lacking=lacking)
        return sent(as_csv(table), "text/csv", "bai-thu-hoach.csv")

    async def xlsx(self, request: web.Request) -> web.StreamResponse:
        told = await self._everybody(request)
        times = _times(told)
        sheets = [
            standing.people_table(told.lines, told.known, times),
            standing.people_table(told.lines, told.known, times, lacking=True),
            standing.counts_table("Điểm cầu", standing.by_site(told.lines, told.known)),
            standing.counts_table("Huyện", standing.by_district(told.lines, told.known)),
        ]
        return sent(as_xlsx(sheets), XLSX, "bai-thu-hoach.xlsx")

    async def _everybody(self, request: web.Request) -> Everybody:
        site = SiteId(request.query["site"]) if request.query.get("site") else None
        return await self._essays.everybody(request.match_info["essay"], site)


def file_name(version: Version) -> str:
    """The name of a download: the roster number and what it is, nothing that a stranger chose."""
    safe = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "-" for sign in version.number)
    return f"{safe}-{version.place}.{'txt' if version.form is Form.TEXT else version.form}"


def _times(told: Everybody) -> dict[str, str]:
    return {
        line.number: datetime.fromtimestamp(line.received_ns / 1e9, ZONE).strftime("%d/%m/%Y %H:%M:%S")
        for line in told.lines
        if line.received_ns is not None
    }


def _line(line: standing.Line) -> LineView:
    received = line.received_ns // MS if line.received_ns is not None else None
    return LineView(line.number, line.name, line.site, line.handed, line.versions, received, line.receipt, line.form)


def _count(count: standing.Count) -> CountView:
    return CountView(**msgspec.structs.asdict(count))


def routes(pages: EssayPlanPages) -> Routes:
    """The routes of planning and watching."""
    of_course, one = "/api/v1/courses/{course}/essay", "/api/v1/essays/{essay}"
    see, plan, collect = "essays.see", "essays.plan", "essays.collect"
    lines, version = list[LineView], list[VersionView]
    return [
        get(of_course, pages.planned, action=see, summary="the essay of a course", reply=PlannedView),
        put(of_course, pages.plan, action=plan, summary="plan it", body=PlanBody, reply=PlannedView),
        get(f"{one}/codes", pages.codes, action=plan, summary="slips to print", reply=Slips),
        post(f"{one}/codes/{{number}}/renew", pages.renew, action=plan, summary="another code", reply=Slip),
        post(f"{one}/sites/{{site}}/code", pages.site_code, action=collect, summary="a site's code", reply=SiteCode),
        post(f"{one}/sites/{{site}}/collect", pages.collect, action=collect, summary="for a site", reply=Admitted),
        get(f"{one}/standing", pages.standing, action=see, summary="who handed in, counted", reply=StandingView),
        get(f"{one}/people", pages.people, action=see, summary="who handed in", reply=lines),
        get(f"{one}/people/{{number}}", pages.versions, action=see, summary="all versions of one", reply=version),
        get(f"{one}/people.csv", pages.csv, action=see, summary="the same for spreadsheets"),
        get(f"{one}/people.xlsx", pages.xlsx, action=see, summary="the same as a workbook"),
        get("/api/v1/essay-versions/{version}/file", pages.file, action=plan, summary="a file as it came"),
    ]
