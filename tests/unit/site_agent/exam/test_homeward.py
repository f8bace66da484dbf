"""Heads, the archive, and guests, at one site with its real journal."""

import asyncio
import hashlib
import time
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from site_agent.exam.feed import Feed
from site_agent.exam.homeward import ARCHIVE_SUFFIX, Homeward, archive_key
from site_agent.exam.journal import Journal
from site_agent.exam.protocol import Answers, VoucherIn
from site_agent.exam.troubles import Turned
from site_agent.exam.visitors import Visitors
from site_agent.exam.window import Phase
from site_agent.link.identity import Identity
from site_agent.link.outbox import Outbox
from tests.doubles.centre_time import S
from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_desk import Site, running
from tests.doubles.exam_drafts import EXAM, draft, seat
from wire.chain import EventKind
from wire.codec import decode_record
from wire.exam_home import ExamArchive, ExamLetGo, ExamSeats, Seat, SiteHead, VisitorAsk, VisitorRefused, head_is_signed
from wire.ids import EnrolmentId, ItemId, OptionId, SiteId
from wire.messages import ExamArchived, Up
from wire.paper import Plan
from wire.roster import RosterEntry, new_voucher, pin_digest, seal_roster
from wire.seal import unseal
from wire.voucher import voucher_name, voucher_proof

SIGN = Ed25519PrivateKey.generate()
IDENTITY = Identity(
    server="http://127.0.0.1", site=SiteId("site-1"), site_code="DC01", site_name="Trường",
    enrolment=EnrolmentId("enr-1"), sign_key=SIGN.private_bytes_raw(), box_key=b"b" * 32, centre_key=b"c" * 32,
    exam_key=b"e" * 32, site_secret=b"s" * 32,
)  # fmt: skip


class Line:
    """The line to the centre."""

    def __init__(self) -> None:
        self.connection = 1
        self.told: list[Up] = []

    @property
    def heads(self) -> list[SiteHead]:
        return [message for message in self.told if isinstance(message, SiteHead)]


def homeward(journal: Journal, line: Line) -> Homeward:
    return Homeward(
        journal,
        IDENTITY,
        tell=line.told.append,
        line=lambda: line.connection,
        interval_ns=lambda: (90, 110),
        exams=lambda: [EXAM],
    )


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    opened = Journal(tmp_path / "journal.sqlite3")
    await opened.start()
    yield opened
    await opened.stop()


async def test_a_head_is_told_when_the_journal_has_grown_and_on_every_new_line(journal: Journal) -> None:
    line = Line()
    home = homeward(journal, line)
    await home.tell_heads()
    await seat(journal)
    for _ in range(2):
        await home.tell_heads()
    line.connection = 0
    await journal.append(draft(1))
    await home.tell_heads()
    line.connection = 2
    for _ in range(2):
        await home.tell_heads()
    assert [head.places for head in line.heads] == [0, 1, 2]
    last = line.heads[-1]
    assert (last.journal, last.lo_ns, last.hi_ns) == (journal.id, 90, 110)
    public = SIGN.public_key().public_bytes_raw()
    assert head_is_signed(public, last)
    assert not head_is_signed(public, msgspec.structs.replace(last, places=3))


async def test_an_exam_is_packed_away_only_when_the_province_has_all_of_it(journal: Journal, tmp_path: Path) -> None:
    home = homeward(journal, Line())
    await seat(journal)
    for seq in range(1, 6):
        await journal.append(draft(seq, f"i{seq}"))
    before = [body for _, body in await journal.bodies(0, 100)]
    home.confirmed(5)
    await home.on_archive(ExamArchive(exam=EXAM))
    assert [body for _, body in await journal.bodies(0, 100)] == before
    home.confirmed(6)
    for _ in range(2):
        await home.on_archive(ExamArchive(exam=EXAM))
    ((row, body),) = await journal.bodies(0, 100)
    blob = (tmp_path / "archive" / f"{EXAM}{ARCHIVE_SUFFIX}").read_bytes()
    record = decode_record(body)
    assert isinstance(record, ExamArchived)
    assert (row, record.places, record.digest) == (7, 6, hashlib.sha256(blob).digest())
    plain = zlib.decompress(unseal(archive_key(IDENTITY.site_secret), blob, EXAM.encode()))
    assert msgspec.msgpack.decode(plain, type=list[bytes]) == before
    past = await journal.past()
    assert (past.entries, past.sessions) == ([], [])
    await seat(journal, "s2", "SBD002")
    assert [number for number, _ in await journal.bodies(6, 100)] == [7, 8]


