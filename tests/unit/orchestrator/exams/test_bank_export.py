import io
import random
from pathlib import Path

import msgspec
import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.exams.bank import Question, pinned_places, shown
from orchestrator.exams.bank_export import EXPORTS, docx, xlsx
from orchestrator.exams.formats import parse
from orchestrator.exams.importing.bank_sheet import HEADINGS
from orchestrator.exams.importing.images import clean_image
from tests.doubles.pictures import png

BANKS = [Path(__file__).parents[4] / "demo/bank" / name for name in ("dao_tao.gift", "kien_thuc_chung.gift")]
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


def as_listed(question: Question) -> Question:
    """A question as the bank gives it back: plain text."""
    options = tuple(shown(option, question.format) for option in question.options)
    text = shown(question.text, question.format)
    return msgspec.structs.replace(question, format="plain", text=text, options=options)


def own_questions() -> list[Question]:
    """Sixty Vietnamese questions: formulas, tables, a chart, options that keep their place."""
    return [as_listed(question) for bank in BANKS for question in parse(bank.read_bytes()).questions]


def awkward_questions() -> list[Question]:
    """Written ones with awkward words and signs."""
    chance = random.Random(60)
    written = []
    for place in range(36):
        a, b = chance.randint(100, 999), chance.randint(10, 99)
        options = (f"{a + b}", f"{a - b} em", f"B. {a}/{b}", TAILS[place % len(TAILS)])[: 2 + place % 3]
        text = STEMS[place % len(STEMS)].format(a=a, b=b)
        pinned = pinned_places(options) or ((0, 1) if place % 7 == 0 else ())
        written.append(Question(0, "", TOPICS[place % 4], "plain", text, options, place % len(options), pinned))
    return sorted(written, key=lambda question: question.category != "")


def kept(question: Question) -> tuple[object, ...]:
    return (question.text, question.options, question.letter, question.pinned, question.category, question.images)


def test_sixty_questions_come_back_from_word_and_from_excel_as_they_were() -> None:
    questions = own_questions()
    assert len(questions) == 60
    assert sum(len(question.images) for question in questions) == 1
    assert any("Không có đáp án nào đúng" in question.options and question.pinned for question in questions)
    assert any(" | " in question.text for question in questions)
    for write in (docx, xlsx):
        back = parse(write(questions))
        assert (back.refused, back.remarks) == ((), ())
        assert [kept(question) for question in back.questions] == [kept(question) for question in questions]


def test_awkward_words_come_back_from_word_and_from_excel_as_they_were() -> None:
    questions = awkward_questions()
    for write in (docx, xlsx):
        back = parse(write(questions))
        assert (back.refused, back.remarks) == ((), ())
        assert [kept(question) for question in back.questions] == [kept(question) for question in questions]


def test_images_stand_where_they_stood_in_text_and_options() -> None:
    one, other = (clean_image(png(colour)) for colour in ("red", "blue"))
    text = "Hình nào màu đỏ? Xem [Hình 1] và\n[Hình 2]."
    asked = Question(0, "", "", "plain", text, ("[Hình 1]", "A. [Hình 2] kia", "Không"), 0, (), (one, other))
    many = [asked, *own_questions(), msgspec.structs.replace(asked, text="Lại [Hình 1]", options=("[Hình 2]", "x"))]
    for write in (docx, xlsx):
        back = parse(write(many))
        assert back.refused == ()
        by_text = {question.text: question for question in back.questions}
        assert kept(by_text[text]) == kept(asked)
        assert by_text["Lại [Hình 1]"].images == (one, other)


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
    assert len(book["Câu hỏi"]._images) == 1
    assert {cell.number_format for row in rows for cell in row if cell.value is not None} == {"@"}


def test_the_empty_template_has_the_headings() -> None:
    book = openpyxl.load_workbook(io.BytesIO(EXPORTS["xlsx"].write(())))
    assert tuple(cell.value for cell in book["Câu hỏi"][1]) == HEADINGS
