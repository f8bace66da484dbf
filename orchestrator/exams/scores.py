"""A paper as a whole: how the counts of right answers lie, and how far they can be trusted. Pure.

Counts, not marks. `sd` has the divisor n - 1; skewness and kurtosis are Fisher's k-statistics, k3/k2^1.5 and k4/k2²
(a normal sample has 0 for both); quartiles are the linear interpolation that spreadsheets call QUARTILE.INC.
"""

import math

import msgspec
import numpy as np

from orchestrator.exams.responses import Floats, Responses


class PaperFigures(msgspec.Struct, frozen=True):
    """Figures of a paper; None where the sample does not allow one, e.g. when all counts are equal.

    `kr20` is Kuder and Richardson's formula 20 (1937), the same number as Cronbach's α here and as Moodle's
    coefficient of internal consistency over 100; `kr21` assumes items of equal difficulty; `error_ratio` is
    √(1 - KR-20), and `sem`, the standard error of a count, is that times `sd`.
    """

    candidates: int
    items: int
    mean: float | None
    median: float | None
    sd: float | None
    minimum: int | None
    maximum: int | None
    q1: float | None
    q3: float | None
    skewness: float | None
    kurtosis: float | None
    kr20: float | None
    kr21: float | None
    error_ratio: float | None
    sem: float | None


def paper_figures(responses: Responses) -> PaperFigures:
    """The figures over all rows and the items that count."""
    totals = responses.totals
    right = responses.right[:, np.array(responses.counts, dtype=np.bool_)]
    known = len(totals) > 0
    alpha = kr20(right.astype(np.float64))
    spread = sd(totals)
    error = math.sqrt(1 - alpha) if alpha is not None else None
    quartiles = np.quantile(totals, (0.25, 0.5, 0.75)) if known else None
    return PaperFigures(
        candidates=len(totals),
        items=right.shape[1],
        mean=float(totals.mean()) if known else None,
        median=None if quartiles is None else float(quartiles[1]),
        sd=spread,
        minimum=int(totals.min()) if known else None,
        maximum=int(totals.max()) if known else None,
        q1=None if quartiles is None else float(quartiles[0]),
        q3=None if quartiles is None else float(quartiles[2]),
        skewness=skewness(totals),
        kurtosis=kurtosis(totals),
        kr20=alpha,
        kr21=kr21(totals, right.shape[1]),
        error_ratio=error,
        sem=None if error is None or spread is None else error * spread,
    )


def sd(values: Floats) -> float | None:
    """Sample standard deviation; None for fewer than two values."""
    return float(values.std(ddof=1)) if len(values) > 1 else None


def skewness(values: Floats) -> float | None:
    """k3 / k2^1.5; None for fewer than three values or equal ones."""
    n = len(values)
    if n < 3 or (second := float(values.var(ddof=1))) == 0:
        return None
    third = n * float(((values - values.mean()) ** 3).sum()) / ((n - 1) * (n - 2))
    return third / (second * math.sqrt(second))


def kurtosis(values: Floats) -> float | None:
    """k4 / k2², 0 for a normal sample; None for fewer than four values or equal ones."""
    n = len(values)
    if n < 4 or (second := float(values.var(ddof=1))) == 0:
        return None
    squares = (values - values.mean()) ** 2
    m2, m4 = float(squares.mean()), float((squares**2).mean())
    fourth = n * n * ((n + 1) * m4 - 3 * (n - 1) * m2 * m2) / ((n - 1) * (n - 2) * (n - 3))
    return fourth / (second * second)


def kr20(right: Floats) -> float | None:
    """k/(k - 1) · (1 - Σ var(item) / var(total)), both variances with the same divisor; (n, k) of 0 and 1.

    None for fewer than two items or candidates, or when all totals are equal.
    """
    n, k = len(right), int(right.shape[1])
    if n < 2 or k < 2 or (spread := float(right.sum(axis=1).var())) == 0:
        return None
    return k / (k - 1) * (1 - float(right.var(axis=0).sum()) / spread)


def kr21(totals: Floats, items: int) -> float | None:
    """k/(k - 1) · (1 - M(k - M) / (k σ²)), σ² with the divisor n."""
    if len(totals) < 2 or items < 2 or (spread := float(totals.var())) == 0:
        return None
    mean = float(totals.mean())
    return items / (items - 1) * (1 - mean * (items - mean) / (items * spread))
