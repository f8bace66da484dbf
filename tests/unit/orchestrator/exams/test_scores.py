import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.exams.responses import from_letters, from_marks
from orchestrator.exams.scores import kr21, kurtosis, paper_figures, sd, skewness
from tests.doubles.answer_sheets import lsat


def test_lsat_section_6_gives_its_published_mean_and_kr20() -> None:
    """ltm, psych and CTT agree on α; Σpq and σ² have the same divisor."""
    told = paper_figures(lsat())
    assert (told.candidates, told.items, told.mean) == (1000, 5, 3.819)
    assert told.kr20 == pytest.approx(0.294997192216, abs=5e-10, rel=0)


def test_the_standard_error_follows_from_kr20_and_sd() -> None:
    told = paper_figures(lsat())
    assert told.error_ratio == pytest.approx((1 - 0.294997192216) ** 0.5, abs=5e-10)
    assert told.sem == pytest.approx((told.sd or 0) * (told.error_ratio or 0))


def test_moments_of_a_sample_worked_by_hand() -> None:
    """k2 = 32/7, k3 = 8 · 42 / (7 · 6) = 8, k4 = 8² · (9 · 44.5 - 3 · 7 · 4²) / (7 · 6 · 5) of eight numbers."""
    sample = np.array([2, 4, 4, 4, 5, 5, 7, 9], dtype=np.float64)
    second, fourth = 32 / 7, 64 * (9 * 44.5 - 336) / 210
    assert sd(sample) == pytest.approx(second**0.5)
    assert skewness(sample) == pytest.approx(8 / second**1.5)
    assert kurtosis(sample) == pytest.approx(fourth / second**2)


def test_kr21_is_what_its_formula_says() -> None:
    assert kr21(np.array([1.0, 2.0, 3.0, 4.0]), 5) == pytest.approx(5 / 4 * (1 - 2.5 * 2.5 / (5 * 1.25)))


@given(st.integers(2, 12), st.integers(2, 9))
def test_items_of_equal_difficulty_make_kr21_equal_to_kr20(candidates: int, items: int) -> None:
    rows = [[int((row + at) % candidates < candidates // 2) for at in range(items)] for row in range(candidates)]
    told = paper_figures(from_marks([f"{n:02d}" for n in range(candidates)], rows, [str(n) for n in range(items)]))
    assert told.kr21 == pytest.approx(told.kr20)


def test_what_a_sample_does_not_allow_is_left_open() -> None:
    nobody = paper_figures(from_marks("", [], ["x", "y"]))
    assert (nobody.candidates, nobody.mean, nobody.median, nobody.minimum, nobody.kr20) == (0, None, None, None, None)
    alone = paper_figures(from_marks("a", [[1, 0]], ["x", "y"]))
    assert (alone.mean, alone.sd, alone.skewness, alone.kurtosis, alone.sem) == (1.0, None, None, None, None)
    alike = paper_figures(from_marks("abcde", [[1, 0]] * 5, ["x", "y"]))
    assert (alike.sd, alike.skewness, alike.kurtosis, alike.kr20, alike.kr21) == (0.0, None, None, None, None)


def test_void_items_do_not_count() -> None:
    answers = [["A", "A", "B"], ["B", "A", "A"], ["A", "A", "A"], ["B", "B", "A"]]
    key = {"1": frozenset("A"), "void": frozenset[str](), "3": frozenset("A")}
    without = from_marks("abcd", [[1, 0], [0, 1], [1, 1], [0, 1]], ["1", "3"])
    assert paper_figures(from_letters("abcd", answers, key)) == paper_figures(without)
