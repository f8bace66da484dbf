"""How the board judges one site."""

import pytest

from orchestrator.exams.invigilation.judge import Seen, Word, judge, late_s, urgency
from orchestrator.exams.model import Exam, SiteWindow, Stage
from wire.ids import ClockState, ExamId, ExamState, SiteId
from wire.messages import ExamProgress
from wire.paper import Plan

S = 1_000_000_000
T0 = 1_000_000 * S
SITE = SiteId("site-1")
EXAM = Exam(
    ExamId("exam-1"), "Thi", Stage.OPEN, 1, T0, 600, Plan(), 50, 2, (SITE,), b"s" * 32, 0
)  # fmt: skip


def told(state: ExamState, **changes: object) -> ExamProgress:
    return ExamProgress(exam=EXAM.id, state=state, **changes)  # type: ignore[arg-type]


def seen(**changes: object) -> Seen:
    fields: dict[str, object] = {
        "window": SiteWindow(SITE, "ready"), "told": told(ExamState.READY), "linked": True, "heard_ns": T0,
        "clock": ClockState.SYNCED,
    }  # fmt: skip
    return Seen(**{**fields, **changes})  # type: ignore[arg-type]


NEVER_SEEN = seen(window=SiteWindow(SITE), told=None, linked=False, heard_ns=None, clock=None)
OPENED = SiteWindow(SITE, "ready", T0, T0 + 8_000_000, "synced")
OPENED_LATE = SiteWindow(SITE, "ready", T0 + 90 * S, T0 + 91 * S, "synced")
DOUBTFUL = SiteWindow(SITE, "ready", T0 - 20 * S, T0 + 60 * S, "loose")


@pytest.mark.parametrize(
    ("site", "at_s", "word", "late"),
    [
        (seen(), -10, Word.READY, 0),
        (seen(told=told(ExamState.MISSING)), -10, Word.NO_PAPER, 0),
        (NEVER_SEEN, -10, Word.NEVER, 0),
        (NEVER_SEEN, 60, Word.NEVER, 60),
        (seen(), 4, Word.READY, 0),
        (seen(), 60, Word.LATE, 60),
        (seen(linked=False), 60, Word.SILENT, 60),
        (seen(window=OPENED), 60, Word.OPEN, 0),
        (seen(window=OPENED, linked=False), 60, Word.SILENT, 0),
        (seen(told=told(ExamState.OPEN)), 60, Word.OPEN, 0),
        (seen(window=OPENED_LATE), 200, Word.OPEN_LATE, 90),
        (seen(window=DOUBTFUL), 200, Word.OPEN, 0),
        (seen(window=OPENED, told=told(ExamState.OPEN, stopped=True)), 200, Word.STOPPED, 0),
        (seen(window=SiteWindow(SITE, "ready", T0, T0, "synced", T0 + 600 * S)), 700, Word.CLOSED, 0),
    ],
)
def test_each_site_has_one_word(site: Seen, at_s: int, word: Word, late: int) -> None:
    now = T0 + at_s * S
    assert (judge(EXAM, site, now), late_s(EXAM, site, now)) == (word, late)


def test_who_needs_somebody_most_stands_first() -> None:
    cases = [
        (Word.STOPPED, seen()),
        (Word.LATE, seen()),
        (Word.OPEN, seen(incidents=1)),
        (Word.SILENT, seen()),
        (Word.OPEN, seen(proposals=1)),
        (Word.OPEN, seen(told=told(ExamState.OPEN, in_trouble=1))),
        (Word.OPEN, seen(clock=ClockState.BLIND)),
        (Word.OPEN, seen()),
        (Word.CLOSED, seen()),
    ]
    ranks = [urgency(word, site, running=True) for word, site in cases]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)


def test_a_site_that_never_spoke_is_no_alarm_before_the_day() -> None:
    assert urgency(Word.NEVER, NEVER_SEEN, running=False) > urgency(Word.OPEN, seen(incidents=1), running=False)
