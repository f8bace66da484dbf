"""Rows <-> rules of courses: a change is a new version, the newest holds."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from orchestrator.attendance.rules.model import RoomRule
from orchestrator.courses.rules import CourseRule, rules_by_session
from orchestrator.storage.schema.attendance import attendance_rule
from wire.ids import PicturePolicy, SessionId


def insert_rule(conn: sa.Connection, course: str, made: CourseRule[RoomRule]) -> None:
    """One more version of a course's rule."""
    values = {**msgspec.structs.asdict(made.rule), "version": made.version, "at_ns": made.at_ns, "who": made.who}
    conn.execute(attendance_rule.insert().values(course=course, **values))


def rules_of_courses(conn: sa.Connection) -> dict[str, CourseRule[RoomRule]]:
    """The rule that holds in each course that has one."""
    found: dict[str, CourseRule[RoomRule]] = {}
    for row in conn.execute(sa.select(attendance_rule).order_by(attendance_rule.c.version)):
        rule = RoomRule(PicturePolicy(row.policy), row.keep_days, row.seen_by, row.tolerance, row.speaker_seen)
        found[row.course] = CourseRule(rule, row.version, row.at_ns, row.who)
    return found


def rules_of_sessions(conn: sa.Connection) -> dict[SessionId, RoomRule]:
    """The rule of each session that belongs to a course with one; of two such courses the one that began later."""
    return rules_by_session(conn, rules_of_courses(conn))
