import pytest

from orchestrator.exams.bank import Parsed, Question, RemarkKind
from orchestrator.exams.importing.docx import parse_docx
from orchestrator.exams.importing.package import UnreadableFile
from tests.doubles.word_files import (
    BOLD,
    LIST,
    MC,
    NUMBERING,
    OOXML,
    RED,
    UNDERLINE,
    W,
    package,
    paragraph,
    run,
    table,
    word,
)

PICTURE = f'<w:r><w:drawing><a:blip xmlns:a="{OOXML}/drawingml/2006/main"/></w:drawing></w:r>'
STEM = "Câu 1. Thủ đô của Việt Nam?"
OTHERS = ("A. Huế", paragraph(run("B. Hà Nội", UNDERLINE)), "C. Đà Nẵng", "D. Cần Thơ")
NEXT = ("Câu 2: Hai cộng hai?", paragraph(run("A. Bốn", BOLD)), "B. Năm")


def read(*body: str, **more: str) -> Parsed:
    return parse_docx(word(*body, **more))


def only(*body: str, **more: str) -> Question:
    parsed = read(*body, **more)
    assert parsed.refused == ()
    assert len(parsed.questions) == 1
    return parsed.questions[0]


def reason(*body: str) -> str:
    """Why the first question was refused; the one after it is still taken."""
    parsed = read(*body, *NEXT)
    assert [question.text for question in parsed.questions] == ["Hai cộng hai?"]
    return parsed.refused[0].reason


def plain(*options: str) -> tuple[str, ...]:
    return (STEM, *(f"{letter}. {option}" for letter, option in zip("ABCDE", options, strict=False)))


# --- layouts -----------------------------------------------------------------------------------------------------


def test_options_on_lines_of_their_own() -> None:
    question = only("ĐỀ KIỂM TRA", STEM, *OTHERS, "--- HẾT ---")
    assert (question.line, question.title, question.text) == (2, "Câu 1", "Thủ đô của Việt Nam?")
    assert (question.options, question.letter) == (("Huế", "Hà Nội", "Đà Nẵng", "Cần Thơ"), "B")


@pytest.mark.parametrize("between", ["\t", "   ", " \t ", " ", "\n"])
def test_options_on_one_line(between: str) -> None:
    line = paragraph(f"A. Huế{between}", run("B.", UNDERLINE), f" Hà Nội{between}C. Đà Nẵng{between}D. Cần Thơ")
    question = only(STEM, line)
    assert (question.options, question.letter) == (("Huế", "Hà Nội", "Đà Nẵng", "Cần Thơ"), "B")


@pytest.mark.parametrize("between", ["\t", " "])
def test_options_two_by_two(between: str) -> None:
    question = only(STEM, f"A. Huế{between}B. Hà Nội", f"C. Đà Nẵng{between}D. Cần Thơ", "Đáp án: B")
    assert (question.options, question.letter) == (("Huế", "Hà Nội", "Đà Nẵng", "Cần Thơ"), "B")


def test_stem_and_options_in_one_line() -> None:
    assert only(f"{STEM} A. Huế B. Hà Nội C. Vinh D. Cần Thơ", "Chọn B").options == ("Huế", "Hà Nội", "Vinh", "Cần Thơ")


def test_options_in_a_table() -> None:
    square = table(("A. Huế", paragraph(run("B. Hà Nội", RED))), ("C. Đà Nẵng", "D. Cần Thơ"))
    assert only(STEM, square).letter == "B"
    apart = table(("A.", "Huế"), (paragraph(run("B.", BOLD)), "Hà Nội"))
    assert only(STEM, apart).options == ("Huế", "Hà Nội")


def test_a_whole_question_in_a_row_of_a_table() -> None:
    assert only(table((STEM, *OTHERS))).letter == "B"


