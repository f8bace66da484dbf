"""Figures of agreement against published and hand-worked values."""

from __future__ import annotations

import pytest

from orchestrator.essays.agreement import agreement, icc_one_way, weighted_kappa

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
"""Shrout and Fleiss (1979), table 2: six targets, four judges; their table 4 gives ICC(1,1) = .17, ICC(1,4) = .44."""


def test_icc_is_what_shrout_and_fleiss_print() -> None:
    single, mean = icc_one_way(SHROUT_FLEISS)
    assert single is not None
    assert mean is not None
    assert (round(single, 2), round(mean, 2)) == (0.17, 0.44)
    # From their table 3: BMS = 11.24, WMS = 6.26 with more digits 56.208333/5 and 112.75/18.
    between, within = 56.208333333333336 / 5, 112.75 / 18
    assert single == pytest.approx((between - within) / (between + 3 * within), abs=1e-12)


def test_weighted_kappa_is_what_a_hand_works_out() -> None:
    # 1-1, 2-2, 3-3, 1-2: observed (0+0+0+1)/4 = 1/4. First: 1,2,3,1; second: 1,2,3,2. Σ over all 16 pairs (i-j)²:
    # first 1 twice: 0+1+4+1 = 6 each; first 2: 1+0+1+0 = 2; first 3: 4+1+0+1 = 6; in all 20/16 = 5/4. 1 - 1/5 = 4/5.
    assert weighted_kappa([(1, 1), (2, 2), (3, 3), (1, 2)]) == pytest.approx(0.8, abs=1e-12)


def test_kappa_is_one_for_agreement_minus_one_for_mirrors_and_nothing_for_marks_that_never_vary() -> None:
    assert weighted_kappa([(1, 1), (5, 5)]) == 1
    assert weighted_kappa([(1, 2), (2, 1)]) == -1
    assert weighted_kappa([(3, 3), (3, 3)]) is None
    assert weighted_kappa([]) is None


def test_kappa_does_not_ask_which_steps_the_categories_are() -> None:
    pairs = [(1, 2), (4, 4), (7, 5), (3, 3)]
    assert weighted_kappa(pairs) == pytest.approx(weighted_kappa([(a + 9, b + 9) for a, b in pairs]))


def test_differences_are_in_points() -> None:
    told = agreement([(700, 800), (500, 500), (900, 650), (600, 575)], 25, 100)
    assert (told.pairs, told.mean_absolute, told.largest) == (4, 0.9375, 2.5)
    assert (told.equal_share, told.third_share, told.mean_difference) == (0.25, 0.25, 0.4375)


def test_nothing_marked_gives_no_figures() -> None:
    assert agreement([], 25, 100).mean_absolute is None
    assert icc_one_way([[1, 2]]) == (None, None)
