"""The sheets of whoever wrote one plain chain, straight out of the rows of the database. Pure.

Nearly everybody did: a province is 600,000 rows, and making an object of each took longer than all the rest of marking.
Whatever is not plain is left to `orchestrator.exams.marks.read_sheet`, which is the rule; a test holds both together.
"""

from collections.abc import Collection, Mapping, MutableMapping, Sequence
from operator import itemgetter
from typing import TypeAlias

from orchestrator.exams.marks import CandidateState, Sheet
from wire.chain import GENESIS, EventKind
from wire.ids import ItemId, OptionId

Row: TypeAlias = tuple[str, int, str, ItemId | None, OptionId | None, int, int | None, bytes, bytes]
"""candidate, cand_seq, kind, item, option, at_ns, bound_ms, prev, hash; the kind as its plain word."""

_MS = 1_000_000
_HAND_IN, _CLOSE = EventKind.HAND_IN.value, EventKind.CLOSE.value
_CHOICES = frozenset({EventKind.ANSWER.value, EventKind.CLEAR.value})
_SIGNED_IN, _OPENED = EventKind.SIGN_IN.value, EventKind.OPEN.value
_PLAIN = _CHOICES | {_HAND_IN, _CLOSE, _SIGNED_IN, _OPENED}
_IN_CHAIN = itemgetter(1)

Same: TypeAlias = MutableMapping[str, str]
"""One string for each id, so that ten thousand sheets do not hold fifty ids each for themselves."""


def by_candidate(rows: Sequence[Row], numbers: Collection[str]) -> dict[str, list[Row]]:
    """The rows of each of these candidates, also of whoever has none."""
    found: dict[str, list[Row]] = {number: [] for number in numbers}
    for row in rows:
        found[row[0]].append(row)
    return found


def straight_sheet(
    rows: list[Row], ends_ns: int | None, said: Mapping[bytes, object], same: Same, *, conflict: bool = False
) -> Sheet | None:
    """The sheet of a candidate who was never moved; None when their events take a closer look. Sorts `rows`."""
    rows.sort(key=_IN_CHAIN)
    answers: dict[ItemId, OptionId] = {}
    seen: set[str] = set()
    handed_in = closed = GENESIS
    late, last, prev = 0, -1, rows[0][7] if rows else GENESIS
    for _, place, kind, item, option, at_ns, bound_ms, after, own in rows:
        if after != prev or place == last or kind not in _PLAIN or own in said:
            return None
        prev, last = own, place
        if kind in _CHOICES:
            if ends_ns is not None and bound_ms is not None and at_ns - bound_ms * _MS > ends_ns:
                late += 1
            elif item is not None and _HAND_IN not in seen:
                if option is None:
                    answers.pop(item, None)
                else:
                    answers[item] = option
        elif kind == _HAND_IN:
            handed_in = own if handed_in == GENESIS else handed_in
        elif kind == _CLOSE:
            closed = own if closed == GENESIS else closed
        seen.add(kind)
    kept = {same.setdefault(item, item): same.setdefault(option, option) for item, option in answers.items()}
    state = CandidateState.CONFLICT if conflict else _state(seen, answers)
    return Sheet(kept, state, late, handed_in if handed_in != GENESIS else closed)  # type: ignore[arg-type]  # ids are strings


def _state(seen: set[str], answers: Mapping[ItemId, OptionId]) -> CandidateState:
    if not seen - {_CLOSE}:
        return CandidateState.ABSENT
    if _HAND_IN in seen:
        return CandidateState.HANDED_IN
    if seen <= {_SIGNED_IN, _CLOSE}:
        return CandidateState.NOT_OPENED
    if _CLOSE not in seen:
        return CandidateState.WRITING
    return CandidateState.CLOSED if answers else CandidateState.NO_ANSWER
