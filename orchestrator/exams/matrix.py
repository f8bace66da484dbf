"""Reads a table of responses: a heading, then a line per candidate and a column per item. Pure.

Without a key the cells are 0 and 1; with one they are the options chosen, empty for none. Two columns may come first:
the candidate's number (`number`, `sbd`) and the paper code (`code`, `mã đề`); codes are only read with their heading.
Commas, semicolons or tabs; a byte order mark is taken.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from orchestrator.exams.responses import Responses, from_letters, from_marks

MAX_BYTES = 16 << 20
MAX_ITEMS = 1000
MAX_OPTION = 40
TOLD = 50
"""Faults told at once; the rest is only counted."""

_NUMBER = {"number", "candidate", "sbd", "số báo danh", "so bao danh"}
_CODE = {"code", "mã đề", "ma de"}
_KEY_HEADING = {"item", "câu", "cau", "question"}
Lines = list[tuple[int, list[str]]]


class Fault(msgspec.Struct, frozen=True):
    """What is wrong in which line, from 1."""

    line: int
    reason: str


class Unreadable(Exception):
    """A table that cannot be used; `faults` has a member, `more` counts those left out."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0].reason)
        self.faults = faults[:TOLD]
        self.more = len(faults) - len(self.faults)


def read_matrix(content: bytes, key: Mapping[str, frozenset[str]] | None = None) -> Responses:
    """The responses; raises `Unreadable` with every fault, and then nothing was read."""
    (line, heading), *rows = _lines(content)
    columns = _Columns(line, heading)
    faults = columns.faults(key)
    for number, row in rows:
        faults += _row_faults(number, row, columns, letters=key is not None)
    if not rows:
        faults.append(Fault(line, "không có thí sinh nào / no candidates"))
    faults += _repeated(rows, columns.number)
    if faults:
        raise Unreadable(faults)
    return _responses(rows, columns, key)


def read_key(content: bytes, items: Sequence[str]) -> dict[str, frozenset[str]]:
    """The accepted options of each of `items`, in their order; raises `Unreadable`.

    Either lines of `item,key` under that heading, or one line of keys under the items. `A|C` accepts both; an empty
    key voids the item.
    """
    lines = _lines(content)
    heading = lines[0][1]
    long = len(heading) == 2 and heading[0].casefold() in _KEY_HEADING
    pairs = list(_long_key(lines) if long else _wide_key(lines))
    known, faults, found = set(items), list[Fault](), dict[str, frozenset[str]]()
    for line, item, accepted in pairs:
        if item not in known:
            faults.append(Fault(line, f"câu {item!r} không có trong bảng / no such item in the table"))
        elif item in found:
            faults.append(Fault(line, f"câu {item!r} có hai đáp án / item {item!r} twice"))
        found[item] = frozenset(_option(part) for part in accepted.split("|")) - {""}
    missing = [item for item in items if item not in found]
    faults += [Fault(lines[-1][0], f"thiếu đáp án câu {item!r} / no key for this item") for item in missing]
    if faults:
        raise Unreadable(faults)
    return {item: found[item] for item in items}


def items_of(content: bytes) -> list[str]:
    """The items that the heading names."""
    line, heading = _lines(content)[0]
    return _Columns(line, heading).items