def test_numbers_and_letters_that_word_writes_by_itself() -> None:
    def listed(level: int, text: str, look: str = "") -> str:
        return paragraph(run(text, look), properties=LIST.format(level) + f"<w:rPr>{look}</w:rPr>")

    body = (
        listed(0, "Một?"),
        listed(1, "a"),
        listed(1, "b", UNDERLINE),
        listed(0, "Hai?"),
        listed(1, "c", BOLD),
        listed(1, "d"),
    )
    parsed = read(*body, numbering=NUMBERING)
    assert [(q.title, q.text, q.options, q.letter) for q in parsed.questions] == [
        ("Câu 1", "Một?", ("a", "b"), "B"), ("Câu 2", "Hai?", ("c", "d"), "A"),
    ]  # fmt: skip


def test_bare_numbers_count_on_and_do_not_split_lists_in_a_stem() -> None:
    first = ("1. Xếp thứ tự:", "1. gieo", "2. gặt", paragraph(run("A. 1, 2", BOLD)), "B. 2, 1")
    parsed = read(*first, "2. Hai?", "A) x", "B) y", "Đáp án: B")
    assert [question.text for question in parsed.questions] == ["Xếp thứ tự:\n1. gieo\n2. gặt", "Hai?"]


def test_a_capital_that_looks_like_a_label_is_left_in_its_option() -> None:
    question = only(*plain("Nhóm máu B. hay O", "Vi khuẩn E. coli", "Vitamin D. và K", "Không"), "Đáp án: C")
    assert question.options == ("Nhóm máu B. hay O", "Vi khuẩn E. coli", "Vitamin D. và K", "Không")


def test_soft_line_breaks_stay_and_topics_hold_for_what_follows() -> None:
    parsed = read(
        "Chủ đề: Địa lí", paragraph("Câu 1. Thủ đô\ncủa Việt Nam?"), *OTHERS, "PHẦN II. TIẾP", "Câu 2. B?", *OTHERS
    )
    assert [(q.text, q.category) for q in parsed.questions] == [("Thủ đô\ncủa Việt Nam?", "Địa lí"), ("B?", "Địa lí")]


# --- keys --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", [UNDERLINE, BOLD, RED, '<w:highlight w:val="yellow"/>', '<w:shd w:fill="FFFF00"/>'])
@pytest.mark.parametrize("whole", [True, False])
def test_the_key_is_the_option_that_looks_otherwise(look: str, whole: bool) -> None:
    marked = paragraph(run("B. Hà Nội", look)) if whole else paragraph(run("B", look), run(". Hà Nội"))
    assert only(STEM, "A. Huế", marked, "C. Đà Nẵng").letter == "B"


def test_looks_that_all_options_share_say_nothing() -> None:
    bold = [
        paragraph(run(f"{letter}.", BOLD), run(f" {letter * 2}", RED if letter == "C" else "")) for letter in "ABCD"
    ]
    assert only(STEM, *bold).letter == "C"


def test_the_key_may_come_from_a_style() -> None:
    styles = '<w:style w:styleId="Key" w:type="character"><w:rPr><w:u w:val="single"/></w:rPr></w:style>'
    marked = paragraph(run("B. Hà Nội", '<w:rStyle w:val="Key"/>'))
    assert only(STEM, "A. Huế", marked, styles=styles).letter == "B"


@pytest.mark.parametrize(
    "answers",
    [
        ("1-B 2-A",),
        ("ĐÁP ÁN", "1.B", "2.A"),
        ("BẢNG ĐÁP ÁN", "Câu 1: B; Câu 2: A"),
        (table(("1-B", "2-A")),),
        (table(("Câu", "1", "2"), ("Đáp án", "B", "A")),),
        (table(("Câu", "Đáp án"), ("1", "B"), ("2", "A")),),
        ("ĐÁP ÁN", table(("1B", "2A", ""))),
        ("HƯỚNG DẪN CHẤM VÀ ĐÁP ÁN", "Câu 1. Vì là thủ đô. Chọn B.", "Câu 2. Vì 2 + 2 = 4. Chọn A."),
    ],
)
def test_an_answer_table_gives_the_keys(answers: tuple[str, ...]) -> None:
    parsed = read(*plain("Huế", "Hà Nội"), "Câu 2. Hai cộng hai?", "A. Bốn", "B. Năm", *answers)
    assert parsed.refused == ()
    assert [question.letter for question in parsed.questions] == ["B", "A"]


