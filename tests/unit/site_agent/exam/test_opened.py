"""Frames of opened papers: one for all who have a code, or one for each candidate."""

from pathlib import Path

import msgspec

from site_agent.exam.ledger import Session
from site_agent.exam.opened import MOST_READY, OpenedPapers
from site_agent.exam.window import Phase
from tests.doubles.centre_time import HeldTime, S
from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_desk import running
from tests.doubles.exam_phone import Phone
from wire.ids import Assurance
from wire.order import Unsealed, own_paper
from wire.paper import Plan, Shuffle

CENTRE = ExamCentre(t0_ns=0, questions=12)
UNSEALED = {code: Unsealed(paper, code.encode().ljust(32)) for code, paper in CENTRE.papers.items()}


def kept(shuffle: Shuffle) -> OpenedPapers:
    papers = OpenedPapers()
    papers.keep(UNSEALED, shuffle)
    return papers


def shown(frame: str | None) -> list[tuple[str, list[str]]]:
    """Items and options in the order in which a page is given them."""
    assert frame is not None
    told = msgspec.json.decode(frame)
    return [(item["id"], [option["id"] for option in item["options"]]) for item in told["items"]]


def test_without_shuffling_all_who_have_a_code_are_pushed_one_and_the_same_frame() -> None:
    papers = kept(Shuffle.NONE)
    assert papers.shared
    assert papers.frame("101", "SBD001") is papers.frame("101", "SBD003")
    assert shown(papers.frame("101", "SBD001"))[0][0] == CENTRE.papers["101"].items[0].id


def test_shuffled_each_candidate_has_a_frame_of_their_own_that_stays_ready() -> None:
    papers = kept(Shuffle.WHOLE)
    assert not papers.shared
    first, other = papers.frame("101", "SBD001"), papers.frame("101", "SBD003")
    assert shown(first) != shown(other)
    assert papers.frame("101", "SBD001") is first
    own = own_paper(UNSEALED["101"], "SBD001", Shuffle.WHOLE)
    assert shown(first) == [(item.id, [option.id for option in item.options]) for item in own.items]
    assert papers.offer("101", own.items[0].id, own.items[0].options[0].id)


def test_more_frames_than_are_held_ready_are_the_same_each_time_they_are_made() -> None:
    papers = kept(Shuffle.OPTIONS)
    for place in range(MOST_READY):
        papers.frame("101", f"SBD{place:04}")
    again = papers.frame("101", "SBD9999")
    assert papers.frame("101", "SBD9999") is not again
    assert papers.frame("101", "SBD9999") == again
    assert papers.frame("101", "SBD0000") is papers.frame("101", "SBD0000")


def test_the_paper_that_takes_the_place_of_another_has_frames_of_its_own() -> None:
    papers = kept(Shuffle.WHOLE)
    before = papers.frame("101", "SBD001")
    papers.put_away()
    assert papers.frame("101", "SBD001") is None
    reserve = {"101": Unsealed(CENTRE.papers["101"], b"r" * 32)}
    papers.keep(reserve, Shuffle.WHOLE)
    assert shown(papers.frame("101", "SBD001")) != shown(before)


async def test_where_more_wait_than_are_held_ready_each_gets_their_own_paper_once(tmp_path: Path) -> None:
    plan = Plan(3600.0, 60.0, 1800.0, 0.0, shuffle=Shuffle.WHOLE)
    centre = ExamCentre(t0_ns=1000 * S, questions=4, candidates=MOST_READY + 70, plan=plan)
    time = HeldTime(centre.t0_ns - S)
    async with running(tmp_path, centre, time) as site:
        await site.exams.on_plan(centre.exam_plan())
        await site.exams.on_release(centre.release())
        hall = site.exams.halls[centre.exam]
        await eventually(lambda: hall.window.phase is Phase.ARMED)
        pages = {number: Phone(site.exams) for number in centre.slips}
        for number, page in pages.items():
            hall.seat(Session(number, centre.exam, number, 1, "0f" * 32, Assurance.PIN), page)
            assert hall.paper_for(number) is None
        time.ns = centre.t0_ns
        await eventually(lambda: all(page.count("opened") for page in pages.values()))
    for number, page in pages.items():
        assert page.count("opened") == 1
        own = [(item.id, [option.id for option in item.options]) for item in centre.own_paper(number).items]
        assert shown(msgspec.json.encode(page.last("opened")).decode()) == own
