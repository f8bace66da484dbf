"""A Word document as lines of text that remember how each character looked, and tables of such lines.

A picture is one sign of the gallery in the text. Whatever cannot be kept (text boxes, charts, equation objects, notes,
old Vietnamese fonts) is told as a fault of the line it stands in, so that the question around it can be refused.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

import msgspec

from orchestrator.exams.bank import ItemRefused
from orchestrator.exams.importing.formulas import in_line
from orchestrator.exams.importing.gallery import SIGNS, Drawings, Gallery
from orchestrator.exams.importing.package import Package, UnreadableFile
from orchestrator.exams.importing.scripts import lowered, raised
from orchestrator.exams.importing.trees import Node, read_xml
from orchestrator.exams.importing.word_numbering import Numbering
from orchestrator.exams.importing.word_styles import NO_MARKS, Look, Styles, look_of, marks_of

Marks = frozenset[str]
MOST_TEXT = 4_000_000
"""Characters in a document."""
LONGEST_LINE = 40_000

PICTURE = "có hình ảnh ghép, biểu đồ hoặc khung chữ, chưa nhận được: hãy chụp lại thành một hình PNG hoặc JPEG"
EQUATION_OBJECT = "có công thức MathType hoặc đối tượng nhúng, chưa nhận được: hãy viết bằng công thức của Word"
OLD_FONT = "dùng phông chữ cũ (TCVN3 hoặc VNI): hãy chuyển sang Unicode"
HIDDEN = "hidden"

_SPACES = re.compile(r"[^\S\n]+")
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
# The Symbol font's places (Adobe Symbol encoding), which Word writes as U+F000 + place.
_SYMBOLS = dict(zip("abcdefghijklmnopqrstuwxyzDFGLPQSWXY", "αβχδεφγηιϕκλμνοπθρστυωξψζΔΦΓΛΠΘΣΩΞΨ", strict=True)) | {
    "\xb0": "°", "\xb1": "±", "\xb3": "≥", "\xa3": "≤", "\xb4": "×", "\xb8": "÷", "\xb9": "≠", "\xba": "≡",
    "\xbb": "≈", "\xa5": "∞", "\xae": "→", "\xde": "⇒", "\xdb": "⇔", "\xce": "∈", "\xcf": "∉", "\xc7": "∩",
    "\xc8": "∪", "\xc6": "∅", "\xd0": "∠", "\xd6": "√", "^": "⊥", "\xb6": "∂", "\xf2": "∫", '"': "∀", "$": "∃",
    "-": "−", "+": "+", "=": "=",
}  # fmt: skip
_WITHOUT_TEXT = frozenset({
    "w:pPr", "w:rPr", "w:sectPr", "w:proofErr", "w:bookmarkStart", "w:bookmarkEnd", "w:commentRangeStart",
    "w:commentRangeEnd", "w:commentReference", "w:annotationRef", "w:permStart", "w:permEnd", "w:softHyphen",
    "w:lastRenderedPageBreak", "w:fldChar", "w:del", "w:moveFrom", "w:delText", "w:delInstrText", "w:sdtPr",
    "w:moveFromRangeStart", "w:moveFromRangeEnd", "w:moveToRangeStart", "w:moveToRangeEnd", "w:sdtEndPr", "w:tblPr",
    "w:tblGrid", "w:trPr", "w:tcPr", "w:tblPrEx", "w:smartTagPr", "w:customXmlPr", "w:customXmlInsRangeStart",
    "w:customXmlInsRangeEnd", "w:pgNum", "w:fldData",
})  # fmt: skip
_WRAPPERS = frozenset({
    "w:hyperlink", "w:smartTag", "w:sdt", "w:sdtContent", "w:fldSimple", "w:ins", "w:moveTo", "w:customXml", "w:dir",
    "w:bdo", "mc:Choice", "mc:Fallback",
})  # fmt: skip
_SIGNS = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
_LOST = {
    "w:object": EQUATION_OBJECT,
    "w:footnoteReference": "có chú thích cuối trang, chưa nhận được",
    "w:endnoteReference": "có chú thích cuối văn bản, chưa nhận được",
    "w:ruby": "có chữ chú âm, chưa nhận được",
    "w:altChunk": "có đoạn nhúng từ tệp khác, chưa nhận được",
}


class Line(msgspec.Struct):
    """One line: `number` is its paragraph's, from 1; `marks` has one entry per character; runs of white space are one
    space, or one tab if they were wider; `fresh` says that a paragraph begins here."""

    number: int
    text: str
    marks: list[Marks]
    faults: list[str]
    fresh: bool = True
    hidden: bool = False

    def cut(self, start: int, end: int | None = None) -> "Line":
        """A stretch of it, without white space at its ends; faults stay with the whole line."""
        end = len(self.text) if end is None else end
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return Line(self.number, self.text[start:end], self.marks[start:end], [], fresh=self.fresh, hidden=self.hidden)


class Grid(msgspec.Struct):
    """A table: rows of cells of lines."""

    number: int
    rows: list[list[list[Line]]]


Block = Line | Grid


def read_blocks(package: Package, gallery: Gallery) -> list[Block]:
    """The document's lines and tables in order; its images go into the gallery. Raises `UnreadableFile`."""
    name = "word/document.xml"
    body = read_xml(package.read(name), name).first("w:body")
    if body is None:
        raise UnreadableFile("Tệp Word không có nội dung.")
    styles, numbering = (_optional(package, f"word/{part}.xml") for part in ("styles", "numbering"))
    drawings = Drawings(package, name, gallery)
    return list(_Reader(Styles(styles), Numbering(numbering), drawings).blocks(body))


