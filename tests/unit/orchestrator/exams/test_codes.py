import msgspec
import numpy as np
import pytest

from orchestrator.exams.codes import CodeNote, code_figures, comparisons, mantel_haenszel, welch
from orchestrator.exams.responses import Responses, from_marks
from tests.doubles.answer_sheets import lsat


def test_mantel_and_haenszel_of_the_berkeley_admissions() -> None:
    """Six departments as men admitted, rejected, women admitted, rejected (Bickel 1975; R: UCBAdmissions)."""
    strata = [
        [512, 313, 89, 19], [353, 207, 17, 8], [120, 205, 202, 391], [138, 279, 131, 244], [53, 138, 94, 299],
        [22, 351, 24, 317],
    ]  # fmt: skip
    odds = mantel_haenszel(np.array(strata, dtype=np.float64))
    assert odds.ratio == pytest.approx(0.9046968, abs=5e-8)
    assert odds.chi_square == pytest.approx(1.426946, abs=5e-7)
    assert odds.uncorrected == pytest.approx(1.524607, abs=5e-7)


def test_welch_of_the_two_drugs_of_student() -> None:
    """Extra hours of sleep (Student 1908; R: sleep): t = -1.8608, df = 17.776, p = 0.07939."""
    one = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    other = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    told = welch(one, other)
    assert told.difference == pytest.approx(-1.58)
    assert told.t == pytest.approx(-1.8608, abs=5e-5)
    assert told.df == pytest.approx(17.776, abs=5e-4)
    assert told.p == pytest.approx(0.07939, abs=5e-6)
    assert told.d == pytest.approx(-0.8321811, abs=5e-8)


def test_a_stratum_of_one_says_nothing_and_no_stratum_neither() -> None:
    table = np.array([[10, 4, 5, 9]], dtype=np.float64)
    lonely = np.array([[10, 4, 5, 9], [1, 0, 0, 0], [0, 0, 0, 0]], dtype=np.float64)
    assert mantel_haenszel(table) == mantel_haenszel(lonely)
    assert mantel_haenszel(np.zeros((3, 4))).chi_square is None


def two_codes(harder: bool) -> Responses:
    """LSAT with codes by turns; under 102 nobody in two gets item 3 right any more."""
    whole = lsat()
    rows = np.arange(1000)
    right = whole.right.copy()
    if harder:
        right[(rows % 4 == 1), 2] = False
    codes = tuple("101" if row % 2 == 0 else "102" for row in rows)
    return msgspec.structs.replace(whole, codes=codes, right=right)


def test_equal_codes_are_told_apart_by_nothing() -> None:
    responses = two_codes(harder=False)
    assert [(one.code, one.candidates) for one in code_figures(responses)] == [("101", 500), ("102", 500)]
    (told,) = comparisons(responses)
    assert (told.code, told.against) == ("102", "101")
    assert told.p is not None
    assert told.p > 0.5
    assert [one.note for one in told.items] == [None] * 5


def test_an_item_that_one_code_spoils_is_found() -> None:
    (told,) = comparisons(two_codes(harder=True))
    assert [one.note for one in told.items if one.item == "Item 3"] == [CodeNote.HARDER]
    assert told.difference < 0
    assert told.p is not None
    assert told.p < 0.001


def test_too_few_candidates_give_means_and_no_test() -> None:
    responses = msgspec.structs.replace(from_marks("ab", [[1, 0], [0, 0]], ["x", "y"]), codes=("1", "2"))
    (told,) = comparisons(responses)
    assert (told.difference, told.t, told.p, told.d) == (-1, None, None, None)
    alike = msgspec.structs.replace(from_marks("abcd", [[1, 0]] * 4, ["x", "y"]), codes=("1", "1", "2", "2"))
    assert comparisons(alike)[0].t is None


def test_without_codes_there_is_nothing_to_compare() -> None:
    assert comparisons(lsat()) == []
    assert code_figures(lsat()) == []
