"""Rows <-> courses, their rosters and their published lists; reads what exams and roll calls came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.courses.model import Course, CourseParticipant, Rule
from orchestrator.storage.schema.essays import course, course_list, course_participant, essay_version
from orchestrator.storage.schema.exams import exam, exam_mark
from orchestrator.storage.schema.sessions import session
from orchestrator.storage.schema.sites import participants
from wire.ids import ExamId, SessionId, SiteId

Connection = sa.Connection
_MOST_IN = 500


class Published(msgspec.Struct, frozen=True):
    """A signed list of one site: ``contents`` are the very bytes that were signed."""

    course: str
    site: SiteId
    version: int
    at_ns: int
    who: str
    contents: bytes
    signature: bytes


def put_course(conn: Connection, one: Course) -> None:
    """A new course, or a change of one."""
    values = msgspec.structs.asdict(one) | {
        "sessions": msgspec.json.encode(one.sessions).decode(),
        "rule": msgspec.json.encode(one.rule).decode(),
    }
    if conn.execute(course.update().where(course.c.id == one.id).values(**values)).rowcount == 0:
        conn.execute(course.insert().values(**values))


def find_course(conn: Connection, course_id: str) -> Course | None:
    row = conn.execute(sa.select(course).where(course.c.id == course_id)).first()
    return _course(row) if row else None


def all_courses(conn: Connection) -> list[Course]:
    """Every course, the newest first."""
    return [_course(row) for row in conn.execute(sa.select(course).order_by(course.c.begins_ns.desc(), course.c.id))]


def _course(row: Any) -> Course:
    return Course(
        id=row.id,
        title=row.title,
        begins_ns=row.begins_ns,
        ends_ns=row.ends_ns,
        sessions=tuple(SessionId(each) for each in msgspec.json.decode(row.sessions, type=list[str])),
        exam=ExamId(row.exam) if row.exam else None,
        rule=msgspec.json.decode(row.rule, type=Rule),
        version=row.version,
        created_ns=row.created_ns,
    )


# --- rosters -----------------------------------------------------------------------------------------------------


def roster(conn: Connection, course_id: str, site: str | None = None) -> list[CourseParticipant]:
    """Who takes part, by number; those of one site if given."""
    wanted = sa.select(course_participant).where(course_participant.c.course == course_id)
    if site is not None:
        wanted = wanted.where(course_participant.c.site == site)
    return [_participant(row) for row in conn.execute(wanted.order_by(course_participant.c.number))]


def participant(conn: Connection, course_id: str, number: str) -> CourseParticipant | None:
    mine = (course_participant.c.course == course_id) & (course_participant.c.number == number)
    row = conn.execute(sa.select(course_participant).where(mine)).first()
    return _participant(row) if row else None


def roster_sizes(conn: Connection) -> dict[str, int]:
    """Participants per course."""
    counted = sa.select(course_participant.c.course, sa.func.count().label("n")).group_by(course_participant.c.course)
    return {row.course: row.n for row in conn.execute(counted)}


def take_roster(conn: Connection, course_id: str, sites: frozenset[SiteId]) -> int:
    """Make the sites' participants of now the course's roster; whoever left stays if something was handed in, and a
    code that was given stays good. Returns how many there are."""
    before = {each.number: each for each in roster(conn, course_id)}
    now = [row for row in conn.execute(sa.select(participants)) if row.site in sites]
    wrote = set(conn.scalars(sa.select(essay_version.c.number).distinct()))
    gone = [number for number in before.keys() - {row.number for row in now} if number not in wrote]
    of_course = course_participant.c.course == course_id
    for some in (gone[at : at + _MOST_IN] for at in range(0, len(gone), _MOST_IN)):
        conn.execute(course_participant.delete().where(of_course, course_participant.c.number.in_(some)))
    fresh = [
        {"course": course_id, "number": row.number, "site": row.site, "name": row.name, "generation": 0}
        for row in now
        if row.number not in before
    ]
    if fresh:
        conn.execute(course_participant.insert(), fresh)
    for row in now:
        known = before.get(row.number)
        if known is not None and (known.site, known.name) != (row.site, row.name):
            mine = of_course & (course_participant.c.number == row.number)
            conn.execute(course_participant.update().where(mine).values(site=row.site, name=row.name))
    return len(before) - len(gone) + len(fresh)


def new_generation(conn: Connection, course_id: str, number: str) -> None:
    """Make the essay code that a participant was given worthless."""
    mine = (course_participant.c.course == course_id) & (course_participant.c.number == number)
    conn.execute(course_participant.update().where(mine).values(generation=course_participant.c.generation + 1))


def put_attendance(conn: Connection, course_id: str, shares: Mapping[str, int]) -> int:
    """Percent present by number; returns how many of them are on the roster."""
    of_course = course_participant.c.course == course_id
    return sum(
        conn.execute(
            course_participant.update().where(of_course, course_participant.c.number == number).values(attendance=share)
        ).rowcount
        for number, share in shares.items()
    )


def _participant(row: Any) -> CourseParticipant:
    return CourseParticipant(row.number, SiteId(row.site), row.name, row.generation, row.attendance)


# --- what the parts came to --------------------------------------------------------------------------------------

_PRESENT = ("no_answer", "writing", "closed", "handed_in", "conflict")


def exam_marks(conn: Connection, exam_id: str) -> dict[str, Fraction]:
    """The exact mark of 10 of everybody who sat the exam."""
    wanted = sa.select(exam_mark.c.number, exam_mark.c.correct, exam_mark.c.maximum, exam_mark.c.state)
    return {
        row.number: Fraction(10 * row.correct, row.maximum)
        for row in conn.execute(wanted.where(exam_mark.c.exam == exam_id))
        if row.maximum and row.state in _PRESENT
    }


def unknown_parts(conn: Connection, sessions: Sequence[SessionId], exam_id: ExamId | None) -> list[str]:
    """Sessions and exams that do not exist."""
    known = set(conn.scalars(sa.select(session.c.id).where(session.c.id.in_(sessions))))
    missing = [str(each) for each in sessions if each not in known]
    if exam_id is not None and conn.execute(sa.select(exam.c.id).where(exam.c.id == exam_id)).first() is None:
        missing.append(exam_id)
    return missing


# --- published lists ---------------------------------------------------------------------------------------------


def insert_lists(conn: Connection, lists: Sequence[Published]) -> None:
    if lists:
        conn.execute(course_list.insert(), [msgspec.structs.asdict(each) for each in lists])


def newest_list(conn: Connection, course_id: str, site: str) -> Published | None:
    """The list of a site that was published last."""
    mine = (course_list.c.course == course_id) & (course_list.c.site == site)
    row = conn.execute(sa.select(course_list).where(mine).order_by(course_list.c.version.desc()).limit(1)).first()
    return (
        Published(row.course, row.site, row.version, row.at_ns, row.who, row.contents, row.signature) if row else None
    )


def list_versions(conn: Connection, course_id: str) -> dict[SiteId, tuple[int, int]]:
    """Per site: how often its list was published and when last (ns)."""
    wanted = sa.select(course_list.c.site, sa.func.max(course_list.c.version), sa.func.max(course_list.c.at_ns))
    rows = conn.execute(wanted.where(course_list.c.course == course_id).group_by(course_list.c.site))
    return {SiteId(site): (version, at_ns) for site, version, at_ns in rows}
