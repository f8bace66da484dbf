"""The quick way from rows to sheets is the same as the rule."""

import hashlib
import random
from collections.abc import Sequence

from orchestrator.exams.home.settling import Verdict, settle
from orchestrator.exams.marks import CandidateState, Heard, Sheet, read_sheet
from orchestrator.exams.straight import Row, by_candidate, straight_sheet
from wire.chain import GENESIS, EventKind, JournalEvent
from wire.ids import EnrolmentId, ExamId, ItemId, OptionId

ENDS_NS = 1_000_000_000
USUAL = [EventKind.SIGN_IN, EventKind.OPEN, *[EventKind.ANSWER] * 6, EventKind.CLEAR, EventKind.HAND_IN]
KINDS = [*USUAL, *USUAL, EventKind.CLOSE, EventKind.LATE, EventKind.CONFLICT, EventKind.SWITCH, EventKind.SHEET]


def chain(kinds: Sequence[EventKind], chance: random.Random) -> list[Heard]:
    """One chain of these kinds, some of it late, over three items and two options."""
    prev, told = GENESIS, []
    for seq, kind in enumerate(kinds, 1):
        chosen = kind in (EventKind.ANSWER, EventKind.CLEAR, EventKind.LATE)
        item = ItemId(f"i{chance.randrange(3)}") if chosen else None
        option = OptionId(f"o{chance.randrange(2)}") if kind is EventKind.ANSWER else None
        at_ns = ENDS_NS + chance.choice((-1, 0, 1, 2)) * 5_000_000
        bound_ms = chance.choice((None, 0, 5))
        event = JournalEvent(ExamId("exam-1"), "0001", seq, kind, item, option, at_ns, bound_ms, "page", seq)
        own = hashlib.sha256(prev + str(seq).encode() + kind.encode()).digest()
        told.append(Heard(event, prev, own, EnrolmentId("enr-1")))
        prev = own
    return told


def rows_of(heard: Sequence[Heard]) -> list[Row]:
    return [
        (one.event.candidate, one.event.cand_seq, one.event.kind.value, one.event.item, one.event.option,
         one.event.at_ns, one.event.bound_ms, one.prev, one.hash)
        for one in heard
    ]  # fmt: skip


def straight(heard: Sequence[Heard], ends_ns: int | None = ENDS_NS, *, conflict: bool = False) -> Sheet | None:
    return straight_sheet(rows_of(heard), ends_ns, {}, {}, conflict=conflict)


def test_every_chain_that_is_read_quickly_comes_to_the_same_sheet_as_by_the_rule() -> None:
    chance, quick, states = random.Random(7), 0, set[CandidateState]()
    for _ in range(3000):
        kinds = (
            chance.sample(USUAL, chance.randrange(len(USUAL))) if chance.random() < 0.5 else chance.choices(KINDS, k=9)
        )
        heard = chain(kinds + [EventKind.CLOSE] * chance.randrange(2), chance)
        chance.shuffle(heard)
        ends_ns, conflict = chance.choice((None, ENDS_NS)), chance.random() < 0.1
        sheet = straight(heard, ends_ns, conflict=conflict)
        if sheet is not None:
            assert sheet == read_sheet(settle(heard, (), {}).heard, ends_ns, conflict=conflict)
            quick += 1
            states.add(sheet.state)
    assert quick > 1000
    assert states == set(CandidateState)


def test_what_is_not_one_plain_chain_is_left_to_the_rule() -> None:
    chance = random.Random(1)
    heard = chain(USUAL, chance)
    assert straight(heard) is not None
    assert straight(heard[:3] + heard[4:]) is None, "a gap"
    assert straight([*heard, heard[-1]]) is None, "an event twice"
    for kind in (EventKind.SWITCH, EventKind.SHEET, EventKind.LATE, EventKind.ASIDE, EventKind.CONFLICT):
        assert straight(chain([*USUAL, kind], chance)) is None, kind


def test_an_event_that_a_person_judged_is_left_to_the_rule() -> None:
    heard = chain(USUAL, random.Random(1))
    assert straight_sheet(rows_of(heard), None, {heard[3].hash: Verdict.VOID}, {}) is None


def test_whoever_wrote_nothing_is_absent() -> None:
    rows = by_candidate(rows_of(chain(USUAL, random.Random(1))), ["0001", "0002"])
    assert {number: len(each) for number, each in rows.items()} == {"0001": len(USUAL), "0002": 0}
    assert straight_sheet(rows["0002"], ENDS_NS, {}, {}) == Sheet({}, CandidateState.ABSENT)


def test_sheets_share_the_ids_that_they_hold() -> None:
    same: dict[str, str] = {}
    first, second = (straight_sheet(rows_of(chain(USUAL, random.Random(3))), None, {}, same) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.answers
    held = [id(item) for sheet in (first, second) for item in sheet.answers]
    assert len(set(held)) == len(first.answers)
