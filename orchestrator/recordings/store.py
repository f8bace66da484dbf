"""Rows <-> rules, switches, files, marks and erasures of recordings."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.courses.rules import CourseRule, rules_by_session
from orchestrator.recordings.model import DAY_NS, Erasure, Mark, RecordingRule, Segment, Switch
from orchestrator.storage.schema.recordings import (
    recording_erasure,
    recording_mark,
    recording_rule,
    recording_segment,
    recording_switch,
)
from wire.ids import SessionId

Connection = sa.Connection
MARKS_READ = 5000
_DUE = recording_segment.c.at_ns + sa.cast(recording_segment.c.keep_days, sa.BigInteger) * sa.literal(
    DAY_NS, sa.BigInteger
)


# --- rules -------------------------------------------------------------------------------------------------------


def insert_rule(conn: Connection, course: str, made: CourseRule[RecordingRule]) -> None:
    values = {**msgspec.structs.asdict(made.rule), "version": made.version, "at_ns": made.at_ns, "who": made.who}
    conn.execute(recording_rule.insert().values(course=course, **values))


def rules_of_courses(conn: Connection) -> dict[str, CourseRule[RecordingRule]]:
    """The rule that holds in each course that has one."""
    rows = conn.execute(sa.select(recording_rule).order_by(recording_rule.c.version))
    return {
        row.course: CourseRule(RecordingRule(row.record, row.keep_days), row.version, row.at_ns, row.who)
        for row in rows
    }


def rules_of_sessions(conn: Connection) -> dict[SessionId, RecordingRule]:
    """The rule of each session that belongs to a course with one; of two such courses the one that began later."""
    return rules_by_session(conn, rules_of_courses(conn))


# --- switches ----------------------------------------------------------------------------------------------------


def insert_switch(conn: Connection, session: SessionId, made: Switch) -> None:
    conn.execute(recording_switch.insert().values(session=session, **msgspec.structs.asdict(made)))


def last_switches(conn: Connection) -> dict[SessionId, Switch]:
    """What was said last of each session."""
    newest = sa.select(sa.func.max(recording_switch.c.id)).group_by(recording_switch.c.session)
    rows = conn.execute(sa.select(recording_switch).where(recording_switch.c.id.in_(newest)))
    return {SessionId(row.session): _switch(row) for row in rows}


def switches(conn: Connection, session: SessionId) -> list[Switch]:
    wanted = sa.select(recording_switch).where(recording_switch.c.session == session).order_by(recording_switch.c.id)
    return [_switch(row) for row in conn.execute(wanted)]


def _switch(row: Any) -> Switch:
    return Switch(row.on, row.at_ns, row.who, row.name)


# --- files -------------------------------------------------------------------------------------------------------


def insert_segment(conn: Connection, segment: Segment) -> None:
    conn.execute(recording_segment.insert().values(**msgspec.structs.asdict(segment)))


def put_segment(conn: Connection, segment: Segment) -> None:
    """A file as it is now."""
    changed = {"ends": segment.ends, "size": segment.size, "digest": segment.digest, "why": segment.why}
    conn.execute(recording_segment.update().where(_the(segment)).values(**changed))


def drop_segment(conn: Connection, segment: Segment) -> None:
    """There was nothing in it."""
    conn.execute(recording_segment.delete().where(_the(segment)))


def _the(segment: Segment | Erasure) -> sa.ColumnElement[bool]:
    row = recording_segment.c
    return (row.session == segment.session) & (row.track == segment.track) & (row.number == segment.number)


def segments(conn: Connection, session: SessionId | None = None) -> list[Segment]:
    """Those of one session, or all; by track and number."""
    row = recording_segment.c
    wanted = sa.select(recording_segment).order_by(row.session, row.track, row.number)
    if session is not None:
        wanted = wanted.where(row.session == session)
    return [_segment(each) for each in conn.execute(wanted).mappings()]


def growing(conn: Connection) -> list[Segment]:
    """Files that nobody said are whole."""
    row = recording_segment.c
    wanted = sa.select(recording_segment).where(row.why == "", row.erased_ns.is_(None))
    return [_segment(each) for each in conn.execute(wanted).mappings()]


def due_segments(conn: Connection, now_ns: int, most: int) -> list[Segment]:
    """Whole files whose time is over, the longest due first."""
    row = recording_segment.c
    wanted = sa.select(recording_segment).where(row.why != "", row.erased_ns.is_(None), now_ns >= _DUE)
    return [_segment(each) for each in conn.execute(wanted.order_by(_DUE).limit(most)).mappings()]


def _segment(row: Any) -> Segment:
    return Segment(**{**row, "session": SessionId(row["session"])})


# --- marks and erasures ------------------------------------------------------------------------------------------


def insert_mark(conn: Connection, mark: Mark) -> None:
    conn.execute(recording_mark.insert().values(**msgspec.structs.asdict(mark)))


def marks(conn: Connection, session: SessionId) -> list[Mark]:
    """In the order of their moments; of very many the first."""
    row = recording_mark.c
    wanted = sa.select(recording_mark).where(row.session == session).order_by(row.at_ns, row.id).limit(MARKS_READ)
    return [Mark(SessionId(each.session), each.kind, each.at_ns, each.text) for each in conn.execute(wanted)]


def insert_erasure(conn: Connection, erasure: Erasure) -> None:
    """The event, and that the file is no more."""
    conn.execute(recording_segment.update().where(_the(erasure)).values(erased_ns=erasure.at_ns))
    conn.execute(recording_erasure.insert().values(**msgspec.structs.asdict(erasure)))


def erasures(conn: Connection, session: SessionId) -> list[Erasure]:
    row = recording_erasure.c
    wanted = sa.select(recording_erasure).where(row.session == session).order_by(row.track, row.number)
    return [Erasure(**{**each, "session": SessionId(each["session"])}) for each in conn.execute(wanted).mappings()]
