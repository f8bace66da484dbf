"""The bank as files that authors edit and import again: Word, and the Excel template filled in. Keys are inside.

What the readers call one white space is written as one; blank lines within a text are left out.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

import msgspec

from orchestrator.exams.bank import Image, Question, pinned_places
from orchestrator.exams.importing.bank_sheet import (
    ALL_PINNED,
    HEADINGS,
    IMAGE,
    KEY,
    LETTERS,
    PINNED,
    STEM,
    TITLE,
    TOPIC,
)
from orchestrator.exams.importing.word_items import ZERO_WIDTH
from wire.paper import marked_pieces

_NS = "http://schemas.openxmlformats.org"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_LOOKS_LIKE_LABEL = re.compile(r"(?:^|(?<=[\s(]))(?=[A-J] ?[.):/])|^(?=[*✓✔(])")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_WIDTHS = {STEM: 60, KEY: 10, TOPIC: 24, PINNED: 10, TITLE: 14, IMAGE: 40}


class Export(msgspec.Struct, frozen=True):
    """A kind of file: how it is written and its media type."""

    write: Callable[[Sequence[Question]], bytes]
    content_type: str


def _pack(parts: Mapping[str, str], media: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in [*((name, (_HEAD + text).encode()) for name, text in parts.items()), *media.items()]:
            # A fixed date: the same bank gives the same bytes.
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
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
        '<Default Extension="png" ContentType="image/png"/><Default Extension="jpeg" ContentType="image/jpeg"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{kinds}</Types>'
    )


def _rels(targets: dict[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="rId{place}" Type="{_NS}/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
        for place, (target, kind) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{_NS}/package/2006/relationships">{links}</Relationships>'


def _media(questions: Sequence[Question]) -> dict[str, Image]:
    """File name → image, each once."""
    images = {image.digest: image for question in questions for image in question.images}
    return {f"{digest[:32]}.{image.media.removeprefix('image/')}": image for digest, image in images.items()}


def _size(image: Image, widest: int) -> tuple[int, int]:
    """Width and height on paper in EMU (360,000 to the centimetre), at 150 dots per inch, at most `widest`."""
    width, height = image.width * 6096, image.height * 6096
    share = min(1.0, widest / width, widest / height)
    return max(1, round(width * share)), max(1, round(height * share))


def _blip(relation: str, number: int, size: tuple[int, int]) -> str:
    """A picture without its frame (ECMA-376 part 1 §20.2.2), less the outer element of its own namespace."""
    return (
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="Hình {number}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{size[0]}" cy="{size[1]}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
    )


_DRAWING = f'xmlns:a="{_NS}/drawingml/2006/main" xmlns:r="{_NS}/officeDocument/2006/relationships"'


# --- Word --------------------------------------------------------------------------------------------------------

_WIDEST = 5_400_000
"""15 cm in EMU."""


def docx(questions: Sequence[Question]) -> bytes:
    """A Word file: by topic, “Câu 1.”, options A. B. …, the right one bold and underlined, images where they stand."""
    media = _media(questions)
    writer = _WordWriter({image.digest: f"rId{at}" for at, image in enumerate(media.values(), 2)})
    body = "".join(writer.paragraphs(sorted(questions, key=lambda question: question.category != "")))
    styles = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" '
        'w:cs="Times New Roman" w:eastAsia="Times New Roman"/><w:sz w:val="26"/><w:lang w:val="vi-VN"/></w:rPr>'
        '</w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
        '<w:name w:val="Normal"/></w:style>'
    )
    space = f'xmlns:w="{_NS}/wordprocessingml/2006/main"'
    parts = {"word/document.xml": "wordprocessingml.document.main", "word/styles.xml": "wordprocessingml.styles"}
    targets = {"styles.xml": "styles", **{f"media/{name}": "image" for name in media}}
    return _pack(
        {
            "[Content_Types].xml": _types(parts),
            "_rels/.rels": _rels({"word/document.xml": "officeDocument"}),
            "word/_rels/document.xml.rels": _rels(targets),
            "word/document.xml": f"<w:document {space}><w:body>{body}<w:sectPr/></w:body></w:document>",
            "word/styles.xml": f"<w:styles {space}>{styles}</w:styles>",
        },
        {f"word/media/{name}": image.content for name, image in media.items()},
    )


class _WordWriter:
    def __init__(self, relations: Mapping[str, str]) -> None:
        self._relations = relations
        self._drawn = 0

    def paragraphs(self, questions: Sequence[Question]) -> Iterator[str]:
        topic = ""
        for number, question in enumerate(questions, 1):
            if question.category != topic:
                topic = question.category
                yield self._paragraph(f"Chủ đề: {' '.join(_lines(topic))}", "<w:b/>")
            yield self._paragraph(f"Câu {number}. {_guarded(question.text)}", images=question.images)
            for place, option in enumerate(question.options):
                look = '<w:b/><w:u w:val="single"/>' if place == question.right else ""
                yield self._paragraph(f"{LETTERS[place]}. {_guarded(option)}", look, question.images)
            if question.pinned and question.pinned != pinned_places(question.options):
                yield self._paragraph("Ghim: " + ", ".join(LETTERS[place] for place in question.pinned))

    def _paragraph(self, text: str, look: str = "", images: Sequence[Image] = ()) -> str:
        properties = f"<w:rPr>{look}</w:rPr>" if look else ""
        known = {image.digest: image for image in images}
        runs = [
            self._run(words, properties) if name is None else self._picture(known[name], properties)
            for words, name in marked_pieces(text, tuple(known))
        ]
        return f"<w:p>{''.join(runs)}</w:p>"

    def _run(self, text: str, properties: str) -> str:
        lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(escape(line) for line in text.split("\n"))
        return f'<w:r>{properties}<w:t xml:space="preserve">{lines}</w:t></w:r>'

    def _picture(self, image: Image, properties: str) -> str:
        self._drawn += 1
        size = _size(image, _WIDEST)
        return (
            f'<w:r>{properties}<w:drawing><wp:inline xmlns:wp="{_NS}/drawingml/2006/wordprocessingDrawing" '
            f'distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{size[0]}" cy="{size[1]}"/>'
            f'<wp:docPr id="{self._drawn}" name="Hình {self._drawn}"/>'
            f'<a:graphic {_DRAWING}><a:graphicData uri="{_NS}/drawingml/2006/picture">'
            f'<pic:pic xmlns:pic="{_NS}/drawingml/2006/picture">'
            f"{_blip(self._relations[image.digest], self._drawn, size)}</pic:pic></a:graphicData></a:graphic>"
            "</wp:inline></w:drawing></w:r>"
        )


def _guarded(text: str) -> str:
    """Words that only look like a label get an invisible sign before them; so does every line after the first."""
    lines = [_LOOKS_LIKE_LABEL.sub(ZERO_WIDTH, line) for line in _lines(text)]
    # “Câu 1. A” alone would be an answer in a table of keys.
    short = ZERO_WIDTH if lines and len(lines[0]) < 4 else ""
    return short + f"\n{ZERO_WIDTH}".join(lines)


# --- Excel -------------------------------------------------------------------------------------------------------


def xlsx(questions: Sequence[Question]) -> bytes:
    """The template with the questions filled in, every cell a text, so that Excel makes no date of “1/2”; images stand
    in the column Hình of their row."""
    most = max((len(question.options) for question in questions), default=4)
    media = _media(questions)
    headings = [STEM, *LETTERS[: max(4, most)], *HEADINGS[5:], *([TITLE] if questions else [])]
    headings += [IMAGE] if media else []
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
        + (f'<drawing xmlns:r="{_NS}/officeDocument/2006/relationships" r:id="rId1"/>' if media else "")
    )
    space = f'xmlns="{_NS}/spreadsheetml/2006/main"'
    book = '<sheets><sheet name="Câu hỏi" sheetId="1" r:id="rId1"/></sheets>'
    parts = {
        "xl/workbook.xml": "spreadsheetml.sheet.main",
        "xl/worksheets/sheet1.xml": "spreadsheetml.worksheet",
        "xl/styles.xml": "spreadsheetml.styles",
        **({"xl/drawings/drawing1.xml": "drawing"} if media else {}),
    }
    return _pack(
        {
            "[Content_Types].xml": _types(parts),
            "_rels/.rels": _rels({"xl/workbook.xml": "officeDocument"}),
            "xl/_rels/workbook.xml.rels": _rels({"worksheets/sheet1.xml": "worksheet", "styles.xml": "styles"}),
            "xl/workbook.xml": f'<workbook {space} xmlns:r="{_NS}/officeDocument/2006/relationships">{book}</workbook>',
            "xl/worksheets/sheet1.xml": f"<worksheet {space}>{sheet}</worksheet>",
            "xl/styles.xml": f"<styleSheet {space}>{_STYLES}</styleSheet>",
            **(_sheet_drawings(questions, media, len(headings) - 1) if media else {}),
        },
        {f"xl/media/{name}": image.content for name, image in media.items()},
    )


def _sheet_drawings(questions: Sequence[Question], media: Mapping[str, Image], column: int) -> dict[str, str]:
    """The parts that anchor each question's images to its row, from left to right."""
    relations = {image.digest: f"rId{at}" for at, image in enumerate(media.values(), 1)}
    anchors: list[str] = []
    for row, question in enumerate(questions, 1):
        for place, image in enumerate(question.images):
            size = _size(image, 900_000)
            anchors.append(
                f"<xdr:oneCellAnchor><xdr:from><xdr:col>{column}</xdr:col><xdr:colOff>{place * 950_000}</xdr:colOff>"
                f"<xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
                f'<xdr:ext cx="{size[0]}" cy="{size[1]}"/><xdr:pic>'
                f"{_blip(relations[image.digest], len(anchors) + 1, size).replace('pic:', 'xdr:')}"
                "</xdr:pic><xdr:clientData/></xdr:oneCellAnchor>"
            )
    space = f'xmlns:xdr="{_NS}/drawingml/2006/spreadsheetDrawing" {_DRAWING}'
    return {
        "xl/worksheets/_rels/sheet1.xml.rels": _rels({"../drawings/drawing1.xml": "drawing"}),
        "xl/drawings/_rels/drawing1.xml.rels": _rels({f"../media/{name}": "image" for name in media}),
        "xl/drawings/drawing1.xml": f"<xdr:wsDr {space}>{''.join(anchors)}</xdr:wsDr>",
    }


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
