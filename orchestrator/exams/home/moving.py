"""Brings candidates to another desk: to a new computer of their own site, or to another site by voucher.

Whoever goes on gets what the centre has: the end of the chain, the answers, the time that is left. A roster entry
belongs to one desk at a time; the old one is told to let go, and again whenever its line comes back.
"""

import asyncio
from collections.abc import Sequence
from typing import Protocol

import msgspec
import structlog

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.exams import answer_store
from orchestrator.exams import store as exam_store
from orchestrator.exams.home import store
from orchestrator.exams.home.settling import Move, by_number, desk_of, settle
from orchestrator.exams.invigilation import store as fairness
from orchestrator.exams.invigilation.model import Granted
from orchestrator.exams.marks import in_order, read_sheet
from orchestrator.exams.model import Exam, Stage
from orchestrator.exams.ports import Trail
from orchestrator.exams.sealing import Candidate, Sealer
from orchestrator.exams.store import Connection
from orchestrator.storage.engine import Database
from wire.chain import GENESIS, EventKind
from wire.exam_home import MOST_SEATS, ExamLetGo, ExamSeats, Seat, SiteHead, VisitorAsk, VisitorRefused
from wire.ids import EnrolmentId, ExamId, SiteId
from wire.messages import NEVER_NS, Down
from wire.roster import RosterEntry, pin_digest, seal_roster
from wire.voucher import same, voucher_name, voucher_proof

log = structlog.get_logger()

MOVABLE = frozenset({Stage.ARMED, Stage.RELEASED, Stage.OPEN, Stage.CLOSING})
_S = 1_000_000_000


class Links(Protocol):
    """The sites' links."""

    def send(self, site: SiteId, message: Down) -> bool: ...


class Secrets(Protocol):
    """The register's secrets."""

    async def site_secrets(self) -> dict[SiteId, bytes]: ...


