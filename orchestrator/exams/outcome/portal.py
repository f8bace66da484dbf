"""The results portal: one person at a time, who holds a roster number and the receipt of their own answers.

Nothing is listed, and nothing is told of anybody unless the receipt fits what the centre has.
"""

import asyncio
import hmac

import msgspec

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.exams import outcome_store, store
from orchestrator.exams.choice import ExamKind
from orchestrator.exams.marking import read_one
from orchestrator.exams.marks import CandidateState, Sheet
from orchestrator.exams.model import KEY_FREE, Exam, Stage
from orchestrator.exams.outcome.frozen import thawed
from orchestrator.exams.outcome.reconcile import MS
from orchestrator.exams.ports import Rosters
from orchestrator.exams.results import CandidateResult
from orchestrator.exams.service import Exams
from orchestrator.exams.store import Connection
from orchestrator.storage.engine import Database
from orchestrator.web.rate import Attempts, refuse_until
from wire.chain import GENESIS, receipt
from wire.ids import ExamId, SiteId

MINUTE = 60_000_000_000
WRONG_BY_ASKER, WRONG_BY_NUMBER = 40, 20
"""Wrong receipts in `WINDOW_NS`; a school asks from one address."""
WINDOW_NS = 10 * MINUTE
SHOWN_NS = 120 * 24 * 60 * MINUTE
"""How long after T0 an exam stands on the portal."""
KEPT = 4
_LOOKS_LIKE = str.maketrans({"0": "O", "1": "I", "8": "B", " ": None, "-": None})
"""Base32 has no 0, 1 and 8 (RFC 4648 §6): whoever types them read a letter."""


class PortalExam(msgspec.Struct, frozen=True):
    """What anybody may know. `published`: the number of the publication, 0 before the first; `again`: marks are being
    made anew since; `hotline`: the number to call when something is wrong, "" for none."""

    exam: ExamId
    title: str
    starts_ms: int
    over: bool
    published: int
    again: bool
    provisional: bool
    received: int | None
    expected: int | None
    hotline: str = ""


class PortalQuestion(msgspec.Struct, frozen=True):
    """What a person types."""

    number: str
    receipt: str


class PortalAnswer(msgspec.Struct, frozen=True):
    """What the centre has of this person. `mark` is None until published, and for whoever never opened the paper;
    `differs`: the published mark was made from other answers than the centre has now."""

    exam: PortalExam
    number: str
    name: str
    site: str
    receipt: str
    state: CandidateState
    answers: int
    late: int
    ended_ms: int | None
    mark: float | None
    correct: int | None
    maximum: int | None
    band: str | None
    differs: bool


class _Found(msgspec.Struct, frozen=True):
    name: str
    site: SiteId
    sheet: Sheet
    ended_ms: int | None


