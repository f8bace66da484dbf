"""A course, who takes part, and the rule that turns exam, essay and attendance into a result. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Annotated

import msgspec

from orchestrator.errors import Refused
from orchestrator.exams.bands import BANDS, Band
from wire.ids import ExamId, SessionId, SiteId

TITLE_LIMIT = 200
Share = Annotated[int, msgspec.Meta(ge=0, le=100)]
Hundredths = Annotated[int, msgspec.Meta(ge=0, le=1000)]
"""A mark on the 10-point scale in hundredths."""


class Missing(StrEnum):
    """What becomes of a participant who lacks a part that counts."""

    WAIT = "wait"
    """No result before it is there."""
    ZERO = "zero"
    """Nought for that part."""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a course is judged: weights of the parts (0: does not count), the least that each part and the whole need
    (marks in hundredths, attendance in percent), marks off for a late essay, the half-open bands."""

    exam_weight: Share = 60
    essay_weight: Share = 40
    attendance_weight: Share = 0
    exam_floor: Hundredths = 0
    essay_floor: Hundredths = 0
    attendance_floor: Share = 0
    pass_floor: Hundredths = 500
    late_off: Hundredths = 0
    missing: Missing = Missing.WAIT
    bands: tuple[Band, ...] = BANDS


class Course(msgspec.Struct, frozen=True):
    """A course (đợt bồi dưỡng). ``version`` counts changes."""

    id: str
    title: str
    begins_ns: int
    ends_ns: int
    sessions: tuple[SessionId, ...]
    exam: ExamId | None
    rule: Rule
    version: int
    created_ns: int


class CourseParticipant(msgspec.Struct, frozen=True):
    """Somebody on the roster of a course. ``attendance`` in percent, None: what the site's roll calls say;
    ``generation`` counts the essay codes they were given."""

    number: str
    site: SiteId
    name: str
    generation: int = 0
    attendance: int | None = None


class Parts(msgspec.Struct, frozen=True):
    """What one participant brings: the exact exam mark (0 to 10), the essay's final mark in hundredths, attendance in
    percent. None: not there (yet)."""

    exam: Fraction | None = None
    essay: int | None = None
    essay_late: bool = False
    attendance: Fraction | None = None


class Lack(StrEnum):
    """Why there is no result, or no pass."""

    NO_EXAM = "no_exam"
    NO_ESSAY = "no_essay"
    NO_ATTENDANCE = "no_attendance"
    EXAM_LOW = "exam_low"
    ESSAY_LOW = "essay_low"
    ATTENDANCE_LOW = "attendance_low"
    WHOLE_LOW = "whole_low"


class CourseResult(msgspec.Struct, frozen=True):
    """``mark`` in hundredths, rounded half up; ``band`` and ``passed`` are decided on the exact mark. All None while
    something is awaited."""

    mark: int | None
    band: str | None
    passed: bool | None
    lacks: tuple[Lack, ...] = ()


def check_rule(rule: Rule) -> None:
    """Refuse a rule that judges by nothing or whose bands do not fall from top to nought."""
    if rule.exam_weight + rule.essay_weight + rule.attendance_weight == 0:
        raise Refused("bad_rule", "Phải có ít nhất một phần có trọng số. / Some part must count.", 422)
    floors = [band.floor for band in rule.bands]
    if not floors or floors[-1] != 0 or any(a <= b for a, b in pairwise(floors)):
        raise Refused("bad_rule", "Các mức xếp loại phải giảm dần đến 0. / Bands must fall to 0.", 422)


def check_course(title: str, begins_ns: int, ends_ns: int) -> None:
    """Refuse a course without a name or an end."""
    if not title.strip() or len(title) > TITLE_LIMIT:
        raise Refused("bad_course", f"Tên đợt từ 1 đến {TITLE_LIMIT} chữ. / A title is needed.", 422)
    if ends_ns <= begins_ns:
        raise Refused("bad_course", "Ngày kết thúc phải sau ngày bắt đầu. / It must end after it begins.", 422)


def course_result(rule: Rule, parts: Parts) -> CourseResult:
    """The result of one participant. A part whose weight and floor are 0 is not asked for."""
    essay = None if parts.essay is None else max(0, parts.essay - (rule.late_off if parts.essay_late else 0))
    asked = (
        (rule.exam_weight, rule.exam_floor, _times(parts.exam, 100), Lack.NO_EXAM, Lack.EXAM_LOW),
        (rule.essay_weight, rule.essay_floor, essay, Lack.NO_ESSAY, Lack.ESSAY_LOW),
        (
            rule.attendance_weight,
            rule.attendance_floor * 10,
            _times(parts.attendance, 10),
            Lack.NO_ATTENDANCE,
            Lack.ATTENDANCE_LOW,
        ),
    )
    counted = [each for each in asked if each[0] or each[1]]
    lacks = [absent for *_, value, absent, _low in counted if value is None]
    if lacks and rule.missing is Missing.WAIT:
        return CourseResult(None, None, None, tuple(lacks))
    total = sum((weight * Fraction(value or 0) for weight, _, value, *_ in counted), Fraction())
    exact = total / sum(weight for weight, *_ in counted)
    lacks += [low for _, floor, value, _, low in counted if value is not None and value < floor]
    lacks += [Lack.WHOLE_LOW] if exact < rule.pass_floor else []
    passed = not any(floor and value is None for _, floor, value, *_ in counted) and not any(
        lack in _LOW for lack in lacks
    )
    return CourseResult(rounded(exact), band_of(rule.bands, exact), passed, tuple(lacks))


_LOW = frozenset({Lack.EXAM_LOW, Lack.ESSAY_LOW, Lack.ATTENDANCE_LOW, Lack.WHOLE_LOW})


def _times(value: Fraction | None, factor: int) -> Fraction | None:
    return None if value is None else value * factor


def rounded(exact: Fraction) -> int:
    """Half up to a whole number of hundredths."""
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def band_of(bands: Sequence[Band], exact: Fraction) -> str:
    """The first band whose floor the exact mark reaches."""
    return next(band.key for band in bands if exact >= band.floor)


def site_attendance(
    counts: Sequence[Mapping[SiteId, int | None]], expected: Mapping[SiteId, int]
) -> dict[SiteId, Fraction]:
    """Percent present per site: the mean over the course's roll calls of counted ÷ expected, at most 100 each. A roll
    call that a site did not answer leaves it out; a site without any has no figure."""
    shares: dict[SiteId, list[Fraction]] = {}
    for call in counts:
        for site, count in call.items():
            if count is not None and expected.get(site, 0) > 0:
                shares.setdefault(site, []).append(min(Fraction(1), Fraction(count, expected[site])))
    return {site: 100 * sum(each, Fraction()) / len(each) for site, each in shares.items()}
