"""From rows of a spreadsheet to a plan of what to write, or to a list of faults. Pure; all or nothing.

Two kinds of table, told apart by their headings: sites (Điểm cầu) and participants (Học viên). They may stand in one
workbook or come in two files; participants then belong to sites imported before. An import brings sites up to date by
their code and leaves out-of-file sites alone; for each site that a participants table names, that table is the roster.
"""

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

import msgspec

from orchestrator.sites import words
from orchestrator.sites.tables import Table
from wire.ids import Level

T = TypeVar("T")

MOST_EXPECTED = 20_000
"""At one site: a central desk holds those of a whole province who sit at home."""
MOST_EXTRA_MIN = 360
"""Individual extra time in an exam."""
MOST_FAULTS = 200
LONGEST_NAME = 120
LONGEST_PLACE = 80
LONGEST_PROVIDER = 40


class Column(msgspec.Struct, frozen=True):
    """A column of the template: the heading we write, and other headings people use (plain words)."""

    field: str
    heading: str
    also: tuple[str, ...] = ()
    required: bool = False


SITE_COLUMNS = (
    Column("code", "Mã điểm cầu", ("ma", "ma truong", "ma don vi", "code"), required=True),
    Column("name", "Tên điểm cầu", ("ten", "ten truong", "ten don vi", "diem cau", "name"), required=True),
    Column("level", "Cấp học", ("cap", "bac hoc", "level"), required=True),
    Column("province", "Tỉnh/Thành phố", ("tinh", "tinh thanh", "thanh pho", "province"), required=True),
    Column("district", "Quận/Huyện", ("huyen", "huyen thi xa", "quan huyen thi xa thanh pho", "khu vuc", "district")),
    Column("commune", "Xã/Phường", ("xa", "phuong", "xa phuong thi tran", "commune")),
    Column("expected", "Số học viên", ("so luong", "si so", "du kien", "so hoc vien du kien", "expected")),
    Column("contact", "Người phụ trách", ("phu trach", "lien he", "nguoi lien he", "can bo phu trach", "contact")),
    Column("phone", "Điện thoại", ("so dien thoai", "sdt", "dt", "dien thoai lien he", "phone")),
    Column("provider", "Nhà mạng", ("nha cung cap", "nha cung cap mang", "mang", "isp", "provider")),
)
PARTICIPANT_COLUMNS = (
    Column("number", "Số báo danh", ("sbd", "ma hoc vien", "number"), required=True),
    Column("name", "Họ và tên", ("ho ten", "ten hoc vien", "hoc vien", "name"), required=True),
    Column("code", "Mã điểm cầu", ("ma", "ma truong", "ma don vi", "diem cau", "code"), required=True),
    Column("extra", "Cộng giờ thi (phút)", ("cong gio thi", "cong gio", "so phut cong them", "extra minutes", "extra")),
)
IGNORED = frozenset({"stt", "tt", "no", "ghi chu"})
"""Columns that everybody has and nobody reads: row numbers and remarks."""

GUIDES = frozenset({"huong dan", "guide"})
"""Sheets for people, such as the one in our template."""


class SiteRow(msgspec.Struct, frozen=True):
    """A site as the file has it; `path` is (kind, name) from the province down; None: left blank."""

    code: str
    name: str
    level: Level
    path: tuple[tuple[str, str], ...]
    expected: int | None
    contact: str
    phone: str
    provider: str | None = None


class ParticipantRow(msgspec.Struct, frozen=True):
    number: str
    name: str
    code: str
    extra_s: int = 0


class Plan(msgspec.Struct, frozen=True):
    """What a faultless file asks for."""

    sites: list[SiteRow]
    participants: list[ParticipantRow]


class Fault(msgspec.Struct, frozen=True):
    """One fault: sheet, row as the spreadsheet numbers it (0: the whole sheet), heading, a sentence."""

    sheet: str
    row: int
    column: str
    message: str


