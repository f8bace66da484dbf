import io
import random
from pathlib import Path

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.exams.bank import Question, pinned_places
from orchestrator.exams.bank_export import EXPORTS, docx, xlsx
from orchestrator.exams.formats import parse
from orchestrator.exams.importing.bank_sheet import HEADINGS

DEMO = Path(__file__).parents[4] / "demo/bank/dao_tao.gift"
TOPICS = ("", "Chuyển đổi số", "An toàn trên mạng & bản quyền", "Kiểm tra, đánh giá")
STEMS = (
    "Kết quả của {a} + {b} là bao nhiêu?",
    "Một lớp có {a} học sinh, {b} em vắng. Còn lại bao nhiêu em?",
    "Biểu thức {a} < {b} “đúng” hay <sai> với x = {a}?",
    "Đọc hai dòng sau:\nA. Dòng một có {a} chữ\nCâu 9: dòng hai có {b} chữ",
    "Hàm f(x) = {a}x² − {b}x đạt cực trị tại đâu?",
    "Theo em, giáo viên nên dành {a} hay {b} phút cho hoạt động khởi động?",
)
TAILS = ("Tất cả các phương án trên", "Không có đáp án nào đúng", "Đáp án: B. và C. đều được", "1/2", "Lời giải khác")


def own_questions() -> list[Question]:
    """Sixty Vietnamese questions: those of the demonstration, and written ones with awkward words and signs."""
    demo = list(parse(DEMO.read_bytes()).questions)
    chance = random.Random(60)
    written = []
    for place in range(60 - len(demo)):
        a, b = chance.randint(100, 999), chance.randint(10, 99)
        options = (f"{a + b}", f"{a - b} em", f"B. {a}/{b}", TAILS[place % len(TAILS)])[: 2 + place % 3]
        text = STEMS[place % len(STEMS)].format(a=a, b=b)
        pinned = pinned_places(options) or ((0, 1) if place % 7 == 0 else ())
        written.append(Question(0, "", TOPICS[place % 4], "plain", text, options, place % len(options), pinned))
    return sorted([*demo, *written], key=lambda question: question.category != "")


def kept(question: Question) -> tuple[object, ...]:
    return (question.text, question.options, question.letter, question.pinned, question.category)


def test_sixty_questions_come_back_from_word_and_from_excel_as_they_were() -> None:
    questions = own_questions()
    assert len(questions) == 60
    for write in (docx, xlsx):
        back = parse(write(questions))
        assert (back.refused, back.remarks) == ((), ())
        assert [kept(question) for question in back.questions] == [kept(question) for question in questions]


_SNARES = (
    "A. B. C) D: (A) *B. a) A 1. 2-B x² <b> & “” =1+1 _x0041_ \n \x0b",
    "Câu|Đáp án:|Chọn|Ghim: A|Lời giải|ĐÁP ÁN|PHẦN I.|HẾT|Chủ đề: x|Question 5",
)
_WORDS = st.sampled_from([*_SNARES[0].split(" "), *_SNARES[1].split("|")])


def as_stored(text: str) -> str:
    return "\n".join(line for line in (" ".join(part.split()) for part in text.split("\n")) if line)


_TEXTS = st.lists(_WORDS, min_size=1, max_size=6).map(lambda words: as_stored(" ".join(words))).filter(bool)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(_TEXTS, st.lists(_TEXTS, min_size=2, max_size=10, unique=True)), min_size=1, max_size=4))
def test_words_that_look_like_labels_survive_both_files(drawn: list[tuple[str, list[str]]]) -> None:
    questions = [
        Question(0, "", "", "plain", text, tuple(options), len(text) % len(options), pinned_places(tuple(options)))
        for text, options in drawn
    ]
    for write in (docx, xlsx):
        back = parse(write(questions))
        assert back.refused == ()
        assert [kept(question) for question in back.questions] == [kept(question) for question in questions]


def test_the_same_bank_gives_the_same_bytes() -> None:
    assert docx(own_questions()) == docx(own_questions())


def test_excel_libraries_open_the_file_and_find_texts_only() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(own_questions())))
    rows = list(book["Câu hỏi"].iter_rows())
    assert len(rows) == 61
    assert {cell.number_format for row in rows for cell in row if cell.value is not None} == {"@"}


def test_the_empty_template_has_the_headings() -> None:
    book = openpyxl.load_workbook(io.BytesIO(EXPORTS["xlsx"].write(())))
    assert tuple(cell.value for cell in book["Câu hỏi"][1]) == HEADINGS