class _Columns:
    """What stands where, after the heading."""

    def __init__(self, line: int, heading: list[str]) -> None:
        words = [cell.casefold() for cell in heading]
        self.line = line
        self.width = len(heading)
        self.number = next((at for at, word in enumerate(words[:2]) if word in _NUMBER), None)
        self.code = next((at for at, word in enumerate(words[:2]) if word in _CODE), None)
        self.first = sum(at is not None for at in (self.number, self.code))
        self.items = heading[self.first :]

    def faults(self, key: Mapping[str, frozenset[str]] | None) -> list[Fault]:
        """What is wrong with the heading."""
        found = []
        if not self.items:
            found.append("dòng tiêu đề không có câu hỏi nào / no items in the heading")
        if len(self.items) > MAX_ITEMS:
            found.append(f"hơn {MAX_ITEMS} câu hỏi / more than {MAX_ITEMS} items")
        if len(set(self.items)) < len(self.items) or "" in self.items:
            found.append("tên câu trống hoặc trùng: thiếu dòng tiêu đề? / empty or repeated items: no heading?")
        elif key is not None and list(key) != self.items:
            found.append("đáp án của các câu khác / the key is of other items")
        elif key is None and set(self.items) <= {"0", "1"}:
            found.append("thiếu dòng tiêu đề / the heading is missing")
        return [Fault(self.line, reason) for reason in found]


def _responses(rows: Lines, columns: _Columns, key: Mapping[str, frozenset[str]] | None) -> Responses:
    at, first = columns.number, columns.first
    numbers = [f"{line:07d}" if at is None else row[at] for line, row in rows]
    if key is None:
        made = from_marks(numbers, [[int(cell) for cell in row[first:]] for _, row in rows], columns.items)
    else:
        made = from_letters(numbers, [[_option(cell) for cell in row[first:]] for _, row in rows], key)
    if columns.code is None:
        return made
    return msgspec.structs.replace(made, codes=tuple(row[columns.code] for _, row in rows))


def _row_faults(line: int, row: list[str], columns: _Columns, *, letters: bool) -> Iterator[Fault]:
    if len(row) != columns.width:
        yield Fault(line, f"{len(row)} ô, tiêu đề có {columns.width} / {len(row)} cells, not {columns.width}")
        return
    for item, cell in zip(columns.items, row[columns.first :], strict=True):
        if letters and len(cell) > MAX_OPTION:
            yield Fault(line, f"{item}: ô quá dài / the cell is too long")
        elif not letters and cell not in {"0", "1"}:
            yield Fault(line, f"{item}: {cell[:MAX_OPTION]!r} không phải 0 hay 1 / not 0 or 1 (letters need --key)")


def _repeated(rows: Lines, column: int | None) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for line, row in rows:
        if column is None or column >= len(row):
            continue
        if row[column] in seen:
            yield Fault(line, f"số báo danh {row[column]!r} đã có ở dòng {seen[row[column]]} / number given before")
        seen.setdefault(row[column], line)


def _long_key(lines: Lines) -> Iterator[tuple[int, str, str]]:
    for line, row in lines[1:]:
        if len(row) != 2:
            raise Unreadable([Fault(line, "cần hai ô: câu, đáp án / two cells are needed: item, key")])
        yield line, row[0], row[1]


def _wide_key(lines: Lines) -> Iterator[tuple[int, str, str]]:
    if len(lines) != 2 or len(lines[0][1]) != len(lines[1][1]):
        reason = "cần các dòng “item,key”, hoặc một dòng đáp án dưới tên câu / lines of item,key, or one line of keys"
        raise Unreadable([Fault(lines[-1][0], reason)])
    line, keys = lines[1]
    yield from ((line, item, accepted) for item, accepted in zip(lines[0][1], keys, strict=True))


def _option(cell: str) -> str:
    return cell.upper()


def _lines(content: bytes) -> Lines:
    """Numbered lines with stripped cells, empty lines left out; there is at least one."""
    if len(content) > MAX_BYTES:
        raise Unreadable([Fault(1, f"tệp lớn hơn {MAX_BYTES >> 20} MiB / the file is too large")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise Unreadable([Fault(line, "không phải UTF-8 / not UTF-8")]) from fault
    heading = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=heading.count), strict=True)
    try:
        lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as fault:
        raise Unreadable([Fault(reader.line_num, f"không đọc được / unreadable: {fault}")]) from fault
    lines = [(line, row) for line, row in lines if any(row)]
    if not lines:
        raise Unreadable([Fault(1, "tệp trống / the file is empty")])
    return lines
