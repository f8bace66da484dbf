"""How well two markers agree: figures over pairs of marks, with their sources. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray


class Agreement(msgspec.Struct, frozen=True):
    """``pairs``: essays that two markers read. Differences in marks of 10. None where a figure has no meaning (fewer
    than two essays, or marks that do not vary)."""

    pairs: int
    mean_absolute: float | None
    """Mean absolute difference."""
    mean_difference: float | None
    """First marker less second: the lot decides who is first, so that it should be near 0."""
    largest: float | None
    equal_share: float | None
    """Share of pairs with the same mark."""
    third_share: float | None
    """Share of pairs that asked for a third marker."""
    kappa: float | None
    icc_single: float | None
    icc_mean: float | None


def agreement(pairs: Sequence[tuple[int, int]], step: int, apart: int) -> Agreement:
    """Figures over (first, second) marks in hundredths that come in steps of ``step``."""
    if not pairs:
        return Agreement(0, None, None, None, None, None, None, None, None)
    marks = np.asarray(pairs, dtype=np.float64)
    gaps = marks[:, 0] - marks[:, 1]
    single, average = icc_one_way(marks)
    return Agreement(
        pairs=len(pairs),
        mean_absolute=float(np.abs(gaps).mean()) / 100,
        mean_difference=float(gaps.mean()) / 100,
        largest=float(np.abs(gaps).max()) / 100,
        equal_share=float((gaps == 0).mean()),
        third_share=float((np.abs(gaps) > apart).mean()),
        kappa=weighted_kappa([(a // step, b // step) for a, b in pairs]),
        icc_single=single,
        icc_mean=average,
    )


def weighted_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Cohen's kappa with quadratic weights (Cohen 1968, Psychological Bulletin 70:213): 1 − Σw·observed ÷ Σw·expected,
    w = (i − j)². Categories are whole numbers; only their differences matter. None when nobody's marks vary."""
    first, second = np.asarray(pairs, dtype=np.float64).reshape(-1, 2).T
    if not len(first):
        return None
    observed = ((first - second) ** 2).mean()
    # Σ over all pairs of one's mark with the other's: what chance alone would give with these margins.
    expected = first.var() + second.var() + (first.mean() - second.mean()) ** 2
    return None if expected == 0 else float(1 - observed / expected)


def icc_one_way(ratings: ArrayLike) -> tuple[float | None, float | None]:
    """ICC(1,1) and ICC(1,k) of Shrout and Fleiss (1979), Psychological Bulletin 86:420: each target is rated by other
    raters. ``ratings``: targets × k. BMS, WMS are the mean squares between and within targets:
    (BMS − WMS) ÷ (BMS + (k − 1)·WMS) and (BMS − WMS) ÷ BMS."""
    table: NDArray[np.float64] = np.asarray(ratings, dtype=np.float64)
    targets, raters = table.shape
    if targets < 2 or raters < 2:
        return None, None
    means = table.mean(axis=1)
    between = raters * ((means - table.mean()) ** 2).sum() / (targets - 1)
    within = ((table - means[:, None]) ** 2).sum() / (targets * (raters - 1))
    single = between + (raters - 1) * within
    return (
        float((between - within) / single) if single > 0 else None,
        float((between - within) / between) if between > 0 else None,
    )
