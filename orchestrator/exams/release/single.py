"""The reserve code for one site alone: it came too late for the paper, or its paper is spoilt. The others go on."""

from enum import StrEnum

import msgspec

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.exams import release_store, store
from orchestrator.exams.model import SECOND, Exam, SiteWindow, Stage
from orchestrator.exams.ports import Rosters, Trail
from orchestrator.exams.release.freezing import SHORTEST_REASON
from orchestrator.exams.sealing import Sealer
from orchestrator.exams.service import Exams
from orchestrator.exams.store import Connection
from orchestrator.storage.engine import Database
from wire.ids import ExamId, ExamState, SiteId
from wire.seal import release_text

_RUNNING = frozenset({Stage.RELEASED, Stage.OPEN, Stage.CLOSING})


class Why(StrEnum):
    """Why one site sits the reserve. `SPOILT` is a person's word: a paper torn open, shown, damaged beyond use."""

    LATE = "late"
    SPOILT = "spoilt"


class SiteCode(msgspec.Struct, frozen=True):
    """The code to read out to this site and to nobody else; `phone` and `contact` are whom to call."""

    exam: ExamId
    site: SiteId
    site_code: str
    site_name: str
    phone: str
    contact: str
    code: str


class SingleReserve:
    """Reads the reserve code out for single sites; each reading is audited with its reason."""

    def __init__(
        self, database: Database, exams: Exams, rosters: Rosters, clock: Clock, trail: Trail, sealer: Sealer
    ) -> None:
        self._database = database
        self._exams = exams
        self._rosters = rosters
        self._clock = clock
        self._trail = trail
        self._sealer = sealer

    async def code(self, by: str, exam_id: ExamId, site: SiteId, why: Why, reason: str) -> SiteCode:
        """The reserve code for one site. Refuses `no_reserve`, `officers_needed`, `no_such_site`, `reason_needed`,
        `not_now` before T0 and after the exam, `not_late` before T0 + cap or where the site has opened."""
        exam = await self._exams.exam(exam_id)
        windows = await self._database.read(lambda conn: store.windows(conn, exam_id))
        window = next((one for one in windows if one.site == site), None)
        if window is None:
            raise Refused("no_such_site", "Điểm cầu này không dự kỳ thi. / This site does not sit the exam.", 404)
        self._may_read(exam, window, why, reason)
        secret = self._sealer.reserve_secret(exam)
        if secret is None:
            message = "Cần hai cán bộ nhập mã của đề dự bị. / Two officers must enter their reserve shares first."
            raise Refused("officers_needed", message, 409)
        here = next(one.site for one in await self._rosters.sites() if one.site.id == site)
        now = self._clock.now_ns()

        def work(conn: Connection) -> None:
            release_store.note_reserve_read(conn, exam_id, site, why, now)
            told = {"site": here.code, "why": why.value, "reason": reason.strip()[:300]}
            self._trail.record(conn, by, "exam.reserve_code_shown", exam_id, told)

        await self._database.write(work)
        return SiteCode(exam_id, site, here.code, here.name, here.phone, here.contact, release_text(secret))

    def _may_read(self, exam: Exam, window: SiteWindow, why: Why, reason: str) -> None:
        now = self._clock.now_ns()
        if not exam.releasing.reserve:
            raise Refused("no_reserve", "Kỳ thi này không có đề dự bị. / This exam has no reserve paper.", 409)
        if len(reason.strip()) < SHORTEST_REASON:
            raise Refused("reason_needed", "Hãy ghi rõ lý do. / Give a reason.", 422)
        if exam.stage not in _RUNNING or now < exam.t0_ns:
            message = "Chỉ đọc mã đề dự bị từ giờ thi đến khi kỳ thi xong. / Only from T0 until the exam is over."
            raise Refused("not_now", message, 409)
        if why is Why.LATE and (now < _cap_ns(exam) or self._opened(exam, window)):
            message = (
                "Điểm cầu này chưa quá hạn mở muộn hoặc đã mở đề: đọc mã mở đề chính. / "
                "This site is not past the latest opening, or has opened: it sits the paper itself."
            )
            raise Refused("not_late", message, 409, cap_ms=_cap_ns(exam) // 1_000_000)

    def _opened(self, exam: Exam, window: SiteWindow) -> bool:
        told = self._exams.progress(exam.id, window.site)
        return window.opened_hi_ns is not None or (
            told is not None and told.state in (ExamState.OPEN, ExamState.CLOSED)
        )


def _cap_ns(exam: Exam) -> int:
    return exam.t0_ns + round(exam.plan.late_cap_s * SECOND)
