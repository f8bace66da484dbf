"""Candidates and sites that move: to another desk, to a new computer; against a real database of the centre."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from orchestrator.access.audit import Audit
from orchestrator.errors import Refused
from orchestrator.exams import store
from orchestrator.exams.invigilation import store as fairness_store
from orchestrator.exams.invigilation.model import Credit, Source, State
from orchestrator.exams.invigilation.service import Credits
from orchestrator.exams.invigilation.wishes import CreditWish
from orchestrator.exams.marks import CandidateState
from orchestrator.storage.schema.exams import exam_candidate, exam_site
from tests.doubles.exam_conductor import SITES, T0, S
from tests.doubles.exam_home import HomeCentre, choices, kept_messages, school, sheet, way_home
from tests.doubles.lost_answers import LostAnswers
from wire.exam_fairness import Cause, ExamExtra, ExamExtraWithdrawn, Grant
from wire.exam_home import ExamLetGo, ExamSeats, VisitorAsk, VisitorRefused
from wire.ids import EnrolmentId, SiteId
from wire.roster import open_roster
from wire.voucher import voucher_name, voucher_proof


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[HomeCentre]:
    async with way_home(tmp_path) as running:
        yield running


async def test_a_candidate_moved_by_an_operator_goes_on_with_chain_answers_and_time(
    centre: HomeCentre, tmp_path: Path, count_lost: LostAnswers
) -> None:
    """✓ that only the old site had count when they come, the new site's later choices win, what the old site wrote
    after the move is set aside."""
    exam = await centre.armed()
    items = await choices(centre, exam)
    async with (
        school(centre, tmp_path, exam) as old,
        school(centre, tmp_path, exam, SITES[1], "enr-2") as new,
    ):
        session = await old.sign_in("0001")
        await old.answer(session, 1, items[0][0], items[0][1][0], T0 + 10 * S)
        await old.upload()
        await old.answer(session, 2, items[1][0], items[1][1][0], T0 + 20 * S)
        await old.answer(session, 3, items[2][0], items[2][1][0], T0 + 21 * S)
        centre.centre.clock.ns = T0 + 60 * S
        move = await centre.moving.move("ann", exam.id, "0001", SITES[1])
        assert move.length == 2
        let_go = [message for to, message in centre.links.sent if to == SITES[0]]
        assert let_go == [ExamLetGo(exam=exam.id, number="0001", at_ns=T0 + 60 * S)]
        (seats,) = [message for to, message in centre.links.sent if isinstance(message, ExamSeats)]
        (seat,) = seats.seats
        assert seat.answers == {items[0][0]: items[0][1][0]}
        (entry,) = open_roster(centre.centre.register.secrets[SITES[1]], exam.id, seat.sealed_entry)
        assert (entry.number, entry.code) == ("0001", "101")
        with pytest.raises(Refused, match="already_there"):
            await centre.moving.move("ann", exam.id, "0001", SITES[1])

        await new.journal.seat(exam.id, [seat])
        session_b = await new.sign_in("0001", T0 + 70 * S)
        await new.answer(session_b, 1, items[2][0], items[2][1][1], T0 + 80 * S)
        await new.answer(session_b, 2, items[3][0], items[3][1][0], T0 + 81 * S)
        await new.upload()
        await old.answer(session, 4, items[3][0], items[3][1][3], T0 + 90 * S)
        await old.upload()
        await new.hand_in(session_b, 3, T0 + 100 * S)
        await new.upload()

        merged = await sheet(centre, exam)
        assert merged.state is CandidateState.HANDED_IN
        assert merged.answers == {
            items[0][0]: items[0][1][0],
            items[1][0]: items[1][1][0],
            items[2][0]: items[2][1][1],
            items[3][0]: items[3][1][0],
        }
        (line,) = await centre.deciding.lines(exam.id)
        assert (line.kind, line.question, line.chosen, line.stands) == ("away", 4, "D", "A")
        ticked = {(session.session, seq) for seq in (1, 2, 3, 4)} | {(session_b.session, seq) for seq in (1, 2, 3)}
        count_lost(ticked, await kept_messages(centre))
        with pytest.raises(Refused, match="handed_in"):
            await centre.moving.move("ann", exam.id, "0001", SITES[2])


async def test_time_given_to_a_candidate_goes_to_where_they_sit_now(centre: HomeCentre, tmp_path: Path) -> None:
    """Held by the old site: brought along. Not held yet, or given there afterwards: on the new site's list."""
    exam = await centre.armed()
    database, register = centre.centre.database, centre.centre.register
    ledger = Credits(database, centre.centre.bus, centre.centre.clock, NoLinks(), register, Audit(centre.centre.clock))
    await centre.enrol(SITES[0], "enr-1")

    async def said(record: ExamExtra | ExamExtraWithdrawn) -> None:
        take: Callable[..., None] = ledger.take_extra if isinstance(record, ExamExtra) else ledger.take_withdrawn
        await database.write(lambda conn: take(conn, SITES[0], EnrolmentId("enr-1"), 1, record))

    async def listed(site: SiteId) -> list[int]:
        return sorted(g.seconds for g in await database.read(lambda conn: fairness_store.grants(conn, exam.id, site)))

    def extra(name: str, seconds: int) -> ExamExtra:
        grant = Grant(id=name, candidate="0001", seconds=seconds, cause=Cause.POWER, who="Hà", at_ns=T0 + S)
        return ExamExtra(exam=exam.id, grant=grant)

    wish = CreditWish(scope="candidate", candidate="0001", minutes=3, cause=Cause.POWER)
    await said(extra("credit-held", 120))
    await ledger.give("ann", exam.id, wish)
    assert await listed(SITES[0]) == [120, 180]
    await centre.moving.move("ann", exam.id, "0001", SITES[1])
    (seats,) = [message for _, message in centre.links.sent if isinstance(message, ExamSeats)]
    (entry,) = open_roster(register.secrets[SITES[1]], exam.id, seats.seats[0].sealed_entry)
    assert (entry.extra_s, await listed(SITES[0]), await listed(SITES[1])) == (120, [120], [180])
    await said(extra("credit-later", 60))
    await ledger.give("ann", exam.id, msgspec.structs.replace(wish, minutes=5))
    assert (await listed(SITES[0]), await listed(SITES[1])) == ([120], [60, 180, 300])
    await said(ExamExtraWithdrawn(exam=exam.id, id="credit-later", who="Hà", at_ns=T0 + 2 * S))
    assert await listed(SITES[1]) == [180, 300]


