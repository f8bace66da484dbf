"""HTTP of papers: previews, print-ready files, entry of answer sheets, and rehearsals."""

from aiohttp import web

from orchestrator.access.model import Action, may
from orchestrator.errors import Refused
from orchestrator.exams.printed.entry import SheetDesk, SheetForm, SheetState, SheetWish
from orchestrator.exams.printed.own_order import OwnOrder, OwnOrders
from orchestrator.exams.printed.papers import ExamPapers, Preview
from orchestrator.exams.printed.service import Printing
from orchestrator.exams.printed.slips import SiteDesk, Slip, SlipWish, is_address
from orchestrator.web.kit import Routes, body, get, json, post, who
from wire.ids import ExamId


def routes(papers: ExamPapers, printing: Printing, sheets: SheetDesk, orders: OwnOrders) -> Routes:
    """All routes of the feature."""
    pages = _Pages(papers, printing, sheets, orders)
    exam = "/api/v1/exams/{exam}"
    return [
        get(f"{exam}/papers", pages.preview, action="papers.print", summary="Every code, laid out", reply=Preview),
        get(
            f"{exam}/papers/of/{{number}}",
            pages.own_order,
            action="results.items",
            summary="The paper in a candidate's own order, with the answers that stand",
            reply=OwnOrder,
        ),
        # Whether it is still a secret is decided by the stage too: see `Printing`.
        get(f"{exam}/print/papers/{{code}}.pdf", pages.paper, action="exams.conduct", summary="A code, print-ready"),
        get(f"{exam}/print/sheets.pdf", pages.answer_sheets, action="exams.conduct", summary="Answer sheets"),
        get(f"{exam}/print/slips.pdf", pages.slips, action="exams.vouchers", summary="Voucher slips"),
        get(
            f"{exam}/print/slips",
            pages.slips_shown,
            action="exams.vouchers",
            summary="A site's slips, with QR codes",
            reply=list[Slip],
        ),
        get(
            f"{exam}/print/desks",
            pages.desks,
            action="exams.vouchers",
            summary="What candidates open at each site",
            reply=list[SiteDesk],
        ),
        get(f"{exam}/print/roster.pdf", pages.roster, action="exams.conduct", summary="Lists of candidates"),
        get(f"{exam}/sheets", pages.every_sheet, action="sheets.enter", summary="Sheets", reply=list[SheetState]),
        get(
            f"{exam}/sheets/{{number}}",
            pages.sheet,
            action="sheets.enter",
            summary="What entering a sheet needs",
            reply=SheetForm,
        ),
        post(
            f"{exam}/sheets/{{number}}",
            pages.enter,
            action="sheets.enter",
            summary="Enter a paper answer sheet",
            body=SheetWish,
            reply=SheetState,
        ),
    ]


class _Pages:
    def __init__(self, papers: ExamPapers, printing: Printing, sheets: SheetDesk, orders: OwnOrders) -> None:
        self._papers = papers
        self._orders = orders
        self._printing = printing
        self._sheets = sheets

    async def preview(self, request: web.Request) -> web.Response:
        asker = who(request)
        with_key = may(asker.role, Action.PAPERS_KEY)
        return json(await self._papers.preview(asker.username, _exam(request), with_key=with_key))

    async def own_order(self, request: web.Request) -> web.Response:
        reply = json(await self._orders.of(who(request).username, _exam(request), request.match_info["number"]))
        reply.headers["Cache-Control"] = "no-store"
        return reply

    async def paper(self, request: web.Request) -> web.Response:
        code = request.match_info["code"]
        return _pdf(await self._printing.paper(who(request), _exam(request), code), "de.pdf")

    async def answer_sheets(self, request: web.Request) -> web.Response:
        site = request.query.get("site", "")
        return _pdf(await self._printing.sheets(who(request), _exam(request), site), "phieu-tra-loi.pdf")

    async def slips(self, request: web.Request) -> web.Response:
        return _pdf(await self._printing.slips(who(request), _exam(request), _wish(request)), "phieu-du-thi.pdf")

    async def slips_shown(self, request: web.Request) -> web.Response:
        reply = json(await self._printing.slips_shown(who(request), _exam(request), _wish(request)))
        reply.headers["Cache-Control"] = "no-store"
        return reply

    async def desks(self, request: web.Request) -> web.Response:
        return json(await self._printing.desks(_exam(request)))

    async def roster(self, request: web.Request) -> web.Response:
        site = request.query.get("site", "")
        return _pdf(await self._printing.roster(who(request), _exam(request), site), "danh-sach.pdf")

    async def every_sheet(self, request: web.Request) -> web.Response:
        return json(await self._sheets.every(who(request), _exam(request)))

    async def sheet(self, request: web.Request) -> web.Response:
        return json(await self._sheets.form(who(request), _exam(request), request.match_info["number"]))

    async def enter(self, request: web.Request) -> web.Response:
        wish = await body(request, SheetWish)
        return json(await self._sheets.enter(who(request), _exam(request), request.match_info["number"], wish))


def _wish(request: web.Request) -> SlipWish:
    desk, part = request.query.get("desk", ""), request.query.get("part", "0")
    if desk and not is_address(desk):
        raise Refused("bad_request", "Địa chỉ trang thi không đúng. / Not an address of an exam page.")
    if not (part.isascii() and part.isdecimal() and len(part) < 5):
        raise Refused("bad_request", "Phần in không đúng. / Not a part.")
    return SlipWish(request.query.get("site", ""), desk, int(part))


def _pdf(content: bytes, name: str) -> web.Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return web.Response(body=content, content_type="application/pdf", headers=headers)


def _exam(request: web.Request) -> ExamId:
    return ExamId(request.match_info["exam"])
