from orchestrator.exams.marking import Read, mark_all
from orchestrator.exams.marks import CandidateState, Key, Sheet
from wire.ids import ItemId, OptionId

ITEMS = [ItemId(f"i{n}") for n in range(6)]
A, B = OptionId("a"), OptionId("b")
KEY = Key(1, dict.fromkeys(ITEMS, (A,)))
PAPERS = {"101": frozenset(ITEMS[:3]), "R101": frozenset(ITEMS[3:])}


def sheet(*items: int, switched: bool = False, state: CandidateState = CandidateState.HANDED_IN) -> Sheet:
    return Sheet({ITEMS[item]: A for item in items}, state, switched=switched)


def test_each_sheet_is_marked_on_the_paper_that_was_sat() -> None:
    read = Read({"1": sheet(0, 1), "2": sheet(3, switched=True)}, {"1": "101", "2": "101"})
    told = mark_all(read, KEY, PAPERS)
    assert {number: (one.correct, one.maximum, one.code) for number, one in told.items()} == {
        "1": (2, 3, "101"),
        "2": (1, 3, "R101"),
    }


def test_a_dropped_item_leaves_the_maximum_of_its_own_paper_only() -> None:
    key = Key(2, {**KEY.right, ITEMS[0]: ()})
    read = Read({"1": sheet(0, 1), "2": sheet(3, switched=True)}, {"1": "101", "2": "101"})
    told = mark_all(read, key, PAPERS)
    assert [(one.correct, one.maximum) for one in told.values()] == [(1, 2), (1, 3)]


def test_a_credited_point_goes_to_nobody_who_never_opened_the_paper() -> None:
    key = Key(2, {**KEY.right, ITEMS[0]: ()}, frozenset({ITEMS[0]}))
    read = Read({"1": sheet(1), "2": sheet(state=CandidateState.ABSENT)}, {"1": "101", "2": "101"})
    told = mark_all(read, key, PAPERS)
    assert [(one.correct, one.maximum) for one in told.values()] == [(2, 3), (0, 3)]


def test_marks_are_a_function_of_events_and_key_alone() -> None:
    read = Read({"1": sheet(0, 1, 2)}, {"1": "101"})
    other = Key(2, {**KEY.right, ITEMS[2]: (B,)})
    assert mark_all(read, KEY, PAPERS) == mark_all(read, KEY, PAPERS)
    assert mark_all(read, other, PAPERS)["1"].correct == 2
    assert mark_all(read, KEY, PAPERS)["1"].correct == 3
