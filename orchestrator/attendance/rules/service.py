"""Keeps the rules of courses; a session outside a course has the province's own."""

from __future__ import annotations

from orchestrator.access.audit import Audit
from orchestrator.attendance.events import RulesChanged
from orchestrator.attendance.rules import store
from orchestrator.attendance.rules.model import RoomRule, check_rule
from orchestrator.attendance.rules.store import CourseRule
from orchestrator.clock import Clock
from orchestrator.courses.store import find_course
from orchestrator.errors import Refused
from orchestrator.live.port import Bus
from orchestrator.storage.engine import Connection, Database
from wire.ids import SessionId


class RuleBook:
    """``province`` holds wherever no course says otherwise."""

    def __init__(self, database: Database, bus: Bus, clock: Clock, audit: Audit, province: RoomRule) -> None:
        self._database = database
        self._bus = bus
        self._clock = clock
        self._audit = audit
        self.province = province

    async def of_course(self, course: str) -> CourseRule:
        """What holds in a course; version 0 is the province's rule. Refuses ``no_course``."""

        def work(conn: Connection) -> CourseRule:
            _check_known(conn, course)
            return store.rules_of_courses(conn).get(course) or CourseRule(self.province, 0, 0, "")

        return await self._database.read(work)

    async def change(self, by: str, course: str, rule: RoomRule) -> CourseRule:
        """A new version of a course's rule; earlier roll calls keep the one they were ordered under."""
        check_rule(rule)

        def work(conn: Connection) -> CourseRule:
            _check_known(conn, course)
            before = store.rules_of_courses(conn).get(course)
            made = CourseRule(rule, before.version + 1 if before else 1, self._clock.now_ns(), by)
            store.insert_rule(conn, course, made)
            told = {"policy": rule.policy, "keep_days": rule.keep_days, "tolerance": rule.tolerance}
            self._audit.record(conn, by, "attendance.rule", course, {"version": made.version, **told})
            return made

        made = await self._database.write(work)
        await self._bus.publish(RulesChanged(course))
        return made

    def for_session(self, conn: Connection, session: SessionId) -> RoomRule:
        """The rule that a roll call of this session is ordered under."""
        return store.rules_of_sessions(conn).get(session, self.province)

    async def by_session(self) -> dict[SessionId, RoomRule]:
        """The rules of all sessions whose course has one."""
        return await self._database.read(store.rules_of_sessions)


def _check_known(conn: Connection, course: str) -> None:
    if find_course(conn, course) is None:
        raise Refused("no_course", "Không có đợt bồi dưỡng này. / No such course.", 404)