class Moving:
    """Moves and resumes of all exams."""

    def __init__(
        self, database: Database, clock: Clock, links: Links, secrets: Secrets, trail: Trail, sealer: Sealer
    ) -> None:
        self._database = database
        self._clock = clock
        self._links = links
        self._secrets = secrets
        self._trail = trail
        self._sealer = sealer
        self._names: dict[ExamId, dict[str, tuple[str, bytes]]] = {}
        self._resumed: dict[tuple[ExamId, SiteId], str] = {}

    async def move(self, by: str, exam_id: ExamId, number: str, site: SiteId) -> Move:
        """Let a candidate go on at another site. Refuses `not_movable`, `no_such_candidate`, `no_such_site`,
        `already_there`, `handed_in`."""
        now = self._clock.now_ns()

        def work(conn: Connection) -> Move:
            exam, person = _asked(conn, exam_id, number, site)
            before = store.moves(conn, exam_id, number)
            old = desk_of(person.site, before)
            if old == site:
                raise Refused("already_there", "Thí sinh đang ở điểm cầu này. / Already at this site.", 409)
            seat = _seat(conn, exam.id, number, before)
            if seat.handed_in is not None:
                raise Refused("handed_in", "Thí sinh đã nộp bài. / Already handed in.", 409)
            move = Move(0, number, old, site, now, by, seat.head, seat.length)
            identity = store.insert_move(conn, exam_id, move)
            fairness.follow(conn, exam_id, number, old, site)
            self._trail.record(conn, by, "exam.moved", exam_id, {"number": number, "from": old, "to": site})
            return Move(identity, *_rest(move))

        move = await self._database.write(work)
        self._links.send(move.from_site, ExamLetGo(exam=exam_id, number=number, at_ns=move.at_ns))
        await self._seat_guests(exam_id, site, only=number)
        return move

    async def moves(self, exam: ExamId) -> list[Move]:
        """All moves of an exam, in order."""
        return await self._database.read(lambda conn: store.moves(conn, exam))

    # --- what sites say --------------------------------------------------------------------------------------------

    async def on_visitor(self, site: SiteId, _enrolment: EnrolmentId, ask: VisitorAsk) -> None:
        """Somebody shows a voucher at a site that does not know it: whoever proves it is theirs is moved there."""
        number = await self._holder(ask)
        if number is None:
            self._links.send(site, VisitorRefused(exam=ask.exam, name=ask.name, code="unknown"))
            return
        try:
            await self.move(f"voucher:{site}", ask.exam, number, site)
        except Refused as refused:
            if refused.code == "already_there":
                await self._seat_guests(ask.exam, site, only=number)
                return
            log.info("visitor_refused", exam=ask.exam, site=site, code=refused.code)
            self._links.send(site, VisitorRefused(exam=ask.exam, name=ask.name, code="closed"))

    async def on_head(self, site: SiteId, _enrolment: EnrolmentId, head: SiteHead) -> None:
        """A site says which journal it writes: if its candidates had written in another one, give them what is here."""
        if self._resumed.get((head.exam, site)) == head.journal:
            return
        self._resumed[head.exam, site] = head.journal

        def work(conn: Connection) -> tuple[list[Seat], tuple[int, int] | None]:
            exam = exam_store.find(conn, head.exam)
            if exam is None or exam.stage not in MOVABLE or site not in exam.sites:
                return [], None
            moved = by_number(store.moves(conn, head.exam))
            own = [n for n in store.registered_at(conn, head.exam, site) if n not in moved]
            numbers = store.wrote_elsewhere(conn, head.exam, own, head.journal)
            return [_seat(conn, head.exam, number, ()) for number in numbers], _opening(conn, head.exam, site)

        seats, opening = await self._database.read(work)
        if seats:
            log.info("site_resumes", exam=head.exam, site=site, candidates=len(seats))
            self._send_seats(site, head.exam, seats, opening)

    async def on_linked(self, site: SiteId, _enrolment: EnrolmentId, resumed: bool) -> None:  # noqa: FBT001
        """A line stands: say again who has left and who has come."""
        if resumed:
            return

        def work(conn: Connection) -> list[tuple[ExamId, list[Move]]]:
            return [
                (exam.id, [moves[-1] for moves in by_number(store.moves(conn, exam.id)).values()])
                for exam in exam_store.at_stages(conn, MOVABLE)
            ]

        for exam, newest in await self._database.read(work):
            self._resumed.pop((exam, site), None)
            for move in await self._left(exam, site):
                self._links.send(site, ExamLetGo(exam=exam, number=move.number, at_ns=move.at_ns))
            if any(move.to_site == site for move in newest):
                await self._seat_guests(exam, site)

    async def _left(self, exam: ExamId, site: SiteId) -> list[Move]:
        moved = by_number(await self.moves(exam)).values()
        return [
            next(move for move in reversed(moves) if move.from_site == site)
            for moves in moved
            if moves[-1].to_site != site and any(move.from_site == site for move in moves)
        ]

    async def _holder(self, ask: VisitorAsk) -> str | None:
        if ask.exam not in self._names:
            people = await self._database.read(lambda conn: exam_store.candidates(conn, ask.exam))
            self._names[ask.exam] = await asyncio.to_thread(self._vouchers, ask.exam, people)
        number, key = self._names[ask.exam].get(ask.name, ("", b""))
        if not number:
            return None
        wanted = voucher_proof(key, ask.exam, ask.desk_nonce, ask.page_nonce)
        return number if same(wanted, ask.proof) else None

    def _vouchers(self, exam: ExamId, people: Sequence[Candidate]) -> dict[str, tuple[str, bytes]]:
        keys = ((person.number, self._sealer.candidate_secrets(exam, person)[1]) for person in people)
        return {voucher_name(key): (number, key) for number, key in keys}

    # --- what a desk gets ------------------------------------------------------------------------------------------

    async def _seat_guests(self, exam_id: ExamId, site: SiteId, only: str | None = None) -> None:
        secret = (await self._secrets.site_secrets()).get(site)
        if secret is None:
            return

        def work(conn: Connection) -> list[Seat]:
            people = {person.number: person for person in exam_store.candidates(conn, exam_id)}
            moved = by_number(store.moves(conn, exam_id))
            grants = fairness.in_force(conn, exam_id, applied=True)
            return [
                self._guest(conn, exam_id, people[number], moves, secret, grants)
                for number, moves in moved.items()
                if moves[-1].to_site == site and only in (None, number)
            ]

        self._send_seats(site, exam_id, await self._database.read(work), None)

    def _guest(
        self,
        conn: Connection,
        exam: ExamId,
        person: Candidate,
        moves: Sequence[Move],
        secret: bytes,
        grants: dict[SiteId, Granted],
    ) -> Seat:
        pin, voucher = self._sealer.candidate_secrets(exam, person)
        site = moves[-1].to_site
        there, here = _opening(conn, exam, person.site), _opening(conn, exam, site)
        shift_s = 0 if there is None or here is None else (sum(there) - sum(here)) // 2 // _S
        # What stands at the new desk is on its own list; what every desk before gave is brought along, and with the
        # home's the individual time of the roster.
        before = {person.site, *(move.from_site for move in moves)} - {site}
        own_s = sum(grants.get(desk, Granted()).each.get(person.number, 0) for desk in before)
        everybody_s = grants.get(person.site, Granted()).everybody - grants.get(site, Granted()).everybody
        extra_s = shift_s + own_s + everybody_s + (person.extra_s if site == person.site else 0)
        digest = pin_digest(secret, exam, person.number, pin)
        entry = RosterEntry(person.number, person.name, person.code, digest, voucher, extra_s)
        seat = _seat(conn, exam, person.number, moves)
        sealed = seal_roster(secret, exam, [entry])
        return msgspec.structs.replace(seat, sealed_entry=sealed, arrival=moves[-1].id)

    def _send_seats(self, site: SiteId, exam: ExamId, seats: Sequence[Seat], opening: tuple[int, int] | None) -> None:
        lo_ns, hi_ns = opening if opening is not None else (None, None)
        for start in range(0, len(seats), MOST_SEATS):
            part = list(seats[start : start + MOST_SEATS])
            self._links.send(site, ExamSeats(exam=exam, seats=part, opened_lo_ns=lo_ns, opened_hi_ns=hi_ns))


