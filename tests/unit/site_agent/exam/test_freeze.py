"""The clock is held still from the release lead before T0 until the opening, and never for ever."""

from __future__ import annotations

import pytest

from site_agent.exam.freeze import holds_still
from site_agent.exam.hall import Hall, new_hall
from site_agent.exam.vault import Held
from site_agent.exam.window import Phase
from wire.ids import ExamId
from wire.paper import Manifest, Plan

S = 10**9
T0 = 1_000_000


def hall(phase: Phase) -> Hall:
    manifest = Manifest(ExamId("exam-1"), "Bài", T0 * S, 7200, b"r" * 32, {}, Plan(1800.0, 60.0, 300.0, 20.0))
    made = new_hall(Held(manifest, {}, [], cancelled=False, secret=None, release=None, missing=[]))
    made.window.phase = phase
    return made


@pytest.mark.parametrize(
    ("phase", "seconds_to_t0", "held"),
    [
        (Phase.ARMED, 61, False),
        (Phase.ARMED, 60, True),
        (Phase.SEALED, 1, True),
        (Phase.ARMED, -300, True),
        (Phase.ARMED, -301, False),
        (Phase.OPEN, -1, False),
        (Phase.CANCELLED, 30, False),
    ],
)
def test_the_clock_is_held_only_around_an_opening_to_come(phase: Phase, seconds_to_t0: int, held: bool) -> None:
    assert holds_still([hall(phase)], (T0 - seconds_to_t0) * S) is held


def test_without_an_exam_nothing_is_held() -> None:
    assert not holds_still([], T0 * S)
