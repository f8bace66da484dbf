import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from orchestrator.exams.items import ItemNote, biserial, extremes, item_figures, point_biserial
from orchestrator.exams.responses import Bools, from_letters, from_marks
from tests.doubles.answer_sheets import lsat

NINE_DIGITS = 5e-10


@pytest.mark.parametrize(
    ("figure", "published"),
    [
        ("facility", (0.924, 0.709, 0.553, 0.763, 0.870)),
        ("discrimination", (0.112832688922, 0.153178120117, 0.172778943291, 0.144428095247, 0.121596402547)),
        ("point_biserial", (0.362010437162, 0.566772095384, 0.618439753567, 0.534418326244, 0.435366427888)),
        ("alpha_without", (0.275356210798, 0.237583904647, 0.216799462943, 0.245932710434, 0.266294411208)),
    ],
)
def test_lsat_section_6_gives_the_figures_of_ltm_psych_and_ctt(figure: str, published: tuple[float, ...]) -> None:
    found = [getattr(item, figure) for item in item_figures(lsat())]
    assert found == pytest.approx(published, abs=NINE_DIGITS, rel=0)


def test_point_biserial_and_biserial_of_salkind_and_rasmussen() -> None:
    """Encyclopedia of Measurement and Statistics, 2007, pp. 94-97, as in the R package irt."""
    wrong = [87, 90, 94, 94, 97, 103, 103, 104, 106, 108, 109, 109, 109, 112, 119, 132]
    right = [
        100, 103, 103, 106, 112, 113, 114, 114, 118, 119, 120, 120, 124, 133, 135, 135, 136, 141, 155, 157, 159, 162,
    ]  # fmt: skip
    marks = np.array([False] * len(wrong) + [True] * len(right))
    scores = np.array(wrong + right, dtype=np.float64)
    assert point_biserial(marks, scores) == pytest.approx(0.556765, abs=5e-7)
    assert biserial(marks, scores) == pytest.approx(0.693546, abs=5e-7)


def test_the_best_item_of_a_guttman_scale_is_as_efficient_as_it_can_be() -> None:
    figures = item_figures(from_marks("abcd", [[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]], ["x", "y", "z"]))
    assert [one.efficiency for one in figures] == pytest.approx([1, 1, 1])
    assert sum(one.effective_weight or 0 for one in figures) == pytest.approx(1)


def test_the_extremes_are_the_rounded_27_percent_and_say_what_a_tie_left_out() -> None:
    rows = [[1, 1]] * 2 + [[1, 0]] * 6 + [[0, 0]] * 3
    responses = from_marks([f"{n:02d}" for n in range(11)], rows, ["x", "y"])
    told = extremes(responses)
    assert (told.size, told.upper_ties, told.lower_ties) == (3, 5, 0)
    figures = item_figures(responses)
    assert (figures[0].upper, figures[0].lower) == (1, 0)
    assert figures[1].upper_lower == pytest.approx(2 / 3)


def test_ties_are_broken_by_number_whatever_the_order_of_the_rows() -> None:
    numbers, rows = ["4", "1", "3", "2"], [[1, 0], [0, 1], [1, 0], [0, 1]]
    assert [one.upper for one in item_figures(from_marks(numbers, rows, ["x", "y"]))] == [0, 1]


def test_an_item_that_everybody_knew_or_nobody_has_no_correlations() -> None:
    told = item_figures(from_marks("abc", [[1, 0, 1], [1, 0, 0], [1, 0, 1]], ["easy", "hard", "some"]))
    for one in told[:2]:
        assert (one.discrimination, one.efficiency, one.point_biserial, one.biserial) == (None, None, None, None)
    assert (told[0].notes, told[1].notes) == ([ItemNote.EASY], [ItemNote.HARD])


def test_a_void_item_has_options_but_no_figures_and_weighs_nothing() -> None:
    answers = [["A", "B"], ["A", "C"], ["B", "C"]]
    told = item_figures(from_letters("abc", answers, {"1": frozenset("A"), "2": frozenset()}))
    assert told[1].notes == [ItemNote.VOID]
    assert (told[1].facility, told[1].effective_weight, told[1].answered) == (None, None, 3)
    assert [(one.option, one.count) for one in told[1].options] == [("B", 1), ("C", 2)]


def test_an_item_that_the_weak_get_right_is_told() -> None:
    rows = [[0, 1, 1]] * 4 + [[1, 0, 0]] * 4 + [[0, 1, 0]]
    told = item_figures(from_marks([str(n) for n in range(9)], rows, ["odd", "x", "y"]))
    assert ItemNote.NEGATIVE in told[0].notes
    assert ItemNote.NEGATIVE not in told[2].notes


def test_a_single_candidate_or_nobody_is_no_sample() -> None:
    assert item_figures(from_marks("a", [[1, 0]], ["x", "y"]))[0].discrimination is None
    assert item_figures(from_marks("", [], ["x", "y"]))[0].facility is None
    assert extremes(from_marks("", [], ["x"])).size == 0


marks = arrays(np.bool_, st.tuples(st.integers(1, 30), st.integers(1, 8)))


@given(marks)
def test_figures_stay_in_their_bounds(right: Bools) -> None:
    numbers, items = [f"{n:02d}" for n in range(len(right))], [str(n) for n in range(right.shape[1])]
    for one in item_figures(from_marks(numbers, right.tolist(), items)):
        assert 0 <= (one.facility or 0) <= 1
        for figure in (one.discrimination, one.point_biserial, one.upper_lower):
            assert figure is None or -1 - 1e-9 <= figure <= 1 + 1e-9
        # Only above: the margins that bound the largest covariance may allow a still larger one below zero.
        assert one.efficiency is None or one.efficiency <= 1 + 1e-9


@given(marks)
def test_the_order_of_the_candidates_changes_nothing(right: Bools) -> None:
    numbers, items = [f"{n:02d}" for n in range(len(right))], [str(n) for n in range(right.shape[1])]
    there = item_figures(from_marks(numbers, right.tolist(), items))
    back = item_figures(from_marks(numbers[::-1], right[::-1].tolist(), items))
    for one, other in zip(there, back, strict=True):
        assert (one.upper, one.lower) == (other.upper, other.lower)
        assert one.discrimination == pytest.approx(other.discrimination)
