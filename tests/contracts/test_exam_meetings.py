"""Where two parts of the exam day meet: the reserve paper and carried journals, moves and time that was given."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from orchestrator.exams import outcome_store, release_store
from orchestrator.exams import store as exam_store
from orchestrator.exams.answer_store import take_closed, take_opened
from orchestrator.exams.home.deciding import Wish
from orchestrator.exams.ingest import Origin
from orchestrator.exams.invigilation import store as fairness
from orchestrator.exams.invigilation.model import of_extra
from orchestrator.exams.marking import read_exam
from orchestrator.exams.marks import CandidateState, Sheet
from orchestrator.exams.model import Exam, SiteWindow
from orchestrator.exams.printed.sheets import events
from orchestrator.storage.engine import Connection
from tests.doubles.exam_conductor import SITES, T0, S
from tests.doubles.exam_home import HomeCentre, school, way_home
from wire.exam_fairness import Cause, ExamExtra, Grant
from wire.exam_release import ExamSwitched
from wire.ids import ClockState, EnrolmentId, ItemId, OptionId
from wire.messages import ExamClosed, ExamOpened


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[HomeCentre]:
    async with way_home(tmp_path) as running:
        yield running


async def choices(centre: HomeCentre, exam: Exam) -> list[tuple[ItemId, list[OptionId]]]:
    papers = {paper.digest: paper.sealed for paper in await centre.centre.papers(exam)}
    paper = centre.centre.wires.sites[SITES[0]].paper("101", papers.__getitem__)
    return [(item.id, [option.id for option in item.options]) for item in paper.items]


async def sheet(centre: HomeCentre, exam: Exam, number: str = "0001") -> Sheet:
    return (await read_exam(centre.centre.database, exam)).sheets[number]


async def test_the_window_of_the_paper_before_told_again_changes_nothing_of_the_reserve(centre: HomeCentre) -> None:
    """A carried journal tells all of it once more while the reserve is being written."""
    exam = await centre.armed()
    me = Origin(SITES[0], EnrolmentId("enr-1"), 1)
    opened = ExamOpened(exam=exam.id, lo_ns=T0, hi_ns=T0 + 9_000_000, clock=ClockState.SYNCED)
    closed = ExamClosed(exam=exam.id, at_ns=T0 + 300 * S)
    turned = ExamSwitched(exam=exam.id, at_ns=T0 + 320 * S, by_code=False)
    again = ExamOpened(exam=exam.id, lo_ns=T0 + 400 * S, hi_ns=T0 + 401 * S, clock=ClockState.SYNCED)

    def told(conn: Connection) -> SiteWindow:
        take_opened(conn, me, opened)
        take_closed(conn, me, closed)
        release_store.take_switched(conn, SITES[0], turned, T0)
        return next(window for window in exam_store.windows(conn, exam.id) if window.site == SITES[0])

    database = centre.centre.database
    for _ in range(2):
        window = await database.write(told)
        assert (window.opened_hi_ns, window.closed_ns) == (None, None)
    await database.write(lambda conn: take_opened(conn, me, again))
    window = await database.write(told)
    assert (window.opened_lo_ns, window.opened_hi_ns, window.closed_ns) == (again.lo_ns, again.hi_ns, None)
    assert await centre.deciding.lines(exam.id) == []


async def test_time_that_another_desk_gave_counts_for_whoever_was_moved_there(
    centre: HomeCentre, tmp_path: Path
) -> None:
    """The school that the candidate left knows nothing of it."""
    exam = await centre.armed()
    item, options = (await choices(centre, exam))[0]
    (other, *_) = (await choices(centre, exam))[1:]
    opened = ExamOpened(exam=exam.id, lo_ns=T0, hi_ns=T0 + 9_000_000, clock=ClockState.SYNCED)
    for site in SITES[:2]:
        await centre.centre.record(site, opened)
    async with school(centre, tmp_path, exam, SITES[1], "enr-2") as new:
        centre.centre.clock.ns = T0 + 100 * S
        await centre.moving.move("ann", exam.id, "0001", SITES[1])
        grant = Grant(id="grant-1", candidate="0001", seconds=120, cause=Cause.COMPUTER, who="gt", at_ns=T0 + 200 * S)
        extra = ExamExtra(exam=exam.id, grant=grant, text="máy hỏng")
        credit = of_extra(SITES[1], extra, given_before_s=0, closed_ns=None)
        await centre.centre.database.write(lambda conn: fairness.add(conn, credit))
        session = await new.sign_in("0001", T0 + 110 * S)
        await new.answer(session, 1, item, options[0], T0 + 400 * S)
        await new.answer(session, 2, other[0], other[1][0], T0 + 500 * S)
        await new.upload()
    # Both ended at 300 s; the new desk gave 120 s. What came at 500 s is beyond even that: a person sees it.
    assert (await sheet(centre, exam)).answers == {item: options[0]}
    assert (await sheet(centre, exam)).late == 1
    await centre.centre.at(T0 + 1000 * S)
    (line,) = await centre.deciding.lines(exam.id)
    assert (line.kind, line.number, line.chosen, line.stands) == ("late", "0001", "A", "–")
    await centre.deciding.decide("ann", exam.id, Wish("0001", "count", "đồng hồ sai", hash=line.hash))
    assert (await sheet(centre, exam)).answers == {item: options[0], other[0]: other[1][0]}


async def test_an_answer_that_a_person_lets_count_counts_after_a_hand_in(centre: HomeCentre, tmp_path: Path) -> None:
    """A phone without a line still held it when the candidate handed in on another."""
    exam = await centre.armed()
    (item, options), (other, choice) = (await choices(centre, exam))[:2]
    async with school(centre, tmp_path, exam) as site:
        session = await site.sign_in("0001")
        await site.answer(session, 1, item, options[0], T0 + 10 * S)
        await site.hand_in(session, 2, T0 + 20 * S)
        await site.answer(session, 3, other, choice[0], T0 + 30 * S)
        await site.upload()
    assert (await sheet(centre, exam)).answers == {item: options[0]}
    (line,) = await centre.deciding.lines(exam.id)
    assert line.kind == "aside"
    await centre.deciding.decide("ann", exam.id, Wish("0001", "count", "biên bản số 4", hash=line.hash))
    after = await sheet(centre, exam)
    assert after.answers == {item: options[0], other: choice[0]}
    assert after.state is CandidateState.HANDED_IN


async def test_an_alarm_of_no_candidate_can_be_settled(centre: HomeCentre) -> None:
    """Else its site would never be complete, and its results provisional for ever."""
    exam = await centre.armed()
    early = ExamOpened(exam=exam.id, lo_ns=T0, hi_ns=T0 + 9_000_000, clock=ClockState.SYNCED)
    for lo_ns in (T0, T0 + 60 * S):
        await centre.centre.record(SITES[0], msgspec.structs.replace(early, lo_ns=lo_ns, hi_ns=lo_ns + 9_000_000))
    (line,) = await centre.deciding.lines(exam.id)
    assert (line.kind, line.number) == ("opened_again", None)
    database = centre.centre.database
    assert await database.read(lambda conn: outcome_store.open_conflicts(conn, exam.id)) == {SITES[0]: 1}
    await centre.deciding.decide("ann", exam.id, Wish("", "count", "đã gọi trường", conflict=line.conflict))
    assert await database.read(lambda conn: outcome_store.open_conflicts(conn, exam.id)) == {}


async def test_a_person_says_whether_the_paper_sheet_or_the_desk_counts(centre: HomeCentre, tmp_path: Path) -> None:
    """And may change their mind."""
    exam = await centre.armed()
    (item, options), (other, choice) = (await choices(centre, exam))[:2]
    async with school(centre, tmp_path, exam) as site:
        session = await site.sign_in("0001")
        await site.answer(session, 1, item, options[0], T0 + 10 * S)
        await site.upload()
    sheet_events = events(exam.id, "0001", {other: choice[1]}, T0 + 200 * S, "sheet-1")
    await centre.centre.record(SITES[0], *sheet_events, enrolment="sheet-1")
    assert (await sheet(centre, exam)).state is CandidateState.CONFLICT
    for verdict, counts in (("count", {other: choice[1]}), ("void", {item: options[0]}), ("count", {other: choice[1]})):
        (line,) = await centre.deciding.lines(exam.id)
        assert (line.kind, line.number) == ("sheet", "0001")
        await centre.deciding.decide("ann", exam.id, Wish("0001", verdict, "theo biên bản", hash=line.hash))
        decided = await sheet(centre, exam)
        assert decided.answers == counts
        assert decided.state is not CandidateState.CONFLICT
