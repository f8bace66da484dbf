"""When an exam forbids disturbing its computer."""

import pytest

from site_agent.orders.quiet import QUIET_NS, NearExam, disturbs
from wire.ids import ExamState

NOW = 1_800_000_000 * 10**9
HOUR = 3600 * 10**9


@pytest.mark.parametrize(
    ("state", "to_t0_ns", "reason"),
    [
        (ExamState.OPEN, -HOUR, "exam_open"),
        (ExamState.RELEASED, QUIET_NS * 4, "exam_open"),
        (ExamState.SIGN_IN, HOUR, "exam_soon"),
        (ExamState.READY, QUIET_NS, "exam_soon"),
        (ExamState.READY, QUIET_NS + 1, ""),
        (ExamState.MISSING, QUIET_NS // 2, "exam_soon"),
        (ExamState.MISSING, -QUIET_NS // 2, "exam_soon"),
        (ExamState.MISSING, -HOUR, ""),
        (ExamState.CLOSED, -HOUR, ""),
        (ExamState.CANCELLED, QUIET_NS // 2, ""),
    ],
)
def test_an_exam_that_is_open_or_near_forbids_it(state: ExamState, to_t0_ns: int, reason: str) -> None:
    assert disturbs([NearExam(state, NOW + to_t0_ns)], NOW) == reason


def test_the_open_exam_matters_most() -> None:
    exams = [NearExam(ExamState.SIGN_IN, NOW), NearExam(ExamState.OPEN, NOW - HOUR)]
    assert disturbs(exams, NOW) == "exam_open"


def test_without_an_exam_nothing_stands_against_it() -> None:
    assert disturbs([], NOW) == ""


def test_a_computer_that_does_not_know_the_time_takes_an_exam_to_come_for_near() -> None:
    assert disturbs([NearExam(ExamState.READY, NOW + 24 * HOUR)], None) == "exam_soon"
    assert disturbs([NearExam(ExamState.CLOSED, NOW)], None) == ""
