"""Print-ready files of an exam: every code, answer sheets, voucher slips, lists. Each one is audited.

Papers are secret until T0: before, only who may print papers gets them; from the opening on, whoever conducts exams
does too, for the room whose power is out.
"""

import asyncio
import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec
import segno

from orchestrator.access.model import Action, may
from orchestrator.errors import Refused
from orchestrator.exams import store
from orchestrator.exams.model import Exam, Stage
from orchestrator.exams.ports import Rosters, Trail
from orchestrator.exams.printed.layout import laid_out
from orchestrator.exams.printed.papers import ExamPapers
from orchestrator.exams.sealing import Candidate, Sealer
from orchestrator.exams.service import Exams
from orchestrator.exams.store import Connection
from orchestrator.printing.sheets import pdf
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Identity
from wire.ids import ExamId
from wire.paper import Paper
from wire.seal import voucher_text

VIETNAM = timezone(timedelta(hours=7))
TEMPLATES = Path(__file__).parents[1] / "templates"
SINCE_T0 = frozenset({Stage.OPEN, Stage.CLOSING, Stage.CLOSED, Stage.MARKED, Stage.PUBLISHED})
"""Stages in which the paper is no secret any more."""
MOST_SLIPS = 2500
"""Slips or sheets in one file: a page each takes a moment of a core."""
BLANK_SHEETS = 20


class _Person(msgspec.Struct, frozen=True):
    candidate: Candidate
    site: str


class Printing:
    """Makes the files; times are printed in the time of Vietnam."""

    def __init__(
        self,
        database: Database,
        exams: Exams,
        papers: ExamPapers,
        rosters: Rosters,
        trail: Trail,
        sealer: Sealer,
    ) -> None:
        self._database = database
        self._exams = exams
        self._papers = papers
        self._rosters = rosters
        self._trail = trail
        self._sealer = sealer

    async def paper(self, asker: Identity, exam_id: ExamId, code: str) -> bytes:
        """One code; refuses `paper_secret` before T0, `no_such_code`."""
        exam = await self._exams.exam(exam_id)
        if not may(asker.role, Action.PAPERS_PRINT) and (exam.stage not in SINCE_T0 or code.startswith("R")):
            message = "Đề còn bí mật đến giờ mở đề: chỉ người được giao in đề mới xem được. / Secret until T0."
            raise Refused("paper_secret", message, 403)
        paper = next((one for one in await self._papers.sealed(exam) if one.code == code), None)
        if paper is None:
            raise Refused("no_such_code", f"Không có mã đề {code[:16]}. / No such code.", 404)
        await self._record(asker, exam_id, {"what": "paper", "code": code})
        return await paper_pdf(exam, paper)

    async def sheets(self, asker: Identity, exam_id: ExamId, site: str) -> bytes:
        """Answer sheets of a site's candidates, or blank ones when `site` is empty."""
        exam = await self._exams.exam(exam_id)
        papers = await self._papers.sealed(exam)
        people = await self._people(exam, site) if site else []
        await self._record(asker, exam_id, {"what": "sheets", "site": site, "sheets": len(people) or BLANK_SHEETS})
        return await sheets_pdf(exam, papers[0], [(one.candidate, one.site) for one in people])

    async def slips(self, asker: Identity, exam_id: ExamId, site: str, desk: str) -> bytes:
        """Voucher slips of a site, or of all; `desk` is the address of the exam page that the QR codes open, if one is
        known when they are printed."""
        exam = await self._exams.exam(exam_id)
        people = await self._people(exam, site)
        slips: dict[str, list[dict[str, str]]] = {}
        images: dict[str, bytes] = {}
        for place, one in enumerate(people):
            pin, voucher = self._sealer.candidate_secrets(exam_id, one.candidate)
            text = voucher_text(voucher)
            name = f"qr{place}.svg"
            images[name] = await asyncio.to_thread(qr, f"{desk}#v={text}")
            told = {"number": one.candidate.number, "name": one.candidate.name, "code": one.candidate.code}
            slips.setdefault(one.site, []).append({**told, "pin": pin, "voucher": text, "qr": name})
        await self._record(asker, exam_id, {"what": "slips", "site": site, "slips": len(people)})
        sites = [{"site": name, "slips": each} for name, each in slips.items()]
        return await pdf(TEMPLATES / "slips.typ", {**_head(exam), "sites": sites}, images)

    async def roster(self, asker: Identity, exam_id: ExamId, site: str) -> bytes:
        """Lists of candidates with room for two signatures each."""
        exam = await self._exams.exam(exam_id)
        people: dict[str, list[dict[str, str]]] = {}
        for one in await self._people(exam, site):
            told = {"number": one.candidate.number, "name": one.candidate.name, "code": one.candidate.code}
            people.setdefault(one.site, []).append(told)
        await self._record(asker, exam_id, {"what": "roster", "site": site})
        sites = [{"site": name, "people": each} for name, each in people.items()]
        return await pdf(TEMPLATES / "roster.typ", {**_head(exam), "sites": sites})

    async def _people(self, exam: Exam, site: str) -> list[_Person]:
        names = {one.site.id: f"{one.site.code} {one.site.name}" for one in await self._rosters.sites()}
        every = await self._database.read(lambda conn: store.candidates(conn, exam.id))
        people = [_Person(one, names.get(one.site, one.site)) for one in every if not site or one.site == site]
        if not people:
            raise Refused("no_candidates", "Chưa có thí sinh: hãy niêm phong đề trước. / No candidates yet.", 409)
        if len(people) > MOST_SLIPS:
            raise Refused("too_many_slips", f"Quá {MOST_SLIPS} phiếu một lần: hãy in từng điểm cầu. / By site.", 409)
        return sorted(people, key=lambda one: (one.site, one.candidate.place))

    async def _record(self, asker: Identity, exam_id: ExamId, detail: Mapping[str, object]) -> None:
        def work(conn: Connection) -> None:
            self._trail.record(conn, asker.username, "exam.printed", exam_id, detail)

        await self._database.write(work)


