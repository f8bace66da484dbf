"""The bank as files that authors edit and import again: Word, and the Excel template filled in. Keys are inside.

What the readers call one white space is written as one; blank lines within a text are left out.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from xml.sax.saxutils import escape

import msgspec

from orchestrator.exams.bank import Question, pinned_places
from orchestrator.exams.importing.bank_sheet import ALL_PINNED, HEADINGS, KEY, LETTERS, PINNED, STEM, TITLE, TOPIC
from orchestrator.exams.importing.word_items import ZERO_WIDTH

_NS = "http://schemas.openxmlformats.org"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_LOOKS_LIKE_LABEL = re.compile(r"(?:^|(?<=[\s(]))(?=[A-J] ?[.):/])|^(?=[*✓✔(])")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_WIDTHS = {STEM: 60, KEY: 10, TOPIC: 24, PINNED: 10, TITLE: 14}


class Export(msgspec.Struct, frozen=True):
    """A kind of file: how it is written and its media type."""

    write: Callable[[Sequence[Question]], bytes]
    content_type: str


def _pack(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            # A fixed date: the same bank gives the same bytes.
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), _HEAD + text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _lines(text: str) -> list[str]:
    return [line for line in (" ".join(part.split()) for part in _ILLEGAL.sub("", text).splitlines()) if line]


def _types(parts: dict[str, str]) -> str:
    """The list of parts (ECMA-376 part 2 §10.1.2)."""
    kinds = "".join(
        f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/>'
        for name, kind in parts.items()
    )
    return (
        f'<Types xmlns="{_NS}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{kinds}</Types>'
    )


def _rels(targets: dict[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="rId{place}" Type="{_NS}/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
        for place, (target, kind) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{_NS}/package/2006/relationships">{links}</Relationships>'


# --- Word --------------------------------------------------------------------------------------------------------


def docx(questions: Sequence[Question]) -> bytes:
    """A Word file: by topic, “Câu 1.”, options A. B. …, the right one bold and underlined."""
    body = "".join(_paragraphs(sorted(questions, key=lambda question: question.category != "")))
    styles = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" '
        'w:cs="Times New Roman" w:eastAsia="Times New Roman"/><w:sz w:val="26"/><w:lang w:val="vi-VN"/></w:rPr>'
        '</w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
        '<w:name w:val="Normal"/></w:style>'
    )
    space = f'xmlns:w="{_NS}/wordprocessingml/2006/main"'
    parts = {"word/document.xml": "wordprocessingml.document.main", "word/styles.xml": "wordprocessingml.styles"}
    return _pack(
        {
            "[Content_Types].xml": _types(parts),
            "_rels/.rels": _rels({"word/document.xml": "officeDocument"}),
            "word/_rels/document.xml.rels": _rels({"styles.xml": "styles"}),
            "word/document.xml": f"<w:document {space}><w:body>{body}<w:sectPr/></w:body></w:document>",
            "word/styles.xml": f"<w:styles {space}>{styles}</w:styles>",
        }
    )


def _paragraphs(questions: Sequence[Question]) -> Iterator[str]:
    topic = ""
    for number, question in enumerate(questions, 1):
        if question.category != topic:
            topic = question.category
            yield _paragraph(f"Chủ đề: {' '.join(_lines(topic))}", "<w:b/>")
        yield _paragraph(f"Câu {number}. {_guarded(question.text)}")
        for place, option in enumerate(question.options):
            look = '<w:b/><w:u w:val="single"/>' if place == question.right else ""
            yield _paragraph(f"{LETTERS[place]}. {_guarded(option)}", look)
        if question.pinned and question.pinned != pinned_places(question.options):
            yield _paragraph("Ghim: " + ", ".join(LETTERS[place] for place in question.pinned))


def _guarded(text: str) -> str:
    """Words that only look like a label get an invisible sign before them; so does every line after the first."""
    lines = [_LOOKS_LIKE_LABEL.sub(ZERO_WIDTH, line) for line in _lines(text)]
    # “Câu 1. A” alone would be an answer in a table of keys.
    short = ZERO_WIDTH if lines and len(lines[0]) < 4 else ""
    return short + f"\n{ZERO_WIDTH}".join(lines)


def _paragraph(text: str, look: str = "") -> str:
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    runs = '</w:t><w:br/><w:t xml:space="preserve">'.join(escape(line) for line in text.split("\n"))
    return f'<w:p><w:r>{properties}<w:t xml:space="preserve">{runs}</w:t></w:r></w:p>'


# --- Excel -------------------------------------------------------------------------------------------------------


def xlsx(questions: Sequence[Question]) -> bytes:
    """The template with the questions filled in, every cell a text, so that Excel makes no date of “1/2”."""
    most = max((len(question.options) for question in questions), default=4)
    headings = [STEM, *LETTERS[: max(4, most)], *HEADINGS[5:], *([TITLE] if questions else [])]
    rows = [
        _row(1, headings, style=2),
        *(_row(at, _cells(one, headings), style=1) for at, one in enumerate(questions, 2)),
    ]
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{_WIDTHS.get(name, 30)}" style="1" customWidth="1"/>'
        for at, name in enumerate(headings, 1)
    )
    sheet = (
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView>'
        f"</sheetViews><cols>{columns}</cols><sheetData>{''.join(rows)}</sheetData>"
    )
    space = f'xmlns="{_NS}/spreadsheetml/2006/main"'
    book = '<sheets><sheet name="Câu hỏi" sheetId="1" r:id="rId1"/></sheets>'
    parts = {
        "xl/workbook.xml": "spreadsheetml.sheet.main",
        "xl/worksheets/sheet1.xml": "spreadsheetml.worksheet",
        "xl/styles.xml": "spreadsheetml.styles",
    }
    return _pack(
        {
            "[Content_Types].xml": _types(parts),
            "_rels/.rels": _rels({"xl/workbook.xml": "officeDocument"}),
            "xl/_rels/workbook.xml.rels": _rels({"worksheets/sheet1.xml": "worksheet", "styles.xml": "styles"}),
            "xl/workbook.xml": f'<workbook {space} xmlns:r="{_NS}/officeDocument/2006/relationships">{book}</workbook>',
            "xl/worksheets/sheet1.xml": f"<worksheet {space}>{sheet}</worksheet>",
            "xl/styles.xml": f"<styleSheet {space}>{_STYLES}</styleSheet>",
        }
    )


_WRAPPED = '<alignment vertical="top" wrapText="1"/>'
_STYLES = (
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    f'{_WRAPPED}</xf><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" '
    f'applyAlignment="1">{_WRAPPED}</xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
)


def _cells(question: Question, headings: Sequence[str]) -> list[str]:
    by_name = {STEM: question.text, KEY: question.letter, TOPIC: question.category, TITLE: question.title}
    by_name[PINNED] = _pins(question)
    by_name.update(zip(LETTERS, question.options, strict=False))
    return [by_name.get(heading, "") for heading in headings]


def _pins(question: Question) -> str:
    if len(question.pinned) == len(question.options):
        return ALL_PINNED
    return ", ".join(LETTERS[place] for place in question.pinned)


def _row(number: int, texts: Sequence[str], style: int) -> str:
    cells = "".join(
        f'<c r="{chr(ord("A") + place)}{number}" t="inlineStr" s="{style}"><is><t xml:space="preserve">'
        f"{_in_sheet(text)}</t></is></c>"
        for place, text in enumerate(texts)
        if text
    )
    return f'<row r="{number}">{cells}</row>'


def _in_sheet(text: str) -> str:
    # `_x0041_` in a cell's text means the letter A; an underscore written as _x005F_ keeps it what it is.
    return escape(re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", "\n".join(_lines(text))))


EXPORTS = {
    "docx": Export(docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": Export(xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
