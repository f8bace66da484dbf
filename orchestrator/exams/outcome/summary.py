"""What the printed summary says: figures as text with decimal commas, decided here and only laid out by Typst. Pure."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from orchestrator.exams.marks import SCALE
from orchestrator.exams.outcome.places import PlaceResults
from orchestrator.exams.results import FEW, Group, Results
from orchestrator.exams.rows import AGAINST_WORDS, LEVEL_WORDS, SETTLED_WORDS

DASH = "–"


class Letterhead(msgspec.Struct, frozen=True):
    """Who signs. Empty fields are left as dots for the pen."""

    superior: str = ""
    unit: str = ""
    number: str = ""
    town: str = ""
    signer: str = ""


class PrintedTable(msgspec.Struct, frozen=True):
    """Rows of text under a heading; `grey` marks rows of too few people."""

    title: str
    headings: list[str]
    rows: list[list[str]]
    grey: list[bool]


class Summary(msgspec.Struct, frozen=True):
    """Everything on the sheet."""

    letterhead: Letterhead
    title: str
    about: str
    provisional: bool
    standing: str
    date: str
    facts: list[tuple[str, str]]
    bands: list[tuple[str, int, str, str]]
    histogram: list[int]
    tables: list[PrintedTable]
    notes: list[str]


def number(value: float | None, places: int = 2) -> str:
    """A figure with a decimal comma, rounded half up; a dash for none."""
    if value is None:
        return DASH
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{exact:f}".replace(".", ",")


def whole(value: int) -> str:
    """A count with the dots of Vietnamese thousands."""
    return f"{value:,}".replace(",", ".")


def share(count: int, of: int) -> str:
    """A part in percent."""
    return f"{number(100 * count / of, 1)} %" if of else DASH


def province_summary(told: Results, letterhead: Letterhead, date: str) -> Summary:
    """The whole exam: by district, level and code."""
    top = [one for one in told.places if one.key.count(" / ") <= 1]
    names = {one.key: one.name for one in told.bands}
    levels = [msgspec.structs.replace(one, name=LEVEL_WORDS.get(one.key, one.key)) for one in told.levels]
    settled = [(SETTLED_WORDS.get(state, state), whole(count)) for state, count in told.settled.items() if count]
    return Summary(
        letterhead=letterhead,
        title=told.title,
        about="TỔNG HỢP KẾT QUẢ TOÀN TỈNH",
        provisional=told.provisional,
        standing=_standing(
            provisional=told.provisional, received=told.received, expected=told.expected, published=told.published
        ),
        date=date,
        facts=[*_facts(told.overall), *settled],
        bands=_bands(told.overall, names),
        histogram=told.overall.histogram,
        tables=[
            _table("Theo địa bàn", top, names, compared=True),
            _table("Theo cấp học", levels, names, compared=True),
            _table("Theo mã đề", told.codes, names),
        ],
        notes=_notes(provisional=told.provisional),
    )


def place_summary(told: PlaceResults, letterhead: Letterhead, date: str) -> Summary:
    """One district, commune or school."""
    names = dict(told.bands)
    levels = [msgspec.structs.replace(one, name=LEVEL_WORDS.get(one.key, one.key)) for one in told.levels]
    tables = [
        _table("So với toàn tỉnh", [told.group, msgspec.structs.replace(told.overall, name="Toàn tỉnh")], names),
        _table("Theo địa bàn", told.inside, names, compared=True),
        _table("Theo cấp học", levels, names, compared=True),
        _table("Theo điểm cầu", told.sites, names, compared=True),
    ]
    reach = {one.state.value: 0 for one in told.reach}
    for one in told.reach:
        reach[one.state.value] += 1
    group = told.group
    return Summary(
        letterhead=letterhead,
        title=told.title,
        about=f"KẾT QUẢ: {group.name}".upper(),
        provisional=told.provisional,
        standing=_standing(
            provisional=told.provisional,
            received=group.received,
            expected=group.registered,
            published=told.published,
        ),
        date=date,
        facts=[*_facts(group), *((SETTLED_WORDS.get(state, state), whole(count)) for state, count in reach.items())],
        bands=[] if group.few else _bands(group, names),
        histogram=[] if group.few else group.histogram,
        tables=[table for table in tables if table.rows],
        notes=_notes(provisional=told.provisional),
    )


def _standing(*, provisional: bool, received: int, expected: int, published: int) -> str:
    word = "KẾT QUẢ TẠM THỜI" if provisional else "Kết quả đầy đủ"
    told = f"{word} – đã nhận {whole(received)}/{whole(expected)} thí sinh"
    return f"{told} – đã chấm lại lần {published}" if published > 1 else told


def _facts(group: Group) -> list[tuple[str, str]]:
    counts = [
        ("Đăng ký", whole(group.registered)),
        ("Có mặt", whole(group.present)),
        ("Nộp bài", whole(group.submitted)),
        ("Trung tâm đã nhận", whole(group.received)),
    ]
    if group.few:
        return counts
    return [
        *counts,
        ("Điểm trung bình", number(group.mean)),
        ("Khoảng tin cậy 95 %", f"{number(group.low)} – {number(group.high)}"),
        ("Trung vị", number(group.median)),
        ("Độ lệch chuẩn", number(group.sd)),
        ("Tứ phân vị", f"{number(group.q1)} – {number(group.q3)}"),
        ("Đạt", f"{whole(group.passed)} ({share(group.passed, group.opened)})"),
    ]


def _bands(group: Group, names: dict[str, str]) -> list[tuple[str, int, str, str]]:
    return [
        (names.get(key, key), count, whole(count), share(count, group.opened)) for key, count in group.bands.items()
    ]


def _table(title: str, groups: Sequence[Group], names: dict[str, str], *, compared: bool = False) -> PrintedTable:
    headings = ["Đơn vị", "Đăng ký", "Có mặt", "Đã nhận", "ĐTB", "95 %", "Trung vị", "ĐLC", *names.values(), "Đạt"]
    return PrintedTable(
        title=title,
        headings=[*headings, "So với tỉnh"] if compared else headings,
        rows=[_row(group, names, compared=compared) for group in groups],
        grey=[group.few for group in groups],
    )


def _row(group: Group, names: dict[str, str], *, compared: bool) -> list[str]:
    counts = [group.name, whole(group.registered), whole(group.present), whole(group.received)]
    if group.few:
        return counts + [f"< {FEW}"] + [DASH] * (len(names) + (5 if compared else 4))
    told = [
        *counts,
        number(group.mean),
        f"{number(group.low, 1)}–{number(group.high, 1)}",
        number(group.median),
        number(group.sd),
        *(whole(group.bands.get(key, 0)) for key in names),
        share(group.passed, group.opened),
    ]
    return [*told, AGAINST_WORDS.get(group.against or "", DASH)] if compared else told


def _notes(*, provisional: bool) -> list[str]:
    changing = "Số liệu còn thay đổi cho đến khi mọi điểm cầu đủ bài hoặc kết thúc theo biên bản."
    marks = (
        f"Thang điểm {SCALE}; xếp loại theo số câu đúng, không theo điểm làm tròn. ĐTB: điểm trung bình; "
        "ĐLC: độ lệch chuẩn; 95 %: khoảng tin cậy của điểm trung bình."
    )
    few = f"Đơn vị có dưới {FEW} người mở đề không ghi số liệu thống kê."
    alike = "Đơn vị có khoảng tin cậy chồng lên nhau không khác nhau rõ rệt: không dùng bảng này để xếp thứ hạng."
    return [*([changing] if provisional else []), marks, few, alike]
