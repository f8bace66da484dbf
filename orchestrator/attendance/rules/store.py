"""Rows <-> rules of courses: a change is a new version, the newest holds."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from orchestrator.attendance.rules.model import RoomRule
from orchestrator.courses.store import all_courses
from orchestrator.storage.schema.attendance import attendance_rule
from wire.ids import PicturePolicy, SessionId


class CourseRule(msgspec.Struct, frozen=True):
    """A course's rule with the version it is, when it was made and by whom."""

    rule: RoomRule
    version: int
    at_ns: int
    who: str


def insert_rule(conn: sa.Connection, course: str, made: CourseRule) -> None:
    """One more version of a course's rule."""
    values = {**msgspec.structs.asdict(made.rule), "version": made.version, "at_ns": made.at_ns, "who": made.who}
    conn.execute(attendance_rule.insert().values(course=course, **values))


def rules_of_courses(conn: sa.Connection) -> dict[str, CourseRule]:
    """The rule that holds in each course that has one."""
    found: dict[str, CourseRule] = {}
    for row in conn.execute(sa.select(attendance_rule).order_by(attendance_rule.c.version)):
        rule = RoomRule(PicturePolicy(row.policy), row.keep_days, row.seen_by, row.tolerance)
        found[row.course] = CourseRule(rule, row.version, row.at_ns, row.who)
    return found


def rules_of_sessions(conn: sa.Connection) -> dict[SessionId, RoomRule]:
    """The rule of each session that belongs to a course with one; of two such courses the one that began later."""
    rules = rules_of_courses(conn)
    found: dict[SessionId, RoomRule] = {}
    for course in all_courses(conn):
        if course.id in rules:
            for session in course.sessions:
                found.setdefault(session, rules[course.id].rule)
    return found
