"""Edits stop some time before an exam: what schools hold by then is what they sit."""

from orchestrator.errors import Refused
from orchestrator.exams.model import SECOND, SECRET_OUT, Exam, Stage
from orchestrator.exams.ports import Trail
from orchestrator.exams.store import Connection

SHORTEST_REASON = 5
_HELD = frozenset({Stage.SEALED, Stage.ARMED, *SECRET_OUT})


def frozen(exam: Exam, now_ns: int) -> bool:
    """Whether the exam's records, roster and codes stand still now."""
    return exam.stage in _HELD and now_ns >= exam.t0_ns - round(exam.plan.freeze_lead_s * SECOND)


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
