"""What a rehearsal does and when: pure, every step once."""

from __future__ import annotations

import pytest

from site_agent.readiness.rehearsal import PRACTICE_NS, Moment, Step, due
from wire.ids import RehearsalId
from wire.readiness import RehearsalOrder

T0 = 10 * PRACTICE_NS
ORDER = RehearsalOrder(id=RehearsalId("r1"), title="Diễn tập", t0_ns=T0, until_ns=T0 + PRACTICE_NS)


@pytest.mark.parametrize(
    ("now_ns", "done", "expected"),
    [
        (0, (), Step.ORDERED),
        (0, ("ordered",), Moment.REST),
        (T0 - PRACTICE_NS, ("ordered",), Step.PRACTICE),
        (T0 - 1, ("ordered", "practice"), Moment.REST),
        (T0, ("ordered", "practice"), Step.START),
        (T0, (), Step.START),
        (T0 + 1, ("start",), Step.AFTER),
        (T0 + 1, ("start", "after"), Moment.REST),
        (T0 + PRACTICE_NS, ("start", "after"), Moment.OVER),
        (T0 + 2 * PRACTICE_NS, ("ordered",), Step.START),
    ],
)
def test_each_step_is_due_once_in_its_time(now_ns: int, done: tuple[str, ...], expected: Step | Moment) -> None:
    assert due(ORDER, done, now_ns) == expected
