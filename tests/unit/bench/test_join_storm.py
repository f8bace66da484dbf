"""What the bench of a storm of viewers is content with: whoever was there and froze for good must be seen."""

from __future__ import annotations

import msgspec
import pytest

from tests.bench.join_storm import goals
from tests.doubles.crowd import Figures
from tests.doubles.steadfast import Gap

CALM = Figures(20, 20, [1.0] * 20, 0.05, 20)


def missed(storm: Figures, took: list[float], joiners: int = 3) -> list[str]:
    return [goal for goal, reached in goals(joiners, took, CALM, storm).items() if not reached]


def test_a_calm_storm_is_reached() -> None:
    assert missed(CALM, [1.0, 1.5, 9.9]) == []


@pytest.mark.parametrize("took", [[], [1.0, 1.0], [1.0, 1.0, 10.1]])
def test_newcomers_who_are_late_or_missing_are_named(took: list[float]) -> None:
    assert missed(CALM, took) == ["every newcomer plays within 10 s"]


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"gap": 0.6}, "nobody who was there is without a packet for 0.5 s"),
        ({"playing": 19}, "all 20 who were there play, before the storm and after it"),
        ({"connections": 21}, "nobody who was there had to connect anew"),
    ],
)
def test_whoever_was_there_and_froze_is_named(fault: dict[str, float], named: str) -> None:
    assert missed(msgspec.structs.replace(CALM, **fault), [1.0] * 3) == [named]


def test_a_gap_counts_over_connections_and_while_it_is_open() -> None:
    gap = Gap()
    assert gap.longest(100.0) == 0.0
    for at in (1.0, 1.1, 1.2):
        gap.came(at)
    assert gap.longest(1.2) == pytest.approx(0.1)
    assert gap.longest(9.2) == pytest.approx(8.0)
    gap.came(9.2)
    assert gap.longest(9.3) == pytest.approx(8.0)
    gap.forget()
    assert gap.longest(9.3) == pytest.approx(0.1)
