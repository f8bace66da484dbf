import pytest

from orchestrator.exams.bank import Parsed
from orchestrator.exams.importing.bank_sheet import parse_xlsx
from orchestrator.exams.importing.package import UnreadableFile
from tests.doubles.word_files import HEADINGS, OOXML, S, cells, excel

GOOD = ("Thủ đô?", "Huế", "Hà Nội", "Vinh", "Tất cả", "B", "Địa lí", "")


def read(*rows: str, more: dict[str, str | bytes] | None = None) -> Parsed:
    return parse_xlsx(excel("".join((cells(1, *HEADINGS), *rows)), more=more))


def changed(column: int, text: str) -> tuple[str, ...]:
    return (*GOOD[:column], text, *GOOD[column + 1 :])


def test_a_filled_in_template_is_read() -> None:
    question = read(cells(2, *GOOD)).questions[0]
    assert (question.line, question.text, question.category, question.letter) == (2, "Thủ đô?", "Địa lí", "B")
    assert (question.options, question.pinned) == (("Huế", "Hà Nội", "Vinh", "Tất cả"), (3,))


@pytest.mark.parametrize(("told", "pinned"), [("C", (2,)), ("c, D", (2, 3)), ("Tất cả", (0, 1, 2, 3))])
def test_options_are_pinned_by_their_letters(told: str, pinned: tuple[int, ...]) -> None:
    assert read(cells(2, *changed(7, told))).questions[0].pinned == pinned


def test_two_options_are_enough_and_empty_columns_at_the_end_do_not_count() -> None:
    assert read(cells(9, "Đất tròn?", "Đúng", "Sai", "", "", "A")).questions[0].pinned == (0, 1)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (changed(5, ""), "thiếu đáp án"),
        (changed(5, "AB"), "một chữ"),
        (changed(5, "E"), "không chỉ vào"),
        (changed(2, ""), "phương án B để trống"),
        (changed(2, "Huế"), "giống hệt"),
        (changed(0, ""), "không có nội dung"),
        (changed(7, "có"), "Ghim"),
        (changed(7, "F"), "không có"),
        (changed(1, '<c t="e"><v>#VALUE!</v></c>'), "báo lỗi"),
        (changed(1, "<c><f>1+1</f></c>"), "công thức"),
        (changed(1, '<c t="s"><v>7</v></c>'), "hỏng"),
        (changed(1, "<c><v>1E+99</v></c>"), "quá lớn"),
        (changed(1, '<c s="1"><v>45324</v></c>'), "ngày tháng"),
        ((*GOOD, "lời giải"), "ngoài mẫu"),
    ],
)
def test_a_faulty_row_is_refused_by_its_number_and_the_others_are_kept(row: tuple[str, ...], words: str) -> None:
    styles = f'<styleSheet {S}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    parsed = read(cells(2, *row), cells(3, *GOOD), more={"xl/styles.xml": styles})
    assert [question.line for question in parsed.questions] == [3]
    assert parsed.refused[0].line == 2
    assert words in parsed.refused[0].reason


def test_numbers_read_as_excel_shows_them() -> None:
    styles = f'<styleSheet {S}><cellXfs><xf numFmtId="0"/><xf numFmtId="9"/></cellXfs></styleSheet>'
    row = ("Bao nhiêu?", "<c><v>0.30000000000000004</v></c>", "<c><v>12</v></c>", '<c s="1"><v>0.25</v></c>')
    question = read(cells(2, *row, '<c t="b"><v>1</v></c>', "A"), more={"xl/styles.xml": styles}).questions[0]
    assert question.options == ("0.3", "12", "25%", "TRUE")


def test_shared_texts_keep_their_raised_signs_and_line_breaks() -> None:
    rich = '<si><r><t>m</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>2</t></r></si><si><t>a_x000A_b</t></si>'
    shared: dict[str, str | bytes] = {"xl/sharedStrings.xml": f"<sst {S}>{rich}</sst>"}
    row = cells(2, "Đơn vị?", '<c t="s"><v>0</v></c>', '<c t="s"><v>1</v></c>', "", "", "A")
    assert read(row, more=shared).questions[0].options == ("m²", "a\nb")


def test_a_picture_refuses_its_row() -> None:
    space = f'xmlns:x="{OOXML}/drawingml/2006/spreadsheetDrawing"'
    anchor = "<x:oneCellAnchor><x:from><x:row>1</x:row></x:from></x:oneCellAnchor>"
    relations = f'<Relationships xmlns="{OOXML}/package/2006/relationships"><Relationship Id="d" Target="d.xml"/>'
    parts: dict[str, str | bytes] = {
        "xl/_rels/sheet.xml.rels": f"{relations}</Relationships>",
        "xl/d.xml": f"<x:wsDr {space}>{anchor}</x:wsDr>",
    }
    rows = cells(1, *HEADINGS) + cells(2, *GOOD) + cells(3, *changed(0, "Khác?"))
    parsed = parse_xlsx(excel(rows, '<drawing r:id="d"/>', parts))
    assert [question.line for question in parsed.questions] == [3]
    assert "hình" in parsed.refused[0].reason


def test_a_sheet_without_the_headings_and_an_empty_file_are_refused() -> None:
    assert "tiêu đề" in parse_xlsx(excel(cells(4, "a", "b"))).refused[0].reason
    assert "không có dòng" in parse_xlsx(excel("")).refused[0].reason


def test_rows_and_columns_a_file_claims_are_not_believed() -> None:
    far = f'<row r="9999999"><c r="A9999999" t="inlineStr"><is><t>{"x"}</t></is></c></row>'
    assert parse_xlsx(excel(cells(1, *HEADINGS) + far)).refused[0].line == 9999999
    with pytest.raises(UnreadableFile, match="cột"):
        parse_xlsx(excel('<row r="1"><c r="ZZZ1" t="str"><v>x</v></c></row>'))
