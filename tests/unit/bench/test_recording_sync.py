"""What the bench of sound and picture in a recording is content with."""

from __future__ import annotations

import math

import pytest

from tests.bench.recording_sync import apart, goals

GOOD = {"pairs": 300.0, "expected": 300.0, "worst_ms": 20.0, "missing_s": 0.02}


def missed(**fault: float) -> list[str]:
    return [goal for goal, reached in goals({**GOOD, **fault}).items() if not reached]


def test_good_figures_are_reached() -> None:
    assert missed() == []
    assert missed(pairs=285) == []


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"pairs": 284}, ["at least 95% of the flashes have their beep"]),
        ({"pairs": 1}, ["at least 95% of the flashes have their beep"]),
        ({"worst_ms": 45.0}, ["sound and picture within 45 ms"]),
        ({"missing_s": 1.0}, ["under 1 s lost"]),
        (
            {"pairs": 0, "expected": 0, "worst_ms": math.nan, "missing_s": 600},
            ["at least 95% of the flashes have their beep", "sound and picture within 45 ms", "under 1 s lost"],
        ),
    ],
)
def test_each_fault_is_named(fault: dict[str, float], named: list[str]) -> None:
    assert missed(**fault) == named


def test_a_flash_without_a_beep_is_no_pair() -> None:
    seen, heard = [0.0, 2.0, 4.0, 6.0], [0.01, 4.02, 6.0]
    assert [at for at, _ in apart(seen, heard)] == [0.0, 4.0, 6.0]
    assert apart(seen, []) == []
