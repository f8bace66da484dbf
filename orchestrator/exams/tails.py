"""Tail probabilities of the two tests that compare codes. Pure."""

import math
from functools import lru_cache

_TERMS = 300
_SMALL = 1e-300


def student_p(t: float, df: float) -> float:
    """Two-sided p of Student's t with `df` > 0 degrees of freedom, which need not be whole (Welch)."""
    square = t * t
    if square < df:
        # Here df/(df + t²) would be rounded to 1 and lose what the difference says.
        return 1 - beta_share(0.5, df / 2, square / (df + square))
    return beta_share(df / 2, 0.5, df / (df + square))


def chi_square_p(chi_square: float) -> float:
    """p of a χ² with one degree of freedom."""
    return math.erfc(math.sqrt(chi_square / 2))


def beta_share(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta function I_x(a, b) for a, b > 0 and x in [0, 1] (DLMF §8.17)."""
    if x <= 0 or x >= 1:
        return min(max(x, 0.0), 1.0)
    # The fraction converges fast below the mean; above it the mirrored one does (DLMF 8.17.4).
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(b, a, 1 - x)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_front) / a * _fraction(a, b, x)


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction 1/(1+ d₁/(1+ d₂/(1+ …))) of DLMF 8.17.22, by Lentz's method."""
    value = numerator = 1.0
    denominator = 0.0
    for term in range(_TERMS):
        m = term // 2
        if term == 0:
            part = 1.0
        elif term % 2 == 0:
            part = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        else:
            part = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        denominator = 1 / (1 + part * denominator or _SMALL)
        numerator = 1 + part / numerator or _SMALL
        value *= numerator * denominator
        if abs(numerator * denominator - 1) < 1e-15:
            break
    return value - 1


_NORMAL_975 = 1.959963984540054
_BY_HALVING = 30
"""Below so many degrees of freedom the expansion is not good enough."""


@lru_cache(maxsize=64)
def student_half(df: int) -> float:
    """The t that Student's distribution with `df` degrees of freedom leaves within ± t with 95 %: halved out for few
    degrees, and for many by the expansion of Cornish and Fisher (Abramowitz and Stegun 26.7.5), good to 6 digits."""
    if df >= _BY_HALVING:
        z, square = _NORMAL_975, _NORMAL_975**2
        first, second = (square + 1) / 4, (5 * square**2 + 16 * square + 3) / 96
        third = (3 * square**3 + 19 * square**2 + 17 * square - 15) / 384
        return z * (1 + first / df + second / df**2 + third / df**3)
    low, high = 1.0, 16.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (middle, high) if student_p(middle, df) > 0.05 else (low, middle)
    return low
