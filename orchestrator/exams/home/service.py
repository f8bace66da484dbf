"""Takes in what proves and completes a site's answers: signed heads, heads read out by telephone, carried journals,
and gives the order to pack a finished exam away."""

import hashlib
from collections.abc import Callable
from typing import Protocol

import structlog

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.exams import store as exam_store
from orchestrator.exams.home import store
from orchestrator.exams.home.store import Spoken
from orchestrator.exams.home.views import Brought, SiteProof, site_proofs
from orchestrator.exams.model import Exam, Stage
from orchestrator.exams.ports import Trail
from orchestrator.exams.store import Connection
from orchestrator.links.records import Intake
from orchestrator.sites import store as site_store
from orchestrator.sites.model import Enrolment
from orchestrator.storage.engine import Database
from wire.codec import ProtocolError, decode_record
from wire.exam_home import (
    Carried,
    CarriedRefused,
    SiteHead,
    check_head_text,
    head_is_signed,
    open_carried,
    read_carried,
)
from wire.ids import EnrolmentId, ExamId, SiteId
from wire.messages import Down, ExamArchive, ExamArchived, ExamEvent, Record

log = structlog.get_logger()

_MS = 1_000_000

REASONS = {
    "not_a_journal": "Tệp này không phải nhật ký thi. / This is no journal file.",
    "cut_short": "Tệp bị cụt, hãy chép lại từ máy điểm cầu. / The file is cut short, copy it again.",
    "other_province": "Tệp này niêm phong cho một trung tâm khác. / The file is sealed to another centre.",
    "damaged": "Tệp bị hỏng. / The file is damaged.",
    "not_signed": "Chữ ký của máy điểm cầu không đúng. / The site's computer did not sign this.",
    "unknown_enrolment": "Máy ghi tệp này chưa từng ghép với trung tâm. / No computer of ours wrote this.",
    "mixed": "Tệp lẫn nhật ký của máy khác. / The file mixes journals.",
}


class Links(Protocol):
    """The sites' links."""

    def send(self, site: SiteId, message: Down) -> bool: ...


class Box(Protocol):
    """The key that carried journals are sealed to."""

    @property
    def box(self) -> bytes: ...

    def box_public(self) -> bytes: ...