class Portal:
    """Answers people without an account; wrong receipts are counted by asker and by number."""

    def __init__(self, database: Database, clock: Clock, exams: Exams, rosters: Rosters, hotline: str = "") -> None:
        self._hotline = hotline.strip()
        self._database = database
        self._clock = clock
        self._exams = exams
        self._rosters = rosters
        self._wrong_by_asker = Attempts(WRONG_BY_ASKER, WINDOW_NS)
        self._wrong_by_number = Attempts(WRONG_BY_NUMBER, WINDOW_NS)
        self._names: dict[SiteId, str] = {}
        self._names_ns = 0
        self._contents: dict[tuple[ExamId, int], dict[str, CandidateResult]] = {}

    async def exams(self) -> list[PortalExam]:
        """Exams that have begun, the newest first."""
        now = self._clock.now_ns()
        every = await self._database.read(store.every)
        return [
            await self._exam(exam)
            for exam in every
            if exam.kind is ExamKind.EXAM and _public(exam) and exam.t0_ns <= now < exam.t0_ns + SHOWN_NS
        ]

    async def exam(self, exam_id: ExamId) -> PortalExam:
        """One exam; refuses `no_such_exam` also for one that is not public."""
        return await self._exam(await self._known(exam_id))

    async def ask(self, asker: str, exam_id: ExamId, question: PortalQuestion) -> PortalAnswer:
        """What stands for this person. Refuses `no_match` (404) alike for an unknown number, another receipt and
        answers that have not come, and `too_many_attempts`."""
        exam = await self._known(exam_id)
        now, number = self._clock.now_ns(), question.number.strip()[:40]
        refuse_until(self._wrong_by_asker.wait_ns(asker, now))
        refuse_until(self._wrong_by_number.wait_ns(f"{exam_id} {number}", now))
        found = await self._database.read(lambda conn: _found(conn, exam, number))
        given = question.receipt[:40].upper().translate(_LOOKS_LIKE)
        true = receipt(found.sheet.ended_by) if found and found.sheet.ended_by != GENESIS else ""
        if found is None or not true or not hmac.compare_digest(true.encode(), given.encode()):
            self._wrong_by_asker.take(asker, now)
            self._wrong_by_number.take(f"{exam_id} {number}", now)
            raise Refused(
                "no_match",
                "Số báo danh và mã biên nhận này không khớp với bài đang có ở trung tâm. Hãy xem lại từng ký tự trên "
                "phiếu; giữ phiếu cẩn thận và báo giám thị hoặc đường dây hỗ trợ. / "
                "This number and receipt do not match what the centre has. Keep your slip and call the hotline.",
                404,
            )
        return await self._answer(exam, number, found, true)

    async def _answer(self, exam: Exam, number: str, found: _Found, true: str) -> PortalAnswer:
        told = await self._exam(exam)
        result = await self._published(exam.id, told.published, number) if told.published else None
        return PortalAnswer(
            exam=told,
            number=number,
            name=found.name,
            site=await self._site_name(found.site),
            receipt=true,
            state=found.sheet.state,
            answers=len(found.sheet.answers),
            late=found.sheet.late,
            ended_ms=found.ended_ms,
            mark=result.mark if result else None,
            correct=result.correct if result and result.mark is not None else None,
            maximum=result.maximum if result and result.mark is not None else None,
            band=result.band if result else None,
            differs=result is not None and result.receipt != true,
        )

    async def _site_name(self, site: SiteId) -> str:
        now = self._clock.now_ns()
        if site not in self._names or not 0 <= now - self._names_ns < MINUTE:
            self._names = {one.site.id: f"{one.site.code} · {one.site.name}" for one in await self._rosters.sites()}
            self._names_ns = now
        return self._names.get(site, site)

    async def _published(self, exam: ExamId, version: int, number: str) -> CandidateResult | None:
        kept = self._contents.get((exam, version))
        if kept is None:
            contents = await self._database.read(lambda conn: outcome_store.published(conn, exam, version))
            kept = self._contents[exam, version] = await asyncio.to_thread(_by_number, contents)
            while len(self._contents) > KEPT:
                del self._contents[next(iter(self._contents))]
        return kept.get(number)

    async def _exam(self, exam: Exam) -> PortalExam:
        told = await self._database.read(lambda conn: outcome_store.publications(conn, exam.id))
        newest = told[0] if told else None
        return PortalExam(
            exam=exam.id,
            title=exam.title,
            starts_ms=exam.t0_ns // MS,
            over=exam.stage in KEY_FREE,
            published=newest.version if newest else 0,
            again=newest is not None and exam.stage is not Stage.PUBLISHED,
            provisional=newest.provisional if newest else True,
            received=newest.received if newest else None,
            expected=newest.expected if newest else None,
            hotline=self._hotline,
        )

    async def _known(self, exam_id: ExamId) -> Exam:
        exam = await self._exams.exam(exam_id)
        if not _public(exam):
            raise Refused("no_such_exam", "Không có kỳ thi này. / No such exam.", 404)
        return exam


def _by_number(contents: bytes) -> dict[str, CandidateResult]:
    told = thawed(contents)
    names = {one.key: one.name for one in told.scheme.bands}
    return {
        one.number: msgspec.structs.replace(one, band=names.get(one.band) if one.band else None)
        for one in told.candidates
    }


def _public(exam: Exam) -> bool:
    return exam.stage not in {Stage.DRAFT, Stage.SEALED, Stage.ARMED, Stage.RELEASED, Stage.CANCELLED}


def _found(conn: Connection, exam: Exam, number: str) -> _Found | None:
    row = outcome_store.candidate(conn, exam.id, number)
    if row is None:
        return None
    sheet, heard = read_one(conn, exam, row.site, number)
    ended = next((one.event.at_ns for one in heard if one.hash == sheet.ended_by), None)
    return _Found(row.name, row.site, sheet, None if ended is None else ended // MS)