async def test_the_feed_goes_on_after_an_exam_was_packed_away(journal: Journal, tmp_path: Path) -> None:
    box = await Outbox.open(tmp_path / "outbox.sqlite3")
    home = homeward(journal, Line())
    async with asyncio.TaskGroup() as tasks:
        running_feed = tasks.create_task(Feed(journal, box, home.confirmed).run())
        await seat(journal)
        await journal.append(draft(1))
        await eventually(lambda: box.marks.last == 2)
        await box.committed(2)
        await home.on_archive(ExamArchive(exam=EXAM))
        await seat(journal, "s2", "SBD002")
        await eventually(lambda: box.marks.last == 4)
        running_feed.cancel()
    batch = await box.batch(2)
    assert batch is not None
    assert [type(decode_record(body)).__name__ for body in batch.bodies] == ["ExamArchived", "ExamEvent"]
    await box.close()


class Page:
    """A page that keeps what it was sent."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def send(self, text: str) -> None:
        self.heard.append(text)


async def ready(centre: ExamCentre, site: Site) -> Visitors:
    await site.exams.on_plan(centre.exam_plan())
    await site.exams.on_release(centre.release())
    await eventually(lambda: site.exams.halls[centre.exam].window.phase is Phase.OPEN)
    return Visitors(site.exams, centre.site_secret, tell=lambda _message: None, is_up=lambda: True)


def guest(centre: ExamCentre, voucher: bytes, arrival: int = 1) -> Seat:
    digest = pin_digest(centre.site_secret, centre.exam, "SBD900", "123456")
    entry = RosterEntry("SBD900", "Khách", "101", digest, voucher)
    item = centre.papers["101"].items[0]
    return Seat(
        number="SBD900",
        head=b"h" * 32,
        length=9,
        answers={item.id: item.options[1].id},
        sealed_entry=seal_roster(centre.site_secret, centre.exam, [entry]),
        arrival=arrival,
    )


async def test_a_guest_signs_in_by_the_own_voucher_with_the_answers_of_before(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + S // 5)
    voucher = new_voucher()
    message = VoucherIn(centre.exam, voucher_name(voucher), "b" * 32, "0" * 64)
    proof = voucher_proof(voucher, centre.exam, "d" * 32, "b" * 32)
    message = msgspec.structs.replace(message, proof=proof)
    async with running(tmp_path, centre) as site:
        asked: list[Up] = []
        visitors = await ready(centre, site)
        hall = site.exams.halls[centre.exam]
        visitors = Visitors(site.exams, centre.site_secret, tell=asked.append, is_up=lambda: True)
        for _ in range(2):
            with pytest.raises(Turned) as turned:
                await site.exams.doorkeeper.voucher(hall, message, "d" * 32, "peer")
            assert turned.value.trouble.code == "visitor_asked"
        assert asked == [
            VisitorAsk(
                exam=centre.exam, name=message.name, desk_nonce="d" * 32, page_nonce="b" * 32, proof=message.proof
            )
        ]
        await visitors.on_refused(VisitorRefused(exam=centre.exam, name=message.name, code="unknown"))
        with pytest.raises(Turned) as turned:
            await site.exams.doorkeeper.voucher(hall, message, "d" * 32, "peer")
        assert turned.value.trouble.code == "wrong_voucher"
        seats = ExamSeats(exam=centre.exam, seats=[guest(centre, voucher)])
        for _ in range(2):
            await visitors.on_seats(seats)
        session = await site.exams.doorkeeper.voucher(hall, message, "d" * 32, "peer")
        assert session.candidate == "SBD900"
        assert [kept.mark for kept in hall.kept("SBD900")] == [2]
        entry = (await site.journal.past()).entries[-1]
        assert (entry.prev, entry.event.cand_seq, entry.event.kind) == (b"h" * 32, 10, EventKind.SIGN_IN)
        await site.exams.on_plan(centre.exam_plan())
        assert "SBD900" in hall.roster
    async with running(tmp_path, centre) as again:
        hall = again.exams.halls[centre.exam]
        assert "SBD900" in hall.roster
        assert hall.sitting("SBD900").length == 10


async def test_whoever_left_is_told_calmly_and_what_still_comes_is_kept_for_a_person(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + S // 5)
    async with running(tmp_path, centre) as site:
        visitors = await ready(centre, site)
        hall = site.exams.halls[centre.exam]
        page = Page()
        session = await seat(site.journal, "s1", "SBD001")
        hall.recall(msgspec.structs.replace(session, exam=centre.exam))
        hall.seat(session, page)
        await visitors.on_let_go(ExamLetGo(exam=centre.exam, number="SBD001", at_ns=1))
        assert "moved_away" in page.heard[-1]
        assert not hall.is_live("SBD001", site.exams.read())
        item = centre.papers["101"].items[0]
        assert hall.offers("SBD001", item.id, item.options[0].id)
        assert "SBD001" not in hall.roster
        # Back again: the centre sends the entry anew.
        back = msgspec.structs.replace(guest(centre, new_voucher(), arrival=2), number="SBD001")
        entry = centre.roster[0]
        back = msgspec.structs.replace(back, sealed_entry=seal_roster(centre.site_secret, centre.exam, [entry]))
        await visitors.on_seats(ExamSeats(exam=centre.exam, seats=[back]))
        assert hall.is_live("SBD001", site.exams.read())


async def test_a_new_computer_goes_on_from_the_first_opening(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() - 20 * S)
    async with running(tmp_path, centre) as site:
        visitors = await ready(centre, site)
        hall = site.exams.halls[centre.exam]
        now = site.exams.read()
        assert hall.left_ns("SBD001", now) > 58 * S
        answers = {ItemId("i1"): OptionId("o1")}
        seats = [Seat(number="SBD001", head=b"h" * 32, length=3, answers=answers)]
        opened = now.centre_ns - 20 * S
        message = ExamSeats(exam=centre.exam, seats=seats, opened_lo_ns=opened - 5, opened_hi_ns=opened + 5)
        await visitors.on_seats(message)
        assert 38 * S < hall.left_ns("SBD001", site.exams.read()) <= 40 * S
        assert Answers(answers=hall.kept("SBD001")).answers[0].mark == 2


async def test_a_new_computer_that_comes_after_the_cap_opens_all_the_same(tmp_path: Path) -> None:
    """The site had opened on the computer that died; the new one is started when no site may open any more."""
    plan = Plan(3600.0, 60.0, 5.0, 0.0)
    centre = ExamCentre(t0_ns=time.time_ns() - 20 * S, plan=plan)
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        hall = site.exams.halls[centre.exam]
        await eventually(lambda: hall.window.phase is Phase.MISSED)
        visitors = Visitors(site.exams, centre.site_secret, tell=lambda _message: None, is_up=lambda: True)
        seats = [Seat(number="SBD001", head=b"h" * 32, length=3)]
        opened = site.exams.read().centre_ns - 20 * S
        message = ExamSeats(exam=centre.exam, seats=seats, opened_lo_ns=opened - 5, opened_hi_ns=opened + 5)
        await visitors.on_seats(message)
        await site.exams.on_release(centre.release())
        async with asyncio.TaskGroup() as tasks:
            looking = tasks.create_task(visitors.run())
            await eventually(lambda: hall.opening is not None and hall.opening.hi_ns == opened + 5)
            looking.cancel()
        assert 0 < hall.left_ns("SBD001", site.exams.read()) <= 40 * S
