"""Two persons enter a paper answer sheet, each without seeing the other; once they agree, its answers stand in the
candidate's journal. Who, when and why is on record for every entry."""

from collections.abc import Sequence

import msgspec

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.exams import sheet_store
from orchestrator.exams.model import Exam, Stage
from orchestrator.exams.ports import Trail
from orchestrator.exams.printed.papers import ExamPapers, refuse_shuffled
from orchestrator.exams.printed.sheets import Difference, agreeing, answers, differences, events, faults, newest
from orchestrator.exams.service import Exams
from orchestrator.exams.sheet_store import Accepted, Entry, Seat
from orchestrator.exams.store import Connection
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Identity
from wire.chain import receipt
from wire.ids import EnrolmentId, ExamId, PersonId, new_id
from wire.paper import Paper, reserve_code

MS = 1_000_000
TAKEN = frozenset({Stage.OPEN, Stage.CLOSING, Stage.CLOSED, Stage.MARKED})
"""Stages in which sheets are entered; after publication, marking again is an order of its own."""
LONGEST_REASON = 400


class SheetWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry: the code on the sheet, a letter per question in the order of that code ("" for none, `*` for several
    marks), and why the sheet is on paper."""

    code: str
    letters: list[str]
    reason: str


class SheetState(msgspec.Struct, frozen=True):
    """Where a sheet stands: `waiting` for a second person, `differs`, or `accepted` with its receipt. `differences` and
    `mine` are told to those who have entered it, when there are two."""

    number: str
    name: str
    site: str
    code: str
    state: str
    people: list[str]
    at_ms: int | None
    receipt: str | None
    reason: str
    mine: list[str] | None = None
    my_code: str | None = None
    other_code: str | None = None
    differences: list[Difference] = []


class SheetForm(msgspec.Struct, frozen=True):
    """What an entry needs: codes with the number of options of every question, and where the sheet stands.
    `at_desk`: answers of this candidate that came from an exam desk; with them, a person decides."""

    codes: dict[str, list[int]]
    at_desk: int
    sheet: SheetState


class SheetDesk:
    """Entry of paper answer sheets."""

    def __init__(self, database: Database, clock: Clock, exams: Exams, papers: ExamPapers, trail: Trail) -> None:
        self._database = database
        self._clock = clock
        self._exams = exams
        self._papers = papers
        self._trail = trail

    async def every(self, asker: Identity, exam_id: ExamId) -> list[SheetState]:
        """All sheets that somebody has entered, those that differ first."""
        await self._exams.exam(exam_id)

        def work(conn: Connection) -> list[SheetState]:
            by_number: dict[str, list[Entry]] = {}
            for entry in sheet_store.entries(conn, exam_id):
                by_number.setdefault(entry.candidate, []).append(entry)
            done = sheet_store.accepted(conn, exam_id)
            return [
                _state(_seat(conn, exam_id, number), entries, done.get(number), PersonId(asker.person))
                for number, entries in by_number.items()
            ]

        order = {"differs": 0, "waiting": 1, "accepted": 2}
        return sorted(await self._database.read(work), key=lambda one: (order[one.state], one.number))

    async def form(self, asker: Identity, exam_id: ExamId, number: str) -> SheetForm:
        """What is needed to enter a candidate's sheet; refuses `no_such_candidate`, `shuffled`."""
        exam = await self._open(exam_id)
        papers = await self._papers.sealed(exam)

        def work(conn: Connection) -> SheetForm:
            seat = _seat(conn, exam_id, number)
            entries = sheet_store.entries(conn, exam_id, number)
            done = sheet_store.accepted(conn, exam_id).get(number)
            return SheetForm(
                codes={paper.code: [len(item.options) for item in paper.items] for paper in papers},
                at_desk=sheet_store.answered_at_desk(conn, exam_id, number),
                sheet=_state(seat, entries, done, PersonId(asker.person)),
            )

        return await self._database.read(work)

    async def enter(self, asker: Identity, exam_id: ExamId, number: str, wish: SheetWish) -> SheetState:
        """Keep an entry; with a second person's equal one, the sheet is accepted. Refuses `bad_sheet`,
        `sheet_accepted`, `shuffled`."""
        exam = await self._open(exam_id)
        paper = next((one for one in await self._papers.sealed(exam) if one.code == wish.code), None)
        _check(wish, paper)
        assert paper is not None
        entry = Entry(
            number,
            wish.code,
            tuple(wish.letters),
            wish.reason.strip(),
            PersonId(asker.person),
            asker.username,
            self._clock.now_ns(),
        )
        return await self._database.write(lambda conn: self._enter(conn, exam_id, entry, paper))

    def _enter(self, conn: Connection, exam_id: ExamId, entry: Entry, paper: Paper) -> SheetState:
        seat = _seat(conn, exam_id, entry.candidate)
        if entry.candidate in sheet_store.accepted(conn, exam_id):
            raise Refused("sheet_accepted", "Phiếu này đã được hai người nhập khớp nhau. / Already accepted.", 409)
        before = sheet_store.entries(conn, exam_id, entry.candidate)
        kept = sheet_store.add(conn, exam_id, entry)
        self._trail.record(conn, entry.who, "sheet.entered", exam_id, {"number": entry.candidate, "why": entry.reason})
        other = agreeing(before, kept)
        done = self._accept(conn, exam_id, seat, (other, kept), paper) if other is not None else None
        return _state(seat, [*before, kept], done, kept.person)

    def _accept(
        self, conn: Connection, exam_id: ExamId, seat: Seat, agreed: tuple[Entry, Entry], paper: Paper
    ) -> Accepted:
        other, kept = agreed
        enrolment = EnrolmentId(new_id("sheet"))
        chosen, reserve = answers(kept, paper), paper.code == reserve_code(paper.code[1:])
        chain = events(exam_id, seat.number, chosen, kept.at_ns, enrolment, reserve=reserve)
        for sequence, event in enumerate(chain, 1):
            self._exams.intake.take_event(conn, seat.site, enrolment, sequence, event)
        done = Accepted(seat.number, other.id, kept.id, receipt(chain[-1].hash), kept.at_ns)
        sheet_store.accept(conn, exam_id, done)
        told = {"number": seat.number, "first": other.who, "second": kept.who, "answers": len(chosen)}
        self._trail.record(conn, kept.who, "sheet.accepted", exam_id, told)
        return done

    async def _open(self, exam_id: ExamId) -> Exam:
        exam = await self._exams.exam(exam_id)
        if exam.stage not in TAKEN:
            message = "Phiếu giấy chỉ được nhập từ giờ mở đề đến khi công bố kết quả. / Not possible at this stage."
            raise Refused("illegal_step", message, 409, state=exam.stage.value)
        refuse_shuffled(exam)
        return exam


