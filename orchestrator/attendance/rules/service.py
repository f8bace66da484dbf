"""Keeps the rules of courses; a session outside a course has the province's own."""

from __future__ import annotations

from orchestrator.access.audit import Audit
from orchestrator.attendance.events import RulesChanged
from orchestrator.attendance.rules import store
from orchestrator.attendance.rules.model import RoomRule, check_rule
from orchestrator.clock import Clock
from orchestrator.courses.rules import CourseRule, CourseRules, RuleShelf
from orchestrator.live.port import Bus
from orchestrator.storage.engine import Connection, Database
from wire.ids import SessionId

SHELF = RuleShelf(
    newest=store.rules_of_courses,
    keep=store.insert_rule,
    deed="attendance.rule",
    told=lambda rule: {
        "policy": rule.policy,
        "keep_days": rule.keep_days,
        "tolerance": rule.tolerance,
        "speaker_seen": rule.speaker_seen,
    },
)


class RuleBook:
    """``province`` holds wherever no course says otherwise."""

    def __init__(self, database: Database, bus: Bus, clock: Clock, audit: Audit, province: RoomRule) -> None:
        self._database = database
        self._bus = bus
        self.province = province
        self._rules = CourseRules(database, clock, audit, SHELF, province)
        self.of_course = self._rules.of_course
        """What holds in a course; version 0 is the province's rule. Refuses ``no_course``."""

    async def change(self, by: str, course: str, rule: RoomRule) -> CourseRule[RoomRule]:
        """A new version of a course's rule; earlier roll calls keep the one they were ordered under."""
        check_rule(rule)
        made = await self._rules.change(by, course, rule)
        await self._bus.publish(RulesChanged(course))
        return made

    def for_session(self, conn: Connection, session: SessionId) -> RoomRule:
        """The rule that a roll call of this session is ordered under."""
        return store.rules_of_sessions(conn).get(session, self.province)

    async def by_session(self) -> dict[SessionId, RoomRule]:
        """The rules of all sessions whose course has one."""
        return await self._database.read(store.rules_of_sessions)
