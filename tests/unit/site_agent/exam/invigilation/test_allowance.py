"""What time an exam has beside its plan, as notes say it."""

import pytest

from site_agent.exam.invigilation.allowance import STOPPED_STRETCH_S, Allowance, Note
from site_agent.exam.window import anchor
from tests.doubles.centre_time import S, reading
from wire.exam_fairness import (
    Cause,
    ExamExtra,
    ExamExtraWithdrawn,
    ExamGrants,
    ExamGrantsTaken,
    ExamResumed,
    ExamStopped,
    Grant,
)
from wire.ids import ExamId

EXAM = ExamId("exam-1")


def grant(name: str, candidate: str | None = None, seconds: int = 300) -> Grant:
    return Grant(id=name, candidate=candidate, seconds=seconds, cause=Cause.POWER, who="Hà", at_ns=0)


def extra(name: str, candidate: str | None = None, seconds: int = 300, *, asked: bool = False) -> Note:
    return Note(ExamExtra(exam=EXAM, grant=grant(name, candidate, seconds), asked=asked))


def heard(serial: int, *grants: Grant, too_late: tuple[str, ...] = ()) -> Note:
    applied = [each.id for each in grants if each.id not in too_late]
    taken = ExamGrantsTaken(exam=EXAM, serial=serial, applied=applied, too_late=list(too_late), at_ns=0)
    return Note(taken, heard=ExamGrants(exam=EXAM, serial=serial, grants=list(grants)))


def folded(*notes: Note) -> Allowance:
    allowance = Allowance()
    for note in notes:
        allowance.take(note)
    return allowance


@pytest.mark.parametrize(
    ("notes", "everybody", "an"),
    [
        ((), 0, 0),
        ((extra("a"),), 300, 300),
        ((extra("a"), extra("b", "AN", 60)), 300, 360),
        ((extra("a"), extra("a")), 300, 300),
        ((extra("a", asked=True),), 0, 0),
        ((extra("a", asked=True), heard(1, grant("a"))), 300, 300),
        ((extra("a"), heard(1, grant("a"))), 300, 300),
        ((extra("a"), Note(ExamExtraWithdrawn(exam=EXAM, id="a", who="Hà", at_ns=0))), 0, 0),
        (
            (extra("a"), heard(1, grant("a")), Note(ExamExtraWithdrawn(exam=EXAM, id="a", who="Hà", at_ns=0))),
            0,
            0,
        ),
        ((heard(1, grant("a"), grant("b", "AN")), heard(2, grant("b", "AN"))), 0, 300),
        ((heard(1, grant("a"), too_late=("a",)),), 0, 0),
    ],
    ids=[
        "nothing", "the site", "the site and one", "said twice", "only asked", "asked and approved", "told back",
        "taken back", "taken back after it was told back", "a later list replaces", "too late",
    ],
)  # fmt: skip
def test_each_grant_counts_once_as_long_as_it_stands(notes: tuple[Note, ...], everybody: int, an: int) -> None:
    allowance = folded(*notes)
    assert (allowance.granted_s(None), allowance.granted_s("AN")) == (everybody, an)


def test_a_stopped_clock_gives_back_exactly_what_it_stood() -> None:
    stop = Note(ExamStopped(exam=EXAM, id="s", who="Hà", text="", at_ns=0), anchor=anchor(reading(100)))
    allowance = folded(extra("a"), stop)
    assert allowance.extra_ns("AN", reading(150)) == 350 * S
    assert allowance.longest_s({"AN": 60}) == STOPPED_STRETCH_S
    allowance.take(Note(ExamResumed(exam=EXAM, id="s", who="Hà", at_ns=0, gap_ms=70_500)))
    assert allowance.extra_ns("AN", reading(900)) == 370_500_000_000
    assert allowance.longest_s({"AN": 60, "BA": 0}) == 60 + 300 + 71


def test_a_gap_that_the_province_tells_back_counts_once() -> None:
    resumed = Note(ExamResumed(exam=EXAM, id="s", who="Hà", at_ns=0, gap_ms=70_500))
    assert folded(resumed, heard(1, grant("s", seconds=71))).extra_ns("AN", reading(0)) == 70_500_000_000
    assert folded(heard(1, grant("s", seconds=71))).extra_ns("AN", reading(0)) == 71 * S