def _check(wish: SheetWish, paper: Paper | None) -> None:
    told = [] if paper else [f"không có mã đề {wish.code[:16]}"]
    told += faults(wish.letters, paper) if paper else []
    if not 3 <= len(wish.reason.strip()) <= LONGEST_REASON:
        told.append(f"lý do cần 3 đến {LONGEST_REASON} ký tự")
    if told:
        raise Refused("bad_sheet", "; ".join(told[:5]), 422, faults=told)


def _seat(conn: Connection, exam_id: ExamId, number: str) -> Seat:
    seat = sheet_store.seat(conn, exam_id, number)
    if seat is None:
        raise Refused("no_such_candidate", f"Không có số báo danh {number[:40]}. / No such candidate.", 404)
    return seat


def _state(seat: Seat, entries: Sequence[Entry], done: Accepted | None, asker: PersonId) -> SheetState:
    last = newest(entries)
    mine = last.get(asker)
    other = next((one for person, one in last.items() if person != asker), None)
    both = mine is not None and other is not None
    state = "accepted" if done else "differs" if len(last) > 1 else "waiting" if last else "none"
    return SheetState(
        number=seat.number,
        name=seat.name,
        site=seat.site,
        code=seat.code,
        state=state,
        people=[one.who for one in last.values()],
        at_ms=entries[-1].at_ns // MS if entries else None,
        receipt=done.receipt if done else None,
        reason=entries[-1].reason if entries else "",
        mine=list(mine.letters) if mine else None,
        my_code=mine.code if mine else None,
        other_code=other.code if both and other else None,
        differences=differences(mine, other) if mine and other and not done else [],
    )
