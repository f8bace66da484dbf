"""A province that does not exist: schools, districts, communes and teachers, always the same for the same numbers.

It leaves this module only as the files an office would hand in, so that the demonstration enters by the front door:
the import of the centre.
"""

import csv
import io
import random
from collections.abc import Iterable, Sequence
from itertools import product

import msgspec
import openpyxl

PROVINCE = "Tỉnh Thanh Giang"
SITE_HEADINGS = (
    "Mã điểm cầu",
    "Tên điểm cầu",
    "Cấp học",
    "Tỉnh/Thành phố",
    "Quận/Huyện",
    "Xã/Phường",
    "Số học viên",
    "Người phụ trách",
    "Điện thoại",
)
PARTICIPANT_HEADINGS = ("Số báo danh", "Họ và tên", "Mã điểm cầu")

_DISTRICTS = (
    "Thành phố Thanh Giang",
    "Huyện Yên Hà",
    "Huyện Đông Sơn Hạ",
    "Thị xã Bình Lâm",
    "Huyện Phú Vân",
    "Huyện Mỹ Lộc Thượng",
    "Huyện Tân Kỳ Sơn",
    "Huyện Hòa Khê",
    "Huyện Quảng Lương",
    "Huyện Nam Trà",
)
_FIRST = ("Tân", "Bình", "Phú", "Yên", "Hòa", "An", "Đông", "Xuân", "Long", "Thanh", "Minh", "Vĩnh")
_SECOND = ("Lập", "Phú", "Hưng", "Thịnh", "Sơn", "Lộc", "Khê", "Hải", "Trung", "Tiến", "Mỹ", "Thạnh")
_SCHOOLS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("MN", "Mầm non", "Trường Mầm non", ("Hoa Sen", "Sơn Ca", "Họa Mi", "Hướng Dương", "Ánh Dương", "Hoa Hồng")),
    (
        "TH",
        "Tiểu học",
        "Trường Tiểu học",
        ("Kim Đồng", "Lê Văn Tám", "Võ Thị Sáu", "Nguyễn Bá Ngọc", "Đinh Tiên Hoàng"),
    ),
    ("CS", "THCS", "Trường THCS", ("Lê Quý Đôn", "Trần Quốc Toản", "Nguyễn Du", "Lý Thường Kiệt", "Phan Bội Châu")),
    ("PT", "THPT", "Trường THPT", ("Chu Văn An", "Nguyễn Trãi", "Lương Thế Vinh", "Hùng Vương", "Quang Trung")),
    ("TX", "GDTX", "Trung tâm GDNN-GDTX", ("số 1", "số 2", "số 3", "số 4")),
)
_MIX = (1, 1, 1, 2, 2, 0, 3, 0, 1, 2, 1, 2, 0, 1, 3, 2, 1, 0, 2, 4)
"""Schools of a province by level, in the order they are made: mostly primary and lower secondary."""
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô")
_FAMILY_WEIGHTS = (38, 11, 10, 7, 5, 5, 5, 4, 4, 2, 2, 2, 2, 1)
_WOMEN = (
    ("Thị", "Thị Thu", "Thị Kim", "Ngọc", "Thị Minh"),
    ("Lan", "Hương", "Hạnh", "Mai", "Thảo", "Yến", "Nga", "Ánh"),
)
_MEN = (("Văn", "Đức", "Quốc", "Minh", "Hữu"), ("Hùng", "Dũng", "Tuấn", "Nam", "Sơn", "Phúc", "Khánh", "Đạt"))


class DemoSite(msgspec.Struct, frozen=True):
    """A school as its office would write it down."""

    code: str
    name: str
    level: str
    district: str
    commune: str
    expected: int
    contact: str
    phone: str


class DemoParticipant(msgspec.Struct, frozen=True):
    """A teacher who comes to the room of site `code`."""

    number: str
    name: str
    code: str


class Province(msgspec.Struct, frozen=True):
    """Everything there is to import."""

    sites: list[DemoSite]
    participants: list[DemoParticipant]


def make_province(sites: int = 8, participants: int | None = None, *, seed: int = 2025) -> Province:
    """`sites` schools over 3 districts (more above 60 schools) with `participants` people spread evenly over them;
    None puts 18 to 42 people into each room."""
    chance = random.Random(seed)
    districts = _DISTRICTS[: min(len(_DISTRICTS), max(3, sites // 20))]
    made: list[DemoSite] = []
    people: list[DemoParticipant] = []
    taken: set[str] = set()
    for at in range(sites):
        size = chance.randint(18, 42) if participants is None else participants * (at + 1) // sites - len(people)
        site = _school(at, districts[at % len(districts)], size, chance, taken)
        made.append(site)
        first = 10001 + len(people)
        people.extend(DemoParticipant(str(first + k), _person(chance), site.code) for k in range(size))
    return Province(made, people)


def _school(at: int, district: str, size: int, chance: random.Random, taken: set[str]) -> DemoSite:
    prefix, level, kind, names = _SCHOOLS[_MIX[at % len(_MIX)]]
    communes = list(product(_FIRST, _SECOND))
    # 29 is prime to the 144 communes: neighbours in the list do not lie side by side.
    commune = "Xã " + " ".join(communes[at * 29 % len(communes)])
    name = _unused(f"{kind} {names[(at + at // len(_MIX)) % len(names)]}", commune.removeprefix("Xã "), taken)
    phone = f"0900{at + 1:06d}"
    return DemoSite(f"{prefix}{at + 1:04d}", name, level, district, commune, size, _person(chance), phone)


def _unused(name: str, commune: str, taken: set[str]) -> str:
    tries = (name, f"{name} – {commune}", *(f"{name} – {commune} {number}" for number in range(2, 12)))
    found = next((one for one in tries if one not in taken), f"{name} {len(taken)}")
    taken.add(found)
    return found


def _person(chance: random.Random) -> str:
    middle, given = chance.choice((_WOMEN, _WOMEN, _MEN))
    family = chance.choices(_FAMILY, _FAMILY_WEIGHTS)[0]
    return f"{family} {chance.choice(middle)} {chance.choice(given)}"


# --- the files -----------------------------------------------------------------------------------------------------


def sites_csv(province: Province) -> str:
    """The table of sites as CSV text."""
    return _csv(SITE_HEADINGS, (_site_cells(site) for site in province.sites))


def participants_csv(province: Province) -> str:
    """The table of participants as CSV text; import it after the sites."""
    return _csv(PARTICIPANT_HEADINGS, (_person_cells(person) for person in province.participants))


def workbook(province: Province) -> bytes:
    """Both tables as one XLSX file."""
    book = openpyxl.Workbook(write_only=True)
    tables: tuple[tuple[str, tuple[str, ...], Iterable[Sequence[object]]], ...] = (
        ("Điểm cầu", SITE_HEADINGS, (_site_cells(site) for site in province.sites)),
        ("Học viên", PARTICIPANT_HEADINGS, (_person_cells(person) for person in province.participants)),
    )
    for title, headings, lines in tables:
        sheet = book.create_sheet(title)
        sheet.append(headings)
        for line in lines:
            sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _site_cells(site: DemoSite) -> tuple[object, ...]:
    place = (PROVINCE, site.district, site.commune)
    return (site.code, site.name, site.level, *place, site.expected, site.contact, site.phone)


def _person_cells(person: DemoParticipant) -> tuple[object, ...]:
    return (person.number, person.name, person.code)


def _csv(headings: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows(lines)
    return out.getvalue()
