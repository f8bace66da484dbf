"""Item analysis: how hard each question was, whether it tells strong candidates from weak ones, and what its wrong
options drew. Pure; formulas as Moodle's quiz statistics report documents them, but as fractions, not in per cent.
"""

import math
from enum import StrEnum
from statistics import NormalDist

import msgspec
import numpy as np

from orchestrator.exams.distractors import OptionFigures, OptionNote, option_figures
from orchestrator.exams.responses import BLANK, Bools, Floats, Responses

HARD, EASY = 0.2, 0.95
"""Facility beyond which an item says little about most candidates: below 1 in 5, or all but 1 in 20 right."""
WEAK = 0.2
"""Item-rest correlation below which an item hardly discriminates (Ebel 1965's bound for a poor item)."""


class ItemNote(StrEnum):
    """What a person should look at."""

    VOID = "void"
    HARD = "hard"
    EASY = "easy"
    WEAK = "weak"
    NEGATIVE = "negative"
    KEY_DOUBT = "key_doubt"


class ItemFigures(msgspec.Struct, frozen=True):
    """Figures of an item; None where they are not defined, e.g. when everybody was right. Correlations lie in
    [-1, 1], but for `biserial`.

    `facility`: share right. `discrimination`: correlation of the item with the count of the other items.
    `efficiency`: that covariance over the largest one these two margins allow. `effective_weight`: share of the item
    in the spread of the counts. `point_biserial`, `biserial`: correlation with the whole count. `upper`, `lower`:
    share right among the best and the weakest 27 %; `upper_lower` their difference. `alpha_without`: KR-20 of the
    paper without the item. `answered`: candidates who chose an option, None when only right and wrong are known.
    """

    item: str
    facility: float | None
    sd: float | None
    discrimination: float | None
    efficiency: float | None
    effective_weight: float | None
    point_biserial: float | None
    biserial: float | None
    upper: float | None
    lower: float | None
    upper_lower: float | None
    alpha_without: float | None
    answered: int | None
    options: list[OptionFigures]
    notes: list[ItemNote]


class Extremes(msgspec.Struct, frozen=True):
    """The best and the weakest 27 %: `size` candidates each. Ties at a cut are broken by candidate number;
    `upper_ties`, `lower_ties`: those left out of a group with the same count as somebody in it."""

    size: int
    upper_ties: int
    lower_ties: int


def item_figures(responses: Responses) -> list[ItemFigures]:
    """The figures of every item, in column order."""
    right = responses.right.astype(np.float64)
    totals = responses.totals
    rests = totals[:, None] - right
    top, bottom = _groups(responses)
    columns = {
        "facility": _shares(responses.right),
        "sd": _sds(right),
        "discrimination": _ratio(_cov(right, rests), _sds(right) * _sds(rests)),
        "efficiency": _ratio(_cov(right, rests), _cov(np.sort(right, axis=0), np.sort(rests, axis=0))),
        "effective_weight": _weights(_cov(right, totals[:, None])),
        "upper": _shares(responses.right[top]),
        "lower": _shares(responses.right[bottom]),
        "upper_lower": _shares(responses.right[top]) - _shares(responses.right[bottom]),
        "alpha_without": _alphas_without(right, rests, np.array(responses.counts, dtype=np.bool_)),
    }
    return [_figures(responses, place, columns, totals, rests[:, place]) for place in range(len(responses.items))]


def extremes(responses: Responses) -> Extremes:
    """How large the 27 % groups are, and whether their cuts are clean."""
    totals = responses.totals
    top, bottom = _groups(responses)
    if not len(top):
        return Extremes(0, 0, 0)
    upper_ties = int((totals == totals[top].min()).sum() - (totals[top] == totals[top].min()).sum())
    lower_ties = int((totals == totals[bottom].max()).sum() - (totals[bottom] == totals[bottom].max()).sum())
    return Extremes(len(top), upper_ties, lower_ties)


