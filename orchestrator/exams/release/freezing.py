"""Edits stop some time before an exam: what schools hold by then is what they sit."""

from collections.abc import Collection

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.exams import store
from orchestrator.exams.model import SECOND, SECRET_OUT, Exam, Stage
from orchestrator.exams.ports import Trail
from orchestrator.exams.store import Connection
from wire.ids import SiteId

SHORTEST_REASON = 5
HELD = frozenset({Stage.SEALED, Stage.ARMED, *SECRET_OUT})


def frozen(exam: Exam, now_ns: int) -> bool:
    """Whether the exam's records, roster and codes stand still now."""
    return exam.stage in HELD and now_ns >= exam.t0_ns - round(exam.plan.freeze_lead_s * SECOND)


def may_edit(exam: Exam, now_ns: int, reason: str) -> None:
    """Let an edit pass; within the freeze only one that says why. Refuses `frozen`."""
    if frozen(exam, now_ns) and len(reason.strip()) < SHORTEST_REASON:
        raise Refused(
            "frozen",
            f"“{exam.title}” đã khóa chỉnh sửa trước giờ thi. Nếu thật sự cần, hãy ghi lý do. / "
            "Edits are closed before the exam. If it must be, give a reason.",
            409,
            exam=exam.id,
        )


def note_edit(trail: Trail, conn: Connection, by: str, exam: Exam, now_ns: int, reason: str) -> None:
    """Leave an edit within the freeze in the trail, with its reason."""
    if frozen(exam, now_ns):
        trail.record(conn, by, "exam.freeze_overridden", exam.id, {"reason": reason.strip()[:300]})


class RegisterFreeze:
    """Keeps sites and participants of frozen exams as they are; for `Sites.guard`."""

    def __init__(self, clock: Clock, trail: Trail) -> None:
        self._clock = clock
        self._trail = trail

    def __call__(self, conn: Connection, by: str, changed: Collection[SiteId], reason: str) -> None:
        """Let an import pass that changes these sites, or refuse it, naming the exam. Refuses `frozen`. With a reason
        the register changes and the trail says so; what was sealed for the schools stays as it is in any case."""
        now = self._clock.now_ns()
        for exam in store.at_stages(conn, HELD):
            touched = set(exam.sites).intersection(changed)
            if not touched or not frozen(exam, now):
                continue
            if len(reason.strip()) < SHORTEST_REASON:
                raise _register_frozen(exam, len(touched))
            note_edit(self._trail, conn, by, exam, now, reason)


def _register_frozen(exam: Exam, sites: int) -> Refused:
    return Refused(
        "frozen",
        f"Tệp này đổi {sites} điểm cầu hoặc danh sách của kỳ thi “{exam.title}”, đã khóa chỉnh sửa trước giờ thi: "
        "chưa ghi gì cả. Nếu thật sự cần, hãy ghi lý do; danh sách đã niêm phong gửi các trường vẫn không đổi. / "
        f"This file changes {sites} sites or rosters of “{exam.title}”, which is closed to edits: nothing was written. "
        "If it must be, give a reason; what was sealed for the schools stays as it is.",
        409,
        exam=exam.id,
    )
