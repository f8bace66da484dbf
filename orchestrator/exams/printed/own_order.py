"""The paper as one candidate saw it, made again from the record after the exam: for whoever appeals."""

import asyncio
from functools import partial

import msgspec

from orchestrator.errors import Refused
from orchestrator.exams import store
from orchestrator.exams.marking import read_one
from orchestrator.exams.marks import Sheet
from orchestrator.exams.model import KEY_FREE, Exam
from orchestrator.exams.ports import Trail
from orchestrator.exams.printed.layout import LETTERS
from orchestrator.exams.sealing import Candidate, SealedPaper, Sealer
from orchestrator.exams.store import Connection
from orchestrator.storage.engine import Database
from wire.ids import ExamId, ItemId, OptionId
from wire.order import Unsealed, own_paper
from wire.paper import Item, reserve_code


class OwnOption(msgspec.Struct, frozen=True):
    """An option in its place; `in_code` is its letter in the order of the code."""

    letter: str
    in_code: str
    option: OptionId
    text: str


class OwnQuestion(msgspec.Struct, frozen=True):
    """A question in its place, from 1; `in_code` is its place in the order of the code, `chosen` the letter of the
    answer that stands, as this candidate saw it."""

    number: int
    in_code: int
    item: ItemId
    text: str
    options: list[OwnOption]
    chosen: str | None


class OwnOrder(msgspec.Struct, frozen=True):
    """The paper of one candidate; `code` is the one that they sat, `shuffle` what was put in another order for them."""

    exam: ExamId
    title: str
    number: str
    name: str
    code: str
    shuffle: str
    questions: list[OwnQuestion]


class _Record(msgspec.Struct, frozen=True):
    exam: Exam
    candidate: Candidate
    sheet: Sheet
    papers: list[SealedPaper]


class OwnOrders:
    """Makes papers again; each look is audited."""

    def __init__(self, database: Database, trail: Trail, sealer: Sealer) -> None:
        self._database = database
        self._trail = trail
        self._sealer = sealer

    async def of(self, by: str, exam_id: ExamId, number: str) -> OwnOrder:
        """What this candidate saw. Refuses `no_such_exam`, `no_such_candidate`, and `not_over` as long as a site may
        write."""
        record = await self._database.write(partial(self._record, by=by, exam_id=exam_id, number=number))
        return await asyncio.to_thread(self._made, record)

    def _record(self, conn: Connection, by: str, exam_id: ExamId, number: str) -> _Record:
        exam = store.find(conn, exam_id)
        if exam is None:
            raise Refused("no_such_exam", "Không có kỳ thi này. / No such exam.", 404)
        if exam.stage not in KEY_FREE:
            message = "Chỉ xem được khi mọi điểm cầu đã thi xong. / Only when every site is through."
            raise Refused("not_over", message, 409, state=exam.stage.value)
        candidate = next((one for one in store.candidates(conn, exam_id) if one.number == number), None)
        if candidate is None:
            raise Refused("no_such_candidate", f"Không có số báo danh {number[:40]}. / No such candidate.", 404)
        sheet, _ = read_one(conn, exam, candidate.site, number)
        self._trail.record(conn, by, "exam.order_seen", exam_id, {"number": number})
        return _Record(exam, candidate, sheet, store.papers(conn, exam_id))

    def _made(self, record: _Record) -> OwnOrder:
        code = record.candidate.code
        code = reserve_code(code) if record.sheet.switched else code
        sealed = next(paper for paper in record.papers if paper.code == code)
        return own_order(record.exam, record.candidate, record.sheet, self._sealer.unsealed(record.exam.id, sealed))


def own_order(exam: Exam, candidate: Candidate, sheet: Sheet, unsealed: Unsealed) -> OwnOrder:
    """The paper in the candidate's order, beside the places in the order of the code. Pure."""
    sealed = {item.id: (place, item) for place, item in enumerate(unsealed.paper.items, 1)}
    shown = own_paper(unsealed, candidate.number, exam.plan.shuffle)
    questions = [
        _question(place, item, *sealed[item.id], sheet.answers.get(item.id))
        for place, item in enumerate(shown.items, 1)
    ]
    return OwnOrder(
        exam.id, exam.title, candidate.number, candidate.name, shown.code, exam.plan.shuffle.value, questions
    )


def _question(number: int, item: Item, in_code: int, sealed: Item, chosen: OptionId | None) -> OwnQuestion:
    letters = {option.id: letter for letter, option in zip(LETTERS, sealed.options, strict=False)}
    options = [
        OwnOption(letter, letters[option.id], option.id, option.text)
        for letter, option in zip(LETTERS, item.options, strict=False)
    ]
    answer = next((one.letter for one in options if one.option == chosen), None)
    return OwnQuestion(number, in_code, item.id, item.text, options, answer)
