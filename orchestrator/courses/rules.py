"""Rules that a course may have of its own, in versions, over what holds in the province."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.courses.store import all_courses, find_course
from orchestrator.errors import Refused
from orchestrator.storage.engine import Connection, Database
from wire.ids import SessionId

R = TypeVar("R")


class CourseRule(msgspec.Struct, Generic[R], frozen=True):
    """A course's rule with the version it is, when it was made (centre time) and by whom; version 0 is the
    province's."""

    rule: R
    version: int
    at_ns: int
    who: str


class RuleShelf(msgspec.Struct, Generic[R], frozen=True):
    """Where the rules of one kind are kept: ``newest`` by course, ``keep`` adds a version; ``deed`` names the change
    in the audit trail and ``told`` says what it changed to."""

    newest: Callable[[Connection], Mapping[str, CourseRule[R]]]
    keep: Callable[[Connection, str, CourseRule[R]], None]
    deed: str
    told: Callable[[R], Mapping[str, object]]


class CourseRules(Generic[R]):
    """The rules of one kind. ``province`` holds wherever no course says otherwise."""

    def __init__(self, database: Database, clock: Clock, audit: Audit, shelf: RuleShelf[R], province: R) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._shelf = shelf
        self._province = province

    async def of_course(self, course: str) -> CourseRule[R]:
        """What holds in a course. Refuses ``no_course``."""

        def work(conn: Connection) -> CourseRule[R]:
            _check_known(conn, course)
            return self._shelf.newest(conn).get(course) or CourseRule(self._province, 0, 0, "")

        return await self._database.read(work)

    async def change(self, by: str, course: str, rule: R) -> CourseRule[R]:
        """A new version of a course's rule; what was done under an earlier one keeps it. Refuses ``no_course``."""

        def work(conn: Connection) -> CourseRule[R]:
            _check_known(conn, course)
            before = self._shelf.newest(conn).get(course)
            made = CourseRule(rule, before.version + 1 if before else 1, self._clock.now_ns(), by)
            self._shelf.keep(conn, course, made)
            self._audit.record(conn, by, self._shelf.deed, course, {"version": made.version, **self._shelf.told(rule)})
            return made

        return await self._database.write(work)


def rules_by_session(conn: Connection, rules: Mapping[str, CourseRule[R]]) -> dict[SessionId, R]:
    """The rule of each session that belongs to a course with one; of two such courses the one that began later."""
    found: dict[SessionId, R] = {}
    for course in all_courses(conn) if rules else ():
        if course.id in rules:
            for session in course.sessions:
                found.setdefault(session, rules[course.id].rule)
    return found


def _check_known(conn: Connection, course: str) -> None:
    if find_course(conn, course) is None:
        raise Refused("no_course", "Không có đợt bồi dưỡng này. / No such course.", 404)
