"""A revised key: what is wished, the key it makes, and what it does to every mark, before anybody applies it. Pure."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

import msgspec

from orchestrator.errors import Refused
from orchestrator.exams.bands import Scheme, VoidRule, band
from orchestrator.exams.marks import NEVER_OPENED, Key, Marked, Marks, mark_hundredths
from wire.ids import ExamId, ItemId, OptionId

MOST_ROWS = 1000
"""Candidates named in a report; its counts are of all."""
LONGEST_REASON = 400


class ItemChange(msgspec.Struct, frozen=True):
    """What becomes of an item: the options to accept; none voids it."""

    item: ItemId
    accept: tuple[OptionId, ...] = ()


class ProposalState(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"


class Proposal(msgspec.Struct, frozen=True):
    """A wish of `who`; `base_version`: the key it revises; `void`: what its void items come to."""

    id: int
    exam: ExamId
    base_version: int
    changes: list[ItemChange]
    void: VoidRule
    reason: str
    who: str
    at_ms: int
    state: ProposalState = ProposalState.OPEN
    decided_by: str | None = None
    decided_ms: int | None = None
    key_version: int | None = None


class CandidateChange(msgspec.Struct, frozen=True):
    """A candidate whose mark or band changes; marks in hundredths of a point."""

    number: str
    correct: tuple[int, int]
    maximum: tuple[int, int]
    hundredths: tuple[int, int]
    band: tuple[str, str]


class Difference(msgspec.Struct, frozen=True):
    """Before and after over all who opened the paper. `moves`: (band before, band after) → people; means in
    hundredths; `rows` are the largest changes first, at most `MOST_ROWS`."""

    candidates: int
    gained: int
    lost: int
    band_up: int
    band_down: int
    mean: tuple[int, int]
    moves: list[tuple[str, str, int]]
    rows: list[CandidateChange]


def revised(key: Key, changes: Sequence[ItemChange], void: VoidRule) -> Key:
    """The next version of the key."""
    right, credited = dict(key.right), set(key.credited)
    for change in changes:
        right[change.item] = tuple(dict.fromkeys(change.accept))
        credited.discard(change.item)
        if not change.accept and void is VoidRule.CREDIT:
            credited.add(change.item)
    return Key(key.version + 1, right, frozenset(credited))


def check_changes(
    key: Key, changes: Sequence[ItemChange], options: Mapping[ItemId, Collection[OptionId]], scheme: Scheme, items: int
) -> None:
    """Refuse `bad_key_change` for unknown items and options, `too_many_void` past the scheme's cap. `items`: how many a
    paper has."""
    if not changes or len({change.item for change in changes}) < len(changes):
        raise Refused("bad_key_change", "Chọn ít nhất một câu, mỗi câu một lần. / Choose items, each once.", 422)
    for change in changes:
        if change.item not in key.right or not set(change.accept) <= set(options.get(change.item, ())):
            raise Refused("bad_key_change", f"Không có câu hoặc phương án này: {change.item}. / Unknown item.", 422)
    void = sum(1 for accepted in revised(key, changes, scheme.void).right.values() if not accepted)
    if void * 100 > scheme.most_void * items:
        raise Refused(
            "too_many_void",
            f"Loại {void} trên {items} câu là quá {scheme.most_void} %: nên tổ chức thi lại. / Too many void items.",
            409,
        )


def difference(before: Marks, after: Marks, scheme: Scheme) -> Difference:
    """What the second marks change against the first."""
    order = [one.key for one in scheme.bands]
    rows, moves = [], dict[tuple[str, str], int]()
    pairs = [(number, old, after[number]) for number, old in before.items() if old.sheet.state not in NEVER_OPENED]
    for number, old, new in pairs:
        change = _change(number, old, new, scheme)
        if change.band[0] != change.band[1]:
            moves[change.band] = moves.get(change.band, 0) + 1
        if _ratio(old, new) or change.band[0] != change.band[1]:
            rows.append(change)
    rows.sort(key=lambda row: (-abs(row.hundredths[1] - row.hundredths[0]), row.number))
    up = sum(count for (old, new), count in moves.items() if order.index(new) < order.index(old))
    return Difference(
        candidates=len(pairs),
        gained=sum(_ratio(old, new) > 0 for _, old, new in pairs),
        lost=sum(_ratio(old, new) < 0 for _, old, new in pairs),
        band_up=up,
        band_down=sum(moves.values()) - up,
        mean=(_mean([old for _, old, _ in pairs]), _mean([new for _, _, new in pairs])),
        moves=[(old, new, moves[old, new]) for old in order for new in order if (old, new) in moves],
        rows=rows[:MOST_ROWS],
    )


def _ratio(old: Marked, new: Marked) -> int:
    """Above 0 when the second mark is higher, by integers."""
    return new.correct * old.maximum - old.correct * new.maximum


def _change(number: str, old: Marked, new: Marked, scheme: Scheme) -> CandidateChange:
    return CandidateChange(
        number=number,
        correct=(old.correct, new.correct),
        maximum=(old.maximum, new.maximum),
        hundredths=(mark_hundredths(old.correct, old.maximum), mark_hundredths(new.correct, new.maximum)),
        band=(band(old.correct, old.maximum, scheme.bands), band(new.correct, new.maximum, scheme.bands)),
    )


def _mean(marks: Sequence[Marked]) -> int:
    return round(sum(mark_hundredths(one.correct, one.maximum) for one in marks) / len(marks)) if marks else 0
