"""Course results per participant, site, level and district, and the words for them. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from fractions import Fraction

import msgspec

from orchestrator.courses.model import Course, CourseParticipant, CourseResult, Lack, Parts, course_result
from orchestrator.courses.tables import Column, Table
from orchestrator.sites.model import Standing
from wire.ids import SiteId

LACK_WORDS = {
    Lack.NO_EXAM: "chưa có điểm thi",
    Lack.NO_ESSAY: "chưa có điểm bài thu hoạch",
    Lack.NO_ATTENDANCE: "chưa có chuyên cần",
    Lack.EXAM_LOW: "điểm thi dưới mức",
    Lack.ESSAY_LOW: "điểm bài thu hoạch dưới mức",
    Lack.ATTENDANCE_LOW: "chuyên cần dưới mức",
    Lack.WHOLE_LOW: "điểm tổng hợp dưới mức đạt",
}


class Row(msgspec.Struct, frozen=True):
    """One participant's result and what it came from; marks in hundredths, attendance in percent."""

    number: str
    name: str
    site: SiteId
    exam: int | None
    essay: int | None
    essay_late: bool
    attendance: int | None
    mark: int | None
    band: str | None
    passed: bool | None
    lacks: tuple[Lack, ...]


class Figures(msgspec.Struct, frozen=True):
    """Results of a place: marks in points of 10, ``bands`` by key."""

    key: str
    name: str
    people: int
    decided: int
    passed: int
    mean: float | None
    median: float | None
    bands: dict[str, int]


def rows(
    course: Course,
    roster: Sequence[CourseParticipant],
    exams: Mapping[str, Fraction],
    essays: Mapping[str, tuple[int | None, bool]],
    attendance: Mapping[SiteId, Fraction],
) -> list[Row]:
    """Everybody's result, in the roster's order."""
    return [_row(course, each, exams, essays, attendance) for each in roster]


def _row(
    course: Course,
    person: CourseParticipant,
    exams: Mapping[str, Fraction],
    essays: Mapping[str, tuple[int | None, bool]],
    attendance: Mapping[SiteId, Fraction],
) -> Row:
    essay, late = essays.get(person.number, (None, False))
    own = Fraction(person.attendance) if person.attendance is not None else attendance.get(person.site)
    exam = exams.get(person.number)
    told: CourseResult = course_result(course.rule, Parts(exam, essay, late, own))
    return Row(
        number=person.number,
        name=person.name,
        site=person.site,
        exam=None if exam is None else _half_up(exam * 100),
        essay=essay,
        essay_late=late,
        attendance=None if own is None else _half_up(own),
        mark=told.mark,
        band=told.band,
        passed=told.passed,
        lacks=told.lacks,
    )


def _half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def figures(course: Course, key: str, name: str, some: Sequence[Row]) -> Figures:
    """The figures of a place."""
    marks = [row.mark / 100 for row in some if row.mark is not None]
    bands = {band.key: 0 for band in course.rule.bands}
    for row in some:
        if row.band is not None:
            bands[row.band] += 1
    return Figures(
        key=key,
        name=name,
        people=len(some),
        decided=len(marks),
        passed=sum(bool(row.passed) for row in some),
        mean=round(statistics.fmean(marks), 2) if marks else None,
        median=round(statistics.median(marks), 2) if marks else None,
        bands=bands,
    )


def by(course: Course, told: Sequence[Row], key: Mapping[SiteId, tuple[str, str]]) -> list[Figures]:
    """Figures of groups; ``key``: site -> (key, name) of its group."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in told:
        groups.setdefault(key.get(row.site, (row.site, row.site)), []).append(row)
    return [figures(course, key, name, some) for (key, name), some in sorted(groups.items(), key=lambda g: g[0][1])]


def band_names(course: Course) -> dict[str, str]:
    return {band.key: band.name for band in course.rule.bands}


def points(hundredths: int | None) -> str:
    """ "8,25"; nothing for nothing."""
    return "" if hundredths is None else f"{hundredths / 100:.2f}".replace(".", ",")


def remark(row: Row) -> str:
    """Pass or not and why."""
    said = [LACK_WORDS[lack] for lack in row.lacks]
    return "; ".join([*said, "nộp bài muộn"] if row.essay_late else said)


def verdict(row: Row) -> str:
    return {True: "Đạt", False: "Chưa đạt", None: "Chờ"}[row.passed]


_PEOPLE = (
    Column("Số báo danh"), Column("Họ và tên", 30), Column("Mã điểm cầu"), Column("Đơn vị", 36), Column("Điểm thi", 10),
    Column("Điểm bài thu hoạch", 12), Column("Chuyên cần (%)", 12), Column("Điểm tổng hợp", 12), Column("Xếp loại"),
    Column("Kết quả", 10), Column("Ghi chú", 40),
)  # fmt: skip


def people_table(course: Course, told: Sequence[Row], known: Mapping[SiteId, Standing]) -> Table:
    """A sheet with everybody."""
    names = band_names(course)
    lines = []
    for row in told:
        standing = known.get(row.site)
        unit = (standing.site.code, standing.site.name) if standing else (row.site, "")
        marks = (_tenth(row.exam), _tenth(row.essay), row.attendance, _tenth(row.mark))
        lines.append((row.number, row.name, *unit, *marks, names.get(row.band or "", ""), verdict(row), remark(row)))
    return Table("Học viên", _PEOPLE, lines)


def _tenth(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100


def figures_table(title: str, course: Course, told: Sequence[Figures]) -> Table:
    """A sheet of places."""
    names = [Column(name, 12) for name in band_names(course).values()]
    columns = (
        Column("Đơn vị", 44), Column("Học viên", 10), Column("Có kết quả", 10), Column("Đạt", 10),
        Column("Trung bình", 12), Column("Trung vị", 12), *names,
    )  # fmt: skip
    lines = [
        (each.name, each.people, each.decided, each.passed, each.mean, each.median, *each.bands.values())
        for each in told
    ]
    return Table(title, columns, lines)