def test_a_worked_solution_is_left_out_and_told() -> None:
    parsed = read(*plain("Huế", "Hà Nội"), "Lời giải", "Hà Nội là thủ đô. Chọn B.", *NEXT)
    assert [question.letter for question in parsed.questions] == ["B", "A"]
    assert [(remark.kind, "lời giải" in remark.reason) for remark in parsed.remarks] == [(RemarkKind.LEFT_OUT, True)]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (plain("a", "b"), "thiếu đáp án"),
        ((STEM, paragraph(run("A. a", UNDERLINE)), paragraph(run("B. b", UNDERLINE)), "C. c"), "nhiều phương án"),
        ((STEM, paragraph(run("A. a", UNDERLINE)), paragraph(run("B. b", BOLD)), "C. c"), "không rõ"),
        ((*plain("a", "b"), "Đáp án: C"), "không chỉ vào"),
        ((STEM, "A. a", paragraph(run("B. b", UNDERLINE)), "Đáp án: A"), "không rõ"),
        ((STEM, "A. a", "B. b", "D. d", "Đáp án: A"), "không theo thứ tự"),
        ((STEM, "A. a", "B. b", "A. c", "Đáp án: A"), "hai lần"),
        ((STEM, "a) một", "b) hai"), "đúng/sai nhiều ý"),
        ((STEM,), "tự luận"),
        ((STEM, *OTHERS[:2], "C. Huế"), "giống hệt"),
    ],
)
def test_a_question_without_one_clear_key_is_refused(body: tuple[str, ...], words: str) -> None:
    told = reason(*body)
    assert told.startswith("Câu 1: ")
    assert words in told


def test_one_answer_table_cannot_speak_for_two_questions_of_one_number() -> None:
    parsed = read("PHẦN I. A", *plain("a", "b"), "PHẦN II. B", *plain("c", "d"), "1-A 2-B")
    assert ["lặp lại" in refusal.reason for refusal in parsed.refused] == [True, True]
    double = read(*plain("a", "b"), *NEXT, "1-A 2-A", "1-B 2-A")
    assert "hai đáp án" in double.refused[0].reason


def test_a_table_with_keys_of_several_codes_gives_none() -> None:
    codes = table(("Câu", "101", "102"), ("1", "A", "B"), ("2", "A", "A"))
    assert "thiếu đáp án" in read(*plain("a", "b"), *NEXT, "ĐÁP ÁN", codes).refused[0].reason


# --- what a text cannot hold -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (PICTURE, "hình ảnh"),
        ("<w:r><w:pict><v:shape xmlns:v='urn:v'/></w:pict></w:r>", "hình ảnh"),
        ("<w:r><w:object/></w:r>", "MathType"),
        ("<w:r><w:instrText> EQ \\f(1,2) </w:instrText></w:r>", "EQ"),
        ("<w:r><w:footnoteReference w:id='2'/></w:r>", "chú thích"),
        ("<w:r><w:sym w:font='Wingdings' w:char='F04A'/></w:r>", "Wingdings"),
        ("<w:r><w:ruby/></w:r>", "chú âm"),
        ("<w:mystery/>", "mystery"),
        (run("Bµi tËp", '<w:rFonts w:ascii=".VnTime"/>'), "TCVN3"),
        ("<m:oMath><m:m/></m:oMath>", "công thức"),
        (
            f"<mc:AlternateContent {MC}><mc:Choice Requires='wps'>{PICTURE}</mc:Choice></mc:AlternateContent>",
            "hình ảnh",
        ),
    ],
)
@pytest.mark.parametrize("where", [0, 2, 5])
def test_a_question_with_what_text_cannot_hold_is_refused_not_emptied(inside: str, words: str, where: int) -> None:
    body = [STEM, *OTHERS]
    body[min(where, 4)] = paragraph(body[min(where, 4)] if body[min(where, 4)][0] != "<" else "B. Hà Nội", inside)
    assert words in reason(*body)


