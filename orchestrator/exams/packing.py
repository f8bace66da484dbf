"""Makes and keeps the package of an exam: which questions, for whom, sealed; all in one transaction."""

import asyncio
from collections.abc import Callable
from functools import partial

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.exams import bank_store, store
from orchestrator.exams.choice import Choice, ExamKind
from orchestrator.exams.delivery import unsendable
from orchestrator.exams.model import Action, Exam, IllegalStep, Stage
from orchestrator.exams.papers import Lacking, Stored, choose
from orchestrator.exams.planning import rolls, too_few, too_many_at
from orchestrator.exams.ports import Rosters, Trail
from orchestrator.exams.questions.fitting import pictured
from orchestrator.exams.questions.rehearsal import REHEARSAL_QUESTIONS
from orchestrator.exams.sealing import Sealer
from orchestrator.exams.store import Connection
from orchestrator.storage.engine import Database

Shares = dict[str, list[bytes]]


Write = Callable[[Connection], None]


def _nobody(_exam: Exam, _shares: Shares) -> Write:
    """Who hands out shares before somebody does."""
    return lambda _conn: None


class Packing:
    """Seals exams. `hand_out` gets the officers' shares of each sealing, which are kept nowhere else, and gives what to
    write in its transaction."""

    def __init__(self, database: Database, clock: Clock, rosters: Rosters, trail: Trail, sealer: Sealer) -> None:
        self._database = database
        self._clock = clock
        self._rosters = rosters
        self._trail = trail
        self._sealer = sealer
        self.hand_out: Callable[[Exam, Shares], Write] = _nobody

    async def seal(self, by: str, exam: Exam) -> Exam:
        """Seal a draft; raises `IllegalStep`, refuses what this step needs."""
        if exam.stage is not Stage.DRAFT:
            raise IllegalStep(exam.stage, Action.SEAL)
        if self._clock.now_ns() >= exam.t0_ns:
            raise Refused("too_late", "Đã quá giờ bắt đầu. / The start has passed.", 409)
        chosen = await self.chosen(exam)
        reserve = await self._reserve(exam, chosen) if exam.releasing.reserve else []
        seated = rolls(exam, await self._rosters.participants(), await self._rosters.site_secrets())
        package = await asyncio.to_thread(self._sealer.package, exam, chosen, seated, reserve)
        if too_large := unsendable(package):
            named = [each.site for each in await self._rosters.sites() if each.site.id in too_large]
            raise too_many_at(named)
        now = self._clock.now_ns()
        keep_shares = await asyncio.to_thread(self.hand_out, exam, package.shares)

        def work(conn: Connection) -> Exam:
            store.keep_package(conn, exam, package, now)
            bank_store.keep_chosen(conn, exam.id, [*chosen, *reserve])
            store.move(conn, exam, Action.SEAL)
            keep_shares(conn)
            self._trail.record(conn, by, "exam.seal", exam.id, {"candidates": len(package.candidates)})
            sealed = store.find(conn, exam.id)
            assert sealed is not None
            return sealed

        return await self._database.write(work)

    async def chosen(self, exam: Exam) -> list[Stored]:
        """The questions that a draft asks as the bank stands now, with their images; refuses `too_few_questions`."""
        if exam.kind is ExamKind.REHEARSAL:
            return list(REHEARSAL_QUESTIONS)
        return await self._drawn(exam, exam.choice, [])

    async def _reserve(self, exam: Exam, chosen: list[Stored]) -> list[Stored]:
        """As many questions again, none of those that the paper asks: whoever saw that one knows nothing of this."""
        choice = Choice(topics=exam.choice.topics, in_order=exam.choice.in_order)
        return await self._drawn(exam, choice, chosen)

    async def _drawn(self, exam: Exam, choice: Choice, but: list[Stored]) -> list[Stored]:
        without = {one.id for one in but}
        bank = [one for one in await self._database.read(bank_store.whole_bank) if one.id not in without]
        try:
            chosen = choose(bank, exam.questions, exam.seed, choice)
        except Lacking as lacking:
            raise too_few(lacking, reserve=bool(but)) from lacking
        pictures = await self._database.read(partial(bank_store.pictures, chosen=chosen))
        return await asyncio.to_thread(pictured, chosen, pictures)
