"""HTTP of exams: the bank, planning and orders, slips, results, and the sealed papers that sites download."""

import asyncio

import msgspec
from aiohttp import web

from orchestrator.access.model import may
from orchestrator.errors import Refused
from orchestrator.exams.bank_export import EXPORTS
from orchestrator.exams.bank_import import BankImport, Imported
from orchestrator.exams.model import ORDERS, Action
from orchestrator.exams.planning import ExamWish
from orchestrator.exams.reading import ExamReading
from orchestrator.exams.results import Results
from orchestrator.exams.results_csv import results_csv
from orchestrator.exams.service import Exams
from orchestrator.exams.statistics import ExamStatistics
from orchestrator.exams.views import ExamView, Voucher
from orchestrator.exams.xlsx import workbook
from orchestrator.web.kit import Routes, body, content, get, json, post, who
from wire.ids import ExamId, PersonId

BANK_FILE_LIMIT = 8 << 20
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExamOrder(msgspec.Struct, frozen=True):
    """The body of an order: seal, arm, cancel, mark or publish."""

    order: str


def routes(exams: Exams, reading: ExamReading, bank: BankImport) -> Routes:
    """All routes of the feature."""
    pages = _Pages(exams, reading, bank)
    return [
        post("/api/v1/bank/import", pages.import_bank, action="bank.edit", summary="Import questions", reply=Imported),
        get("/api/v1/bank/export", pages.export_bank, action="bank.edit", summary="Bank with keys as Word or Excel"),
        get("/api/v1/bank/template.xlsx", pages.bank_template, action="bank.edit", summary="Empty Excel template"),
        get("/api/v1/exams", pages.every, action="any", summary="Exams", reply=list[ExamView]),
        post("/api/v1/exams", pages.create, action="exams.plan", summary="Plan an exam", body=ExamWish, reply=ExamView),
        get("/api/v1/exams/{exam}", pages.one, action="any", summary="One exam and its sites", reply=ExamView),
        post(
            "/api/v1/exams/{exam}/orders",
            pages.order,
            action="exams.conduct",
            summary="Seal, arm, cancel, mark, publish",
            body=ExamOrder,
            reply=ExamView,
        ),
        get(
            "/api/v1/exams/{exam}/vouchers",
            pages.vouchers,
            action="exams.vouchers",
            summary="PINs and vouchers for printing",
            reply=list[Voucher],
        ),
        get("/api/v1/exams/{exam}/results", pages.results, action="results.see", summary="Results", reply=Results),
        get("/api/v1/exams/{exam}/results.xlsx", pages.results_xlsx, action="results.see", summary="Results workbook"),
        get("/api/v1/exams/{exam}/results.csv", pages.results_csv, action="results.see", summary="Results as CSV"),
        get(
            "/api/v1/exams/{exam}/statistics",
            pages.statistics,
            action="results.items",
            summary="Statistics of items, paper and codes",
            reply=ExamStatistics,
        ),
        get("/agent/papers/{sha256}", pages.paper, action=None, summary="A sealed paper, resumable"),
    ]


class _Pages:
    def __init__(self, exams: Exams, reading: ExamReading, bank: BankImport) -> None:
        self._exams = exams
        self._reading = reading
        self._bank = bank

    async def import_bank(self, request: web.Request) -> web.Response:
        raw = await content(request, BANK_FILE_LIMIT)
        question_format = request.query.get("format", "auto")
        return json(await self._bank.take(who(request).username, raw, question_format))

    async def export_bank(self, request: web.Request) -> web.Response:
        written = EXPORTS.get(wanted := request.query.get("format", "docx"))
        if written is None:
            raise Refused("unknown_format", f"Không xuất được {wanted[:20]!r}. / Formats: {', '.join(EXPORTS)}.")
        questions = await self._reading.export_bank(who(request).username)
        return _file(await asyncio.to_thread(written.write, questions), f"ngan-hang.{wanted}", written.content_type)

    async def bank_template(self, _request: web.Request) -> web.Response:
        written = EXPORTS["xlsx"]
        return _file(written.write(()), "mau-ngan-hang.xlsx", written.content_type)

    async def every(self, _request: web.Request) -> web.Response:
        return json(await self._reading.every())

    async def create(self, request: web.Request) -> web.Response:
        wish = await body(request, ExamWish)
        asker = who(request)
        exam = await self._exams.create(asker.username, PersonId(asker.person), wish)
        return json(await self._reading.one(exam.id), 201)

    async def one(self, request: web.Request) -> web.Response:
        return json(await self._reading.one(_exam(request)))

    async def order(self, request: web.Request) -> web.Response:
        given = (await body(request, ExamOrder)).order
        if given not in ORDERS:
            known = ", ".join(sorted(ORDERS))
            raise Refused("not_an_order", f"Không có lệnh {given!r}. / Orders: {known}.")
        exam = await self._exams.order(who(request).username, _exam(request), Action(given))
        return json(await self._reading.one(exam.id))

    async def vouchers(self, request: web.Request) -> web.Response:
        reply = json(await self._reading.vouchers(who(request).username, _exam(request)))
        reply.headers["Cache-Control"] = "no-store"
        return reply

    async def results(self, request: web.Request) -> web.Response:
        return json(await self._reading.results(_exam(request)))

    async def results_xlsx(self, request: web.Request) -> web.Response:
        results = await self._reading.results(_exam(request))
        # Who may not see the key of each item gets the workbook without its sheets.
        told = may(who(request).role, "results.items")
        statistics = await self._reading.statistics(_exam(request)) if told else None
        filled = await asyncio.to_thread(workbook, results, statistics)
        return web.Response(body=filled, content_type=_XLSX, headers=_download(results, "xlsx"))

    async def results_csv(self, request: web.Request) -> web.Response:
        results = await self._reading.results(_exam(request))
        filled = await asyncio.to_thread(results_csv, results)
        return web.Response(body=filled, content_type="text/csv", charset="utf-8", headers=_download(results, "csv"))

    async def statistics(self, request: web.Request) -> web.Response:
        return json(await self._reading.statistics(_exam(request)))

    async def paper(self, request: web.Request) -> web.Response:
        try:
            digest = bytes.fromhex(request.match_info["sha256"])
        except ValueError:
            raise Refused("no_such_paper", "Không có gói đề này. / No such paper.", 404) from None
        return part_of(await self._reading.sealed_paper(digest), request, digest.hex())


def part_of(whole: bytes, request: web.Request, digest: str) -> web.Response:
    """The range that was asked for (RFC 9110 §14), or all of it. The bytes of a digest never change."""
    headers = {"Accept-Ranges": "bytes", "ETag": f'"{digest}"', "Cache-Control": "public, max-age=31536000, immutable"}
    kind = "application/octet-stream"
    changed = request.headers.get("If-Range", f'"{digest}"') != f'"{digest}"'
    try:
        asked = request.http_range
    except ValueError:
        asked = slice(None, None, 1)
    if changed or (asked.start is None and asked.stop is None):
        return web.Response(body=whole, headers=headers, content_type=kind)
    start, stop, _ = asked.indices(len(whole))
    if start >= stop:
        return web.Response(status=416, headers={**headers, "Content-Range": f"bytes */{len(whole)}"})
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(whole)}"
    return web.Response(status=206, body=whole[start:stop], headers=headers, content_type=kind)


def _download(results: Results, kind: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="ket-qua-{results.exam}.{kind}"'}


def _file(content_: bytes, name: str, content_type: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return web.Response(body=content_, content_type=content_type, headers=headers)


def _exam(request: web.Request) -> ExamId:
    return ExamId(request.match_info["exam"])
