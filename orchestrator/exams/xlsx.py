"""The results as a workbook in the form that offices use: title lines, ruled tables, filters, ready to print on A4.

Numbers are numbers with a format, so that the spreadsheet of whoever opens it writes the decimal comma.
"""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from orchestrator.exams.results import Results
from orchestrator.exams.rows import Table, result_tables, statistics_tables
from orchestrator.exams.statistics import ExamStatistics
from orchestrator.exams.xlsx_rows import Styles, bare, rows_xml, with_rows

_FONT = "Times New Roman"
_THIN = Side(style="thin", color="808080")
_RULED = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD_FILL = PatternFill("solid", fgColor="DCE6F1")
_GREY_FILL = PatternFill("solid", fgColor="E7E6E6")
_WIDEST_MERGE = 8


def workbook(results: Results, statistics: ExamStatistics | None = None) -> bytes:
    """The file's bytes: summary, places, levels, codes, sites, candidates, then items, options, paper and codes."""
    book = Workbook(write_only=True)
    book.properties.title = results.title[:200]
    book.properties.creator = "Điểm cầu"
    tables = (*result_tables(results), *(statistics_tables(statistics) if statistics else ()))
    rows = {f"xl/worksheets/sheet{place}.xml": _sheet(book, table) for place, table in enumerate(tables, 1)}
    out = io.BytesIO()
    book.save(out)
    return with_rows(out.getvalue(), rows)


def _sheet(book: Workbook, table: Table) -> bytes:
    """Begin the sheet; its rows, which are put in afterwards."""
    sheet = book.create_sheet(table.title)
    columns, head_row = len(table.headings), len(table.heads) + (2 if table.heads else 1)
    for place in range(1, columns + 1):
        width = table.widths[place - 1] if place <= len(table.widths) else 12
        sheet.column_dimensions[get_column_letter(place)].width = width
    _set_up(sheet, table, head_row)
    for place, text in enumerate(table.heads):
        sheet.append([_head(sheet, text, first=place == 0)])
    if table.heads:
        sheet.append([])
    sheet.append([_heading(sheet, heading) for heading in table.headings])
    plain, grey = _styles(sheet, table.decimals), _styles(sheet, table.decimals, grey=True)
    letters = [get_column_letter(place) for place in range(1, columns + 1)]
    styles = [grey if place in table.grey else plain for place in range(len(table.rows))]
    return rows_xml(table.rows, letters, head_row + 1, styles)


def _set_up(sheet: WriteOnlyWorksheet, table: Table, head_row: int) -> None:
    """What a printed form needs: the heading on every page, landscape A4 for wide tables, one page wide."""
    columns = len(table.headings)
    sheet.freeze_panes = f"{'C' if columns > _WIDEST_MERGE else 'A'}{head_row + 1}"
    last = get_column_letter(columns)
    if table.rows:
        sheet.auto_filter.ref = f"A{head_row}:{last}{head_row + len(table.rows)}"
    sheet.print_title_rows = f"{head_row}:{head_row}"
    sheet.page_setup.paperSize = 9  # A4, ECMA-376 §18.18.43
    sheet.page_setup.orientation = "landscape" if columns > _WIDEST_MERGE else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P/&N"
    across = get_column_letter(min(columns, _WIDEST_MERGE))
    for row in range(1, len(table.heads) + 1):
        if columns > 1:
            sheet.merged_cells.add(f"A{row}:{across}{row}")


def _head(sheet: WriteOnlyWorksheet, text: str, *, first: bool) -> SheetCell:
    cell = _text(WriteOnlyCell(sheet), text)
    cell.font = Font(name=_FONT, bold=first, italic=not first, size=14 if first else 12)
    cell.alignment = Alignment(horizontal="center", vertical="center")
    return cell


def _heading(sheet: WriteOnlyWorksheet, text: str) -> SheetCell:
    cell = _text(WriteOnlyCell(sheet), text)
    cell.font = Font(name=_FONT, bold=True, size=11)
    cell.fill = _HEAD_FILL
    cell.border = _RULED
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return cell


def _styles(sheet: WriteOnlyWorksheet, decimals: int, *, grey: bool = False) -> Styles:
    font, fill = Font(name=_FONT, size=11, color="595959" if grey else "000000"), _GREY_FILL if grey else None
    shown = {"text": "@", "whole": "#,##0", "decimal": f"#,##0.{'0' * decimals}"}
    return Styles(**{kind: _styled(WriteOnlyCell(sheet), font, fill, each).style_id for kind, each in shown.items()})


def _styled(cell: SheetCell, font: Font, fill: PatternFill | None, shown: str) -> SheetCell:
    cell.font, cell.border, cell.number_format = font, _RULED, shown
    if fill is not None:
        cell.fill = fill
    cell.alignment = Alignment(vertical="center", wrap_text=shown == "@", horizontal=None if shown == "@" else "right")
    return cell


def _text(cell: SheetCell, text: str) -> SheetCell:
    """Text and nothing else: a name that begins with "=" is no formula."""
    cell.value = bare(text) or None
    if cell.value is not None:
        cell.data_type = "s"
    return cell
