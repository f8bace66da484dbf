"""The way home: a site's own journal, its heads and its file on a stick against a real database of the centre."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from orchestrator.errors import Refused
from orchestrator.exams import outcome_store
from orchestrator.exams import store as exam_store
from orchestrator.exams.home import store as home_store
from orchestrator.exams.home.deciding import Wish
from orchestrator.exams.marks import CandidateState
from orchestrator.storage.engine import Connection
from tests.doubles.exam_conductor import SITES, T0, S
from tests.doubles.exam_home import HomeCentre, School, choices, school, sheet, way_home, written
from wire.exam_home import signed_head


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[HomeCentre]:
    async with way_home(tmp_path) as running:
        yield running


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
    await centre.centre.waited_out(exam)
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
