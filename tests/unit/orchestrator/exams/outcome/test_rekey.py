import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.errors import Refused
from orchestrator.exams.bands import USUAL, VoidRule
from orchestrator.exams.marking import Read, mark_all
from orchestrator.exams.marks import CandidateState, Key, Sheet
from orchestrator.exams.outcome.rekey import ItemChange, check_changes, difference, revised
from wire.ids import ItemId, OptionId

ITEMS = [ItemId(f"i{n}") for n in range(10)]
LETTERS = [OptionId(letter) for letter in "abcd"]
KEY = Key(1, dict.fromkeys(ITEMS, (LETTERS[0],)))
PAPERS = {"101": frozenset(ITEMS)}
OPTIONS = dict.fromkeys(ITEMS, LETTERS)
SHEETS = st.lists(st.lists(st.integers(0, 3), min_size=10, max_size=10), min_size=1, max_size=8)


def read(answers: list[list[int]]) -> Read:
    sheets = {
        str(n): Sheet(dict(zip(ITEMS, (LETTERS[one] for one in line), strict=True)), CandidateState.HANDED_IN)
        for n, line in enumerate(answers)
    }
    return Read(sheets, dict.fromkeys(sheets, "101"))


@given(SHEETS, st.integers(0, 9))
def test_a_credited_item_never_costs_anybody_a_point(answers: list[list[int]], item: int) -> None:
    key = revised(KEY, [ItemChange(ITEMS[item])], VoidRule.CREDIT)
    told = difference(mark_all(read(answers), KEY, PAPERS), mark_all(read(answers), key, PAPERS), USUAL)
    assert (told.lost, told.band_down) == (0, 0)
    assert told.gained == sum(line[item] != 0 for line in answers)


@given(SHEETS, st.integers(0, 9))
def test_a_dropped_item_is_as_if_it_had_never_been_asked(answers: list[list[int]], item: int) -> None:
    key = revised(KEY, [ItemChange(ITEMS[item])], VoidRule.DROP)
    others = frozenset(ITEMS) - {ITEMS[item]}
    told = mark_all(read(answers), key, PAPERS)
    alone = mark_all(read(answers), KEY, {"101": others})
    assert {n: (one.correct, one.maximum) for n, one in told.items()} == {
        n: (one.correct, one.maximum) for n, one in alone.items()
    }


def test_accepting_another_option_gains_for_whoever_chose_it() -> None:
    key = revised(KEY, [ItemChange(ITEMS[0], (LETTERS[0], LETTERS[1]))], VoidRule.DROP)
    told = difference(
        mark_all(read([[1] + [0] * 9, [0] * 10, [2] + [0] * 9]), KEY, PAPERS),
        mark_all(read([[1] + [0] * 9, [0] * 10, [2] + [0] * 9]), key, PAPERS),
        USUAL,
    )
    assert (told.gained, told.lost, told.candidates, told.mean) == (1, 0, 3, (933, 967))
    assert [(row.number, row.correct, row.band) for row in told.rows] == [("0", (9, 10), ("xuat_sac", "xuat_sac"))]


def test_band_changes_are_counted_by_where_from_and_where_to() -> None:
    answers = [[0] * 8 + [1, 1], [1] * 3 + [0] * 7]
    key = revised(KEY, [ItemChange(ITEMS[9])], VoidRule.DROP)
    told = difference(mark_all(read(answers), KEY, PAPERS), mark_all(read(answers), key, PAPERS), USUAL)
    # 8/10 becomes 8/9; 7/10 becomes 6/9.
    assert told.moves == [("kha", "trung_binh", 1)]
    assert (told.gained, told.lost, told.band_up, told.band_down) == (1, 1, 0, 1)


def test_a_key_keeps_its_earlier_versions_decisions() -> None:
    once = revised(KEY, [ItemChange(ITEMS[0])], VoidRule.CREDIT)
    twice = revised(once, [ItemChange(ITEMS[1])], VoidRule.DROP)
    assert (twice.version, twice.credited, twice.maximum, KEY.maximum) == (3, frozenset({ITEMS[0]}), 9, 10)
    back = revised(twice, [ItemChange(ITEMS[0], (LETTERS[0],))], VoidRule.DROP)
    assert (back.credited, back.right[ITEMS[0]]) == (frozenset(), (LETTERS[0],))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ([], "bad_key_change"),
        ([ItemChange(ITEMS[0]), ItemChange(ITEMS[0])], "bad_key_change"),
        ([ItemChange(ItemId("none"))], "bad_key_change"),
        ([ItemChange(ITEMS[0], (OptionId("z"),))], "bad_key_change"),
        ([ItemChange(ITEMS[0]), ItemChange(ITEMS[1])], "too_many_void"),
    ],
)
def test_a_change_that_cannot_be_is_refused(changes: list[ItemChange], code: str) -> None:
    with pytest.raises(Refused, match=code):
        check_changes(KEY, changes, OPTIONS, USUAL, len(ITEMS))
    check_changes(KEY, [ItemChange(ITEMS[0])], OPTIONS, USUAL, len(ITEMS))
