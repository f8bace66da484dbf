"""What a hall says of itself."""

import pytest

from site_agent.exam.hall import Hall, new_hall
from site_agent.exam.vault import Held
from site_agent.exam.window import Phase
from tests.doubles.centre_time import S, reading
from wire.ids import ExamId
from wire.paper import Manifest, Plan

T0, LEAD = 100_000, 60


def hall(phase: Phase) -> Hall:
    plan = Plan(1800.0, float(LEAD), 1800.0, 20.0)
    manifest = Manifest(ExamId("exam-1"), "Bài", T0 * S, 7200, b"r" * 32, {"101": b"p" * 32}, plan)
    made = new_hall(Held(manifest, {}, [], cancelled=False, secret=None, release=None, missing=[]))
    made.window.phase = phase
    return made


@pytest.mark.parametrize(
    ("phase", "at_s", "needed"),
    [
        (Phase.SEALED, T0 - LEAD - 1, False),
        (Phase.SEALED, T0 - LEAD, True),
        (Phase.WAITING, T0 + 5, True),
        (Phase.ARMED, T0 - 1, False),
        (Phase.OPEN, T0 + 5, False),
        (Phase.MISSED, T0 + 5, False),
    ],
)
def test_the_line_is_needed_from_the_release_on_while_secret_or_papers_lack(
    phase: Phase, at_s: int, needed: bool
) -> None:
    assert hall(phase).in_need(reading(at_s)) is needed
