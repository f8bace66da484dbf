"""From events and a key to marks. Pure: a re-score is the same call with another key version."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from wire.chain import GENESIS, EventKind, JournalEvent
from wire.ids import EnrolmentId, ItemId, OptionId, SiteId

SCALE = 10

CHOICES = frozenset({EventKind.ANSWER, EventKind.CLEAR})
"""What says which option stands."""


class CandidateState(StrEnum):
    """How far a candidate came; the difference between absent, not opened and no answer is kept."""

    ABSENT = "absent"
    NOT_OPENED = "not_opened"
    NO_ANSWER = "no_answer"
    WRITING = "writing"
    CLOSED = "closed"
    HANDED_IN = "handed_in"
    CONFLICT = "conflict"


NEVER_OPENED = frozenset({CandidateState.ABSENT, CandidateState.NOT_OPENED})


class Heard(msgspec.Struct, frozen=True, gc=False):
    """An event as it stands at the centre: with its links, the enrolment and site it came by, and the journal that it
    was written in (empty: by a site that does not tell). `said`: a person said that it counts."""

    event: JournalEvent
    prev: bytes
    hash: bytes
    enrolment: EnrolmentId
    site: SiteId = SiteId("")
    journal: str = ""
    said: bool = False

    @property
    def writer(self) -> str:
        """Who can have written only one event after another."""
        return self.journal or self.enrolment


class Key(msgspec.Struct, frozen=True):
    """A version of the answer key: the options accepted per item. An empty tuple voids the item: it counts for nobody,
    or, when it stands in `credited`, for everybody."""

    version: int
    right: dict[ItemId, tuple[OptionId, ...]]
    credited: frozenset[ItemId] = frozenset()

    @property
    def maximum(self) -> int:
        """Items that count, over all papers."""
        return self.maximum_of(self.right)

    def maximum_of(self, items: Iterable[ItemId]) -> int:
        """Items that count among these."""
        return sum(1 for item in items if self.right.get(item) or item in self.credited)


class Sheet(msgspec.Struct, frozen=True, gc=False):
    """What a candidate's events come to. `late`: answers after the window, which a person decides on; `ended_by`: hash
    of the hand-in, else of the close, which the receipt is made of (`GENESIS`: neither has come); `switched`: these are
    the answers to the reserve paper."""

    answers: dict[ItemId, OptionId]
    state: CandidateState
    late: int = 0
    ended_by: bytes = GENESIS
    switched: bool = False


class Marked(msgspec.Struct, frozen=True, gc=False):
    """A sheet under a key; `code` is the paper that was sat, `maximum` the items of it that count."""

    sheet: Sheet
    correct: int
    maximum: int
    code: str


Marks = dict[str, Marked]
"""By candidate number."""


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
    late, switched = 0, False
    for one in ordered:
        event = one.event
        if event.kind is EventKind.SWITCH and not switched:
            # What stood before was another paper's: it is kept in the chain and counts no more. There is one reserve
            # paper: a second turn is another computer's, which did not know of the first.
            answers.clear()
            ended.clear()
            seen, late, switched = seen & {EventKind.SIGN_IN, EventKind.CONFLICT}, 0, True
        if event.kind is EventKind.LATE or (event.kind in CHOICES and too_late(event, ends_ns)):
            late += 1
        elif event.kind in CHOICES and event.item is not None and (one.said or EventKind.HAND_IN not in seen):
            _write(answers, event.item, event.option)
        elif event.kind in (EventKind.HAND_IN, EventKind.CLOSE):
            ended.setdefault(event.kind, one.hash)
        seen.add(event.kind)
    disputed = conflict or forked or EventKind.CONFLICT in seen or _on_paper_too(ordered)
    state = CandidateState.CONFLICT if disputed else _state(seen, answers)
    ended_by = ended.get(EventKind.HAND_IN, ended.get(EventKind.CLOSE, GENESIS))
    return Sheet(answers, state, late, ended_by, switched)


def _on_paper_too(ordered: Sequence[Heard]) -> bool:
    """Whether answers came both from a paper sheet and from the desk: only a person can say which hold."""
    sheets = {one.enrolment for one in ordered if one.event.kind is EventKind.SHEET}
    return bool(sheets) and any(one.event.kind in CHOICES and one.enrolment not in sheets for one in ordered)


def too_late(event: JournalEvent, ends_ns: int | None) -> bool:
    """Whether an event was certainly written after this moment."""
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
    if not seen & (CHOICES | {EventKind.OPEN}):
        return CandidateState.NOT_OPENED
    if EventKind.CLOSE not in seen:
        return CandidateState.WRITING
    return CandidateState.CLOSED if answers else CandidateState.NO_ANSWER


def in_order(heard: Sequence[Heard]) -> tuple[list[Heard], bool]:
    """The events in chain order, and whether the chain forks.

    A candidate who moved to another computer goes on from the last event that the centre had, or has one chain per
    journal: what was written first comes first. Two events of one journal after the same one are a fork.
    """
    if (straight := _straight(heard)) is not None:
        return straight, False
    following: dict[bytes, list[Heard]] = {}
    for one in sorted(heard, key=lambda one: (one.event.at_ns, one.event.cand_seq)):
        following.setdefault(one.prev, []).append(one)
    known = {one.hash for one in heard}
    roots = [one for prev, group in following.items() if prev not in known for one in group]
    ordered: list[Heard] = []
    forked = len({(one.writer, one.prev) for one in roots}) < len(roots)
    waiting = list(reversed(roots))
    while waiting:
        one = waiting.pop()
        ordered.append(one)
        after = following.get(one.hash, [])
        forked = forked or len({one.writer for one in after}) < len(after)
        waiting.extend(reversed(after))
    return ordered, forked


def _straight(heard: Sequence[Heard]) -> list[Heard] | None:
    """The events when they are one chain without a gap, as nearly all are; None when it takes a closer look."""
    ordered = sorted(heard, key=lambda one: one.event.cand_seq)
    prev = ordered[0].prev if ordered else GENESIS
    for one in ordered:
        if one.prev != prev:
            return None
        prev = one.hash
    return ordered


def count_correct(answers: Mapping[ItemId, OptionId], key: Key, items: Collection[ItemId] | None = None) -> int:
    """Items of the paper (None: of all papers) answered with an accepted option, and those credited to everybody."""
    asked = key.right if items is None else items
    return sum(1 for item in asked if answers.get(item) in key.right.get(item, ()) or item in key.credited)


def mark_hundredths(correct: int, maximum: int) -> int:
    """The mark on the 10-point scale in hundredths, rounded half up from integers."""
    return (2 * correct * SCALE * 100 + maximum) // (2 * maximum) if maximum else 0
