"""The results as CSV for spreadsheets (RFC 4180): UTF-8 with a byte order mark, decimal commas. Pure."""

import csv
import io

from orchestrator.exams.results import Results
from orchestrator.exams.rows import Cell, candidate_table

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def results_csv(results: Results) -> bytes:
    """A line per candidate under a heading."""
    table = candidate_table(results)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.headings)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Cell) -> Cell:
    if isinstance(value, float):
        return f"{value:.2f}".replace(".", ",")
    if isinstance(value, str) and value.startswith(_FORMULA):
        # A spreadsheet would run it; the apostrophe makes it text.
        return f"'{value}"
    return value