async def test_individual_time_of_the_roster_goes_along_and_comes_home_again(centre: HomeCentre) -> None:
    exam = await centre.armed()
    database, register = centre.centre.database, centre.centre.register
    own = sa.update(exam_candidate).where(exam_candidate.c.exam == exam.id, exam_candidate.c.number == "0001")
    await database.write(lambda conn: conn.execute(own.values(extra_s=1800)))
    brought = []
    for site in (SITES[1], SITES[2], SITES[0], SITES[1]):
        await centre.moving.move("ann", exam.id, "0001", site)
        seats = [message for _, message in centre.links.sent if isinstance(message, ExamSeats)][-1]
        (entry,) = open_roster(register.secrets[site], exam.id, seats.seats[0].sealed_entry)
        brought.append(entry.extra_s)
    assert brought == [1800] * 4


async def test_results_wait_for_the_time_that_a_guest_has_brought_to_a_silent_desk(centre: HomeCentre) -> None:
    exam = await centre.armed()
    database = centre.centre.database
    own = sa.update(exam_candidate).where(exam_candidate.c.exam == exam.id, exam_candidate.c.number == "0001")
    await database.write(lambda conn: conn.execute(own.values(extra_s=1800)))
    seen = sa.update(exam_site).where(exam_site.c.exam == exam.id)

    async def longest() -> list[int]:
        for site, at_ns in zip(SITES, (T0 + 90 * S, T0, T0 + 20 * S), strict=True):
            known = seen.where(exam_site.c.site == site).values(opened_lo_ns=at_ns, opened_hi_ns=at_ns)
            await database.write(lambda conn, known=known: conn.execute(known))  # type: ignore[misc]
        windows = await database.read(lambda conn: store.windows(conn, exam.id))
        extra = {window.site: window.extra_s for window in windows}
        return [extra[site] for site in SITES]

    assert await longest() == [1800, 0, 0]
    await centre.moving.move("ann", exam.id, "0001", SITES[1])
    assert await longest() == [1800, 1890, 0]
    await centre.moving.move("ann", exam.id, "0001", SITES[2])
    assert await longest() == [1800, 1890, 1870]
    for site, candidate, seconds in ((SITES[1], "0001", 600), (SITES[0], None, 120)):
        credit = Credit(
            id=f"credit-{seconds}", exam=exam.id, site=site, candidate=candidate, cause=Cause.POWER,
            source=Source.PROVINCE, state=State.APPROVED, seconds=seconds, at_ns=T0, who="ann",
        )  # fmt: skip
        await database.write(lambda conn, credit=credit: fairness_store.add(conn, credit))  # type: ignore[misc]
    assert await longest() == [1920, 1800 + 600 + 120 + 90, 1800 + 600 + 120 + 70]
    await centre.moving.move("ann", exam.id, "0001", SITES[0])
    assert await longest() == [1800 + 120 + 600, 2610, 2590]


