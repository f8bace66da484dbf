from orchestrator.exams.marks import CandidateState, Key, Sheet
from orchestrator.exams.responses import BLANK, from_letters, from_sheets
from wire.ids import ItemId, OptionId

ONE, TWO = ItemId("one"), ItemId("two")
A, B, C = OptionId("a"), OptionId("b"), OptionId("c")


def test_sheets_become_rows_and_the_key_decides_what_is_right() -> None:
    sheets = {
        "2": Sheet({ONE: A, TWO: C}, CandidateState.HANDED_IN),
        "1": Sheet({ONE: B}, CandidateState.CLOSED),
        "3": Sheet({ItemId("stranger"): A, TWO: OptionId("stranger")}, CandidateState.CLOSED),
    }
    told = from_sheets(sheets, {"2": "101"}, Key(1, {ONE: (A, B), TWO: (C,)}), {ONE: [B, A], TWO: [C, A]})
    assert (told.numbers, told.items, told.codes) == (("2", "1", "3"), ("one", "two"), ("101", "", ""))
    assert told.right.tolist() == [[True, True], [True, False], [False, False]]
    assert told.chosen is not None
    assert told.chosen.tolist() == [[1, 0], [0, BLANK], [BLANK, BLANK]]
    assert (told.options, told.keyed) == ((("b", "a"), ("c", "a")), (frozenset({0, 1}), frozenset({0})))


def test_a_void_item_is_right_for_nobody() -> None:
    sheets = {"1": Sheet({ONE: A, TWO: C}, CandidateState.HANDED_IN)}
    told = from_sheets(sheets, {}, Key(2, {ONE: (), TWO: (C,)}), {ONE: [A], TWO: [C]})
    assert (told.counts, told.right.tolist(), told.totals.tolist()) == ((False, True), [[False, True]], [1.0])


def test_the_options_of_a_column_are_those_chosen_or_accepted() -> None:
    told = from_letters("ab", [["B"], [""]], {"1": frozenset("D")})
    assert told.options == (("B", "D"),)
    assert told.right.tolist() == [[False], [False]]
