"""Rows of a sheet as XML (ECMA-376 part 1, §18.3.1.73 and .4), put into a workbook that was made without them. Pure.

A hundred thousand cells took openpyxl most of a minute on a busy machine; everything but plain rows is left to it.
"""

import io
import math
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from orchestrator.exams.rows import Cell

LONGEST = 32_767
"""Characters that a cell can hold."""
_BARE = re.compile("[\x00-\x09\x0b-\x1f\ufffe\uffff]")
_END = b"</sheetData>"


class Styles(msgspec.Struct, frozen=True):
    """Numbers of the cell formats in the workbook: of text, of whole numbers, of decimals."""

    text: int
    whole: int
    decimal: int


def bare(text: str) -> str:
    """Without what XML or a cell cannot hold."""
    return _BARE.sub("", text[:LONGEST])


def rows_xml(rows: Iterable[Sequence[Cell]], letters: Sequence[str], first: int, styles: Sequence[Styles]) -> bytes:
    """The rows from row `first` on, a cell under each of `letters` (columns), `styles` for each row."""
    written: list[str] = []
    for number, (row, style) in enumerate(zip(rows, styles, strict=True), first):
        padded = [*row, *(None for _ in range(len(letters) - len(row)))]
        cells = [_cell(f"{letter}{number}", value, style) for letter, value in zip(letters, padded, strict=False)]
        written.append(f'<row r="{number}">{"".join(cells)}</row>')
    return "".join(written).encode()


def _cell(place: str, value: Cell, styles: Styles) -> str:
    if isinstance(value, str) and (text := bare(value)):
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
        # Inline text is text and nothing else: a name that begins with "=" is no formula.
        return f'<c r="{place}" s="{styles.text}" t="inlineStr"><is><t{space}>{escaped}</t></is></c>'
    if isinstance(value, int):
        return f'<c r="{place}" s="{styles.whole}"><v>{value}</v></c>'
    if isinstance(value, float) and math.isfinite(value):
        return f'<c r="{place}" s="{styles.decimal}"><v>{value:.16g}</v></c>'
    return f'<c r="{place}" s="{styles.text}"/>'


def with_rows(book: bytes, rows: Mapping[str, bytes]) -> bytes:
    """The workbook with these rows below those that it has, by the name of the sheet's part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as filled:
        for part in made.infolist():
            content = made.read(part)
            if part.filename in rows:
                head, end, tail = content.rpartition(_END)
                content = b"".join((head, rows[part.filename], end, tail))
            filled.writestr(part.filename, content)
    return out.getvalue()
