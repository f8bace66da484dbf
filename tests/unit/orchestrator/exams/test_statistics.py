import msgspec
import pytest

from orchestrator.exams.marks import CandidateState, Key
from orchestrator.exams.model import Exam, Stage
from orchestrator.exams.statistics import exam_statistics, statistics_of
from tests.doubles.answer_sheets import lsat, sheets
from wire.ids import ExamId, ItemId, OptionId
from wire.paper import Item, Option, Paper, Plan

EXAM = Exam(ExamId("exam-1"), "Thi", Stage.MARKED, 5, 10**18, 600, Plan(), 3, 2, (), b"s" * 32, 0)


def papers(key: Key) -> list[Paper]:
    """Two codes; the second asks in the opposite order."""
    items = [
        Item(item, f"Câu {item}?", tuple(Option(OptionId(f"{item}-{letter}"), letter.upper()) for letter in "abcd"))
        for item in key.right
    ]
    return [Paper(EXAM.id, "101", tuple(items)), Paper(EXAM.id, "102", tuple(reversed(items)))]


def test_an_exam_is_analysed_in_the_order_of_its_first_code_with_the_words_asked() -> None:
    marked, key = sheets(40, 3)
    codes = {number: "101" if int(number) % 2 else "102" for number in marked}
    told = exam_statistics(EXAM, key, marked, codes, papers(key))
    assert [one.item for one in told.statistics.items] == ["item-000", "item-001", "item-002"]
    assert told.questions["item-000"].places == {"101": 1, "102": 3}
    assert told.questions["item-000"].options == {f"item-000-{letter}": letter.upper() for letter in "abcd"}
    assert [(one.code, one.candidates) for one in told.statistics.codes] == [("101", 20), ("102", 20)]
    assert [(one.code, one.against) for one in told.statistics.comparisons] == [("102", "101")]


def test_those_who_never_opened_the_paper_are_no_part_of_the_sample() -> None:
    marked, key = sheets(10, 3)
    for number, state in (("00000", CandidateState.ABSENT), ("00001", CandidateState.NOT_OPENED)):
        marked[number] = msgspec.structs.replace(marked[number], state=state)
    assert exam_statistics(EXAM, key, marked, {}, papers(key)).statistics.paper.candidates == 8


def test_a_voided_item_leaves_the_scale_and_stays_in_the_list() -> None:
    marked, key = sheets(30, 3)
    void = Key(2, key.right | {ItemId("item-001"): ()})
    told = exam_statistics(EXAM, void, marked, {}, papers(key))
    assert (told.key_version, told.statistics.paper.items, len(told.statistics.items)) == (2, 2, 3)
    assert told.statistics.items[1].facility is None
    assert sum(option.count for option in told.statistics.items[1].options) == 30


def test_an_exam_of_one_code_compares_nothing() -> None:
    told = statistics_of(msgspec.structs.replace(lsat(), codes=("101",) * 1000))
    assert (told.codes, told.comparisons) == ([], [])


def test_strong_candidates_make_a_reliable_paper() -> None:
    marked, key = sheets(400, 30)
    told = exam_statistics(EXAM, key, marked, {}, papers(key)).statistics
    assert told.paper.kr20 is not None
    assert 0.7 < told.paper.kr20 < 0.95
    assert all((one.discrimination or 0) > 0 for one in told.items)
    assert told.paper.mean == pytest.approx(sum(one.facility or 0 for one in told.items))
