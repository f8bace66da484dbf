"""Print-ready files of an exam: every code, answer sheets, voucher slips, lists. Each one is audited.

Papers are secret until T0: before, only who may print papers gets them; from the opening on, whoever conducts exams
does too, for the room whose power is out.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec

from orchestrator.access.model import Action, may
from orchestrator.errors import Refused
from orchestrator.exams import store
from orchestrator.exams.model import Exam, Stage
from orchestrator.exams.ports import Rosters, Trail
from orchestrator.exams.printed.layout import laid_out
from orchestrator.exams.printed.papers import ExamPapers, refuse_shuffled
from orchestrator.exams.printed.slips import Desks, SiteDesk, Slip, SlipWish, desk_of, opened_by, qr
from orchestrator.exams.sealing import Candidate, Sealer
from orchestrator.exams.service import Exams
from orchestrator.exams.store import Connection
from orchestrator.printing.sheets import pdf
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Identity
from wire.ids import ExamId, SiteId
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
        desks: Desks = lambda _conn: {},
        most: int = MOST_SLIPS,
    ) -> None:
        self._database = database
        self._exams = exams
        self._papers = papers
        self._rosters = rosters
        self._trail = trail
        self._sealer = sealer
        self._desks = desks
        self._most = most

    async def paper(self, asker: Identity, exam_id: ExamId, code: str) -> bytes:
        """One code; refuses `paper_secret` before T0, `no_such_code`, `shuffled`."""
        exam = await self._exams.exam(exam_id)
        refuse_shuffled(exam)
        if not may(asker.role, Action.PAPERS_PRINT) and (exam.stage not in SINCE_T0 or code.startswith("R")):
            message = "Đề còn bí mật đến giờ mở đề: chỉ người được giao in đề mới xem được. / Secret until T0."
            raise Refused("paper_secret", message, 403)
        paper = next((one for one in await self._papers.sealed(exam) if one.code == code), None)
        if paper is None:
            raise Refused("no_such_code", f"Không có mã đề {code[:16]}. / No such code.", 404)
        await self._record(asker, exam_id, {"what": "paper", "code": code})
        return await paper_pdf(exam, paper)

    async def sheets(self, asker: Identity, exam_id: ExamId, site: str) -> bytes:
        """Answer sheets of a site's candidates, or blank ones when `site` is empty; refuses `shuffled`."""
        exam = await self._exams.exam(exam_id)
        refuse_shuffled(exam)
        papers = await self._papers.sealed(exam)
        people = await self._people(exam, site) if site else []
        await self._record(asker, exam_id, {"what": "sheets", "site": site, "sheets": len(people) or BLANK_SHEETS})
        return await sheets_pdf(exam, papers[0], [(one.candidate, one.site) for one in people])

    async def slips(self, asker: Identity, exam_id: ExamId, wish: SlipWish) -> bytes:
        """Voucher slips, each site's on pages of its own; each QR code opens the desk of its own site."""
        exam = await self._exams.exam(exam_id)
        people = await self._people(exam, wish.site, wish.part)
        made = await self._slips(exam_id, people, wish.desk)
        names = {one.candidate.site: one.site for one in people}
        slips: dict[SiteId, list[dict[str, str]]] = {}
        images: dict[str, bytes] = {}
        for place, slip in enumerate(made):
            name = f"qr{place}.svg" if slip.qr else ""
            if name:
                images[name] = slip.qr.encode()
            slips.setdefault(slip.site, []).append({**msgspec.structs.asdict(slip), "qr": name})
        await self._record(asker, exam_id, {"what": "slips", "site": wish.site, "slips": len(made)})
        sites = [{"site": names[each], "slips": theirs} for each, theirs in slips.items()]
        return await pdf(TEMPLATES / "slips.typ", {**_head(exam), "sites": sites}, images)

    async def slips_shown(self, asker: Identity, exam_id: ExamId, wish: SlipWish) -> list[Slip]:
        """The same slips for the screen."""
        people = await self._people(await self._exams.exam(exam_id), wish.site, wish.part)
        made = await self._slips(exam_id, people, wish.desk)
        await self._record(asker, exam_id, {"site": wish.site, "slips": len(made)}, "exam.vouchers")
        return made

    async def desks(self, exam_id: ExamId) -> list[SiteDesk]:
        """Where candidates find the desk of each site of the exam, as far as it is known."""
        exam = await self._exams.exam(exam_id)
        told = await self._database.read(self._desks)
        return [SiteDesk(site, desk_of(site, told, "")) for site in exam.sites]

    async def _slips(self, exam_id: ExamId, people: Sequence[_Person], typed: str) -> list[Slip]:
        told = await self._database.read(self._desks)

        def made() -> list[Slip]:
            return [self._slip(exam_id, one.candidate, desk_of(one.candidate.site, told, typed)) for one in people]

        return await asyncio.to_thread(made)

    def _slip(self, exam_id: ExamId, one: Candidate, desk: str) -> Slip:
        pin, voucher = self._sealer.candidate_secrets(exam_id, one)
        text = voucher_text(voucher)
        drawn = qr(opened_by(desk, text)).decode() if desk else ""
        return Slip(one.site, one.number, one.name, one.code, pin, text, desk, drawn)

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

    async def _people(self, exam: Exam, site: str, part: int = 0) -> list[_Person]:
        names = {one.site.id: f"{one.site.code} {one.site.name}" for one in await self._rosters.sites()}
        every = await self._database.read(lambda conn: store.candidates(conn, exam.id))
        people = [_Person(one, names.get(one.site, one.site)) for one in every if not site or one.site == site]
        people.sort(key=lambda one: (one.site, one.candidate.place))
        people = people[(part - 1) * self._most : part * self._most] if part else people
        if not people:
            raise Refused("no_candidates", "Chưa có thí sinh: hãy niêm phong đề trước. / No candidates yet.", 409)
        if len(people) > self._most:
            raise Refused("too_many_slips", f"Quá {self._most} phiếu một lần: hãy in từng điểm cầu. / By site.", 409)
        return people

    async def _record(
        self, asker: Identity, exam_id: ExamId, detail: Mapping[str, object], action: str = "exam.printed"
    ) -> None:
        def work(conn: Connection) -> None:
            self._trail.record(conn, asker.username, action, exam_id, detail)

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


def _head(exam: Exam) -> dict[str, str]:
    return {"title": exam.title, "subtitle": f"{_day(exam.t0_ns)} · {_minutes(exam.duration_s)}"}


def _day(at_ns: int) -> str:
    return datetime.fromtimestamp(at_ns / 1e9, VIETNAM).strftime("%H:%M ngày %d/%m/%Y")


def _minutes(seconds: int) -> str:
    whole, rest = divmod(seconds, 60)
    return f"thời gian làm bài {whole} phút" + (f" {rest} giây" if rest else "")
