"""What the bench of sources is content with."""

from __future__ import annotations

import msgspec
import pytest

from tests.bench.sources_play import Row, goals, line

GOOD = Row("RTMP, baseline", "H.264 + AAC", "passes untouched", True, 10.0, 250, 25.0, True, 0, 0.1, 6.0)


def missed(*rows: Row) -> list[str]:
    return [goal for goal, reached in goals(rows).items() if not reached]


def test_sources_that_play_are_reached() -> None:
    assert missed(GOOD, GOOD) == []
    assert "longest without a picture 0.1 s" in line(GOOD)


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"decoded": 3, "fps": 0.3}, "every source plays at least 50% of its 25 pictures a second"),
        ({"gap": 4.0}, "none was 1 s without a new picture"),
        ({"heard": False}, "every source was heard"),
        ({"fits": False}, "what fits passed untouched and nothing else"),
    ],
)
def test_each_fault_is_named(fault: dict[str, object], named: str) -> None:
    assert missed(GOOD, msgspec.structs.replace(GOOD, **fault)) == [named]


def test_nothing_measured_is_nothing_reached() -> None:
    assert len(missed()) == 4