def test_a_picture_between_two_questions_takes_both_out() -> None:
    parsed = read(STEM, *OTHERS, paragraph(PICTURE), *NEXT, "Câu 3. Ba?", *OTHERS)
    assert [question.text for question in parsed.questions] == ["Ba?"]
    assert ["hình" in refusal.reason for refusal in parsed.refused] == [True, True]


def test_questions_that_share_a_passage_are_refused() -> None:
    passage = ("Đọc đoạn văn sau và trả lời các câu từ câu 2 đến câu 3:", "Ngày xưa…")
    after = (line for number in (2, 3, 4) for line in (f"Câu {number}. Hỏi {number}?", *OTHERS))
    parsed = read(STEM, *OTHERS, *passage, *after)
    assert [question.title for question in parsed.questions] == ["Câu 1", "Câu 4"]
    assert ["đoạn dẫn chung ở đoạn 6" in refusal.reason for refusal in parsed.refused] == [True, True]


def test_a_stray_paragraph_after_the_last_option_is_not_swallowed() -> None:
    assert "đoạn lạc" in reason(STEM, *OTHERS, "Dòng này của ai?")


def test_word_formulas_scripts_and_symbols_become_text() -> None:
    half = (
        "<m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
    )
    square = (
        "<m:oMath><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
    )
    raised = run("2", '<w:vertAlign w:val="superscript"/>')
    pi = "<w:r><w:sym w:font='Symbol' w:char='F070'/></w:r>"
    question = only(
        STEM,
        paragraph("A. ", half),
        paragraph("B. ", square),
        paragraph("C. m", raised),
        paragraph("D. ", pi),
        "Chọn D",
    )
    assert question.options == ("(a+b)/2", "x²", "m²", "π")


def test_a_table_in_a_stem_becomes_lines() -> None:
    assert only(STEM, table(("Năm", "Số"), ("2025", "")), *OTHERS).text == "Thủ đô của Việt Nam?\nNăm | Số\n2025 |"


def test_emphasis_is_told_when_lost_and_refused_when_the_question_speaks_of_it() -> None:
    parsed = read(paragraph("Câu 1. Câu nào ", run("không", BOLD), " đúng?"), *OTHERS)
    assert [remark.kind for remark in parsed.remarks] == [RemarkKind.LEFT_OUT]
    asked = paragraph("Câu 1. Từ ", run("gạch chân", UNDERLINE), " nghĩa là gì?")
    assert "chữ gạch chân" in reason(asked, *OTHERS)
    sounds = [paragraph(f"{letter}. b", run("oo", UNDERLINE), f"k{letter}") for letter in "ABC"]
    assert "một phần từ" in reason("Câu 1. Which sound differs?", *sounds, "Đáp án: A")


def test_deleted_text_is_gone_and_inserted_text_is_there() -> None:
    changed = paragraph("A. ", "<w:del><w:r><w:delText>Vinh</w:delText></w:r></w:del>", f"<w:ins>{run('Huế')}</w:ins>")
    assert only(STEM, changed, *OTHERS[1:]).options[0] == "Huế"


# --- files -------------------------------------------------------------------------------------------------------


def test_a_document_without_questions_says_so() -> None:
    assert "không tìm thấy" in read("Xin chào").refused[0].reason


def test_entities_and_broken_files_are_refused() -> None:
    bomb = f'<!DOCTYPE w [<!ENTITY a "b">]><w:document {W}><w:body>&a;</w:body></w:document>'
    with pytest.raises(UnreadableFile, match="DOCTYPE"):
        parse_docx(package({"word/document.xml": bomb}))
    with pytest.raises(UnreadableFile, match="thiếu phần"):
        parse_docx(package({"word/other.xml": ""}))
    with pytest.raises(UnreadableFile, match="không có nội dung"):
        parse_docx(package({"word/document.xml": "<a/>"}))
