"""Who has handed in and who has not: per participant, per site and district, with the telephone to ring. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from orchestrator.courses.model import CourseParticipant
from orchestrator.courses.tables import Cell, Column, Table
from orchestrator.essays.model import Check, EssayPlan, Version, counting, late
from orchestrator.sites.model import Standing
from wire.ids import SiteId


class Handed(StrEnum):
    """Where a participant stands."""

    NOTHING = "nothing"
    REFUSED = "refused"
    """Only files that were not taken."""
    CHECKING = "checking"
    IN_TIME = "in_time"
    LATE = "late"


HANDED_WORDS = {
    Handed.NOTHING: "Chưa nộp",
    Handed.REFUSED: "Tệp không nhận được",
    Handed.CHECKING: "Đang kiểm tra",
    Handed.IN_TIME: "Đã nộp",
    Handed.LATE: "Nộp muộn",
}
ARRIVED = frozenset({Handed.IN_TIME, Handed.LATE, Handed.CHECKING})


class Line(msgspec.Struct, frozen=True):
    """One participant. ``versions``: how many came, refused ones too."""

    number: str
    name: str
    site: SiteId
    handed: Handed
    versions: int
    received_ns: int | None
    receipt: str
    form: str


class Count(msgspec.Struct, frozen=True):
    """A site or a district: how many take part and where they stand."""

    key: str
    name: str
    district: str
    contact: str
    phone: str
    people: int
    in_time: int
    late: int
    checking: int
    refused: int
    nothing: int

    @property
    def lacking(self) -> int:
        return self.refused + self.nothing


def lines(plan: EssayPlan, roster: Sequence[CourseParticipant], versions: Iterable[Version]) -> list[Line]:
    """A line per participant, in the roster's order."""
    by_number: dict[str, list[Version]] = {}
    for version in versions:
        by_number.setdefault(version.number, []).append(version)
    return [_line(plan, person, by_number.get(person.number, [])) for person in roster]


def _line(plan: EssayPlan, person: CourseParticipant, versions: list[Version]) -> Line:
    counts = counting(plan, versions)
    if counts is None:
        handed = Handed.REFUSED if versions else Handed.NOTHING
        return Line(person.number, person.name, person.site, handed, len(versions), None, "", "")
    handed = Handed.LATE if late(plan, counts.received_ns) else Handed.IN_TIME
    handed = Handed.CHECKING if counts.state is Check.CHECKING else handed
    return Line(
        person.number,
        person.name,
        person.site,
        handed,
        len(versions),
        counts.received_ns,
        counts.receipt,
        counts.form,
    )


def district_of(standing: Standing) -> str:
    """The node below the province; the province itself when the tree has no more."""
    return standing.path[1] if len(standing.path) > 1 else "".join(standing.path[:1])


def by_site(told: Sequence[Line], known: Mapping[SiteId, Standing]) -> list[Count]:
    """A count per site, by code."""
    groups: dict[SiteId, list[Line]] = {}
    for line in told:
        groups.setdefault(line.site, []).append(line)
    counted = []
    for site, group in groups.items():
        standing = known.get(site)
        card = standing.site if standing else None
        name = f"{card.code} · {card.name}" if card else site
        contact, phone = (card.contact, card.phone) if card else ("", "")
        counted.append(_count(site, name, district_of(standing) if standing else "", contact, phone, group))
    return sorted(counted, key=lambda each: each.name)


def by_district(told: Sequence[Line], known: Mapping[SiteId, Standing]) -> list[Count]:
    """A count per district, by name."""
    groups: dict[str, list[Line]] = {}
    for line in told:
        standing = known.get(line.site)
        groups.setdefault(district_of(standing) if standing else "", []).append(line)
    return [_count(name, name, name, "", "", group) for name, group in sorted(groups.items())]


def whole(told: Sequence[Line]) -> Count:
    """Everybody."""
    return _count("", "", "", "", "", told)


def _count(key: str, name: str, district: str, contact: str, phone: str, group: Sequence[Line]) -> Count:
    stand = dict.fromkeys(Handed, 0)
    for line in group:
        stand[line.handed] += 1
    return Count(
        key=key,
        name=name,
        district=district,
        contact=contact,
        phone=phone,
        people=len(group),
        in_time=stand[Handed.IN_TIME],
        late=stand[Handed.LATE],
        checking=stand[Handed.CHECKING],
        refused=stand[Handed.REFUSED],
        nothing=stand[Handed.NOTHING],
    )


_PEOPLE = (
    Column("Số báo danh"),
    Column("Họ và tên", 30),
    Column("Mã điểm cầu"),
    Column("Điểm cầu", 36),
    Column("Huyện/Xã", 20),
    Column("Tình trạng", 20),
    Column("Thời điểm nhận", 20),
    Column("Biên nhận"),
    Column("Số lần nộp", 10),
)
_SITES = (
    Column("Điểm cầu", 44),
    Column("Huyện/Xã", 20),
    Column("Người phụ trách", 26),
    Column("Điện thoại"),
    Column("Học viên", 10),
    Column("Đúng hạn", 10),
    Column("Muộn", 10),
    Column("Đang kiểm tra", 14),
    Column("Tệp không nhận", 14),
    Column("Chưa nộp", 10),
)


def people_table(
    told: Sequence[Line], known: Mapping[SiteId, Standing], when: Mapping[str, str], *, lacking: bool = False
) -> Table:
    """Everybody, or only those who lack; ``when``: how the time of each number's receipt is written."""
    rows: list[tuple[Cell, ...]] = []
    for line in told:
        if lacking and line.handed in ARRIVED:
            continue
        standing = known.get(line.site)
        site = (standing.site.code, standing.site.name, district_of(standing)) if standing else (line.site, "", "")
        stand = (HANDED_WORDS[line.handed], when.get(line.number, ""), line.receipt, line.versions)
        rows.append((line.number, line.name, *site, *stand))
    return Table("Chưa nộp" if lacking else "Học viên", _PEOPLE, rows)


def counts_table(title: str, counts: Sequence[Count]) -> Table:
    """Sites or districts with their counters."""
    rows = [
        (
            each.name, each.district, each.contact, each.phone, each.people, each.in_time, each.late, each.checking,
            each.refused, each.nothing,
        )
        for each in counts
    ]  # fmt: skip
    return Table(title, _SITES, rows)
