"""Essays as people plan, sign in to, write and hand in."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.courses import store as course_store
from orchestrator.courses.model import Course, CourseParticipant
from orchestrator.errors import Refused
from orchestrator.essays import standing, store
from orchestrator.essays.model import TEXT_LIMIT, Essay, EssayPlan, Form, Source, Version, check_open, check_plan
from orchestrator.essays.receiving import Receiving
from orchestrator.essays.rights import PASS_NS, EssayKeys, Pass
from orchestrator.essays.store import Connection, Draft
from orchestrator.essays.vault import Vault
from orchestrator.sites.model import Standing
from orchestrator.sites.service import Sites
from orchestrator.storage.engine import Database
from orchestrator.web.rate import Attempts, refuse_until
from wire.ids import SiteId, new_id

MINUTE_NS = 60 * 10**9


class Code(msgspec.Struct, frozen=True):
    """A slip: what a participant signs in with."""

    number: str
    name: str
    site: SiteId
    code: str


class Mine(msgspec.Struct, frozen=True):
    """What a participant's page shows."""

    course: Course
    essay: Essay
    person: CourseParticipant
    draft: Draft | None
    versions: list[Version]


class Everybody(msgspec.Struct, frozen=True):
    """Who handed in, at one moment."""

    essay: Essay
    lines: list[standing.Line]
    known: Mapping[SiteId, Standing]


