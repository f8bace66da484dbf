"""HTTP of releases: another start, the reserve, officers and their shares, readiness, codes, the public file."""

import msgspec
from aiohttp import web

from orchestrator.errors import Refused
from orchestrator.exams.release.inviting import Inviting, OfficerLink
from orchestrator.exams.release.officers import Entered, Officers, OfficersView
from orchestrator.exams.release.orders import ReleaseOrders
from orchestrator.exams.release.readiness import Readiness
from orchestrator.exams.release.reading import Codes, ReleaseReading
from orchestrator.exams.release.single import SingleReserve, SiteCode, Why
from orchestrator.exams.service import Exams
from orchestrator.web.kit import Routes, body, get, json, post, who
from wire.ids import ExamId, SiteId


class NewStart(msgspec.Struct, frozen=True):
    """Another T0; within the freeze the reason must be given."""

    starts_ms: int
    reason: str = ""


class ReserveOrder(msgspec.Struct, frozen=True):
    """The order to sit the reserve paper; `title` is the exam's, typed by whoever orders."""

    title: str
    reason: str


class SingleOrder(msgspec.Struct, frozen=True):
    """The wish to read the reserve code out to one site."""

    site: SiteId
    why: Why
    reason: str


class ShareTyped(msgspec.Struct, frozen=True):
    """An officer's share as typed."""

    exam: ExamId
    share: str


def routes(
    exams: Exams,
    orders: ReleaseOrders,
    officers: Officers,
    reading: ReleaseReading,
    single: SingleReserve,
    inviting: Inviting | None = None,
) -> Routes:
    """All routes of releases."""
    pages = _Pages(exams, orders, officers, reading, single, inviting)
    one = "/api/v1/exams/{exam}"
    return [
        post(f"{one}/start", pages.move, action="exams.conduct", summary="Move the start", body=NewStart),
        post(f"{one}/reserve", pages.switch, action="exams.conduct", summary="Sit the reserve", body=ReserveOrder),
        post(f"{one}/reserve/code", pages.single, action="exams.conduct", summary="Reserve code for one site",
             body=SingleOrder, reply=SiteCode),
        get(f"{one}/readiness", pages.readiness, action="exams.conduct", summary="Readiness", reply=Readiness),
        get(f"{one}/codes", pages.codes, action="exams.release", summary="The code to read out", reply=Codes),
        get(f"{one}/openings.csv", pages.openings, action="exams.conduct", summary="Openings of all sites as CSV"),
        get(f"{one}/officers", pages.state, action="exams.release", summary="Officers", reply=OfficersView),
        post(f"{one}/officers/{{place}}/slip", pages.slip, action="exams.plan", summary="An officer's slip, once"),
        post(f"{one}/officers/{{place}}/link", pages.link, action="exams.plan", summary="A sign-in link, good once",
             reply=OfficerLink),
        get(f"{one}/officers/offline.html", pages.offline, action="exams.release", summary="Page without network"),
        get("/api/v1/officers", pages.due, action="exams.release", summary="To release", reply=list[OfficersView]),
        post("/api/v1/officers/shares", pages.enter, action="exams.release", summary="Enter a share",
             body=ShareTyped, reply=Entered),
        get("/agent/release/{exam}", pages.certificate, action=None, summary="The release, once it is out"),
    ]  # fmt: skip


class _Pages:
    def __init__(
        self,
        exams: Exams,
        orders: ReleaseOrders,
        officers: Officers,
        reading: ReleaseReading,
        single: SingleReserve,
        inviting: Inviting | None = None,
    ) -> None:
        self._exams = exams
        self._orders = orders
        self._officers = officers
        self._reading = reading
        self._single = single
        self._inviting = inviting

    async def move(self, request: web.Request) -> web.Response:
        wanted = await body(request, NewStart)
        exam = await self._exams.exam(_exam(request))
        moved = await self._orders.move(who(request).username, exam, wanted.starts_ms, wanted.reason)
        return json({"starts_ms": moved.t0_ns // 1_000_000, "version": moved.releasing.manifest_version})

    async def switch(self, request: web.Request) -> web.Response:
        wanted = await body(request, ReserveOrder)
        exam = await self._exams.exam(_exam(request))
        if wanted.title.strip() != exam.title or not wanted.reason.strip():
            message = "Hãy gõ đúng tên kỳ thi và ghi lý do. / Type the exam's title and give a reason."
            raise Refused("not_confirmed", message, 422)
        switched = await self._orders.switch(who(request).username, exam, wanted.reason)
        return json({"starts_ms": switched.t0_ns // 1_000_000, "state": switched.stage.value})

    async def single(self, request: web.Request) -> web.Response:
        wanted = await body(request, SingleOrder)
        told = await self._single.code(who(request).username, _exam(request), wanted.site, wanted.why, wanted.reason)
        return _private(json(told))

    async def readiness(self, request: web.Request) -> web.Response:
        return json(await self._reading.readiness(_exam(request)))

    async def codes(self, request: web.Request) -> web.Response:
        return _private(json(await self._reading.codes(who(request).username, _exam(request))))

    async def openings(self, request: web.Request) -> web.Response:
        table = await self._reading.openings(_exam(request))
        headers = {"Content-Disposition": f'attachment; filename="mo-de-{_exam(request)}.csv"'}
        return web.Response(text=table, content_type="text/csv", charset="utf-8", headers=headers)

    async def state(self, request: web.Request) -> web.Response:
        return json(await self._officers.state(_exam(request)))

    async def slip(self, request: web.Request) -> web.Response:
        place = _place(request)
        printed = await self._officers.slip(who(request).username, _exam(request), place)
        headers = {"Content-Disposition": f'attachment; filename="phieu-giu-ma-{place}.pdf"'}
        return _private(web.Response(body=printed, content_type="application/pdf", headers=headers))

    async def link(self, request: web.Request) -> web.Response:
        if self._inviting is None:
            raise Refused("no_links", "Trung tâm này không lập liên kết. / No links are made here.", 404)
        told = await self._inviting.link(who(request).username, _exam(request), _place(request))
        return _private(json(told))

    async def offline(self, request: web.Request) -> web.Response:
        page = await self._officers.offline_page(_exam(request))
        headers = {"Content-Disposition": f'attachment; filename="mo-de-ngoai-tuyen-{_exam(request)}.html"'}
        return web.Response(text=page, content_type="text/html", charset="utf-8", headers=headers)

    async def due(self, _request: web.Request) -> web.Response:
        return json(await self._officers.due())

    async def enter(self, request: web.Request) -> web.Response:
        typed = await body(request, ShareTyped)
        return _private(json(await self._officers.enter(who(request).username, typed.exam, typed.share)))

    async def certificate(self, request: web.Request) -> web.Response:
        content = await self._reading.certificate(_exam(request))
        return _private(web.Response(body=content, content_type="application/json"))


def _private(reply: web.Response) -> web.Response:
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _place(request: web.Request) -> int:
    place = request.match_info["place"]
    return int(place) if place.isascii() and place.isdecimal() and len(place) < 4 else 0


def _exam(request: web.Request) -> ExamId:
    return ExamId(request.match_info["exam"])
