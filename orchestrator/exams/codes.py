"""Whether one code of a paper was harder than another. Pure. All codes ask the same items in another order."""

import math
from enum import StrEnum

import msgspec
import numpy as np

from orchestrator.exams.responses import Bools, Floats, Responses
from orchestrator.exams.tails import chi_square_p, student_p

LARGE_DELTA = 1.5
"""|Δ| from which the scale of ETS (Holland and Thayer 1988) calls a difference large."""


class CodeNote(StrEnum):
    """What a person should look at: equal candidates did differently under the two codes."""

    EASIER = "easier"
    HARDER = "harder"


class CodeFigures(msgspec.Struct, frozen=True):
    """Counts right under one code; `sd` has the divisor n - 1."""

    code: str
    candidates: int
    mean: float
    sd: float | None


class ItemByCode(msgspec.Struct, frozen=True):
    """One item under `code` and `against`: facilities, and the odds of a right answer among candidates with the same
    count (Mantel and Haenszel 1959): common `odds_ratio` above 1 means easier under `code`; `delta` = -2.35 ln of it.
    `note` stands where |delta| is large and `p`, times the number of items (Bonferroni), is below 5 %."""

    item: str
    facility: float
    facility_against: float
    odds_ratio: float | None
    delta: float | None
    chi_square: float | None
    p: float | None
    note: CodeNote | None


class CodeComparison(msgspec.Struct, frozen=True):
    """`code` minus `against`: difference of the mean counts, Welch's t, its degrees of freedom and two-sided p, and
    Cohen's d over the pooled SD."""

    code: str
    against: str
    difference: float
    t: float | None
    df: float | None
    p: float | None
    d: float | None
    items: list[ItemByCode]


class Odds(msgspec.Struct, frozen=True):
    """A common odds ratio over strata and its χ² with one degree of freedom, with and without continuity correction."""

    ratio: float | None
    chi_square: float | None
    uncorrected: float | None


class Difference(msgspec.Struct, frozen=True):
    """Welch's test of two means, and Cohen's d."""

    difference: float
    t: float | None
    df: float | None
    p: float | None
    d: float | None


def code_figures(responses: Responses) -> list[CodeFigures]:
    """The counts under each code."""
    totals, figures = responses.totals, []
    for code in sorted(set(responses.codes)):
        mine = totals[_under(responses, code)]
        spread = float(mine.std(ddof=1)) if len(mine) > 1 else None
        figures.append(CodeFigures(code, len(mine), float(mine.mean()), spread))
    return figures


def comparisons(responses: Responses) -> list[CodeComparison]:
    """Every further code against the first one."""
    first, *others = sorted(set(responses.codes)) or [""]
    return [_comparison(responses, code, first) for code in others]


def welch(one: Floats, other: Floats) -> Difference:
    """Compare two samples that may spread differently; both must have a member."""
    difference = float(one.mean() - other.mean())
    n, m = len(one), len(other)
    if n < 2 or m < 2:
        return Difference(difference, None, None, None, None)
    a, b = float(one.var(ddof=1)) / n, float(other.var(ddof=1)) / m
    if a + b == 0:
        return Difference(difference, None, None, None, None)
    t = difference / math.sqrt(a + b)
    df = (a + b) ** 2 / (a**2 / (n - 1) + b**2 / (m - 1))
    pooled = math.sqrt(((n - 1) * n * a + (m - 1) * m * b) / (n + m - 2))
    return Difference(difference, t, df, student_p(t, df), difference / pooled)


def mantel_haenszel(strata: Floats) -> Odds:
    """`strata`: (s, 4), a row for each 2 × 2 table as a, b, c, d with the odds ratio ad/bc. Tables of one
    or none count nothing."""
    a, b, c, d = strata[strata.sum(axis=1) > 1].T
    n = a + b + c + d
    under = float((b * c / n).sum())
    expected = (a + b) * (a + c) / n
    spread = float(((a + b) * (c + d) * (a + c) * (b + d) / (n**2 * (n - 1))).sum())
    ratio = float((a * d / n).sum()) / under if under else None
    if spread == 0:
        return Odds(ratio, None, None)
    apart = abs(float((a - expected).sum()))
    # The correction never turns the difference around (as in R's mantelhaen.test).
    corrected = apart - 0.5 if apart >= 0.5 else apart
    return Odds(ratio, corrected**2 / spread, apart**2 / spread)


def _comparison(responses: Responses, code: str, against: str) -> CodeComparison:
    mine, theirs = _under(responses, code), _under(responses, against)
    told = welch(responses.totals[mine], responses.totals[theirs])
    items = [place for place, counts in enumerate(responses.counts) if counts]
    return CodeComparison(
        **msgspec.structs.asdict(told),
        code=code,
        against=against,
        items=[_item(responses, place, mine, theirs, len(items)) for place in items],
    )


def _item(responses: Responses, place: int, mine: Bools, theirs: Bools, items: int) -> ItemByCode:
    right, totals = responses.right[:, place], responses.totals.astype(np.int64)
    cells = (mine & right, mine & ~right, theirs & right, theirs & ~right)
    strata = np.stack([np.bincount(totals[cell], minlength=items + 1) for cell in cells], axis=1)
    odds = mantel_haenszel(strata.astype(np.float64))
    delta = -2.35 * math.log(odds.ratio) if odds.ratio else None
    p = None if odds.chi_square is None else chi_square_p(odds.chi_square)
    note = None
    if delta is not None and p is not None and abs(delta) >= LARGE_DELTA and p * items < 0.05:
        note = CodeNote.HARDER if delta > 0 else CodeNote.EASIER
    return ItemByCode(
        item=responses.items[place],
        facility=float(right[mine].mean()),
        facility_against=float(right[theirs].mean()),
        odds_ratio=odds.ratio,
        delta=delta,
        chi_square=odds.chi_square,
        p=p,
        note=note,
    )


def _under(responses: Responses, code: str) -> Bools:
    return np.array([each == code for each in responses.codes], dtype=np.bool_)
