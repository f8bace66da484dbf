"""HTTP of courses: planning, rosters, results, signed lists, reports."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web

from orchestrator.clock import Clock
from orchestrator.courses import results, sheets
from orchestrator.courses.model import Course, Rule
from orchestrator.courses.results import Figures, Row
from orchestrator.courses.service import Courses, CourseWish, Told
from orchestrator.courses.tables import XLSX, as_xlsx
from orchestrator.errors import Refused
from orchestrator.printing.sheets import pdf
from orchestrator.sites.model import Standing
from orchestrator.web.kit import Routes, body, get, json, post, put, who
from wire.ids import ExamId, SessionId, SiteId

MS = 1_000_000


class CourseBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A course as a page plans it."""

    title: Annotated[str, msgspec.Meta(max_length=400)]
    begins_ms: int
    ends_ms: int
    sessions: Annotated[list[str], msgspec.Meta(max_length=200)] = []
    exam: str | None = None
    rule: Rule = Rule()

    def wish(self) -> CourseWish:
        sessions = tuple(SessionId(each) for each in self.sessions)
        exam = ExamId(self.exam) if self.exam else None
        return CourseWish(self.title.strip(), self.begins_ms * MS, self.ends_ms * MS, sessions, exam, self.rule)


class CourseView(msgspec.Struct, frozen=True):
    """A course."""

    id: str
    title: str
    begins_ms: int
    ends_ms: int
    sessions: list[str]
    exam: str | None
    rule: Rule
    version: int
    people: int


class SomeSites(msgspec.Struct, frozen=True):
    """These sites; None for all."""

    sites: list[str] | None = None


class Done(msgspec.Struct, frozen=True):
    number: int


class SiteList(msgspec.Struct, frozen=True):
    """A school's list: how often it was published, and when last."""

    site: str
    code: str
    name: str
    versions: int
    published_ms: int | None
    figures: Figures


class ResultsView(msgspec.Struct, frozen=True):
    """The results of a course: all, districts, levels, schools."""

    whole: Figures
    districts: list[Figures]
    levels: list[Figures]
    lists: list[SiteList]
    bands: dict[str, str]


class CoursePages:
    """The handlers."""

    def __init__(self, courses: Courses, clock: Clock) -> None:
        self._courses = courses
        self._clock = clock

    async def all(self, _request: web.Request) -> web.StreamResponse:
        return json([_view(course, people) for course, people in await self._courses.all()])

    async def create(self, request: web.Request) -> web.StreamResponse:
        wish = (await body(request, CourseBody)).wish()
        made = await self._courses.create(who(request).username, wish)
        return json(await self._one(made), 201)

    async def change(self, request: web.Request) -> web.StreamResponse:
        wish = (await body(request, CourseBody)).wish()
        return json(await self._one(await self._courses.change(who(request).username, _asked(request), wish)))

    async def _one(self, course: Course) -> CourseView:
        sizes = {each.id: people for each, people in await self._courses.all()}
        return _view(course, sizes.get(course.id, 0))

    async def roster(self, request: web.Request) -> web.StreamResponse:
        given = await body(request, SomeSites)
        return json(Done(await self._courses.take_roster(who(request).username, _asked(request), _sites(given))))

    async def attendance(self, request: web.Request) -> web.StreamResponse:
        shares = await body(request, dict[str, int])
        return json(Done(await self._courses.put_attendance(who(request).username, _asked(request), shares)))

    async def results(self, request: web.Request) -> web.StreamResponse:
        told = await self._courses.results(_asked(request))
        course, rows = told.course, told.rows
        return json(
            ResultsView(
                whole=results.figures(course, "", "", rows),
                districts=results.by(course, rows, _districts(told)),
                levels=results.by(course, rows, _levels(told)),
                lists=_lists(told),
                bands=results.band_names(course),
            )
        )

    async def people(self, request: web.Request) -> web.StreamResponse:
        told = await self._courses.results(_asked(request))
        site = request.query.get("site")
        return json([row for row in told.rows if not site or row.site == site])

    async def xlsx(self, request: web.Request) -> web.StreamResponse:
        told = await self._courses.results(_asked(request))
        course = told.course
        tables = [
            results.people_table(course, told.rows, told.known),
            results.figures_table("Điểm cầu", course, results.by(course, told.rows, _schools(told))),
            results.figures_table("Huyện", course, results.by(course, told.rows, _districts(told))),
            results.figures_table("Cấp học", course, results.by(course, told.rows, _levels(told))),
        ]
        return _sent(as_xlsx(tables), XLSX, "ket-qua-boi-duong.xlsx")

    async def publish(self, request: web.Request) -> web.StreamResponse:
        given = await body(request, SomeSites)
        return json(Done(await self._courses.publish(who(request).username, _asked(request), _sites(given))))

    async def list_pdf(self, request: web.Request) -> web.StreamResponse:
        published = await self._courses.published(_asked(request), _site(request))
        sheet = sheets.list_sheet(published.contents)
        return _sent(await pdf(sheets.LIST, sheet), "application/pdf", sheet["file"].replace(".json", ".pdf"))

    async def list_json(self, request: web.Request) -> web.StreamResponse:
        published = await self._courses.published(_asked(request), _site(request))
        name = sheets.list_sheet(published.contents)["file"]
        return _sent(self._courses.signed_file(published), "application/json", name)

    async def report(self, request: web.Request) -> web.StreamResponse:
        told = await self._courses.results(_asked(request))
        standing = told.known.get(_site(request))
        if standing is None:
            raise Refused("no_such_site", "Không có điểm cầu này. / No such site.", 404)
        sheet = sheets.report_sheet(told.course, told.rows, standing, self._clock.now_ns())
        return _sent(await pdf(sheets.REPORT, sheet), "application/pdf", f"bao-cao-{_plain(standing.site.code)}.pdf")


