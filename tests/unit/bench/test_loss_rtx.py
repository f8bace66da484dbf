"""What the bench of a bad line is content with."""

from __future__ import annotations

import dataclasses

import pytest

from tests.bench.loss_rtx import Outcome, goals

RTX = Outcome("rtx", 60, 0.0, 0, 1500, 1400.0, 0.051, 1300, 0, 1500, 0.5, 700)
NONE = dataclasses.replace(RTX, repair="none", frozen_s=27.0, pictures=40, repaired=0)


def missed(*outcomes: Outcome) -> list[str]:
    return [goal for goal, reached in goals(list(outcomes), 0.05).items() if not reached]


def test_both_ways_measured_and_with_rtx_no_freeze_is_reached() -> None:
    assert missed(RTX, NONE) == []


def test_without_rtx_nothing_that_is_said_of_it_is_reached() -> None:
    assert missed(NONE) == [
        "frozen at most 1% of the time with RTX",
        "with RTX at least 90% of the lecturer's pictures decoded",
        "with RTX lost packets came again",
    ]
    assert missed(RTX) == ["measured beside it with RTX off"]
    assert len(missed()) == 5


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"frozen_s": 0.7}, "frozen at most 1% of the time with RTX"),
        ({"pictures": 900}, "with RTX at least 90% of the lecturer's pictures decoded"),
        ({"repaired": 0}, "with RTX lost packets came again"),
        ({"lost_on_the_line": 0.0}, "each line lost about 5%"),
    ],
)
def test_each_fault_is_named(fault: dict[str, float], named: str) -> None:
    assert missed(dataclasses.replace(RTX, **fault), NONE) == [named]  # type: ignore[arg-type]
