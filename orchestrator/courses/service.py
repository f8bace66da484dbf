"""Courses: planning, rosters, results by the rule, published lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.attendance.numbers.store import standing_numbers
from orchestrator.clock import Clock
from orchestrator.courses import results, store
from orchestrator.courses.model import Course, Rule, check_course, check_rule, site_attendance
from orchestrator.courses.results import Row
from orchestrator.courses.signing import CourseList, ListRow, file_of, sign
from orchestrator.courses.store import Connection, Published
from orchestrator.errors import Refused
from orchestrator.sites.centre_keys import CentreKeys
from orchestrator.sites.model import Standing
from orchestrator.sites.service import Sites
from orchestrator.storage.engine import Database
from wire.ids import ExamId, SessionId, SiteId, new_id

MS = 1_000_000
EssayMarks = Callable[[Connection, str], Mapping[str, tuple[int | None, bool]]]
"""Final essay marks of a course: number -> (hundredths, late)."""


class CourseWish(msgspec.Struct, frozen=True):
    """A course as it is planned."""

    title: str
    begins_ns: int
    ends_ns: int
    sessions: tuple[SessionId, ...] = ()
    exam: ExamId | None = None
    rule: Rule = Rule()


class Told(msgspec.Struct, frozen=True):
    """The results of a course now."""

    course: Course
    rows: list[Row]
    known: Mapping[SiteId, Standing]
    lists: Mapping[SiteId, tuple[int, int]]


class Courses:
    """All courses."""

    def __init__(
        self, database: Database, clock: Clock, sites: Sites, audit: Audit, keys: CentreKeys, essay_marks: EssayMarks
    ) -> None:
        self._database = database
        self._clock = clock
        self._sites = sites
        self._audit = audit
        self._keys = keys
        self._essay_marks = essay_marks

    async def all(self) -> list[tuple[Course, int]]:
        """Every course with the size of its roster, the newest first."""
        return await self._database.read(
            lambda conn: [(each, store.roster_sizes(conn).get(each.id, 0)) for each in store.all_courses(conn)]
        )

    async def one(self, course: str) -> Course:
        """The course; refuses ``no_course``."""
        return await self._database.read(lambda conn: _found(conn, course))

    async def create(self, by: str, wish: CourseWish) -> Course:
        """A new course with everybody who is registered now as its roster."""
        check_course(wish.title, wish.begins_ns, wish.ends_ns)
        check_rule(wish.rule)
        everywhere = frozenset(each.site.id for each in await self._sites.sites())
        made = Course(id=new_id("course"), version=1, created_ns=self._clock.now_ns(), **msgspec.structs.asdict(wish))

        def work(conn: Connection) -> Course:
            _check_parts(conn, made)
            store.put_course(conn, made)
            people = store.take_roster(conn, made.id, everywhere)
            self._audit.record(conn, by, "course.created", made.id, {"people": people})
            return made

        return await self._database.write(work)

    async def change(self, by: str, course: str, wish: CourseWish) -> Course:
        """Another title, other times, sessions, exam or rule."""
        check_course(wish.title, wish.begins_ns, wish.ends_ns)
        check_rule(wish.rule)

        def work(conn: Connection) -> Course:
            known = _found(conn, course)
            changed = msgspec.structs.replace(known, version=known.version + 1, **msgspec.structs.asdict(wish))
            _check_parts(conn, changed)
            store.put_course(conn, changed)
            self._audit.record(conn, by, "course.changed", course, {"version": changed.version})
            return changed

        return await self._database.write(work)

    async def take_roster(self, by: str, course: str, sites: frozenset[SiteId] | None) -> int:
        """Make the register's participants of these sites (None: all) the roster; returns how many there are."""
        wanted = sites if sites is not None else frozenset(each.site.id for each in await self._sites.sites())

        def work(conn: Connection) -> int:
            _found(conn, course)
            people = store.take_roster(conn, course, wanted)
            self._audit.record(conn, by, "course.roster", course, {"people": people})
            return people

        return await self._database.write(work)

    async def put_attendance(self, by: str, course: str, shares: Mapping[str, int]) -> int:
        """Percent present of single people; it stands above what the rooms' counts say."""
        if any(not 0 <= share <= 100 for share in shares.values()):
            raise Refused("bad_share", "Chuyên cần từ 0 đến 100 %. / Attendance from 0 to 100 %.", 422)

        def work(conn: Connection) -> int:
            _found(conn, course)
            known = store.put_attendance(conn, course, shares)
            self._audit.record(conn, by, "course.attendance", course, {"people": known})
            return known

        return await self._database.write(work)

    async def results(self, course: str) -> Told:
        """Everybody's result by the rule, as the parts stand now."""
        known = {each.site.id: each for each in await self._sites.sites()}
        expected = {site: standing.site.expected for site, standing in known.items()}

        def work(conn: Connection) -> Told:
            found = _found(conn, course)
            exams: Mapping[str, Fraction] = store.exam_marks(conn, found.exam) if found.exam else {}
            attendance = site_attendance(standing_numbers(conn, found.sessions), expected)
            essays = self._essay_marks(conn, course)
            told = results.rows(found, store.roster(conn, course), exams, essays, attendance)
            return Told(found, told, known, store.list_versions(conn, course))

        return await self._database.read(work)

    async def publish(self, by: str, course: str, sites: frozenset[SiteId] | None) -> int:
        """Sign the list of each school (None: of all) as it stands; returns how many lists. Earlier ones stay."""
        told = await self.results(course)
        wanted = {row.site for row in told.rows} if sites is None else sites
        now = self._clock.now_ns()
        made = [self._signed(told, site, by, now) for site in sorted(wanted)]

        def work(conn: Connection) -> int:
            store.insert_lists(conn, made)
            self._audit.record(conn, by, "course.published", course, {"lists": len(made)})
            return len(made)

        return await self._database.write(work)

    def _signed(self, told: Told, site: SiteId, by: str, now: int) -> Published:
        version = told.lists.get(site, (0, 0))[0] + 1
        contents, signature = sign(self._keys.exam, course_list(told, site, version, now))
        return Published(told.course.id, site, version, now, by, contents, signature)

    async def published(self, course: str, site: SiteId) -> Published:
        """The newest published list of a school; refuses ``not_published``."""
        found = await self._database.read(lambda conn: store.newest_list(conn, course, site))
        if found is None:
            raise Refused("not_published", "Danh sách của đơn vị chưa được công bố. / Not published yet.", 404)
        return found

    def signed_file(self, published: Published) -> bytes:
        """The JSON file with its signature that goes beside the PDF."""
        return file_of(published.contents, published.signature, self._keys.exam_public())


