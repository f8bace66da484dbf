"""Reads an XLSX file's cells as a person sees them (ECMA-376 part 1 §18): one visible sheet after another.

A cell whose text cannot be told for certain (a date, a number in a format of its own, an error) says so instead: Excel
turns “1/2” into a date without asking, and a wrong option must not slip into a paper.
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

import msgspec

from orchestrator.exams.bank import ItemRefused
from orchestrator.exams.importing.gallery import SIGNS, Drawings, Gallery, relations
from orchestrator.exams.importing.package import Package, UnreadableFile
from orchestrator.exams.importing.scripts import lowered, raised
from orchestrator.exams.importing.trees import Node, read_xml

MOST_SHEETS = 10
MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_TEXT = 8_000_000
"""Characters over all cells, a shared text counted each time it is used."""

_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PLAIN_FORMATS = ("0", "1", "49")
_PERCENT_FORMATS = ("9", "10")


_DATE = "ô là ngày tháng hoặc số có định dạng riêng: hãy đặt kiểu ô là Văn bản (Text) rồi gõ lại"
_NO_RESULT = "ô công thức chưa có kết quả: hãy mở tệp bằng Excel và lưu lại"
_FAULTS = {"e": "ô báo lỗi hoặc chứa hình", "d": _DATE}


class Cell(msgspec.Struct, frozen=True):
    """A cell's text, or why it has none that is certain."""

    text: str
    fault: str = ""


class Row(msgspec.Struct, frozen=True):
    """A row by the number the spreadsheet shows; `cells` by column from 0; `pictures` are the gallery's signs of those
    that stand in it, from left to right, `fault` why one of them cannot be taken."""

    number: int
    cells: dict[int, Cell]
    pictures: tuple[str, ...] = ()
    fault: str = ""


class Sheet(msgspec.Struct, frozen=True):
    """A visible sheet with the rows that hold anything."""

    name: str
    rows: list[Row]


def read_sheets(content: bytes, gallery: Gallery) -> list[Sheet]:
    """All visible sheets; their images go into the gallery. Raises `UnreadableFile`."""
    package = Package(content)
    book_name = "xl/workbook.xml"
    book = read_xml(package.read(book_name), book_name)
    targets = relations(package, book_name)
    reader = _Reader(package, gallery)
    listed = [node for part in book.nodes("s:sheets") for node in part.nodes("s:sheet")]
    shown = [node for node in listed if node.attributes.get("state", "visible") == "visible"]
    if len(shown) > MOST_SHEETS:
        raise UnreadableFile(f"Tệp có quá {MOST_SHEETS} trang tính.")
    return [
        reader.sheet(node.attributes.get("name", ""), targets.get(node.attributes.get("r:id", ""), ""))
        for node in shown
    ]


class _Anchor(msgspec.Struct, frozen=True):
    column: int
    sign: str
    fault: str = ""