class Essays:
    """The essays of all courses."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        sites: Sites,
        audit: Audit,
        keys: EssayKeys,
        vault: Vault,
        receiving: Receiving,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sites = sites
        self._audit = audit
        self._keys = keys
        self._vault = vault
        self._receiving = receiving
        self._by_person = Attempts(8, 10 * MINUTE_NS)
        self._by_address = Attempts(80, 10 * MINUTE_NS)

    # --- planning ------------------------------------------------------------------------------------------------

    async def plan(self, by: str, course: str, plan: EssayPlan) -> Essay:
        """Set the essay of a course, or change what is asked."""
        check_plan(plan)

        def work(conn: Connection) -> Essay:
            if course_store.find_course(conn, course) is None:
                raise no_course()
            known = store.essay_of(conn, course)
            made = Essay(known.id if known else new_id("essay"), course, plan)
            store.put_essay(conn, made, self._clock.now_ns())
            told = {"deadline_ns": plan.deadline_ns, "cap_ns": plan.cap_ns, "course": course}
            self._audit.record(conn, by, "essay.planned", made.id, told)
            return made

        return await self._database.write(work)

    async def of_course(self, course: str) -> Essay | None:
        return await self._database.read(lambda conn: store.essay_of(conn, course))

    async def one(self, essay_id: str) -> Essay:
        """The essay; refuses ``no_essay``."""
        found = await self._database.read(lambda conn: store.find_essay(conn, essay_id))
        if found is None:
            raise no_essay()
        return found

    def now_ns(self) -> int:
        """Centre time, so that a page can count down."""
        return self._clock.now_ns()

    async def title(self, essay: Essay) -> str:
        """The title of its course."""
        found = await self._database.read(lambda conn: course_store.find_course(conn, essay.course))
        return found.title if found else ""

    async def open_now(self) -> list[tuple[Course, Essay]]:
        """Essays that are still taken, with their courses, the next deadline first."""
        now = self._clock.now_ns()

        def work(conn: Connection) -> list[tuple[Course, Essay]]:
            courses = {each.id: each for each in course_store.all_courses(conn)}
            taken = [each for each in store.all_essays(conn) if now <= each.plan.cap_ns]
            return [(courses[each.course], each) for each in sorted(taken, key=lambda one: one.plan.deadline_ns)]

        return await self._database.read(work)

    async def codes(self, by: str, essay_id: str, site: SiteId | None) -> tuple[Course, Essay, list[Code]]:
        """The slips of a site, or of all; the look is written to the trail."""

        def work(conn: Connection) -> tuple[Course, Essay, list[Code]]:
            essay, course = _found(conn, essay_id)
            self._audit.record(conn, by, "essay.codes", essay_id, site or "")
            slips = [
                Code(each.number, each.name, each.site, self._keys.code(essay_id, each.number, each.generation))
                for each in course_store.roster(conn, course.id, site)
            ]
            return course, essay, slips

        return await self._database.write(work)

    async def renew_code(self, by: str, essay_id: str, number: str) -> Code:
        """Another code for somebody whose slip was seen or lost; pages signed in with the old one are out."""

        def work(conn: Connection) -> Code:
            _, course = _found(conn, essay_id)
            course_store.new_generation(conn, course.id, number)
            self._audit.record(conn, by, "essay.code_renewed", f"{essay_id}/{number}")
            person = course_store.participant(conn, course.id, number)
            if person is None:
                raise no_person()
            return Code(number, person.name, person.site, self._keys.code(essay_id, number, person.generation))

        return await self._database.write(work)

    async def site_code(self, by: str, essay_id: str, site: SiteId) -> str:
        """What a site's manager signs in with to hand in what the site collected."""
        essay = await self.one(essay_id)
        await self._sites.site(site)
        await self._database.write(lambda conn: self._audit.record(conn, by, "essay.site_code", f"{essay.id}/{site}"))
        return self._keys.code(essay.id, site, 0)

    # --- signing in ----------------------------------------------------------------------------------------------

    async def sign_in(self, essay_id: str, number: str, code: str, address: str) -> str:
        """A pass for a participant with their code; refuses ``wrong_code`` and slows guessing down."""
        keys = (f"{essay_id}/{number.strip().upper()}", address)
        self._slow(*keys)
        found = await self._database.read(lambda conn: _person_of(conn, essay_id, number))
        if found is None or not self._keys.fits(code, essay_id, found.number, found.generation):
            raise _wrong_code()
        self._forgive(*keys)
        until = self._clock.now_ns() + PASS_NS
        return self._keys.write(Pass(essay_id, "candidate", found.number, "candidate", found.generation, until))

    async def sign_in_site(self, essay_id: str, site_code: str, code: str, address: str) -> str:
        """A pass for a site with its own code."""
        keys = (f"{essay_id}//{site_code.strip().upper()}", address)
        self._slow(*keys)
        known = {each.site.code.upper(): each.site for each in await self._sites.sites()}
        site = known.get(site_code.strip().upper())
        if site is None or not self._keys.fits(code, essay_id, site.id, 0):
            raise _wrong_code()
        self._forgive(*keys)
        return self._keys.write(self._site_pass(essay_id, site.id, f"site:{site.code}"))

    async def collect(self, by: str, essay_id: str, site: SiteId) -> str:
        """A pass for a person of the centre who hands in for a site."""
        essay = await self.one(essay_id)
        await self._sites.site(site)
        await self._database.write(lambda conn: self._audit.record(conn, by, "essay.collect", f"{essay.id}/{site}"))
        return self._keys.write(self._site_pass(essay.id, site, by))

    def _site_pass(self, essay_id: str, site: SiteId, owner: str) -> Pass:
        return Pass(essay_id, "site", site, owner, 0, self._clock.now_ns() + PASS_NS)

    def _slow(self, person: str, address: str) -> None:
        now = self._clock.now_ns()
        refuse_until(max(self._by_person.take(person, now), self._by_address.take(address, now)))

    def _forgive(self, person: str, address: str) -> None:
        self._by_person.give_back(person)
        self._by_address.give_back(address)

    async def admitted(self, text: str) -> Pass:
        """Who sends this pass; refuses ``signed_out`` when it is over or the code was renewed."""
        given = self._keys.read(text, self._clock.now_ns())
        if given.kind == "candidate":
            found = await self._database.read(lambda conn: _person_of(conn, given.essay, given.subject))
            if found is None or found.generation != given.generation:
                raise Refused("signed_out", "Mã nộp bài đã được thay. / The code was replaced.", 401)
        return given

    # --- handing in ----------------------------------------------------------------------------------------------

    async def mine(self, given: Pass, number: str | None = None) -> Mine:
        """Everything of one participant."""
        wanted = number or given.subject

        def work(conn: Connection) -> Mine:
            essay, course = _found(conn, given.essay)
            person = course_store.participant(conn, course.id, wanted)
            if person is None or (given.kind == "site" and person.site != given.subject):
                raise no_person()
            draft = store.find_draft(conn, essay.id, wanted)
            return Mine(course, essay, person, draft, store.versions(conn, essay.id, wanted))

        return await self._database.read(work)

    async def save_draft(self, given: Pass, text: str, revision: int) -> int:
        """Keep what is being written; returns when (ns). An older revision than the kept one changes nothing."""
        _check_text(text)
        now = self._clock.now_ns()

        def work(conn: Connection) -> int:
            essay, _ = _found(conn, given.essay)
            _check_form(essay.plan, Form.TEXT)
            check_open(essay.plan, Source.CANDIDATE, now)
            kept = store.find_draft(conn, given.essay, given.subject)
            if kept is None or revision >= kept.revision:
                store.put_draft(conn, given.essay, given.subject, Draft(text, revision, now))
            return now

        return await self._database.write(work)

    async def hand_in_text(self, given: Pass, text: str) -> Version:
        """Hand in written text."""
        _check_text(text)
        if not text.strip():
            raise Refused("empty", "Bài chưa có chữ nào. / There is nothing in it.", 422)
        essay = await self.one(given.essay)
        _check_form(essay.plan, Form.TEXT)
        check_open(essay.plan, Source.CANDIDATE, self._clock.now_ns())
        return await self._receiving.take_text(essay, given.subject, text, given.owner)

    async def version_of(self, given: Pass, version_id: str) -> Version:
        """A version that this page may ask after."""
        found = await self._database.read(lambda conn: store.find_version(conn, version_id))
        if found is None or found.essay != given.essay:
            raise Refused("no_version", "Không có bài này. / No such version.", 404)
        await self.mine(given, found.number)
        return found

    async def receipt(self, essay_id: str, number: str, receipt: str, address: str) -> list[Version]:
        """The versions that a receipt stands for; refuses ``no_receipt``."""
        keys = (f"receipt/{essay_id}/{number.strip().upper()}", address)
        self._slow(*keys)
        typed = "".join(receipt.split()).upper()
        found = await self._database.read(lambda conn: store.versions(conn, essay_id, number.strip().upper()))
        named = [each for each in found if secrets.compare_digest(each.receipt.encode(), typed.encode())]
        if not named:
            raise Refused("no_receipt", "Không có biên nhận này. / No such receipt.", 404)
        self._forgive(*keys)
        return named

    # --- lists ---------------------------------------------------------------------------------------------------

    async def everybody(self, essay_id: str, site: SiteId | None = None) -> Everybody:
        """Who handed in and who did not, of all sites or one."""
        known = {each.site.id: each for each in await self._sites.sites()}

        def work(conn: Connection) -> Everybody:
            essay, course = _found(conn, essay_id)
            roster = course_store.roster(conn, course.id, site)
            return Everybody(essay, standing.lines(essay.plan, roster, store.versions(conn, essay.id)), known)

        return await self._database.read(work)

    async def versions(self, essay_id: str, number: str) -> tuple[Essay, list[Version]]:
        """Everything that one participant ever handed in."""
        return await self._database.read(
            lambda conn: (_found(conn, essay_id)[0], store.versions(conn, essay_id, number))
        )

    async def download(self, by: str, version_id: str) -> tuple[Version, Path]:
        """A version and its file, for a person who plans; the look is written to the trail."""

        def work(conn: Connection) -> Version:
            found = store.find_version(conn, version_id)
            if found is None:
                raise Refused("no_version", "Không có bài này. / No such version.", 404)
            self._audit.record(conn, by, "essay.downloaded", version_id)
            return found

        version = await self._database.write(work)
        return version, self._vault.file(version.digest)

    async def text_of(self, version: Version) -> str:
        """What the checker read in it, or what was written."""
        return await asyncio.to_thread(self._vault.text, version.digest)


