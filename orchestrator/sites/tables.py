"""A spreadsheet file as plain rows of text: XLSX, or CSV with `,` `;` or tab in UTF-8, UTF-16 or Windows-1258.

A file is what a stranger may send: sizes are bounded before anything is unpacked, and whatever cannot be read is
`UnreadableFile`, never another error.
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from typing import Any

import msgspec
import openpyxl

MOST_BYTES = 8 << 20
MOST_UNPACKED = 96 << 20
MOST_PARTS = 200
MOST_ROWS = 60_000
MOST_COLUMNS = 40
MOST_SHEETS = 10
LONGEST_CELL = 500
_CHUNK = 1 << 20
_LAST_ROW = 200_000
"""Blank rows are read past as far as here: a file may claim a row of any number."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class UnreadableFile(ValueError):
    """A file that is no table, too large, or not what its name says. The message is a Vietnamese sentence."""


class Table(msgspec.Struct, frozen=True):
    """One sheet: `rows` are (row number as the spreadsheet shows it, cell texts), without blank rows and blank ends."""

    name: str
    rows: list[tuple[int, list[str]]]


def read_tables(content: bytes, filename: str) -> list[Table]:
    """Every sheet with content. Raises `UnreadableFile`."""
    if len(content) > MOST_BYTES:
        raise UnreadableFile(f"Tệp lớn hơn {MOST_BYTES >> 20} MiB.")
    if not content.strip(b"\0 \t\r\n"):
        raise UnreadableFile("Tệp rỗng.")
    if content.startswith(b"PK\x03\x04"):
        return _read_xlsx(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile("Tệp .xls kiểu cũ hoặc có mật khẩu: hãy lưu lại thành .xlsx không mật khẩu.")
    return [_read_csv(content, filename)]


# --- CSV ---------------------------------------------------------------------------------------------------------


def _read_csv(content: bytes, filename: str) -> Table:
    text = decode_text(content)
    if _CONTROL.search(text):
        raise UnreadableFile("Tệp không phải là bảng CSV hay XLSX.")
    records = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        # Numbered by record, as a spreadsheet shows it: a line break inside quotes does not make a row.
        return Table(filename, _rows(enumerate(records, start=1)))
    except csv.Error as fault:
        raise UnreadableFile(f"Tệp CSV có lỗi dấu ngoặc kép hoặc dòng: {fault}.") from fault


def decode_text(content: bytes) -> str:
    """The text of a CSV file. A byte order mark decides; else UTF-8 if it is that, UTF-16 if every other byte of
    plain ASCII is zero, and Windows-1258 (what Vietnamese Excel writes) as the last guess. Always NFC."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _decoded(content, encoding)
    if b"\0" in content[:200]:
        return _decoded(content, "utf-16-be" if content[0] == 0 else "utf-16-le")
    try:
        return unicodedata.normalize("NFC", content.decode("utf-8"))
    except UnicodeDecodeError:
        return _decoded(content, "cp1258")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return unicodedata.normalize("NFC", content.decode(encoding))
    except UnicodeDecodeError as fault:
        raise UnreadableFile("Không nhận ra bảng mã của tệp: hãy lưu thành CSV UTF-8.") from fault


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


# --- XLSX --------------------------------------------------------------------------------------------------------


def _read_xlsx(content: bytes) -> list[Table]:
    _check_package(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            if len(sheets) > MOST_SHEETS:
                raise UnreadableFile(f"Tệp có quá {MOST_SHEETS} trang tính.")
            tables = [Table(sheet.title, _rows(_sheet_lines(sheet))) for sheet in sheets]
        finally:
            book.close()
    except UnreadableFile:
        raise
    except Exception as fault:
        # openpyxl lets through whatever XML, zip and its own descriptors raise on a broken file: a dozen types.
        raise UnreadableFile("Tệp XLSX bị hỏng hoặc không mở được.") from fault
    return [table for table in tables if table.rows]


def _check_package(content: bytes) -> None:
    """Bound what unpacking can cost. `zipfile` never yields more than a part's declared size, so the sum is a bound.
    A document type declaration is refused: spreadsheets have none, entity bombs do."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _refuse_bomb(package)
            for part in package.infolist():
                if part.filename.endswith((".xml", ".rels")):
                    _refuse_doctype(package, part)
    except UnreadableFile:
        raise
    except Exception as fault:
        # zipfile raises BadZipFile, zlib.error, NotImplementedError, RuntimeError (encrypted), struct.error…
        raise UnreadableFile("Tệp XLSX bị hỏng hoặc có mật khẩu.") from fault


def _refuse_bomb(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise UnreadableFile("Tệp XLSX giải nén ra quá lớn.")


def _refuse_doctype(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with package.open(part) as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            if b"<!DOCTYPE" in (seen := (tail + chunk).replace(b"\0", b"")) or b"<!ENTITY" in seen:
                raise UnreadableFile("Tệp XLSX chứa khai báo không được phép.")
            tail = chunk[-32:]


def _sheet_lines(sheet: Any) -> Iterable[tuple[int, list[str]]]:
    # The dimensions a file declares are not to be believed: a row number of 10^12 would be padded up to.
    sheet.reset_dimensions()
    lines = sheet.iter_rows(max_col=MOST_COLUMNS + 1, max_row=_LAST_ROW + 1, values_only=True)
    for number, cells in enumerate(lines, start=1):
        if number > _LAST_ROW:
            raise UnreadableFile(f"Trang “{sheet.title}” kéo dài quá dòng {_LAST_ROW}: hãy xóa các dòng trống ở cuối.")
        yield number, [_cell_text(cell) for cell in cells]


def _cell_text(cell: object) -> str:
    """A cell as people see it: whole numbers without `.0`."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


# --- both --------------------------------------------------------------------------------------------------------


def _rows(lines: Iterable[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    rows: list[tuple[int, list[str]]] = []
    for number, cells in lines:
        if not any(cells):
            continue
        if any(cell.strip() for cell in cells[MOST_COLUMNS:]):
            raise UnreadableFile(f"Bảng có quá {MOST_COLUMNS} cột.")
        texts = [_clean(cell) for cell in cells[:MOST_COLUMNS]]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            rows.append((number, texts))
        if len(rows) > MOST_ROWS:
            raise UnreadableFile(f"Bảng có quá {MOST_ROWS} dòng.")
    return rows


def _clean(cell: str) -> str:
    """NFC, one space between words, no longer than a lint can show (one more, so that it still is too long)."""
    return " ".join(unicodedata.normalize("NFC", cell[: LONGEST_CELL * 2]).split())[: LONGEST_CELL + 1]
