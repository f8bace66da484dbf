"""The results as a workbook that Excel and LibreOffice open, with Vietnamese headings."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from orchestrator.exams.results import Results
from orchestrator.exams.rows import Cell, Table, result_tables, statistics_tables
from orchestrator.exams.statistics import ExamStatistics

_LONGEST = 32_767
"""Characters that a cell can hold."""
_MEANT = ("=", "#")
"""Signs from which openpyxl guesses a formula or an error."""


def workbook(results: Results, statistics: ExamStatistics | None = None) -> bytes:
    """The file's bytes: summary, places, levels, sites, candidates, then items, options, paper and codes."""
    book = Workbook(write_only=True)
    for table in (*result_tables(results), *(statistics_tables(statistics) if statistics else ())):
        _sheet(book, table)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Workbook, table: Table) -> None:
    sheet = book.create_sheet(table.title)
    sheet.freeze_panes = "A2"
    for place, width in enumerate(table.widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_heading(sheet, heading) for heading in table.headings])
    for row in table.rows:
        sheet.append([_cell(sheet, value) for value in row])


def _heading(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: WriteOnlyWorksheet, value: Cell) -> WriteOnlyCell | Cell:
    if not isinstance(value, str) or (value.isprintable() and value[:1] not in _MEANT and len(value) <= _LONGEST):
        return value
    cell = WriteOnlyCell(sheet, value="".join(sign for sign in value[:_LONGEST] if sign >= " " or sign == "\n"))
    # A name that begins with "=" is text, never a formula.
    cell.data_type = "s"
    return cell
