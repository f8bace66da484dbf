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