def _asked(conn: Connection, exam_id: ExamId, number: str, site: SiteId) -> tuple[Exam, Candidate]:
    exam = exam_store.find(conn, exam_id)
    if exam is None:
        raise Refused("no_such_exam", "Không có kỳ thi này. / No such exam.", 404)
    if exam.stage not in MOVABLE:
        raise Refused("not_movable", "Chỉ chuyển được khi kỳ thi đang diễn ra. / Only while the exam runs.", 409)
    if site not in exam.sites:
        raise Refused("no_such_site", "Điểm cầu này không dự thi. / Not a site of this exam.", 404)
    person = next((one for one in exam_store.candidates(conn, exam_id) if one.number == number), None)
    if person is None:
        raise Refused("no_such_candidate", "Không có số báo danh này. / No such candidate.", 404)
    return exam, person


def _seat(conn: Connection, exam: ExamId, number: str, moves: Sequence[Move]) -> Seat:
    """What the centre has of a candidate now."""
    heard = settle(answer_store.heard_of(conn, exam, number), moves, store.said(conn, exam)).heard
    ordered, _ = in_order(heard)
    sheet = read_sheet(heard, None)
    last = ordered[-1] if ordered else None
    # A hand-in of the paper before the reserve ends nothing.
    turn = next((place for place, one in enumerate(ordered) if one.event.kind is EventKind.SWITCH), 0)
    handed = next((one.hash for one in ordered[turn:] if one.event.kind is EventKind.HAND_IN), None)
    return Seat(
        number=number,
        head=last.hash if last is not None else GENESIS,
        length=last.event.cand_seq if last is not None else 0,
        answers=sheet.answers,
        handed_in=handed,
        switched=sheet.switched,
    )


def _opening(conn: Connection, exam: ExamId, site: SiteId) -> tuple[int, int] | None:
    window = next((one for one in exam_store.windows(conn, exam) if one.site == site), None)
    if window is None or window.opened_lo_ns is None or window.opened_hi_ns in (None, NEVER_NS):
        return None
    assert window.opened_hi_ns is not None
    return window.opened_lo_ns, window.opened_hi_ns


def _rest(move: Move) -> tuple[str, SiteId, SiteId, int, str, bytes, int]:
    return (move.number, move.from_site, move.to_site, move.at_ns, move.who, move.last_hash, move.length)
