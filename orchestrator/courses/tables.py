"""Tables with Vietnamese headings as CSV (RFC 4180, byte order mark, decimal commas) and XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import msgspec
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Cell: TypeAlias = str | int | float | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_767
"""Characters that a cell can hold."""


class Column(msgspec.Struct, frozen=True):
    """A heading and the width of its column in characters."""

    heading: str
    width: int = 14


class Table(msgspec.Struct, frozen=True):
    """A sheet."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]


def as_csv(table: Table) -> bytes:
    """A line per row under the headings."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(column.heading for column in table.columns)
    writer.writerows([_plain(value) for value in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def _plain(value: Cell) -> Cell:
    if isinstance(value, float):
        return f"{value:.2f}".replace(".", ",")
    if isinstance(value, str) and value.startswith(_FORMULA):
        # A spreadsheet would run it; the apostrophe makes it text.
        return f"'{value}"
    return value


def as_xlsx(tables: Iterable[Table]) -> bytes:
    """A workbook with a sheet per table."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.title[:31])
        sheet.freeze_panes = "A2"
        for place, column in enumerate(table.columns, 1):
            sheet.column_dimensions[get_column_letter(place)].width = column.width
        sheet.append([_heading(sheet, column.heading) for column in table.columns])
        for row in table.rows:
            sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _heading(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: WriteOnlyWorksheet, value: Cell) -> WriteOnlyCell | Cell:
    if not isinstance(value, str) or (value.isprintable() and value[:1] not in ("=", "#") and len(value) <= _LONGEST):
        return value
    cell = WriteOnlyCell(sheet, value="".join(sign for sign in value[:_LONGEST] if sign >= " " or sign == "\n"))
    # A name that begins with "=" is text, never a formula.
    cell.data_type = "s"
    return cell