def point_biserial(right: Bools, scores: Floats) -> float | None:
    """(M₁ - M₀)/σ · √(pq), σ with the divisor n; None when all are right, all are wrong, or all scores equal."""
    spread = float(scores.std()) if len(scores) else 0.0
    share = float(right.mean()) if len(right) else 0.0
    if spread == 0 or share in (0, 1):
        return None
    return float(scores[right].mean() - scores[~right].mean()) / spread * math.sqrt(share * (1 - share))


def biserial(right: Bools, scores: Floats) -> float | None:
    """(M₁ - M₀)/s · pq / φ(Φ⁻¹(p)), s with the divisor n - 1: the correlation if right and wrong cut a normal ability
    in two (Salkind and Rasmussen 2007). It may leave [-1, 1] where that is far from true."""
    correlation = point_biserial(right, scores)
    if correlation is None:
        return None
    n, share, normal = len(right), float(right.mean()), NormalDist()
    return correlation * math.sqrt(share * (1 - share) * (n - 1) / n) / normal.pdf(normal.inv_cdf(share))


def _figures(responses: Responses, place: int, columns: dict[str, Floats], totals: Floats, rest: Floats) -> ItemFigures:
    options = option_figures(responses, place, rest)
    right = responses.right[:, place]
    counts = responses.counts[place]
    told = {name: _number(values[place]) if counts else None for name, values in columns.items()}
    chosen = responses.chosen
    return ItemFigures(
        item=responses.items[place],
        point_biserial=point_biserial(right, totals) if counts else None,
        biserial=biserial(right, totals) if counts else None,
        answered=None if chosen is None else int((chosen[:, place] != BLANK).sum()),
        options=options,
        notes=_notes(told["facility"], told["discrimination"], options) if counts else [ItemNote.VOID],
        **told,
    )


def _notes(facility: float | None, discrimination: float | None, options: list[OptionFigures]) -> list[ItemNote]:
    notes = []
    if facility is not None and facility < HARD:
        notes.append(ItemNote.HARD)
    if facility is not None and facility > EASY:
        notes.append(ItemNote.EASY)
    if discrimination is not None and discrimination < WEAK:
        notes.append(ItemNote.NEGATIVE if discrimination < 0 else ItemNote.WEAK)
    if any(OptionNote.ABOVE_KEY in option.notes and OptionNote.RARE not in option.notes for option in options):
        notes.append(ItemNote.KEY_DOUBT)
    return notes


def _groups(responses: Responses) -> tuple[list[int], list[int]]:
    totals = responses.totals
    order = sorted(range(len(totals)), key=lambda row: (-totals[row], responses.numbers[row]))
    size = (27 * len(order) + 50) // 100
    return order[:size], order[len(order) - size :]


def _cov(one: Floats, other: Floats) -> Floats:
    n = len(one)
    if n < 2:
        return np.full(one.shape[1], np.nan)
    products: Floats = ((one - one.mean(axis=0)) * (other - other.mean(axis=0))).sum(axis=0)
    return products / (n - 1)


def _sds(values: Floats) -> Floats:
    return np.sqrt(_cov(values, values))


def _shares(right: Bools) -> Floats:
    return right.mean(axis=0) if len(right) else np.full(right.shape[1], np.nan)


def _ratio(over: Floats, under: Floats) -> Floats:
    ratios: Floats = np.divide(over, under, out=np.full(over.shape, np.nan), where=under > 1e-12)
    return ratios


def _weights(with_total: Floats) -> Floats:
    roots = np.sqrt(np.where(with_total > 0, with_total, 0.0))
    shares = _ratio(roots, np.full(roots.shape, roots.sum()))
    return np.where(with_total >= 0, shares, np.nan)


def _alphas_without(right: Floats, rests: Floats, counts: Bools) -> Floats:
    left = int(counts.sum()) - 1
    if left < 2:
        return np.full(right.shape[1], np.nan)
    spreads = _cov(right, right)
    return left / (left - 1) * (1 - _ratio(spreads[counts].sum() - spreads, _cov(rests, rests)))


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
