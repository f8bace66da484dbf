"""A roll call during which rooms are away, in small: real centre, real agents, counts none lost and none doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doubles.roll_call_day import Plan, hold


@pytest.mark.timeout(110)
async def test_rooms_that_come_back_in_time_are_counted_once_and_everything_verifies(tmp_path: Path) -> None:
    plan = Plan(
        agents=6, real=1, away=4, back=3, return_s=3, processes=1, too_late=False, frames=3, span_ms=500, lead_ms=3500
    )
    outcome = await hold(tmp_path, plan, lambda _text: None)
    assert (outcome.lost, outcome.doubled, outcome.wrong, outcome.again) == (0, 0, 0, 0)
    assert (outcome.verdict, outcome.verified["held"], outcome.verified["faults"]) == (0, True, 0)
    did = {row.did: row for row in outcome.rows}
    spooled = did["has the order, cut off, back"]
    assert spooled.late is False
    assert spooled.moment_s is not None
    assert spooled.received_s is not None
    assert spooled.moment_s < 0.9 < spooled.received_s
    late = did["away before the order, back"]
    assert (late.late, late.counted) == (True, late.people)
    assert did["away before the order"].counted is None
    assert any(room["verdict"]["pictures"] for room in outcome.verified["sites"])
