"""Statistics of exams over the database: read and computed once for each version of an exam, off the event loop."""

import asyncio
from collections.abc import Callable

import msgspec

from orchestrator.exams import store
from orchestrator.exams.marking import Made, asked_by_code, mark_exam
from orchestrator.exams.marks import Key, Marks
from orchestrator.exams.model import Exam
from orchestrator.exams.results import OPENED
from orchestrator.exams.sealing import Candidate, SealedPaper, Sealer
from orchestrator.exams.statistics import ExamStatistics, exam_statistics
from orchestrator.storage.engine import Database
from wire.ids import ExamId
from wire.paper import Paper, reserve_code

KEPT = 4
"""Exams whose statistics stay in memory; about 100 kB each."""


class Analyses:
    """Every new mark moves the exam to another version, so that what is kept for a version stays true."""

    def __init__(self, database: Database, sealer: Sealer, made: Callable[[ExamId], Made | None]) -> None:
        self._database = database
        self._sealer = sealer
        self._made = made
        self._kept: dict[ExamId, tuple[int, ExamStatistics]] = {}
        self._turn = asyncio.Lock()

    async def of(self, exam: Exam) -> ExamStatistics:
        """The statistics of a marked exam."""
        async with self._turn:
            version, told = self._kept.get(exam.id, (0, None))
            if told is None or version != exam.version:
                told = await self._computed(exam)
                self._kept.pop(exam.id, None)
                self._kept[exam.id] = exam.version, told
                while len(self._kept) > KEPT:
                    del self._kept[next(iter(self._kept))]
            return told

    async def _computed(self, exam: Exam) -> ExamStatistics:
        papers = await self._database.read(lambda conn: store.papers(conn, exam.id))
        candidates = await self._database.read(lambda conn: store.candidates(conn, exam.id))
        made = self._made(exam.id)
        if made is None:
            asked = await asked_by_code(self._database, self._sealer, exam.id)
            made = await mark_exam(self._database, exam, asked)
        key, marked = made
        return await asyncio.to_thread(self._analysed, exam, key, marked, candidates, papers)

    def _analysed(
        self, exam: Exam, key: Key, marked: Marks, candidates: list[Candidate], papers: list[SealedPaper]
    ) -> ExamStatistics:
        sat = {candidate.number: candidate.code for candidate in candidates}
        sat |= {number: one.code for number, one in marked.items()}
        opened = [self._sealer.paper(exam.id, paper) for paper in papers]
        usual = [paper for paper in opened if reserve_code(paper.code) in {one.code for one in opened}] or opened
        spare = [paper for paper in opened if paper not in usual]
        used = _most_sat(usual, spare, [sat[number] for number, one in marked.items() if one.sheet.state in OPENED])
        codes = {paper.code for paper in used}
        sheets = {number: one.sheet for number, one in marked.items() if sat[number] in codes}
        left_out = sum(one.sheet.state in OPENED for number, one in marked.items() if number not in sheets)
        return msgspec.structs.replace(exam_statistics(exam, key, sheets, sat, used), left_out=left_out)


def _most_sat(usual: list[Paper], spare: list[Paper], sat: list[str]) -> list[Paper]:
    """Papers of other items make no one matrix: the set that most candidates sat is analysed."""
    by_usual, by_spare = (sum(code in {paper.code for paper in some} for code in sat) for some in (usual, spare))
    return spare if by_spare > by_usual else usual
