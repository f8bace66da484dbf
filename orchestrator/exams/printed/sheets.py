"""What two persons read off one paper answer sheet: compared, and as events of the candidate's journal. Pure."""

from collections.abc import Mapping, Sequence

import msgspec

from orchestrator.exams.printed.layout import LETTERS
from orchestrator.exams.sheet_store import Entry
from wire.chain import GENESIS, EventKind, JournalEvent, next_hash
from wire.exam_messages import ExamEvent
from wire.ids import ExamId, ItemId, OptionId, PersonId
from wire.paper import Paper

SEVERAL = "*"
"""More than one mark at a question: nobody's answer, but somebody saw it."""


class Difference(msgspec.Struct, frozen=True):
    """A question at which two entries differ, from 1."""

    number: int
    mine: str
    other: str


def faults(letters: Sequence[str], paper: Paper) -> list[str]:
    """What is wrong with an entry for this paper, in Vietnamese."""
    if len(letters) != len(paper.items):
        return [f"mã đề {paper.code} có {len(paper.items)} câu, ở đây có {len(letters)}"]
    known = [("", SEVERAL, *LETTERS[: len(item.options)]) for item in paper.items]
    return [
        f"câu {number} không có phương án {letter[:4]!r}"
        for number, (letter, allowed) in enumerate(zip(letters, known, strict=True), 1)
        if letter not in allowed
    ]


def newest(entries: Sequence[Entry]) -> dict[PersonId, Entry]:
    """The last word of each person, the first to enter first."""
    last: dict[PersonId, Entry] = {}
    for entry in entries:
        last[entry.person] = entry
    return last


def agreeing(entries: Sequence[Entry], mine: Entry) -> Entry | None:
    """Another person's newest entry that says the same."""
    return next(
        (one for person, one in newest(entries).items() if person != mine.person and one.says() == mine.says()), None
    )


def differences(mine: Entry, other: Entry) -> list[Difference]:
    """Question by question."""
    longest = max(len(mine.letters), len(other.letters))
    pairs = zip(_filled(mine.letters, longest), _filled(other.letters, longest), strict=True)
    return [Difference(number, one, two) for number, (one, two) in enumerate(pairs, 1) if one != two]


def _filled(letters: Sequence[str], count: int) -> list[str]:
    return [*letters, *([""] * (count - len(letters)))]


def answers(entry: Entry, paper: Paper) -> dict[ItemId, OptionId]:
    """The options that the letters stand for in this code."""
    return {
        item.id: item.options[LETTERS.index(letter)].id
        for item, letter in zip(paper.items, entry.letters, strict=True)
        if letter and letter != SEVERAL
    }


def events(
    exam: ExamId, candidate: str, chosen: Mapping[ItemId, OptionId], at_ns: int, session: str, *, reserve: bool = False
) -> list[ExamEvent]:
    """The chain of a sheet: where it comes from, every answer, and the hand-in; `reserve`: it is of a reserve paper. It
    has no clock bound: whether it was handed in on time was for the people in the room to see."""
    said: list[tuple[EventKind, ItemId | None, OptionId | None]] = [
        (EventKind.SHEET, None, None),
        *([(EventKind.SWITCH, None, None)] if reserve else []),
        *((EventKind.ANSWER, item, option) for item, option in chosen.items()),
        (EventKind.HAND_IN, None, None),
    ]
    chain: list[ExamEvent] = []
    prev = GENESIS
    for number, (kind, item, option) in enumerate(said, 1):
        event = JournalEvent(exam, candidate, number, kind, item, option, at_ns, None, session, number)
        mark = next_hash(prev, event)
        chain.append(ExamEvent(**msgspec.structs.asdict(event), prev=prev, hash=mark))
        prev = mark
    return chain