class _Reading:
    """What has been read and what was wrong, while one file is read."""

    def __init__(self) -> None:
        self.sites: dict[str, SiteRow] = {}
        self.participants: dict[str, ParticipantRow] = {}
        self.faults: list[Fault] = []
        self.seen_at: dict[tuple[str, str], tuple[str, int]] = {}


def plan_import(tables: Sequence[Table], known_codes: Collection[str]) -> Plan | list[Fault]:
    """The plan, or every fault (at most MOST_FAULTS). `known_codes` are the sites that exist already."""
    reading = _Reading()
    later: list[_Line] = []
    for table in tables:
        if words.plain(table.name) in GUIDES:
            continue
        _read_table(table, reading, later)
    for line in later:
        _read_participant(line, reading, known_codes)
    if not reading.faults and not reading.sites and not reading.participants:
        reading.faults.append(Fault("", 0, "", "Tệp không có dòng nào."))
    if reading.faults:
        return sorted(reading.faults, key=lambda fault: (fault.sheet, fault.row))[:MOST_FAULTS]
    return Plan(list(reading.sites.values()), list(reading.participants.values()))


class _Line:
    """One row with its columns by field; collects its own faults."""

    def __init__(
        self, sheet: str, row: int, cells: dict[str, str], columns: Sequence[Column], reading: _Reading
    ) -> None:
        self.sheet = sheet
        self.row = row
        self._cells = cells
        self._columns = {column.field: column for column in columns}
        self._reading = reading
        self.sound = True

    def fault(self, field: str, message: str) -> None:
        self.sound = False
        self._reading.faults.append(Fault(self.sheet, self.row, self._columns[field].heading, message))

    def text(self, field: str) -> str:
        return self._cells.get(field, "")

    def read(self, field: str, reader: Callable[[str], T | None], blank: T, message: str) -> T:
        """The cell through `reader`; a required blank or an unreadable text is a fault and gives `blank`."""
        text = self.text(field)
        if not text:
            if self._columns[field].required:
                self.fault(field, "Thiếu giá trị.")
            return blank
        value = reader(text)
        if value is None:
            self.fault(field, f"{message}: “{text[:60]}”.")
            return blank
        return value


def _read_table(table: Table, reading: _Reading, later: list[_Line]) -> None:
    number, headings = table.rows[0] if table.rows else (0, [])
    columns = _kind_of(headings)
    if columns is None:
        message = "Không nhận ra bảng: dòng đầu phải là tiêu đề cột như trong mẫu."
        reading.faults.append(Fault(table.name, number, "", message))
        return
    fields = _match_headings(table.name, number, headings, columns, reading)
    if fields is None:
        return
    for row, cells in table.rows[1:]:
        stray = next((cell for at, cell in enumerate(cells) if cell and at >= len(headings)), None)
        named = {field: cells[at] for at, field in fields.items() if at < len(cells)}
        line = _Line(table.name, row, named, columns, reading)
        if stray is not None:
            reading.faults.append(Fault(table.name, row, "", f"Có ô nằm ngoài các cột: “{stray[:60]}”."))
        elif columns is SITE_COLUMNS:
            _read_site(line, reading)
        else:
            later.append(line)


def _kind_of(headings: Sequence[str]) -> tuple[Column, ...] | None:
    """Participants have a candidate number; sites have a level, a province or at least a site code."""
    told = {words.plain(heading) for heading in headings}
    if told & _names(PARTICIPANT_COLUMNS[0]):
        return PARTICIPANT_COLUMNS
    return SITE_COLUMNS if told & (_names(SITE_COLUMNS[0]) | _names(SITE_COLUMNS[2])) else None


def _names(column: Column) -> set[str]:
    return {words.plain(column.heading), *column.also}


