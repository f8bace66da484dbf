"""Whether an exam forbids disturbing this computer. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from wire.ids import ExamState

QUIET_NS = 15 * 60 * 10**9
"""Before T0 of an exam the agent is not restarted for so long: candidates are signing in."""
_RUNNING = frozenset({ExamState.OPEN, ExamState.RELEASED})
_COMING = frozenset({ExamState.MISSING, ExamState.READY, ExamState.SIGN_IN})


class NearExam(msgspec.Struct, frozen=True):
    """An exam of this site; `t0_ns` in centre time."""

    state: ExamState
    t0_ns: int


def disturbs(exams: Iterable[NearExam], now_ns: int | None) -> str:
    """`exam_open`, `exam_soon`, or empty when nothing stands against it. `now_ns` None: the time is not known, and an
    exam that is to come may be near."""
    exams = list(exams)
    if any(exam.state in _RUNNING for exam in exams):
        return "exam_open"
    if any(exam.state is ExamState.SIGN_IN or _is_near(exam, now_ns) for exam in exams):
        return "exam_soon"
    return ""


def _is_near(exam: NearExam, now_ns: int | None) -> bool:
    # A little after T0 too: an exam that could not open in time opens as soon as it can.
    return exam.state in _COMING and (now_ns is None or abs(exam.t0_ns - now_ns) <= QUIET_NS)
