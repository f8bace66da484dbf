import msgspec
import pytest

from orchestrator.exams.model import Exam, SiteWindow, Stage
from orchestrator.exams.outcome.reckoning import has_gap
from orchestrator.exams.outcome.reconcile import (
    Closed,
    Closing,
    Head,
    Known,
    SiteState,
    Tally,
    judged,
    reconciled,
)
from wire.chain import GENESIS
from wire.ids import ExamId, ExamState, SiteId
from wire.messages import ExamProgress
from wire.paper import Plan

A = SiteId("a")
OPENED = SiteWindow(A, "ready", 1, 2, "synced", None)
CLOSED = SiteWindow(A, "ready", 1, 2, "synced", 9)
QUIET = SiteWindow(A, "ready")
WAITING = ExamProgress(exam=ExamId("exam-1"), state=ExamState.READY)
FULL = Tally(registered=3, signed_in=3, opened=3, handed_in=2, ended=3, events=30)
ABSENT = Tally(registered=3, signed_in=2, opened=2, handed_in=2, ended=2, events=20)


@pytest.mark.parametrize(
    ("window", "tally", "progress", "head", "state", "why"),
    [
        (CLOSED, FULL, None, None, SiteState.COMPLETE, []),
        (CLOSED, ABSENT, None, None, SiteState.COMPLETE, []),
        (OPENED, ABSENT, None, None, SiteState.PARTIAL, ["not_closed"]),
        (OPENED, FULL, None, None, SiteState.COMPLETE, []),
        (CLOSED, msgspec.structs.replace(ABSENT, ended=1), None, None, SiteState.PARTIAL, ["unfinished"]),
        (CLOSED, msgspec.structs.replace(FULL, broken=1), None, None, SiteState.PARTIAL, ["gap"]),
        (CLOSED, FULL, None, Head(31, 30), SiteState.PARTIAL, ["head_ahead"]),
        (CLOSED, FULL, None, Head(30, 30), SiteState.COMPLETE, []),
        (CLOSED, msgspec.structs.replace(FULL, conflicts=2), None, None, SiteState.CONFLICT, ["conflict"]),
        (QUIET, Tally(registered=3), None, None, SiteState.SILENT, ["no_word"]),
        (QUIET, Tally(registered=3), WAITING, None, SiteState.NEVER_OPENED, ["not_opened"]),
        (SiteWindow(A, closed_ns=9), Tally(registered=3), None, None, SiteState.NEVER_OPENED, ["not_opened"]),
        (QUIET, Tally(), None, None, SiteState.COMPLETE, []),
    ],
)
def test_a_site_is_judged_by_what_came_and_what_it_said(
    window: SiteWindow,
    tally: Tally,
    progress: ExamProgress | None,
    head: Head | None,
    state: SiteState,
    why: list[str],
) -> None:
    assert judged(window, tally, progress, head) == (state, why)


def exam(*sites: SiteId) -> Exam:
    return Exam(ExamId("exam-1"), "Thi", Stage.CLOSED, 5, 10**18, 600, Plan(), 8, 1, sites, b"s" * 32, 0)


def test_the_worst_stands_first_and_within_a_state_who_lacks_most() -> None:
    sites = [SiteId(letter) for letter in "abcd"]
    tallies = {
        sites[0]: FULL,
        sites[1]: Tally(registered=2),
        sites[2]: Tally(registered=9),
        sites[3]: msgspec.structs.replace(FULL, conflicts=1),
    }
    windows = [SiteWindow(sites[0], "ready", 1, 2, "synced", 9), *(SiteWindow(site, "ready") for site in sites[1:])]
    told = reconciled(exam(*sites), windows, [], Known(tallies))
    assert [one.site for one in told.sites] == [sites[3], sites[2], sites[1], sites[0]]
    assert (told.settled, told.received, told.expected) == (False, 6, 17)
    assert told.complete == {sites[0]}


def test_a_closing_by_protocol_settles_a_site_without_making_its_answers_received() -> None:
    closing = Closing(Closed.PAPER, 1, "mất điện", "ann", 7)
    told = reconciled(exam(A), [QUIET], [], Known({A: Tally(registered=3)}, closings={A: closing}))
    assert (told.settled, told.received, told.expected) == (True, 0, 3)
    assert (told.sites[0].state, told.sites[0].why) == (SiteState.PROTOCOL, ["no_word"])


def test_a_site_of_which_everything_came_is_complete_whatever_a_protocol_said() -> None:
    closing = Closing(Closed.TELEPHONE, 0, "mất điện", "ann", 7)
    told = reconciled(exam(A), [CLOSED], [], Known({A: FULL}, closings={A: closing}))
    assert told.sites[0].state is SiteState.COMPLETE


def test_a_gap_is_an_event_that_others_follow_and_nobody_sent() -> None:
    one, two, three = (bytes([n]) * 32 for n in (1, 2, 3))
    assert not has_gap([(GENESIS, one), (one, two), (GENESIS, three)])
    assert has_gap([(GENESIS, one), (two, three)])
