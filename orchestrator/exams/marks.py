"""From events and a key to marks. Pure: a re-score is the same call with another key version."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from wire.chain import GENESIS, EventKind, JournalEvent
from wire.ids import EnrolmentId, ItemId, OptionId

SCALE = 10
BANDS: tuple[tuple[str, int], ...] = (
    ("xuat_sac", 9),
    ("gioi", 8),
    ("kha", 7),
    ("trung_binh", 5),
    ("yeu", 4),
    ("kem", 0),
)
"""Word and lowest mark on the 10-point scale; half-open: a band holds [its floor, the next floor)."""


_CHOICES = frozenset({EventKind.ANSWER, EventKind.CLEAR})


class CandidateState(StrEnum):
    """How far a candidate came; the difference between absent, not opened and no answer is kept."""

    ABSENT = "absent"
    NOT_OPENED = "not_opened"
    NO_ANSWER = "no_answer"
    WRITING = "writing"
    CLOSED = "closed"
    HANDED_IN = "handed_in"
    CONFLICT = "conflict"


class Heard(msgspec.Struct, frozen=True):
    """An event as it stands at the centre: with its links and the enrolment it came by."""

    event: JournalEvent
    prev: bytes
    hash: bytes
    enrolment: EnrolmentId


class Key(msgspec.Struct, frozen=True):
    """A version of the answer key: the options accepted per item; an empty tuple voids the item for everybody."""

    version: int
    right: dict[ItemId, tuple[OptionId, ...]]

    @property
    def maximum(self) -> int:
        """Items that count."""
        return sum(1 for accepted in self.right.values() if accepted)


class Sheet(msgspec.Struct, frozen=True):
    """What a candidate's events come to. `late`: answers after the window, which a person decides on; `ended_by`: hash
    of the hand-in, else of the close, which the receipt is made of (`GENESIS`: neither has come)."""

    answers: dict[ItemId, OptionId]
    state: CandidateState
    late: int = 0
    ended_by: bytes = GENESIS


def read_sheet(heard: Iterable[Heard], ends_ns: int | None, *, conflict: bool = False) -> Sheet:
    """The last answer per item, in chain order, until the hand-in.

    The site itself marks what came late or was overtaken (`EventKind`). Beyond that an answer is late when even its
    earliest possible time (its clock bound before `at_ns`) is after `ends_ns`; None, or an event without a bound,
    leaves it to the site. `conflict`: the centre has another reason to leave this candidate to a person.
    """
    ordered, forked = in_order(list(heard))
    answers: dict[ItemId, OptionId] = {}
    ended: dict[EventKind, bytes] = {}
    seen: set[EventKind] = set()
    late = 0
    for one in ordered:
        event = one.event
        if event.kind is EventKind.LATE or (event.kind in _CHOICES and _too_late(event, ends_ns)):
            late += 1
        elif event.kind in _CHOICES and event.item is not None and EventKind.HAND_IN not in seen:
            _write(answers, event.item, event.option)
        elif event.kind in (EventKind.HAND_IN, EventKind.CLOSE):
            ended.setdefault(event.kind, one.hash)
        seen.add(event.kind)
    disputed = conflict or forked or EventKind.CONFLICT in seen
    state = CandidateState.CONFLICT if disputed else _state(seen, answers)
    return Sheet(answers, state, late, ended.get(EventKind.HAND_IN, ended.get(EventKind.CLOSE, GENESIS)))


def _too_late(event: JournalEvent, ends_ns: int | None) -> bool:
    if ends_ns is None or event.bound_ms is None:
        return False
    return event.at_ns - event.bound_ms * 1_000_000 > ends_ns


def _write(answers: dict[ItemId, OptionId], item: ItemId, option: OptionId | None) -> None:
    if option is None:
        answers.pop(item, None)
    else:
        answers[item] = option


def _state(seen: set[EventKind], answers: Mapping[ItemId, OptionId]) -> CandidateState:
    if not seen - {EventKind.CLOSE}:
        return CandidateState.ABSENT
    if EventKind.HAND_IN in seen:
        return CandidateState.HANDED_IN
    if not seen & (_CHOICES | {EventKind.OPEN}):
        return CandidateState.NOT_OPENED
    if EventKind.CLOSE not in seen:
        return CandidateState.WRITING
    return CandidateState.CLOSED if answers else CandidateState.NO_ANSWER


def in_order(heard: Sequence[Heard]) -> tuple[list[Heard], bool]:
    """The events in chain order, and whether the chain forks.

    A candidate who moved to another computer has one chain per journal: they follow each other by time, and each must
    come by another enrolment. Two events after the same one are a fork.
    """
    following: dict[bytes, list[Heard]] = {}
    for one in sorted(heard, key=lambda one: (one.event.at_ns, one.event.cand_seq)):
        following.setdefault(one.prev, []).append(one)
    known = {one.hash for one in heard}
    roots = [one for prev, group in following.items() if prev not in known for one in group]
    ordered: list[Heard] = []
    forked = len({(one.enrolment, one.prev) for one in roots}) < len(roots)
    waiting = list(reversed(roots))
    while waiting:
        one = waiting.pop()
        ordered.append(one)
        after = following.get(one.hash, [])
        forked = forked or len(after) > 1
        waiting.extend(reversed(after))
    return ordered, forked


def count_correct(answers: Mapping[ItemId, OptionId], key: Key) -> int:
    """Items answered with an accepted option; void items count for nobody."""
    return sum(1 for item, accepted in key.right.items() if answers.get(item) in accepted)


def mark_hundredths(correct: int, maximum: int) -> int:
    """The mark on the 10-point scale in hundredths, rounded half up from integers."""
    return (2 * correct * SCALE * 100 + maximum) // (2 * maximum) if maximum else 0


def band(correct: int, maximum: int) -> str:
    """The band of a count: floors are compared with the integer count, never with a rounded mark."""
    for word, floor in BANDS:
        if correct * SCALE >= floor * maximum:
            return word
    return BANDS[-1][0]
