import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.exams.tails import beta_share, chi_square_p, student_half, student_p


@pytest.mark.parametrize(("t", "df", "p"), [(12.706, 1, 0.05), (2.228, 10, 0.05), (2.576, 1e9, 0.01), (0, 3, 1)])
def test_student_s_table(t: float, df: float, p: float) -> None:
    assert student_p(t, df) == pytest.approx(p, abs=1e-4)


@pytest.mark.parametrize(("chi_square", "p"), [(3.841, 0.05), (6.635, 0.01), (10.828, 0.001), (0, 1)])
def test_the_table_of_chi_square_with_one_degree(chi_square: float, p: float) -> None:
    assert chi_square_p(chi_square) == pytest.approx(p, abs=2e-5)


@given(st.floats(0, 50))
def test_one_degree_of_freedom_is_cauchy(t: float) -> None:
    assert student_p(t, 1) == pytest.approx(1 - 2 / math.pi * math.atan(t), abs=1e-12)


@given(st.floats(0.5, 5000), st.floats(0.5, 50), st.integers(0, 2**53).map(lambda part: part / 2**53))
def test_the_beta_share_mirrors_itself_and_is_a_share(a: float, b: float, x: float) -> None:
    # Only of such x is 1 - x exact: what the subtraction rounds away would count where the share rises steeply.
    share = beta_share(a, b, x)
    assert 0 <= share <= 1 + 1e-12
    assert share + beta_share(b, a, 1 - x) == pytest.approx(1, abs=1e-9)


def test_the_half_width_of_student_equals_the_printed_tables() -> None:
    printed = {1: 12.706, 2: 4.303, 5: 2.571, 10: 2.228, 29: 2.045, 30: 2.042, 60: 2.000, 120: 1.980, 10_000: 1.960}
    assert {df: round(student_half(df), 3) for df in printed} == printed
