import pytest

from orchestrator.exams.marks import CandidateState
from orchestrator.exams.results import group
from orchestrator.exams.store import MarkRow
from wire.ids import SiteId

A, B = SiteId("a"), SiteId("b")


def row(correct: int, state: CandidateState = CandidateState.HANDED_IN, site: SiteId = A) -> MarkRow:
    return MarkRow("1", site, "Người", "101", correct, 10, state, 0, bytes(32))


def test_figures_of_a_known_sample() -> None:
    told = group("k", "n", [row(correct) for correct in (2, 4, 4, 4, 5, 5, 7, 9)], frozenset())
    assert (told.mean, told.median, told.sd) == (5.0, 4.5, 2.1381)
    assert (told.q1, told.q3) == (4.0, 5.5)
    assert told.bands == {"xuat_sac": 1, "gioi": 0, "kha": 1, "trung_binh": 2, "yeu": 3, "kem": 1}


def test_those_who_never_opened_the_paper_have_no_mark() -> None:
    told = group("k", "n", [row(0, CandidateState.ABSENT), row(0, CandidateState.NOT_OPENED), row(6)], frozenset())
    assert (told.registered, told.present, told.submitted, told.mean, told.sd) == (3, 2, 1, 6.0, None)
    assert sum(told.bands.values()) == 1


@pytest.mark.parametrize(("closed", "received"), [(frozenset(), 1), (frozenset({A}), 2), (frozenset({A, B}), 3)])
def test_received_counts_last_words(closed: frozenset[SiteId], received: int) -> None:
    rows = [row(1), row(2, CandidateState.WRITING), row(3, CandidateState.WRITING, B)]
    assert group("k", "n", rows, closed).received == received


def test_an_empty_group_has_no_figures() -> None:
    told = group("k", "n", [], frozenset())
    assert (told.registered, told.mean, told.median, told.q1) == (0, None, None, None)


def test_the_mean_has_its_interval_and_is_compared_with_the_whole() -> None:
    whole = group("all", "n", [row(9) for _ in range(40)], frozenset())
    told = group("k", "n", [row(correct) for correct in (2, 4, 4, 4, 5, 5, 7, 9)], frozenset(), whole=whole)
    # 5 ± 2.364624 · 2.13809 / √8, the textbook's t for 7 degrees of freedom.
    assert (told.low, told.high, told.against) == (3.2125, 6.7875, "below")
    assert (whole.low, whole.high, whole.against) == (9.0, 9.0, None)


def test_the_histogram_counts_by_the_integer_count() -> None:
    told = group("k", "n", [row(correct) for correct in (0, 1, 9, 10, 10)], frozenset())
    assert told.histogram == [1, 1, 0, 0, 0, 0, 0, 0, 0, 3]
    assert (told.opened, told.few, told.passed) == (5, False, 3)


def test_fewer_than_five_are_few() -> None:
    assert group("k", "n", [row(5) for _ in range(4)], frozenset()).few