async def paper_pdf(exam: Exam, paper: Paper) -> bytes:
    """One code, ready to print: A4, two columns."""
    images = {f"{one.id}.{one.media.removeprefix('image/')}": one.content for one in paper.pictures}
    contents = {
        **_head(exam),
        "code": paper.code,
        "questions": laid_out(paper).questions,
        "pictures": {name.partition(".")[0]: name for name in images},
        "columns": 2,
        "note": "Thí sinh không được sử dụng tài liệu. Giám thị không giải thích gì thêm.",
    }
    return await pdf(TEMPLATES / "paper.typ", contents, images)


async def sheets_pdf(exam: Exam, paper: Paper, people: Sequence[tuple[Candidate, str]]) -> bytes:
    """Answer sheets: one page for each of the people, or blank ones."""
    images: dict[str, bytes] = {}
    sheets: list[dict[str, str]] = []
    for place, (one, site) in enumerate(people):
        name = f"qr{place}.svg"
        images[name] = await asyncio.to_thread(qr, f"DCS1 {exam.id} {one.site} {one.number}")
        sheets.append({"number": one.number, "name": one.name, "site": site, "code": one.code, "qr": name})
    if not sheets:
        sheets = [{"number": "", "name": "", "site": "", "code": "", "qr": ""}] * BLANK_SHEETS
    options = max((len(item.options) for item in paper.items), default=4)
    contents = {
        **_head(exam),
        "questions": len(paper.items),
        "options": options,
        "across": 4 if options <= 5 else 2,
        "sheets": sheets,
    }
    return await pdf(TEMPLATES / "sheets.typ", contents, images)


def qr(text: str) -> bytes:
    """A QR code as SVG."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="svg", scale=8, border=2, light="#fff")
    return drawn.getvalue()


def _head(exam: Exam) -> dict[str, str]:
    return {"title": exam.title, "subtitle": f"{_day(exam.t0_ns)} · {_minutes(exam.duration_s)}"}


def _day(at_ns: int) -> str:
    return datetime.fromtimestamp(at_ns / 1e9, VIETNAM).strftime("%H:%M ngày %d/%m/%Y")


def _minutes(seconds: int) -> str:
    whole, rest = divmod(seconds, 60)
    return f"thời gian làm bài {whole} phút" + (f" {rest} giây" if rest else "")