class NoLinks:
    """Links that nobody is at."""

    def linked(self) -> frozenset[SiteId]:
        return frozenset()

    def send(self, site: SiteId, message: object) -> bool:
        del site, message
        return False


async def test_whoever_proves_a_voucher_is_theirs_is_moved_to_the_site_that_asks(
    centre: HomeCentre, tmp_path: Path
) -> None:
    exam = await centre.armed()
    double = centre.centre.wires.sites[SITES[0]]
    key = next(entry.voucher_key for entry in double.roster if entry.number == "0001")
    proof = voucher_proof(key, exam.id, "d" * 32, "p" * 32)
    ask = VisitorAsk(exam=exam.id, name=voucher_name(key), desk_nonce="d" * 32, page_nonce="p" * 32, proof="0" * 64)
    me = SITES[1]
    async with school(centre, tmp_path, exam, me, "enr-2") as site:
        enrolment = site.identity.enrolment
        await centre.moving.on_visitor(me, enrolment, ask)
        await centre.moving.on_visitor(me, enrolment, msgspec.structs.replace(ask, name="nobody", proof=proof))
        refused = [message for _, message in centre.links.sent if isinstance(message, VisitorRefused)]
        assert [message.code for message in refused] == ["unknown", "unknown"]
        await centre.moving.on_visitor(me, enrolment, msgspec.structs.replace(ask, proof=proof))
        assert [(move.from_site, move.to_site) for move in await centre.moving.moves(exam.id)] == [(SITES[0], me)]
        assert centre.links.kinds(SITES[0]) == ["ExamLetGo"]
        # The line breaks and comes back: both are told again.
        centre.links.sent.clear()
        for to in (me, SITES[0]):
            await centre.moving.on_linked(to, enrolment, resumed=False)
        assert [(to, type(message).__name__) for to, message in centre.links.sent] == [
            (me, "ExamSeats"),
            (SITES[0], "ExamLetGo"),
        ]


async def test_a_new_computer_of_the_site_gets_what_the_centre_has(centre: HomeCentre, tmp_path: Path) -> None:
    """The school's computer dies with answers that only it had; they come by stick and are merged."""
    exam = await centre.armed()
    items = await choices(centre, exam)
    async with (
        school(centre, tmp_path, exam) as dead,
        school(centre, tmp_path, exam, name="enr-new") as new,
    ):
        session = await dead.sign_in("0001")
        await dead.answer(session, 1, items[0][0], items[0][1][0], T0 + 10 * S)
        await dead.head()
        await dead.upload()
        await dead.answer(session, 2, items[1][0], items[1][1][0], T0 + 20 * S)
        assert centre.links.sent == []

        await new.head()
        (seats,) = [message for _, message in centre.links.sent if isinstance(message, ExamSeats)]
        (seat,) = seats.seats
        assert (seat.number, seat.length, seat.answers) == ("0001", 2, {items[0][0]: items[0][1][0]})
        await new.head()
        assert len(centre.links.sent) == 1
        await new.journal.seat(exam.id, seats.seats)
        again = await new.sign_in("0001", T0 + 60 * S)
        await new.answer(again, 1, items[0][0], items[0][1][2], T0 + 70 * S)
        await new.upload()

        brought = await centre.home.bring("ann", await dead.homeward.carried())
        assert (brought.fresh, brought.known, brought.conflicts) == (1, 2, 0)
        merged = await sheet(centre, exam)
        assert merged.answers == {items[0][0]: items[0][1][2], items[1][0]: items[1][1][0]}
        assert merged.state is CandidateState.WRITING
