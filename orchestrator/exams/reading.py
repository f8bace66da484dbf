"""Answers questions about exams: what pages, slips and workbooks show. Changes nothing but the audit trail."""

from orchestrator.errors import Refused
from orchestrator.exams import answer_store, bank_store, store
from orchestrator.exams.analysis import Analyses
from orchestrator.exams.bank import Question
from orchestrator.exams.choice import ExamKind
from orchestrator.exams.model import KEY_FREE, KEY_HELD, Exam, Stage
from orchestrator.exams.outcome.places import PlaceResults
from orchestrator.exams.outcome.reckoning import Reckoning
from orchestrator.exams.ports import Rosters, Trail
from orchestrator.exams.results import Results
from orchestrator.exams.sealing import Sealer
from orchestrator.exams.service import Exams
from orchestrator.exams.statistics import ExamStatistics
from orchestrator.exams.store import Connection
from orchestrator.exams.views import ExamView, Voucher, exam_view, site_view
from orchestrator.storage.engine import Database
from wire.ids import ExamId, SiteId
from wire.seal import voucher_text


class ExamReading:
    """Reads for the HTTP API."""

    def __init__(self, database: Database, exams: Exams, rosters: Rosters, trail: Trail, sealer: Sealer) -> None:
        self._database = database
        self._exams = exams
        self._rosters = rosters
        self._trail = trail
        self._sealer = sealer
        self._analyses = Analyses(database, sealer, exams.made)
        self.reckoning = Reckoning(database, exams, rosters)

    async def export_bank(self, by: str) -> list[Question]:
        """The bank with its keys, as authors see it; each look is audited. Refuses `key_held` from the sealing of an
        exam until its last site has closed."""

        def work(conn: Connection) -> list[Question]:
            if held := [exam.title for exam in store.at_stages(conn, KEY_HELD) if exam.kind is ExamKind.EXAM]:
                raise Refused(
                    "key_held",
                    f"Đáp án không rời trung tâm khi còn bài thi chưa xong: {held[0]}. / An exam is not over yet.",
                    409,
                )
            questions = bank_store.authored(conn)
            self._trail.record(conn, by, "bank.exported", "", {"questions": len(questions)})
            return questions

        return await self._database.write(work)

    async def every(self) -> list[ExamView]:
        """All exams, without their sites."""

        def work(conn: Connection) -> list[ExamView]:
            return [exam_view(exam, sum(store.registered(conn, exam.id).values()), []) for exam in store.every(conn)]

        return await self._database.read(work)

    async def one(self, exam_id: ExamId) -> ExamView:
        """One exam with all its sites, by site code; refuses `no_such_exam`."""
        exam = await self._exams.exam(exam_id)
        standings = {standing.site.id: standing for standing in await self._rosters.sites()}
        windows = await self._database.read(lambda conn: store.windows(conn, exam_id))
        registered = await self._registered(exam)
        received = await self._database.read(lambda conn: answer_store.finished(conn, exam_id))
        sites = [
            site_view(
                window,
                standings.get(window.site),
                self._exams.progress(exam_id, window.site),
                registered.get(window.site, 0),
                received.get(window.site, 0),
            )
            for window in windows
        ]
        return exam_view(exam, sum(registered.values()), sorted(sites, key=lambda site: (site.code, site.site)))

    async def _registered(self, exam: Exam) -> dict[SiteId, int]:
        if exam.stage is not Stage.DRAFT:
            return await self._database.read(lambda conn: store.registered(conn, exam.id))
        counted: dict[SiteId, int] = {}
        for person in await self._rosters.participants():
            counted[person.site] = counted.get(person.site, 0) + 1
        return counted

    async def vouchers(self, by: str, exam_id: ExamId) -> list[Voucher]:
        """PIN and voucher of everybody, for printing; each look is audited."""
        await self._exams.exam(exam_id)
        codes = {standing.site.id: standing.site.code for standing in await self._rosters.sites()}

        def work(conn: Connection) -> list[Voucher]:
            slips = []
            for candidate in store.candidates(conn, exam_id):
                pin, voucher = self._sealer.candidate_secrets(exam_id, candidate)
                site = codes.get(candidate.site, candidate.site)
                text = voucher_text(voucher)
                slips.append(Voucher(site, candidate.number, candidate.name, candidate.code, pin, text))
            self._trail.record(conn, by, "exam.vouchers", exam_id, {"slips": len(slips)})
            return slips

        return sorted(await self._database.write(work), key=lambda slip: slip.site)

    async def results(self, exam_id: ExamId) -> Results:
        """The results; refuses `results_not_ready` until every site is through."""
        return await self.reckoning.results(await self.marked(exam_id))

    async def place(self, exam_id: ExamId, place: str) -> PlaceResults:
        """The page of a place or site; refuses `no_such_place`, and `results_not_ready` as long as `results` does."""
        found = await self.reckoning.place(await self.marked(exam_id), place)
        if found is None:
            raise Refused("no_such_place", "Không có địa bàn hay điểm cầu này. / No such place.", 404)
        return found

    async def statistics(self, exam_id: ExamId) -> ExamStatistics:
        """What the answers say of the questions; refuses `results_not_ready` as long as `results` does."""
        return await self._analyses.of(await self.marked(exam_id))

    async def marked(self, exam_id: ExamId) -> Exam:
        """An exam that has marks; refuses `results_not_ready`."""
        exam = await self._exams.exam(exam_id)
        if exam.stage not in KEY_FREE - {Stage.CLOSED}:
            message = "Chưa có kết quả: vẫn còn điểm cầu làm bài hoặc chưa chấm. / No results yet."
            raise Refused("results_not_ready", message, 409, state=exam.stage.value)
        return exam

    async def sealed_paper(self, digest: bytes) -> bytes:
        """A sealed paper by its SHA-256; refuses `no_such_paper`."""
        sealed = await self._database.read(lambda conn: store.sealed_paper(conn, digest))
        if sealed is None:
            raise Refused("no_such_paper", "Không có gói đề này. / No such paper.", 404)
        return sealed