def _asked(request: web.Request) -> str:
    return request.match_info["course"]


def _site(request: web.Request) -> SiteId:
    return SiteId(request.match_info["site"])


def _sites(given: SomeSites) -> frozenset[SiteId] | None:
    return None if given.sites is None else frozenset(SiteId(each) for each in given.sites)


def _view(course: Course, people: int) -> CourseView:
    return CourseView(
        id=course.id,
        title=course.title,
        begins_ms=course.begins_ns // MS,
        ends_ms=course.ends_ns // MS,
        sessions=list(course.sessions),
        exam=course.exam,
        rule=course.rule,
        version=course.version,
        people=people,
    )


def _lists(told: Told) -> list[SiteList]:
    made = []
    for each in results.by(told.course, told.rows, {site: (site, site) for site in told.known}):
        standing = told.known.get(SiteId(each.key))
        versions, at_ns = told.lists.get(SiteId(each.key), (0, 0))
        code, name = (standing.site.code, standing.site.name) if standing else (each.key, "")
        made.append(SiteList(each.key, code, name, versions, at_ns // MS if versions else None, each))
    return sorted(made, key=lambda one: one.code)


def _schools(told: Told) -> dict[SiteId, tuple[str, str]]:
    return {site: (site, f"{each.site.code} · {each.site.name}") for site, each in told.known.items()}


def _districts(told: Told) -> dict[SiteId, tuple[str, str]]:
    return {site: (_district(each), _district(each)) for site, each in told.known.items()}


def _district(standing: Standing) -> str:
    return standing.path[1] if len(standing.path) > 1 else "".join(standing.path[:1])


def _levels(told: Told) -> dict[SiteId, tuple[str, str]]:
    return {site: (each.site.level, each.site.level) for site, each in told.known.items()}


def _plain(code: str) -> str:
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "-" for sign in code)


def _sent(made: bytes, kind: str, name: str) -> web.Response:
    return web.Response(
        body=made, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{_plain(name)}"'}
    )


def routes(pages: CoursePages) -> Routes:
    """The routes of courses."""
    base, one = "/api/v1/courses", "/api/v1/courses/{course}"
    site = f"{one}/sites/{{site}}"
    see, plan, publish = "courses.see", "courses.plan", "courses.publish"
    every, rows = list[CourseView], list[Row]
    return [
        get(base, pages.all, action=see, summary="every course", reply=every),
        post(base, pages.create, action=plan, summary="a new course", body=CourseBody, reply=CourseView),
        put(one, pages.change, action=plan, summary="change it", body=CourseBody, reply=CourseView),
        post(f"{one}/roster", pages.roster, action=plan, summary="take the roster", body=SomeSites, reply=Done),
        put(f"{one}/attendance", pages.attendance, action=plan, summary="of people", body=dict[str, int], reply=Done),
        get(f"{one}/results", pages.results, action=see, summary="results, counted", reply=ResultsView),
        get(f"{one}/people", pages.people, action=see, summary="results of people", reply=rows),
        get(f"{one}/results.xlsx", pages.xlsx, action=see, summary="results as a workbook"),
        post(f"{one}/lists", pages.publish, action=publish, summary="sign the lists", body=SomeSites, reply=Done),
        get(f"{site}/list.pdf", pages.list_pdf, action=see, summary="the signed list to print"),
        get(f"{site}/list.json", pages.list_json, action=see, summary="the signed list to verify"),
        get(f"{site}/report.pdf", pages.report, action=see, summary="report of a unit"),
    ]
