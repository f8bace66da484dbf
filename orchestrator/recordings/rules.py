"""Keeps the recording rules of courses; a session outside a course has the province's own."""

from __future__ import annotations

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.courses.rules import CourseRule, CourseRules, RuleShelf
from orchestrator.recordings import store
from orchestrator.recordings.model import RecordingRule, check_rule
from orchestrator.storage.engine import Database

SHELF = RuleShelf(
    newest=store.rules_of_courses,
    keep=store.insert_rule,
    deed="recordings.rule",
    told=lambda rule: {"record": rule.record, "keep_days": rule.keep_days},
)


class RuleBook:
    """``province`` holds wherever no course says otherwise."""

    def __init__(self, database: Database, clock: Clock, audit: Audit, province: RecordingRule) -> None:
        self._rules = CourseRules(database, clock, audit, SHELF, province)
        self.of_course = self._rules.of_course
        """What holds in a course; version 0 is the province's rule. Refuses ``no_course``."""

    async def change(self, by: str, course: str, rule: RecordingRule) -> CourseRule[RecordingRule]:
        """A new version of a course's rule; what was recorded before keeps the days it was recorded under."""
        check_rule(rule)
        return await self._rules.change(by, course, rule)
