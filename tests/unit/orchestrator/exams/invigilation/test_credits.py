"""From what a site says to a line of the ledger."""

import pytest

from orchestrator.exams.invigilation.model import (
    Credit,
    Granted,
    Source,
    State,
    of_extra,
    of_outage,
    of_stop,
    sum_up,
    whole_minutes,
)
from wire.exam_fairness import Cause, ExamExtra, ExamOutage, ExamResumed, Grant
from wire.ids import ExamId, SiteId

EXAM, SITE = ExamId("exam-1"), SiteId("site-1")


@pytest.mark.parametrize(
    ("gap_ms", "seconds"), [(0, 60), (1, 60), (60_000, 60), (60_001, 120), (119_999, 120), (10**9, 6 * 3600)]
)
def test_a_gap_is_rounded_up_to_the_minute(gap_ms: int, seconds: int) -> None:
    assert whole_minutes(gap_ms) == seconds


def test_an_outage_of_the_line_is_noted_and_gives_nothing() -> None:
    def outage(cause: Cause) -> Credit:
        record = ExamOutage(exam=EXAM, id="c", cause=cause, candidate=None, from_ns=0, gap_ms=90_000, exact=True)
        return of_outage(SITE, record)

    assert (outage(Cause.LINE).state, outage(Cause.LINE).seconds) == (State.NOTED, 0)
    assert (outage(Cause.COMPUTER).state, outage(Cause.COMPUTER).seconds) == (State.PROPOSED, 120)


@pytest.mark.parametrize(
    ("before_s", "asked", "closed_ns", "state", "too_late"),
    [
        (0, False, None, State.APPROVED, False),
        (0, True, None, State.PROPOSED, False),
        (600, False, None, State.APPROVED, False),
        (601, False, None, State.PROPOSED, False),
        (0, False, 100, State.APPROVED, True),
        (0, False, 101, State.APPROVED, False),
    ],
)
def test_what_a_site_gives_itself_is_checked_again(
    before_s: int, asked: bool, closed_ns: int | None, state: State, too_late: bool
) -> None:
    grant = Grant(id="c", candidate=None, seconds=300, cause=Cause.POWER, who="Hà", at_ns=100)
    extra = ExamExtra(exam=EXAM, grant=grant, asked=asked)
    credit = of_extra(SITE, extra, given_before_s=before_s, closed_ns=closed_ns)
    assert (credit.state, credit.too_late, credit.applied_ns is not None) == (state, too_late, state is State.APPROVED)


def test_a_stopped_clock_is_granted_already_to_the_next_second() -> None:
    credit = of_stop(SITE, ExamResumed(exam=EXAM, id="s", who="Hà", at_ns=10**12, gap_ms=89_200))
    assert (credit.state, credit.seconds, credit.source, credit.applied_ns) == (
        State.APPROVED, 90, Source.SITE, 10**12,
    )  # fmt: skip


def test_what_stands_is_summed_per_site_and_candidate() -> None:
    def credit(name: str, candidate: str | None, seconds: int) -> Credit:
        return Credit(
            id=name, exam=EXAM, site=SITE, candidate=candidate, cause=Cause.OTHER, source=Source.PROVINCE,
            state=State.APPROVED, seconds=seconds, at_ns=0, who="ann",
        )  # fmt: skip

    found = sum_up([credit("a", None, 60), credit("b", "1", 30), credit("c", "1", 30), credit("d", "2", 10)])
    assert found == {SITE: Granted(60, {"1": 60, "2": 10})}
    assert (found[SITE].of("1"), found[SITE].of("9"), found[SITE].longest) == (120, 60, 120)
