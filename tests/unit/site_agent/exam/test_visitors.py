"""Candidates who come to a site that has turned to the reserve paper, from a computer that had or had not."""

import time
from pathlib import Path

import pytest

from site_agent.exam.protocol import Answers, VoucherIn
from site_agent.exam.troubles import Turned
from site_agent.exam.visitors import Visitors
from site_agent.exam.window import Phase
from tests.doubles.centre_time import S
from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_desk import Site, running
from wire.chain import EventKind
from wire.codec import decode_record
from wire.exam_home import ExamSeats, Seat
from wire.messages import ExamEvent, Up
from wire.paper import Paper
from wire.seal import check_voucher_text
from wire.voucher import voucher_name

BEFORE = b"h" * 32


async def turned(site: Site, centre: ExamCentre) -> None:
    """The reserve paper is open here."""
    await site.exams.on_plan(centre.exam_plan())
    hall = site.exams.halls[centre.exam]
    await eventually(lambda: not hall.held.missing and not hall.held.spare_missing)
    await site.exams.on_switch(centre.switch(0))
    await eventually(lambda: hall.window.phase is Phase.OPEN)


async def seat(site: Site, centre: ExamCentre, paper: Paper, *, switched: bool, handed_in: bytes | None) -> None:
    """The computer before this one had the first answer of this paper from SBD001."""
    item = paper.items[0]
    brought = Seat(
        number="SBD001",
        head=BEFORE,
        length=6,
        answers={item.id: item.options[0].id},
        handed_in=handed_in,
        switched=switched,
    )
    visitors = Visitors(site.exams, centre.site_secret, tell=lambda _message: None, is_up=lambda: True)
    await visitors.on_seats(ExamSeats(exam=centre.exam, seats=[brought]))
    await site.exams.mark_open(site.exams.halls[centre.exam], ["SBD001"])


async def kinds(site: Site) -> list[EventKind]:
    records = [decode_record(body) for _, body in await site.journal.bodies(0, 100)]
    return [record.kind for record in records if isinstance(record, ExamEvent)]


@pytest.mark.parametrize("handed_in", [None, BEFORE])
async def test_answers_to_the_reserve_paper_stay_on_a_new_computer(tmp_path: Path, handed_in: bytes | None) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + S // 5, reserve=True)
    async with running(tmp_path, centre) as site:
        await turned(site, centre)
        await seat(site, centre, centre.reserve_papers["101"], switched=True, handed_in=handed_in)
        kept = site.exams.halls[centre.exam].kept("SBD001")
        assert [answer.item for answer in kept] == [centre.reserve_papers["101"].items[0].id]
        assert (site.exams.halls[centre.exam].sitting("SBD001").handed_in is None) == (handed_in is None)
        assert EventKind.SWITCH not in await kinds(site)


async def test_answers_to_the_paper_before_are_over_once_a_candidate_arrives(tmp_path: Path) -> None:
    """Else a hand-in of that paper would set every answer to the reserve aside."""
    centre = ExamCentre(t0_ns=time.time_ns() + S // 5, reserve=True)
    async with running(tmp_path, centre) as site:
        await turned(site, centre)
        await seat(site, centre, centre.papers["101"], switched=False, handed_in=BEFORE)
        hall = site.exams.halls[centre.exam]
        assert (hall.kept("SBD001"), hall.sitting("SBD001").handed_in) == ([], None)
        assert await kinds(site) == [EventKind.SWITCH, EventKind.OPEN]
        assert Answers(answers=hall.kept("SBD001")) == Answers(answers=[])


async def test_a_slip_of_another_exam_of_this_site_is_known_as_such_without_asking_the_centre(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 60 * S)
    other = ExamCentre(t0_ns=time.time_ns() + 7200 * S, site_secret=centre.site_secret, signer=centre.signer)
    asked: list[Up] = []
    async with running(tmp_path, centre) as site:
        centre.by_digest |= other.by_digest
        for one in (centre, other):
            await site.exams.on_plan(one.exam_plan())
        Visitors(site.exams, centre.site_secret, tell=asked.append, is_up=lambda: True)
        name = voucher_name(check_voucher_text(other.slips["SBD001"][1]))
        shown = VoucherIn(centre.exam, name, "b" * 32, "0" * 64)
        with pytest.raises(Turned) as turned:
            await site.exams.doorkeeper.voucher(site.exams.halls[centre.exam], shown, "d" * 32, "peer")
    assert (turned.value.trouble.code, asked) == ("other_exam", [])
