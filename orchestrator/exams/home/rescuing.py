"""Takes in a candidate's rescue file: what the centre lacks goes to a person, as an answer that came late.

A rescue file says when it was made, and nobody can vouch for that: so nothing in it counts by itself, whenever it is
brought. What the site's journal brings too is the same message and is kept once.
"""

import hashlib
from collections.abc import Callable
from typing import Protocol

import msgspec

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.exams import answer_store
from orchestrator.exams import store as exam_store
from orchestrator.exams.home import rescue_store
from orchestrator.exams.ingest import Origin
from orchestrator.exams.ports import Trail
from orchestrator.exams.sealing import Candidate, Sealer
from orchestrator.exams.store import Connection
from orchestrator.storage.engine import Database
from wire.chain import GENESIS, EventKind, JournalEvent, next_hash
from wire.ids import Assurance, EnrolmentId, ExamId, ItemId, OptionId
from wire.messages import ExamEvent
from wire.rescue import Proven, Rescue, RescueRefused, open_rescue, proven

REASONS = {
    "not_a_rescue": "Tệp này không phải tệp cứu bài. / This is no rescue file.",
    "other_province": "Tệp niêm phong cho trung tâm khác, hoặc đã bị sửa. / Sealed to another centre, or changed.",
    "damaged": "Tệp bị hỏng. / The file is damaged.",
}


class Box(Protocol):
    """The key that rescue files are sealed to."""

    @property
    def box(self) -> bytes: ...


class Rescued(msgspec.Struct, frozen=True):
    """What became of a file: answers that are `fresh` (now with a person), `known` already, that contradict one that
    is known (`conflicts`), or bear no mark that holds (`unproven`). `by_pin`: fresh ones of a session begun by PIN."""

    exam: ExamId
    number: str
    name: str
    made_ms: float
    fresh: int
    known: int
    conflicts: int
    unproven: int
    by_pin: int


class Rescuing:
    """`again`: the marks of this exam may have changed."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        trail: Trail,
        sealer: Sealer,
        box: Box,
        *,
        again: Callable[[ExamId], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._trail = trail
        self._sealer = sealer
        self._box = box
        self._again = again

    async def bring(self, by: str, blob: bytes) -> Rescued:
        """Take a file in; one that came before changes nothing. Refuses with a reason of `REASONS`, or
        `no_such_candidate`."""
        try:
            rescue = open_rescue(self._box.box, blob)
        except RescueRefused as fault:
            raise Refused(fault.code, REASONS[fault.code], 422) from fault
        enrolment = EnrolmentId(f"rescue-{hashlib.sha256(blob).hexdigest()[:24]}")
        now_ns = self._clock.now_ns()

        def work(conn: Connection) -> Rescued:
            rescued = self._take_in(conn, rescue, enrolment, now_ns)
            told = {"fresh": rescued.fresh, "known": rescued.known, "unproven": rescued.unproven}
            self._trail.record(conn, by, "exam.rescue_brought", rescued.exam, {"number": rescued.number, **told})
            return rescued

        rescued = await self._database.write(work)
        self._again(rescued.exam)
        return rescued

    def _take_in(self, conn: Connection, rescue: Rescue, enrolment: EnrolmentId, now_ns: int) -> Rescued:
        exam = ExamId(rescue.exam)
        person = next((c for c in exam_store.candidates(conn, exam) if c.number == rescue.number), None)
        if person is None:
            message = "Tệp của người không dự thi này. / Of nobody in this exam."
            raise Refused("no_such_candidate", message, 422)
        _, voucher = self._sealer.candidate_secrets(exam, person)
        held = proven(rescue, voucher)
        before = rescue_store.said(conn, exam, person.number)
        answers = [each for each in held if each.message.type == "answer"]
        fresh = [each for each in answers if _key(each) not in before]
        contrary = [each for each in answers if _key(each) in before and before[_key(each)] != _choice(each)]
        events = [(EventKind.LATE, each) for each in fresh] + [(EventKind.CONFLICT, each) for each in contrary]
        _write(conn, person, exam, enrolment, events, now_ns)
        return Rescued(
            exam=exam,
            number=person.number,
            name=person.name,
            made_ms=rescue.made_ms,
            fresh=len(fresh),
            known=len(answers) - len(fresh) - len(contrary),
            conflicts=len(contrary),
            unproven=len(rescue.said) - len(held),
            by_pin=sum(each.assurance is Assurance.PIN for each in fresh),
        )


def _key(each: Proven) -> tuple[str, int]:
    return each.message.session, each.message.client_seq


def _choice(each: Proven) -> tuple[str, str]:
    return each.message.item, each.message.option


def _write(
    conn: Connection,
    person: Candidate,
    exam: ExamId,
    enrolment: EnrolmentId,
    events: list[tuple[EventKind, Proven]],
    now_ns: int,
) -> None:
    """One chain of its own, as if the file were one more computer on which the candidate had sat."""
    prev = GENESIS
    for place, (kind, each) in enumerate(events, 1):
        event = JournalEvent(
            exam=exam,
            candidate=person.number,
            cand_seq=place,
            kind=kind,
            item=ItemId(each.message.item),
            option=OptionId(each.message.option),
            at_ns=now_ns,
            bound_ms=None,
            session=each.message.session,
            client_seq=each.message.client_seq,
        )
        fields = {name: getattr(event, name) for name in JournalEvent.__struct_fields__}
        record = ExamEvent(**fields, prev=prev, hash=next_hash(prev, event))
        answer_store.take_event(conn, Origin(person.site, enrolment, place), record)
        prev = record.hash
