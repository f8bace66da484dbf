"""Keeps the recording rules of courses; a session outside a course has the province's own."""

from __future__ import annotations

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.courses.store import find_course
from orchestrator.errors import Refused
from orchestrator.recordings import store
from orchestrator.recordings.model import RecordingRule, check_rule
from orchestrator.recordings.store import CourseRule
from orchestrator.storage.engine import Connection, Database


class RuleBook:
    """``province`` holds wherever no course says otherwise."""

    def __init__(self, database: Database, clock: Clock, audit: Audit, province: RecordingRule) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self.province = province

    async def of_course(self, course: str) -> CourseRule:
        """What holds in a course; version 0 is the province's rule. Refuses ``no_course``."""

        def work(conn: Connection) -> CourseRule:
            _check_known(conn, course)
            return store.rules_of_courses(conn).get(course) or CourseRule(self.province, 0, 0, "")

        return await self._database.read(work)

    async def change(self, by: str, course: str, rule: RecordingRule) -> CourseRule:
        """A new version of a course's rule; what was recorded before keeps the days it was recorded under."""
        check_rule(rule)

        def work(conn: Connection) -> CourseRule:
            _check_known(conn, course)
            before = store.rules_of_courses(conn).get(course)
            made = CourseRule(rule, before.version + 1 if before else 1, self._clock.now_ns(), by)
            store.insert_rule(conn, course, made)
            told = {"version": made.version, "record": rule.record, "keep_days": rule.keep_days}
            self._audit.record(conn, by, "recordings.rule", course, told)
            return made

        return await self._database.write(work)


def _check_known(conn: Connection, course: str) -> None:
    if find_course(conn, course) is None:
        raise Refused("no_course", "Không có đợt bồi dưỡng này. / No such course.", 404)
