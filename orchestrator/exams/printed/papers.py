"""Every code of an exam as it is asked: before sealing as the bank stands now, afterwards from the sealed papers.

The key is told only to those who may see it, and to nobody between the sealing and the close of the last site.
"""

import asyncio
import base64
from functools import partial

import msgspec

from orchestrator.errors import Refused
from orchestrator.exams import bank_store, question_store, store
from orchestrator.exams.bank import shown
from orchestrator.exams.choice import ExamKind
from orchestrator.exams.model import KEY_HELD, Exam, Stage
from orchestrator.exams.papers import Stored, answer_key, code_names, item_id, make_paper
from orchestrator.exams.ports import Trail
from orchestrator.exams.printed.layout import Sheet, laid_out
from orchestrator.exams.question_store import Held
from orchestrator.exams.questions.fitting import pictured
from orchestrator.exams.questions.rehearsal import REHEARSAL_QUESTIONS
from orchestrator.exams.sealing import Sealer
from orchestrator.exams.service import Exams
from orchestrator.exams.store import Connection
from orchestrator.storage.engine import Database
from wire.ids import ExamId, ItemId, OptionId
from wire.paper import Option, Paper, Shuffle

Right = dict[ItemId, tuple[OptionId, ...]]


class Preview(msgspec.Struct, frozen=True):
    """All codes; `pictures` by id as data addresses; `sealed`: nothing of it can change any more; `key_told`: the right
    letters are in it."""

    exam: ExamId
    title: str
    sealed: bool
    key_told: bool
    codes: list[Sheet]
    pictures: dict[str, str]


class ExamPapers:
    """The papers of exams, in the clear: only for people who may see them before T0."""

    def __init__(self, database: Database, exams: Exams, trail: Trail, sealer: Sealer) -> None:
        self._database = database
        self._exams = exams
        self._trail = trail
        self._sealer = sealer

    async def preview(self, by: str, exam_id: ExamId, *, with_key: bool) -> Preview:
        """Every code; each look is audited. Refuses `too_few_questions` for a draft that cannot be drawn."""
        exam = await self._exams.exam(exam_id)
        told = with_key and exam.stage not in KEY_HELD and exam.stage is not Stage.CANCELLED
        papers, right, origin = await self._of(exam)
        sheets = [laid_out(paper, right if told else None, origin) for paper in papers]
        pictures = {
            picture.id: f"data:{picture.media};base64,{base64.b64encode(picture.content).decode()}"
            for paper in papers
            for picture in paper.pictures
        }

        def work(conn: Connection) -> None:
            self._trail.record(conn, by, "exam.previewed", exam_id, {"key": told})

        await self._database.write(work)
        return Preview(exam.id, exam.title, exam.stage is not Stage.DRAFT, told, sheets, pictures)

    async def sealed(self, exam: Exam) -> list[Paper]:
        """The papers that candidates get, by code, reserve papers last; refuses `not_sealed`."""
        if exam.manifest is None:
            raise Refused("not_sealed", "Đề chưa được niêm phong. / The papers are not sealed yet.", 409)
        stored = await self._database.read(partial(store.papers, exam=exam.id))
        return [await asyncio.to_thread(self._sealer.paper, exam.id, one) for one in stored]

    async def _of(self, exam: Exam) -> tuple[list[Paper], Right, dict[ItemId, str]]:
        if exam.manifest is None:
            chosen = await self._exams.chosen(exam)
            papers = await asyncio.to_thread(papers_of, exam, chosen)
            right: Right = {item: (option,) for item, option in answer_key(chosen, exam.seed).items()}
            return papers, right, {item_id(exam.seed, one.id): one.id for one in chosen}
        asked = await self._database.read(partial(question_store.asked, exam_id=exam.id))
        key = await self._database.read(partial(store.newest_key, exam=exam.id))
        return await self.sealed(exam), dict(key.right), {item_id(exam.seed, one): one for one, _ in asked}


def refuse_shuffled(exam: Exam) -> None:
    """Refuses `shuffled`: on paper a letter would mean another option for every candidate."""
    if exam.plan.shuffle is not Shuffle.NONE:
        message = (
            "Bài thi này xáo trộn riêng cho từng thí sinh: đề in và phiếu trả lời giấy không ứng với thứ tự trên màn "
            "hình của ai, nên không in và không nhập được. / Every candidate of this exam has an order of their own: "
            "no printed paper or answer sheet would fit it."
        )
        raise Refused("shuffled", message, 409)


def papers_of(exam: Exam, chosen: list[Stored]) -> list[Paper]:
    """Every code of the chosen questions: the same for the same seed."""
    in_order = exam.choice.in_order
    return [make_paper(exam.id, code, chosen, exam.seed, in_order=in_order) for code in code_names(exam.codes)]


def made_again(conn: Connection, exam: Exam) -> list[Paper]:
    """The papers made again from the record alone: seed, questions in their versions, images."""
    if exam.kind is ExamKind.REHEARSAL:
        return papers_of(exam, list(REHEARSAL_QUESTIONS))
    asked = question_store.asked(conn, exam.id)[: exam.questions]
    held = [question_store.at_version(conn, question, version) for question, version in asked]
    chosen = [_stored(one) for one in held if one is not None]
    return papers_of(exam, pictured(chosen, bank_store.pictures(conn, chosen)))


def _stored(one: Held) -> Stored:
    return Stored(
        id=one.id,
        text=shown(one.text, one.format),
        options=tuple(Option(option.id, shown(option.text, one.format)) for option in one.options),
        right=one.right,
        pinned=tuple(option.id for option in one.options if option.pinned),
        topic=one.category,
        images=one.images,
        version=one.version,
    )