def _optional(package: Package, name: str) -> Node | None:
    return read_xml(package.read(name), name) if name in package else None


class _Pen:
    """What a paragraph has come to so far."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.marks: list[Marks] = []
        self.faults: list[str] = []
        self.field: list[str] = []
        self.hidden = False

    def write(self, text: str, marks: Marks) -> None:
        self.text.append(text)
        self.marks.extend([marks] * len(text))

    def lines(self, number: int) -> Iterator[Line]:
        text, begin, fresh = "".join(self.text), 0, True
        faults = list(dict.fromkeys(self.faults))
        for piece in text.split("\n"):
            end = begin + len(piece)
            line = _narrowed(number, piece[:LONGEST_LINE], self.marks[begin:end])
            if len(piece) > LONGEST_LINE:
                faults.append(f"có dòng dài quá {LONGEST_LINE} ký tự")
            line.faults, line.fresh, line.hidden = faults, fresh, self.hidden
            yield line
            # A fault is told once, with the paragraph's first line; the item it stands in is the same.
            faults, fresh, begin = [], False, end + 1


def _narrowed(number: int, text: str, marks: list[Marks]) -> Line:
    pieces: list[str] = []
    kept: list[Marks] = []
    at = 0
    for gap in _SPACES.finditer(text):
        pieces += (text[at : gap.start()], "\t" if "\t" in gap[0] or len(gap[0]) > 1 else " ")
        kept += marks[at : gap.start() + 1]
        at = gap.end()
    pieces.append(text[at:])
    kept += marks[at:]
    return Line(number, "".join(pieces), kept, [])


class _Reader:
    def __init__(self, styles: Styles, numbering: Numbering, drawings: Drawings) -> None:
        self._styles = styles
        self._drawings = drawings
        self._numbering = numbering
        self._count = 0
        self._size = 0

    # --- blocks ---------------------------------------------------------------------------------------------------

    def blocks(self, node: Node) -> Iterator[Block]:
        for child in node.nodes():
            if child.tag == "w:p":
                yield from self._paragraph(child)
            elif child.tag == "w:tbl":
                yield self._table(child)
            elif child.tag == "mc:AlternateContent":
                yield from self.blocks(_chosen(child))
            elif child.tag in _WRAPPERS:
                yield from self.blocks(child)
            elif child.tag not in _WITHOUT_TEXT:
                self._count += 1
                yield from self._loose(child)

    def _loose(self, node: Node) -> Iterator[Line]:
        pen = _Pen()
        self._inside(node, pen, {})
        yield from pen.lines(self._count)

    def _table(self, node: Node) -> Grid:
        number = self._count + 1
        rows = [[self._cell(cell) for cell in _within(row, "w:tc")] for row in _within(node, "w:tr")]
        return Grid(number, rows)

    def _cell(self, node: Node) -> list[Line]:
        lines: list[Line] = []
        for block in self.blocks(node):
            inner = [block] if isinstance(block, Line) else [one for row in block.rows for cell in row for one in cell]
            lines += [line for line in inner if line.text or line.faults]
        return lines

    # --- paragraphs -----------------------------------------------------------------------------------------------

    def _paragraph(self, node: Node) -> Iterator[Line]:
        self._count += 1
        pen, properties = _Pen(), node.first("w:pPr")
        around = self._styles.paragraph(properties)
        label, of_level = self._numbering.label(self._styles.list_place(properties))
        if label:
            of_mark = look_of(properties.first("w:rPr")) if properties is not None else {}
            pen.write(f"{label} ", marks_of({**around, **of_mark, **of_level}))
        for child in node.nodes():
            self._inside(child, pen, around)
        yield from pen.lines(self._count)

    def _inside(self, node: Node, pen: _Pen, around: Look) -> None:
        if node.tag == "w:r":
            self._run(node, pen, self._styles.run(around, node.first("w:rPr")))
        elif node.tag in _WRAPPERS:
            for child in node.nodes():
                self._inside(child, pen, around)
        elif node.tag == "mc:AlternateContent":
            self._inside(_chosen(node), pen, around)
        elif node.tag in ("m:oMath", "m:oMathPara"):
            self._formula(node, pen, marks_of(around))
        elif node.tag not in _WITHOUT_TEXT:
            self._sign(node, pen, around)

    def _formula(self, node: Node, pen: _Pen, marks: Marks) -> None:
        try:
            self._write(pen, in_line(node), marks)
        except ItemRefused as reason:
            pen.faults.append(str(reason))

    def _run(self, node: Node, pen: _Pen, look: Look) -> None:
        for child in node.nodes():
            if child.tag == "mc:AlternateContent":
                self._run(_chosen(child), pen, look)
            elif child.tag == "w:t":
                self._text(child.text(), pen, look)
            elif child.tag in ("m:oMath", "m:oMathPara") or child.tag in _WRAPPERS:
                self._inside(child, pen, look)
            elif child.tag not in _WITHOUT_TEXT:
                self._sign(child, pen, look)

    def _text(self, text: str, pen: _Pen, look: Look) -> None:
        text = unicodedata.normalize("NFC", text)
        if look.get("hidden"):
            pen.hidden = pen.hidden or bool(text.strip())
            return
        if look.get("font", "").lower().startswith((".vn", "vni")) and not text.isascii():
            pen.faults.append(OLD_FONT)
        text = _PRIVATE.sub(lambda found: _symbol(ord(found[0])) or found[0], text)
        if _PRIVATE.search(text) or SIGNS.search(text):
            text = SIGNS.sub("\ufffd", text)
            pen.faults.append("có ký tự của phông chữ riêng, không đọc được")
        if look.get("caps"):
            text = text.upper()
        if shape := _SCRIPTS.get(look.get("script", "")):
            text = shape(text)
        # A line break inside w:t is white space; a real one is w:br.
        self._write(pen, re.sub(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]", " ", text), marks_of(look))

    def _sign(self, node: Node, pen: _Pen, look: Look) -> None:
        if sign := _SIGNS.get(node.tag):
            self._write(pen, sign, NO_MARKS)
        elif node.tag == "w:sym":
            self._symbol(node.attributes, pen, look)
        elif node.tag == "w16se:symEx":
            pen.faults.append("có biểu tượng chưa đọc được")
        elif node.tag == "w:instrText":
            # An EQ field draws a formula and leaves no text; other fields leave their result as runs.
            pen.field = [*pen.field[-2:], node.text()]
            if "EQ" in "".join(pen.field).upper().split():
                pen.faults.append("có công thức kiểu trường EQ, chưa nhận được")
        elif node.tag == "w:pict":
            if not any(inner.attributes.get("?:hr") in ("t", "true") for inner in node.every()):
                self._picture(node, pen, look)
        elif node.tag == "w:drawing":
            self._picture(node, pen, look)
        else:
            pen.faults.append(_LOST.get(node.tag, f"có nội dung chưa đọc được ({node.local[:40]})"))

    def _picture(self, node: Node, pen: _Pen, look: Look) -> None:
        try:
            self._write(pen, self._drawings.sign(node, PICTURE), marks_of(look))
        except ItemRefused as reason:
            pen.faults.append(str(reason))

    def _symbol(self, attributes: dict[str, str], pen: _Pen, look: Look) -> None:
        code, font = attributes.get("w:char", ""), attributes.get("w:font", "")
        known = _symbol(int(code, 16)) if re.fullmatch(r"[0-9A-Fa-f]{1,4}", code) and font == "Symbol" else ""
        if known:
            self._write(pen, known, marks_of(look))
        else:
            pen.faults.append(f"có ký tự của phông chữ {font[:40]!r}, không đọc được")

    def _write(self, pen: _Pen, text: str, marks: Marks) -> None:
        self._size += len(text)
        if self._size > MOST_TEXT:
            raise UnreadableFile("Tệp Word có quá nhiều chữ.")
        pen.write(text, marks)


_SCRIPTS: dict[str, Callable[[str], str]] = {"superscript": raised, "subscript": lowered}


def _symbol(code: int) -> str:
    place = code - 0xF000 if code >= 0xF000 else code
    return _SYMBOLS.get(chr(place), "") if 0 <= place < 256 else ""


def _chosen(node: Node) -> Node:
    """What to read of two forms of the same content (ECMA-376 part 3 §7.5)."""
    return next(node.nodes("mc:Choice"), None) or node.first("mc:Fallback") or Node("mc:Fallback", {}, node.line, [])


def _within(node: Node, tag: str) -> Iterator[Node]:
    for child in node.nodes():
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _within(child, tag)