class Home:
    """`again`: the marks of this exam may have changed."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        links: Links,
        trail: Trail,
        intake: Intake,
        box: Box,
        *,
        again: Callable[[ExamId], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._links = links
        self._trail = trail
        self._intake = intake
        self._box = box
        self._again = again

    # --- heads -----------------------------------------------------------------------------------------------------

    async def take_head(self, site: SiteId, enrolment: EnrolmentId, head: SiteHead) -> None:
        """A head came over the link: keep it with the time it came, and hold the journal against it."""
        now = self._clock.now_ns()

        def work(conn: Connection) -> bool:
            known = site_store.enrolment(conn, enrolment)
            if known is None or (head.site, head.enrolment) != (site, enrolment) or not _signed(known, head):
                return False
            _keep_head(conn, head, now)
            return True

        if not await self._database.write(work):
            log.warning("head_not_signed", site=site, exam=head.exam)

    async def speak(self, by: str, exam: ExamId, site: SiteId, text: str) -> None:
        """Keep a head that somebody read out; refuses `not_a_head` at a sign that no head has."""
        signs = check_head_text(text)
        if signs is None:
            message = "Mã gồm 10 chữ A–Z và số 2–7 (không có 0, 1, 8, 9). / Ten signs, A–Z and 2–7."
            raise Refused("not_a_head", message)
        now = self._clock.now_ns()

        def work(conn: Connection) -> None:
            found = _exam(conn, exam)
            if site not in found.sites:
                raise Refused("no_such_site", "Điểm cầu này không dự thi. / Not a site of this exam.", 404)
            store.insert_spoken(conn, exam, Spoken(site, signs, by, now))
            self._trail.record(conn, by, "exam.head_spoken", exam, {"site": site, "head": signs})

        await self._database.write(work)

    async def proofs(self, exam: ExamId) -> list[SiteProof]:
        """What is proven of each site's journal."""

        def work(conn: Connection) -> list[SiteProof]:
            found = _exam(conn, exam)
            for extent in store.extents(conn, exam):
                store.check_heads(conn, exam, extent.journal)
            spoken = store.spoken(conn, exam)
            extents = store.extents(conn, exam)
            placed = {
                (one.site, one.text): place
                for one in spoken
                for extent in extents
                if extent.site == one.site
                and (place := store.place_of_text(conn, exam, extent.journal, one.text)) is not None
            }
            archives = {archive.site: archive for _, archive in store.archives(conn, exam)}
            windows = exam_store.windows(conn, exam)
            return site_proofs(found, windows, store.heads(conn, exam), extents, spoken, placed, archives)

        return await self._database.write(work)

    # --- what a person carries -------------------------------------------------------------------------------------

    async def bring(self, by: str, blob: bytes) -> Brought:
        """Take a carried journal in: all of it or nothing, through the same checks as the link. Refuses with a reason
        of `REASONS`; a file that came before changes nothing."""
        digest = hashlib.sha256(blob).digest()
        now = self._clock.now_ns()
        try:
            opened = open_carried(self._box.box, self._box.box_public(), blob)
            known = _known(await self._database.read(lambda conn: site_store.enrolment(conn, opened.enrolment)))
            carried = read_carried(known.sign_key, opened)
            records = _records(carried, known)
        except CarriedRefused as fault:
            raise Refused(fault.code, REASONS[fault.code], 422) from fault

        def work(conn: Connection) -> Brought:
            brought = self._take_in(conn, carried, records, now)
            counts = {"fresh": brought.fresh, "known": brought.known, "conflicts": brought.conflicts}
            store.insert_carried(
                conn, digest=digest, site=carried.site, enrolment=carried.enrolment, journal=carried.journal, who=by,
                at_ns=now, **counts,
            )  # fmt: skip
            self._trail.record(conn, by, "exam.journal_brought", carried.site, counts)
            return brought

        brought = await self._database.write(work)
        for exam in brought.exams:
            self._again(exam)
        return brought

    def _take_in(self, conn: Connection, carried: Carried, records: list[tuple[int, Record]], now_ns: int) -> Brought:
        exams = list(dict.fromkeys(record.exam for _, record in records if isinstance(record, ExamEvent)))
        events = sum(isinstance(record, ExamEvent) for _, record in records)
        stored, disputed = store.count_events(conn, exams), store.count_conflicts(conn)
        aside = 0
        for row, record in records:
            try:
                self._intake.apply_carried(conn, carried.site, carried.enrolment, row, record)
            except Refused:
                aside += 1
        for head in carried.heads:
            _keep_head(conn, head, now_ns)
        fresh = store.count_events(conn, exams) - stored
        conflicts = store.count_conflicts(conn) - disputed + aside
        return Brought(carried.site, carried.journal, carried.at_ns // _MS, exams, fresh, events - fresh, conflicts)

    # --- archive ---------------------------------------------------------------------------------------------------

    async def archive(self, by: str, exam: ExamId) -> int:
        """Tell every site whose evidence is complete to pack the exam away; returns how many. Refuses before the
        results are published."""
        proofs = await self.proofs(exam)
        complete = [proof.site for proof in proofs if proof.status in ("complete", "silent")]
        now = self._clock.now_ns()

        def work(conn: Connection) -> None:
            if _exam(conn, exam).stage is not Stage.PUBLISHED:
                raise Refused("not_published", "Kết quả chưa công bố. / The results are not published.", 409)
            for site in complete:
                store.order_archive(conn, exam, site, by, now)
            self._trail.record(conn, by, "exam.archive", exam, {"sites": len(complete)})

        await self._database.write(work)
        for site in complete:
            self._links.send(site, ExamArchive(exam=exam))
        return len(complete)

    async def on_linked(self, site: SiteId, _enrolment: EnrolmentId, resumed: bool) -> None:  # noqa: FBT001
        """Say again what a site was told to pack away and has not."""
        if resumed:
            return
        for exam, order in await self._database.read(store.archives):
            if order.site == site and order.archived_ns is None:
                self._links.send(site, ExamArchive(exam=exam))

    def take_archived(
        self, conn: Connection, site: SiteId, _enrolment: EnrolmentId, _sequence: int, record: ExamArchived
    ) -> None:
        """For the record stream: a site has packed an exam away."""
        store.note_archived(conn, record.exam, site, record.digest, self._clock.now_ns())


def _keep_head(conn: Connection, head: SiteHead, now_ns: int) -> None:
    store.insert_head(conn, head, now_ns)
    store.check_heads(conn, head.exam, head.journal)


def _known(enrolment: Enrolment | None) -> Enrolment:
    # Also of a computer that was replaced: its stick may hold what nobody else has.
    if enrolment is None:
        raise CarriedRefused("unknown_enrolment", "no computer of ours wrote this")
    return enrolment


def _records(carried: Carried, known: Enrolment) -> list[tuple[int, Record]]:
    """The records of a file of this computer; raises `CarriedRefused`."""
    if known.site != carried.site:
        raise CarriedRefused("unknown_enrolment", "the computer was never of this site")
    try:
        records = [(row, decode_record(body)) for row, body in zip(carried.rows, carried.bodies, strict=True)]
    except ProtocolError as fault:
        raise CarriedRefused("damaged", fault.message) from fault
    journals = {record.journal for _, record in records if isinstance(record, ExamEvent)}
    wrong_heads = [
        head
        for head in carried.heads
        if (head.site, head.enrolment, head.journal) != (carried.site, carried.enrolment, carried.journal)
        or not _signed(known, head)
    ]
    if not journals <= {"", carried.journal} or wrong_heads:
        raise CarriedRefused("mixed", "records or heads of another journal")
    return records


def _signed(known: Enrolment, head: SiteHead) -> bool:
    return head_is_signed(known.sign_key, head)


def _exam(conn: Connection, exam: ExamId) -> Exam:
    found = exam_store.find(conn, exam)
    if found is None:
        raise Refused("no_such_exam", "Không có kỳ thi này. / No such exam.", 404)
    return found