class _Reader:
    def __init__(self, package: Package, gallery: Gallery) -> None:
        self._package = package
        self._gallery = gallery
        self._left = MOST_TEXT
        self._texts = [_rich(node) for node in self._children("xl/sharedStrings.xml", "s:si")]
        self._formats = [node.attributes.get("numFmtId", "0") for node in self._formats_of_cells()]

    def _children(self, name: str, tag: str) -> Iterator[Node]:
        if name in self._package:
            yield from read_xml(self._package.read(name), name).nodes(tag)

    def _formats_of_cells(self) -> Iterator[Node]:
        for formats in self._children("xl/styles.xml", "s:cellXfs"):
            yield from formats.nodes("s:xf")

    def sheet(self, name: str, part: str) -> Sheet:
        root = read_xml(self._package.read(part), part)
        rows = list(self._rows(root))
        pictures = self._pictures(root, part)
        cells = {row.number: row.cells for row in rows}
        rows = [
            _with_pictures(number, cells.get(number, {}), pictures.get(number, [])) for number in {*cells, *pictures}
        ]
        return Sheet(name[:60], sorted(rows, key=lambda row: row.number))

    def _rows(self, root: Node) -> Iterator[Row]:
        last, count = 0, 0
        for node in (row for part in root.nodes("s:sheetData") for row in part.nodes("s:row")):
            told = node.attributes.get("r", "")
            last = int(told) if told.isascii() and told.isdecimal() and len(told) < 8 else last + 1
            cells = self._cells(node)
            if cells:
                count += 1
                yield Row(last, cells)
            if count > MOST_ROWS:
                raise UnreadableFile(f"Bảng có quá {MOST_ROWS} dòng.")

    def _cells(self, row: Node) -> dict[int, Cell]:
        cells: dict[int, Cell] = {}
        column = -1
        for node in row.nodes("s:c"):
            place = _PLACE.fullmatch(node.attributes.get("r", ""))
            column = _column(place[1]) if place else column + 1
            cell = self._cell(node)
            if not cell.text and not cell.fault:
                continue
            if column >= MOST_COLUMNS:
                raise UnreadableFile(f"Bảng có quá {MOST_COLUMNS} cột.")
            cells[column] = cell
            self._left -= len(cell.text)
            if self._left < 0:
                raise UnreadableFile("Bảng có quá nhiều chữ.")
        return cells

    def _cell(self, node: Node) -> Cell:
        kind, value = node.attributes.get("t", "n"), node.first("s:v")
        written = value.text() if value is not None else ""
        if kind == "inlineStr":
            inline = node.first("s:is")
            return Cell(_rich(inline) if inline is not None else "")
        if kind == "str":
            return Cell(_clean(written))
        if kind in _FAULTS:
            return Cell("", _FAULTS[kind])
        written = written.strip()
        if kind == "s":
            return self._shared(written)
        if kind == "b":
            return Cell("TRUE" if written == "1" else "FALSE")
        return self._number(node, written)

    def _shared(self, written: str) -> Cell:
        if written.isascii() and written.isdecimal() and len(written) < 8 and int(written) < len(self._texts):
            return Cell(self._texts[int(written)])
        return Cell("", "ô bị hỏng")

    def _number(self, node: Node, written: str) -> Cell:
        if not written:
            return Cell("", _NO_RESULT if node.first("s:f") else "")
        style, form = node.attributes.get("s", "0"), "0"
        if style.isascii() and style.isdecimal() and len(style) < 7 and int(style) < len(self._formats):
            form = self._formats[int(style)]
        try:
            number = Decimal(written)
        except InvalidOperation:
            return Cell("", "ô số bị hỏng")
        if not number.is_finite() or abs(number.adjusted()) > 15:
            return Cell("", "ô số quá lớn hoặc quá nhỏ: hãy đặt kiểu ô là Văn bản (Text)")
        if form in _PERCENT_FORMATS:
            return Cell(f"{_short(number * 100)}%")
        if form in _PLAIN_FORMATS:
            return Cell(_short(number))
        return Cell("", _DATE)

    def _pictures(self, root: Node, part: str) -> dict[int, list[_Anchor]]:
        rows: dict[int, list[_Anchor]] = {}
        targets = relations(self._package, part) if root.first("s:drawing") else {}
        for drawing in root.nodes("s:drawing"):
            name = targets.get(drawing.attributes.get("r:id", ""), "")
            drawings = Drawings(self._package, name, self._gallery)
            for node in read_xml(self._package.read(name), name).nodes():
                row, column = (_place(node, tag) for tag in ("row", "col"))
                rows.setdefault(row + 1, []).append(_anchored(drawings, node, column))
        return rows


def _anchored(drawings: Drawings, node: Node, column: int) -> _Anchor:
    try:
        return _Anchor(column, drawings.sign(node, "có hình hoặc đối tượng trong dòng, chưa nhận được"))
    except ItemRefused as reason:
        return _Anchor(column, "", str(reason))


def _place(anchor: Node, tag: str) -> int:
    first = anchor.first("xdr:from")
    node = first.first(f"xdr:{tag}") if first is not None else None
    told = node.text().strip() if node is not None else ""
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 8 else 0


def _with_pictures(number: int, cells: dict[int, Cell], anchors: list[_Anchor]) -> Row:
    ordered = sorted(anchors, key=lambda anchor: anchor.column)
    fault = next((anchor.fault for anchor in ordered if anchor.fault), "")
    return Row(number, cells, tuple(anchor.sign for anchor in ordered if anchor.sign), fault)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _short(number: Decimal) -> str:
    """A number as Excel shows it in the General format: 15 digits carried, 0.30000000000000004 is 0.3."""
    return format(Decimal(f"{number:.15g}").normalize(), "f")


def _rich(node: Node) -> str:
    """The text of a shared or inline string; phonetic readings are no part of it."""
    pieces = []
    for child in node.nodes():
        if child.tag == "s:t":
            pieces.append(child.text())
        elif child.tag == "s:r" and (text := child.first("s:t")) is not None:
            pieces.append(_scripted(text.text(), child.first("s:rPr")))
    return _clean("".join(pieces))


def _scripted(text: str, look: Node | None) -> str:
    told = look.first("s:vertAlign") if look is not None else None
    script = told.attributes.get("val", "") if told is not None else ""
    if script == "superscript":
        return raised(text)
    return lowered(text) if script == "subscript" else text


def _clean(text: str) -> str:
    """NFC, `_x000D_` and its like undone, white space single but for line breaks."""
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).encode("utf-8", "ignore").decode()
    text = SIGNS.sub("\ufffd", text)
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()