def course_list(told: Told, site: SiteId, version: int, at_ns: int) -> CourseList:
    """What is signed and printed for one school."""
    standing = told.known.get(site)
    rows = [
        ListRow(
            place=place,
            number=row.number,
            name=row.name,
            exam=row.exam,
            essay=row.essay,
            attendance=row.attendance,
            mark=row.mark,
            band=row.band,
            passed=row.passed,
            remark=results.remark(row),
        )
        for place, row in enumerate((row for row in told.rows if row.site == site), 1)
    ]
    return CourseList(
        course=told.course.id,
        title=told.course.title,
        site=site,
        code=standing.site.code if standing else site,
        name=standing.site.name if standing else "",
        path=standing.path if standing else [],
        version=version,
        at_ms=at_ns // MS,
        bands=results.band_names(told.course),
        rows=rows,
    )


def _found(conn: Connection, course: str) -> Course:
    found = store.find_course(conn, course)
    if found is None:
        raise Refused("no_course", "Không có đợt bồi dưỡng này. / No such course.", 404)
    return found


def _check_parts(conn: Connection, course: Course) -> None:
    missing = store.unknown_parts(conn, course.sessions, course.exam)
    if missing:
        raise Refused("no_part", f"Không có {', '.join(missing)}. / No such session or exam.", 422, missing=missing)
