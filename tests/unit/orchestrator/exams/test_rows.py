import pytest

from orchestrator.exams.model import Exam, Stage
from orchestrator.exams.rows import Table, statistics_tables
from orchestrator.exams.statistics import exam_statistics
from tests.doubles.answer_sheets import sheets
from wire.ids import ExamId, OptionId
from wire.paper import Item, Option, Paper, Plan


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    marked, key = sheets(60, 4)
    items = [
        Item(item, f"Câu {item}?", tuple(Option(OptionId(f"{item}-{letter}"), f"Ý {letter}") for letter in "abcd"))
        for item in key.right
    ]
    exam = Exam(ExamId("exam-1"), "Thi", Stage.MARKED, 5, 10**18, 600, Plan(), 4, 2, (), b"s" * 32, 0)
    papers = [Paper(exam.id, "101", tuple(items)), Paper(exam.id, "102", tuple(reversed(items)))]
    codes = {number: "101" if int(number) % 2 else "102" for number in marked}
    return {table.title: table for table in statistics_tables(exam_statistics(exam, key, marked, codes, papers))}


def test_every_row_is_as_wide_as_its_heading(tables: dict[str, Table]) -> None:
    assert list(tables) == ["Phân tích câu hỏi", "Phương án", "Đề thi", "So sánh mã đề"]
    for title in ("Phân tích câu hỏi", "Phương án", "So sánh mã đề"):
        assert {len(row) for row in tables[title].rows} == {len(tables[title].headings)}


def test_items_stand_with_their_number_under_each_code(tables: dict[str, Table]) -> None:
    table = tables["Phân tích câu hỏi"]
    assert table.headings[:3] == ("Câu (101)", "Câu (102)", "Nội dung")
    assert [row[:3] for row in table.rows] == [(n, 5 - n, f"Câu item-00{n - 1}?") for n in range(1, 5)]


def test_options_are_lettered_as_in_the_first_code_and_the_key_is_ticked(tables: dict[str, Table]) -> None:
    first = tables["Phương án"].rows[:4]
    assert [row[:4] for row in first] == [(1, letter, f"Ý {letter.lower()}", "✓" if letter == "A" else None)
                                          for letter in "ABCD"]  # fmt: skip
    assert sum(int(row[4] or 0) for row in first) == 60


def test_the_paper_tells_reliability_and_codes(tables: dict[str, Table]) -> None:
    words = [str(row[0]) for row in tables["Đề thi"].rows]
    assert {"KR-20", "Sai số chuẩn (SEM)"} <= set(words)
    assert [word for word in words if word.startswith("Mã 102 so với 101")] != []