def _found(conn: Connection, essay_id: str) -> tuple[Essay, Course]:
    essay = store.find_essay(conn, essay_id)
    course = course_store.find_course(conn, essay.course) if essay else None
    if essay is None or course is None:
        raise no_essay()
    return essay, course


def _person_of(conn: Connection, essay_id: str, number: str) -> CourseParticipant | None:
    essay = store.find_essay(conn, essay_id)
    return course_store.participant(conn, essay.course, number.strip().upper()) if essay else None


def _check_text(text: str) -> None:
    if len(text) > TEXT_LIMIT:
        raise Refused("too_large", f"Bài dài quá {TEXT_LIMIT} ký tự. / The text is too long.", 413)


def _check_form(plan: EssayPlan, form: Form) -> None:
    if form not in plan.forms:
        raise Refused("not_allowed", "Đợt này không nhận dạng bài này. / This form is not taken here.", 422)


def _wrong_code() -> Refused:
    return Refused("wrong_code", "Số báo danh hoặc mã nộp bài không đúng. / Wrong number or code.", 403)


def no_course() -> Refused:
    """There is no course with this id."""
    return Refused("no_course", "Không có đợt bồi dưỡng này. / No such course.", 404)


def no_essay() -> Refused:
    """There is no essay with this id."""
    return Refused("no_essay", "Không có bài thu hoạch này. / No such essay.", 404)


def no_person() -> Refused:
    """Nobody on this roster has the number."""
    return Refused("no_person", "Không có học viên này trong danh sách. / Not on the roster.", 404)
