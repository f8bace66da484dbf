"""When a certificate is told again although nothing changed."""

from __future__ import annotations

from site_agent.readiness.pace import AGAIN_S, SETTLE_S, Records
from wire.readiness import Check, CheckName, CheckState

GOOD = [Check(name=CheckName.CAMERA, state=CheckState.GOOD)]


def test_what_stays_the_same_is_told_again_before_it_grows_old() -> None:
    records = Records(0.0)
    assert not records.due(GOOD, 0.0)
    assert records.due(GOOD, SETTLE_S)
    records.told(GOOD)
    assert not records.due(GOOD, SETTLE_S + AGAIN_S - 1)
    assert records.due(GOOD, SETTLE_S + AGAIN_S)
    records.told(GOOD)
    assert not records.due(GOOD, SETTLE_S + AGAIN_S + 1)


def test_a_desk_that_is_found_elsewhere_now_is_told() -> None:
    records = Records(0.0)
    there = [Check(name=CheckName.PHONE, state=CheckState.GOOD, desk="http://10.0.0.5:8766/")]
    records.due(there, 0.0)
    assert records.due(there, SETTLE_S)
    records.told(there)
    moved = [Check(name=CheckName.PHONE, state=CheckState.GOOD, desk="http://10.0.0.9:8766/")]
    assert not records.due(moved, SETTLE_S + 1)
    assert records.due(moved, 2 * SETTLE_S + 1)
