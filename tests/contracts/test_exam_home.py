"""The way home: a site's own journal, its heads and its file on a stick against a real database of the centre."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from orchestrator.access.audit import Audit
from orchestrator.errors import Refused
from orchestrator.exams import outcome_store
from orchestrator.exams import store as exam_store
from orchestrator.exams.home import store as home_store
from orchestrator.exams.home.deciding import Wish
from orchestrator.exams.invigilation import store as fairness_store
from orchestrator.exams.invigilation.service import Credits
from orchestrator.exams.invigilation.wishes import CreditWish
from orchestrator.exams.marking import read_exam
from orchestrator.exams.marks import CandidateState, Sheet
from orchestrator.exams.model import Exam
from orchestrator.storage.engine import Connection
from tests.doubles.exam_conductor import SITES, T0, S
from tests.doubles.exam_home import HomeCentre, School, school, way_home
from wire.exam_fairness import Cause, ExamExtra, ExamExtraWithdrawn, Grant
from wire.exam_home import ExamLetGo, ExamSeats, VisitorAsk, VisitorRefused, signed_head
from wire.ids import EnrolmentId, ItemId, OptionId, SiteId
from wire.paper import Paper
from wire.roster import open_roster
from wire.voucher import voucher_name, voucher_proof


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[HomeCentre]:
    async with way_home(tmp_path) as running:
        yield running


async def paper_of(centre: HomeCentre, exam: Exam, code: str = "101") -> Paper:
    papers = {paper.digest: paper.sealed for paper in await centre.centre.papers(exam)}
    return centre.centre.wires.sites[SITES[0]].paper(code, papers.__getitem__)


async def choices(centre: HomeCentre, exam: Exam) -> list[tuple[ItemId, list[OptionId]]]:
    return [(item.id, [option.id for option in item.options]) for item in (await paper_of(centre, exam)).items]


async def sheet(centre: HomeCentre, exam: Exam, number: str = "0001") -> Sheet:
    return (await read_exam(centre.centre.database, exam)).sheets[number]


async def written(site: School, items: list[tuple[ItemId, list[OptionId]]], number: str = "0001") -> None:
    session = await site.sign_in(number)
    for seq, (item, options) in enumerate(items, 1):
        await site.answer(session, seq, item, options[0], T0 + seq * S)


# --- heads ---------------------------------------------------------------------------------------------------------


async def test_a_head_that_came_before_the_close_proves_a_late_upload(centre: HomeCentre, tmp_path: Path) -> None:
    exam = await centre.armed()
    items = await choices(centre, exam)
    async with school(centre, tmp_path, exam) as site:
        await written(site, items[:5])
        centre.centre.clock.ns = T0 + 200 * S
        head = await site.head()
        assert head.places == 6
        (before, *_) = await centre.home.proofs(exam.id)
        assert (before.status, before.events, before.told, before.in_time) == ("partial", 0, 6, 0)
        centre.centre.clock.ns = T0 + 5000 * S
        await site.upload()
        (after, *_) = await centre.home.proofs(exam.id)
        assert (after.events, after.told, after.in_time) == (6, 6, 6)
        session = await site.sign_in("0002", T0 + 4000 * S)
        await site.answer(session, 1, items[0][0], items[0][1][0], T0 + 4001 * S)
        await site.upload()
        await site.head()
        (late, *_) = await centre.home.proofs(exam.id)
        assert (late.events, late.told, late.in_time) == (8, 8, 6)


async def test_a_head_does_not_wait_on_when_all_it_covers_has_come_after_it(centre: HomeCentre, tmp_path: Path) -> None:
    """Nobody sends another head after the last upload, nor need anybody look at the proofs for final results."""
    exam = await centre.armed()
    items = await choices(centre, exam)
    database = centre.centre.database

    def reached(conn: Connection) -> list[bool]:
        home_store.check_waiting(conn, exam.id)
        return [head.received == head.told for head in outcome_store.heads(conn, exam.id).values()]

    async with school(centre, tmp_path, exam) as site:
        await written(site, items[:5])
        await site.head()
        assert await database.write(reached) == [False]
        await site.upload()
        assert await database.write(reached) == [True]


async def test_a_journal_that_says_other_than_its_head_said_is_an_alarm(centre: HomeCentre, tmp_path: Path) -> None:
    exam = await centre.armed()
    items = await choices(centre, exam)
    async with school(centre, tmp_path, exam) as site:
        await written(site, items[:3])
        forged = msgspec.structs.replace(await site.head(), head=b"x" * 32, places=3)
        forged = signed_head(site.identity.signer(), forged)
        await centre.home.take_head(site.identity.site, site.identity.enrolment, forged)
        await site.upload()
        await centre.home.proofs(exam.id)
        (proof, *_) = await centre.home.proofs(exam.id)
        assert proof.status == "contradicted"
        await site.head()
        stranger = signed_head(Ed25519PrivateKey.generate(), msgspec.structs.replace(forged, places=2))
        await centre.home.take_head(site.identity.site, site.identity.enrolment, stranger)
        lines = await centre.deciding.lines(exam.id)
        assert [line.kind for line in lines] == ["head_contradicted"]


async def test_a_head_read_out_by_telephone_is_checked_when_the_upload_comes(
    centre: HomeCentre, tmp_path: Path
) -> None:
    exam = await centre.armed()
    async with school(centre, tmp_path, exam) as site:
        await written(site, (await choices(centre, exam))[:4])
        text = await site.homeward.site_head(exam.id)
        for wrong in ("", "0123456789", text[:9], text + "A"):
            with pytest.raises(Refused, match="not_a_head"):
                await centre.home.speak("ann", exam.id, SITES[0], wrong)
        await centre.home.speak("ann", exam.id, SITES[0], f" {text[:5].lower()}-{text[5:]} ")
        await centre.home.speak("ann", exam.id, SITES[0], "A" * 10)
        (before, *_) = await centre.home.proofs(exam.id)
        assert [(one.text, one.who) for one in before.spoken] == [(text, "ann"), ("A" * 10, "ann")]
        await site.upload()
        (after, *_) = await centre.home.proofs(exam.id)
        assert [one.fits for one in after.spoken] == [True, False]
        assert after.in_time == 5


# --- the stick -----------------------------------------------------------------------------------------------------


async def test_a_carried_journal_comes_in_once_in_any_order_with_the_link(centre: HomeCentre, tmp_path: Path) -> None:
    exam = await centre.armed()
    items = await choices(centre, exam)
    async with school(centre, tmp_path, exam) as site:
        await written(site, items)
        await site.upload(4)
        path = await site.homeward.export(tmp_path)
        blob = path.read_bytes()
        first = await centre.home.bring("ann", blob)
        assert (first.fresh, first.known, first.conflicts) == (5, 4, 0)
        again = await centre.home.bring("ann", blob)
        assert (again.fresh, again.known, again.conflicts) == (0, 9, 0)
        await site.upload()
        assert (await sheet(centre, exam)).answers == {item: options[0] for item, options in items}
        (proof, *_) = await centre.home.proofs(exam.id)
        assert proof.in_time == 9


async def test_a_file_that_is_not_whole_or_not_ours_brings_nothing_in(centre: HomeCentre, tmp_path: Path) -> None:
    exam = await centre.armed()
    async with school(centre, tmp_path, exam) as site:
        await written(site, (await choices(centre, exam))[:3])
        blob = await site.homeward.carried()
        elsewhere = X25519PrivateKey.generate().public_key().public_bytes_raw()
        other = School(centre, msgspec.structs.replace(site.identity, centre_box=elsewhere), site.journal, exam.id)
        thief = School(centre, msgspec.structs.replace(site.identity, sign_key=b"k" * 32), site.journal, exam.id)
        stranger = msgspec.structs.replace(site.identity, enrolment="enr-nobody")
        nobody = School(centre, stranger, site.journal, exam.id)
        garbled = bytearray(blob)
        garbled[len(blob) // 2] ^= 1
        files = {
            "not_a_journal": b"PK\x03\x04 a holiday picture",
            "cut_short": blob[:-7],
            "damaged": bytes(garbled),
            "other_province": await other.homeward.carried(),
            "not_signed": await thief.homeward.carried(),
            "unknown_enrolment": await nobody.homeward.carried(),
        }
        for code, wrong in files.items():
            with pytest.raises(Refused, match=code):
                await centre.home.bring("ann", wrong)
        assert (await sheet(centre, exam)).state is CandidateState.ABSENT
        assert not any(word in blob for word in (b"0001", exam.id.encode(), b"ANSWER"))


async def test_a_file_with_records_of_another_journal_brings_nothing_in(centre: HomeCentre, tmp_path: Path) -> None:
    exam = await centre.armed()
    items = await choices(centre, exam)
    async with (
        school(centre, tmp_path, exam) as site,
        school(centre, tmp_path, exam, SITES[1], "enr-2") as other,
    ):
        await written(site, items[:2])
        await written(other, items[:2], "0003")
        mixed = School(centre, other.identity, site.journal, exam.id)
        head = other.homeward.head
        assert head is not None
        with_foreign_site = msgspec.structs.replace(other.identity, site=SITES[0])
        for wrong in (School(centre, with_foreign_site, other.journal, exam.id),):
            with pytest.raises(Refused, match="unknown_enrolment"):
                await centre.home.bring("ann", await wrong.homeward.carried())
        # The same computer may carry what another of its site wrote, but not what another site's did: that is seen.
        brought = await centre.home.bring("ann", await mixed.homeward.carried())
        assert brought.conflicts == 3
        assert {line.kind for line in await centre.deciding.lines(exam.id)} == {"other_site"}


# --- moves ---------------------------------------------------------------------------------------------------------


async def test_a_candidate_moved_by_an_operator_goes_on_with_chain_answers_and_time(
    centre: HomeCentre, tmp_path: Path
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


# --- decisions -----------------------------------------------------------------------------------------------------


async def test_a_person_lets_a_late_answer_count_or_takes_one_away(centre: HomeCentre, tmp_path: Path) -> None:
    exam = await centre.armed()
    items = await choices(centre, exam)
    async with school(centre, tmp_path, exam) as site:
        session = await site.sign_in("0001")
        await site.answer(session, 1, items[0][0], items[0][1][0], T0 + 10 * S)
        await site.answer(session, 2, items[0][0], items[0][1][1], T0 + 900 * S, live=False)
        await site.upload()
        (line,) = await centre.deciding.lines(exam.id)
        assert (line.kind, line.question, line.chosen, line.stands, line.said) == ("late", 1, "B", "A", None)
        assert (await sheet(centre, exam)).answers == {items[0][0]: items[0][1][0]}
        await centre.deciding.decide("ann", exam.id, Wish("0001", "count", "biên bản số 3", hash=line.hash))
        assert (await sheet(centre, exam)).answers == {items[0][0]: items[0][1][1]}
        (decided,) = await centre.deciding.lines(exam.id)
        assert decided.said is not None
        assert (decided.said.verdict, decided.said.who, decided.said.reason) == ("count", "ann", "biên bản số 3")
        await centre.deciding.decide("bob", exam.id, Wish("0001", "void", "nhầm biên bản", hash=line.hash))
        assert (await sheet(centre, exam)).answers == {items[0][0]: items[0][1][0]}
        for wrong in (Wish("0001", "perhaps", "lý do", hash=line.hash), Wish("0001", "void", "lý do")):
            with pytest.raises(Refused, match="bad_verdict"):
                await centre.deciding.decide("ann", exam.id, wrong)
        with pytest.raises(Refused, match="nothing_there"):
            await centre.deciding.decide("ann", exam.id, Wish("0001", "void", "lý do", hash="ab" * 32))


@pytest.mark.parametrize(("verdict", "place"), [("count", 1), ("void", 0)])
async def test_a_page_that_contradicts_itself_is_decided_by_a_person(
    centre: HomeCentre, tmp_path: Path, verdict: str, place: int
) -> None:
    exam = await centre.armed()
    items = await choices(centre, exam)
    async with school(centre, tmp_path, exam) as site:
        session = await site.sign_in("0001")
        await site.answer(session, 1, items[0][0], items[0][1][0], T0 + 10 * S)
        await site.answer(session, 1, items[0][0], items[0][1][1], T0 + 11 * S)
        await site.hand_in(session, 2, T0 + 12 * S)
        await site.upload()
        assert (await sheet(centre, exam)).state is CandidateState.CONFLICT
        (line,) = await centre.deciding.lines(exam.id)
        assert (line.kind, line.question, line.chosen, line.stands) == ("page_conflict", 1, "B", "A")
        wish = Wish("0001", verdict, "đã hỏi thí sinh", conflict=line.conflict)
        await centre.deciding.decide("ann", exam.id, wish)
        after = await sheet(centre, exam)
        assert after.state is CandidateState.HANDED_IN
        assert after.answers == {items[0][0]: items[0][1][place]}


async def test_decisions_are_marked_at_once(centre: HomeCentre, tmp_path: Path) -> None:
    exam = await centre.armed()
    items = await choices(centre, exam)
    key = (await centre.centre.database.read(lambda conn: exam_store.newest_key(conn, exam.id))).right
    item = items[0][0]
    right = key[item][0]
    async with school(centre, tmp_path, exam) as site:
        session = await site.sign_in("0001")
        await site.answer(session, 1, item, right, T0 + 900 * S, live=False)
        await site.upload()
    await centre.centre.at(T0 + 1000 * S)
    marks = {
        row.number: row.correct for row in await centre.centre.database.read(lambda c: exam_store.marks(c, exam.id))
    }
    assert marks["0001"] == 0
    (line,) = await centre.deciding.lines(exam.id)
    await centre.deciding.decide("ann", exam.id, Wish("0001", "count", "mất điện, có biên bản", hash=line.hash))
    await centre.centre.exams.step()
    marks = {
        row.number: row.correct for row in await centre.centre.database.read(lambda c: exam_store.marks(c, exam.id))
    }
    assert marks["0001"] == 1