def _match_headings(
    sheet: str, row: int, headings: Sequence[str], columns: Sequence[Column], reading: _Reading
) -> dict[int, str] | None:
    """Position -> field, or None after noting every unknown, repeated and missing column."""
    by_name = {name: column.field for column in columns for name in _names(column)}
    fields: dict[int, str] = {}
    faults: list[Fault] = []
    for at, heading in enumerate(headings):
        name = words.plain(heading)
        if not name or name in IGNORED:
            continue
        field = by_name.get(name)
        if field is None:
            faults.append(Fault(sheet, row, heading[:60], "Cột lạ: không có trong mẫu."))
        elif field in fields.values():
            faults.append(Fault(sheet, row, heading[:60], "Cột bị lặp lại."))
        else:
            fields[at] = field
    for column in columns:
        if column.required and column.field not in fields.values():
            faults.append(Fault(sheet, row, column.heading, "Thiếu cột này."))
    reading.faults.extend(faults)
    return None if faults else fields


def _read_site(line: _Line, reading: _Reading) -> None:
    code = line.read("code", words.code_of, "", "Mã chỉ gồm chữ không dấu, số và . _ / - (tối đa 32)")
    site = SiteRow(
        code=code,
        name=line.read("name", _short_name, "", "Tên không hợp lệ hoặc dài quá"),
        level=line.read("level", words.level_of, Level.TIEU_HOC, "Không nhận ra cấp học"),
        path=_path(line),
        expected=line.read("expected", _expected, None, f"Phải là số nguyên từ 0 đến {MOST_EXPECTED}"),
        contact=line.read("contact", _short_name, "", "Tên không hợp lệ hoặc dài quá"),
        phone=line.read("phone", words.phone_of, "", "Số điện thoại không hợp lệ"),
        provider=line.read("provider", provider_of, None, "Tên không hợp lệ hoặc dài quá"),
    )
    _refuse_repeat(line, reading, "code", "site", code)
    if line.sound:
        reading.sites[code] = site


def _path(line: _Line) -> tuple[tuple[str, str], ...]:
    message = "Tên không hợp lệ hoặc dài quá"
    told = [(kind, line.read(kind, _place_name, "", message)) for kind in ("province", "district", "commune")]
    return tuple((kind, name) for kind, name in told if name)


def _read_participant(line: _Line, reading: _Reading, known_codes: Collection[str]) -> None:
    number = line.read("number", words.code_of, "", "Số báo danh chỉ gồm chữ không dấu, số và . _ / - (tối đa 32)")
    name = line.read("name", _short_name, "", "Tên không hợp lệ hoặc dài quá")
    code = line.read("code", words.code_of, "", "Mã điểm cầu không hợp lệ")
    if code and code not in reading.sites and code not in known_codes and ("site", code) not in reading.seen_at:
        line.fault("code", f"Không có điểm cầu nào mang mã “{code}”.")
    extra_min = line.read("extra", _extra_min, 0, f"Phải là số phút nguyên từ 0 đến {MOST_EXTRA_MIN}")
    _refuse_repeat(line, reading, "number", "participant", number)
    if line.sound:
        reading.participants[number] = ParticipantRow(number, name, code, extra_min * 60)


def _refuse_repeat(line: _Line, reading: _Reading, field: str, kind: str, key: str) -> None:
    if not key:
        return
    here = (line.sheet, line.row)
    before = reading.seen_at.setdefault((kind, key), here)
    if before != here:
        line.fault(field, f"“{key}” đã có ở dòng {before[1]} của “{before[0]}”.")


def _expected(text: str) -> int | None:
    return words.count_of(text, MOST_EXPECTED)


def _extra_min(text: str) -> int | None:
    return words.count_of(text, MOST_EXTRA_MIN)


def _short_name(text: str) -> str | None:
    return words.name_of(text, LONGEST_NAME)


def provider_of(text: str) -> str | None:
    """The name of who sells the line."""
    return words.name_of(text, LONGEST_PROVIDER)


def _place_name(text: str) -> str | None:
    return words.name_of(text, LONGEST_PLACE)
