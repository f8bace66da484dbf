"""What sites upload of an exam: late, twice, out of place; over a real SQLite database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NoReturn

import msgspec
import pytest

from orchestrator.access.audit import Audit
from orchestrator.exams import answer_store, service, store
from orchestrator.exams.events import ExamConflict, ExamSignedIn, ExamSiteMoved
from orchestrator.exams.marks import CandidateState
from orchestrator.exams.model import UNTOLD_GRANTS_S, UNTOLD_STOP_S, Action, Stage
from orchestrator.storage.engine import Connection
from tests.doubles.exam_conductor import SITES, T0, Centre, S, conducting
from tests.doubles.exam_site import Journal
from wire.chain import EventKind
from wire.ids import ClockState, EnrolmentId, ExamId, OptionId
from wire.messages import ExamClosed, ExamOpened


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with conducting(tmp_path) as running:
        yield running


async def test_a_silent_site_is_waited_for_as_long_as_anybody_may_write_there(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    await centre.sit(exam, SITES[0], {"0001": 4, "0002": 4}, T0 + 300 * S)
    await centre.sit(exam, SITES[1], {"0003": 4}, T0 + 300 * S)
    longest_s = 120 + 300 + UNTOLD_GRANTS_S + UNTOLD_STOP_S
    await centre.at(T0 + (longest_s + 6) * S)
    assert await centre.stage(exam) is Stage.CLOSING
    await centre.at(T0 + (longest_s + 7) * S)
    assert await centre.stage(exam) is Stage.MARKED
    results = await centre.reading.results(exam.id)
    assert (results.provisional, results.received, results.expected) == (True, 4, 5)
    await centre.sit(exam, SITES[2], {"0005": 6}, T0 + 300 * S)
    await centre.at(T0 + (longest_s + 17) * S)
    results = await centre.reading.results(exam.id)
    assert (results.provisional, results.received, results.candidates[-1].correct) == (False, 5, 6)


async def test_late_uploads_are_gathered_before_the_exam_is_marked_again(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0 + 500 * S)
    await centre.given_up(exam, *SITES)
    over = centre.clock.ns
    journal = Journal(exam.id, "0005")
    events = [journal.write(EventKind.SIGN_IN, T0), journal.write(EventKind.OPEN, T0)]
    for second, event in enumerate((*events, *events[:1]), 1):
        await centre.record(SITES[2], event)
        await centre.at(over + second * S)
    assert await marked(centre) == 1
    await centre.at(over + 10 * S)
    assert await marked(centre) == 2
    assert (await centre.reading.results(exam.id)).overall.present == 1
    await centre.at(T0 + 600 * S)
    assert await marked(centre) == 2


async def test_marks_that_failed_are_made_again_without_another_upload(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0 + 500 * S)
    await centre.given_up(exam, *SITES)
    over = centre.clock.ns
    journal = Journal(exam.id, "0005")
    await centre.record(SITES[2], journal.write(EventKind.SIGN_IN, T0), journal.write(EventKind.OPEN, T0))

    async def fails(*_: object) -> NoReturn:
        raise OSError("the database is away")

    with monkeypatch.context() as patched:
        patched.setattr(service, "mark_exam", fails)
        await centre.at(over + 10 * S)
    assert await marked(centre) == 1
    await centre.at(over + 25 * S)
    assert await marked(centre) == 2


async def marked(centre: Centre) -> int:
    """How often the trail says that an exam was marked."""
    deeds = await centre.database.read(lambda conn: Audit(centre.clock).newest(conn, 1000))
    return [deed.action for deed in deeds].count("exam.mark")


async def test_a_repeated_upload_changes_nothing(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    journal = Journal(exam.id, "0001")
    events = [journal.write(EventKind.SIGN_IN, T0), journal.write(EventKind.OPEN, T0)]
    await centre.record(SITES[0], *events, *events)
    heard = await centre.database.read(lambda conn: answer_store.heard_at(conn, exam.id, SITES[0]))
    assert {number: len(kept) for number, kept in heard.items()} == {"0001": 2, "0002": 0}
    assert await centre.database.read(answer_store.newest_conflict) == 0


@pytest.mark.parametrize(
    "fault", ["wrong_hash", "broken_chain", "fork", "unknown_candidate", "other_site", "page_conflict"]
)
async def test_what_does_not_fit_goes_to_a_person(centre: Centre, fault: str) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    journal, other = Journal(exam.id, "0001"), Journal(exam.id, "0001", session="page-2")
    first, second = journal.write(EventKind.SIGN_IN, T0), journal.write(EventKind.OPEN, T0)
    sent = {
        "wrong_hash": [first, msgspec.structs.replace(second, at_ns=T0 + 1)],
        "broken_chain": [second],
        "fork": [first, second, other.write(EventKind.SIGN_IN, T0 + 5)],
        "unknown_candidate": [Journal(exam.id, "9999").write(EventKind.SIGN_IN, T0)],
        "other_site": [first],
        "page_conflict": [first, second, journal.write(EventKind.CONFLICT, T0 + 6)],
    }[fault]
    async with centre.bus.subscribe(ExamConflict) as conflicts:
        await centre.record(SITES[1] if fault == "other_site" else SITES[0], *sent)
        await centre.exams.step()
        told = await anext(conflicts)
    assert isinstance(told, ExamConflict)
    assert (told.reason, told.exam) == (fault, exam.id)
    await centre.waited_out(exam)
    state = (await centre.reading.results(exam.id)).candidates[0].state
    assert (state is CandidateState.CONFLICT) == (fault != "unknown_candidate")


async def test_a_record_of_an_unknown_exam_is_kept_as_a_conflict(centre: Centre) -> None:
    async with centre.bus.subscribe(ExamConflict) as conflicts:
        await centre.exams.step()
        await centre.record(SITES[0], ExamClosed(exam=ExamId("exam-nowhere"), at_ns=T0))
        await centre.exams.step()
        told = await anext(conflicts)
    assert isinstance(told, ExamConflict)
    assert told.reason == "unknown_exam"


async def test_what_was_rolled_back_is_not_told_of_a_site(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    opened = ExamOpened(exam=exam.id, lo_ns=T0, hi_ns=T0, clock=ClockState.SYNCED)

    def batch(conn: Connection) -> None:
        centre.exams.intake.take_opened(conn, SITES[0], EnrolmentId("enr-a"), 1, opened)
        raise ZeroDivisionError  # the disk, say

    async with centre.bus.subscribe(ExamSiteMoved) as moves:
        with pytest.raises(ZeroDivisionError):
            await centre.database.write(batch)
        await centre.exams.step()
        await centre.record(SITES[1], opened)
        await centre.exams.step()
        told = await anext(moves)
    assert isinstance(told, ExamSiteMoved)
    assert told.site == SITES[1]


async def test_sign_ins_of_a_site_are_told_once_for_as_many_as_came_in_together(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    first, second = Journal(exam.id, "0001"), Journal(exam.id, "0002")
    async with centre.bus.subscribe(ExamSignedIn) as signed:
        await centre.record(SITES[0], first.write(EventKind.SIGN_IN, T0), second.write(EventKind.SIGN_IN, T0))
        await centre.exams.step()
        await centre.record(SITES[0], first.write(EventKind.OPEN, T0))
        await centre.record(SITES[1], Journal(exam.id, "0003").write(EventKind.SIGN_IN, T0))
        await centre.exams.step()
        told = [await anext(signed) for _ in range(2)]
    assert told == [ExamSignedIn(exam.id, SITES[0]), ExamSignedIn(exam.id, SITES[1])]


async def test_answers_alone_do_not_hurry_the_conductor(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    looks = [0]
    step = centre.exams.step

    async def counted() -> None:
        looks[0] += 1
        await step()

    centre.exams.step = counted  # type: ignore[method-assign]
    journal = Journal(exam.id, "0001")
    async with asyncio.TaskGroup() as tasks:
        conducted = tasks.create_task(centre.exams.run())
        await asyncio.sleep(0.1)
        before = looks[0]
        for _ in range(20):
            await centre.record(SITES[0], journal.write(EventKind.SIGN_IN, T0))
        assert looks[0] < before + 20
        conducted.cancel()


async def test_an_answer_after_the_window_waits_for_a_person(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    key = (await centre.database.read(lambda conn: store.newest_key(conn, exam.id))).right
    item = next(iter(key))
    journal = Journal(exam.id, "0001")
    late = journal.write(EventKind.ANSWER, T0 + 303 * S, item, key[item][0])
    opened = ExamOpened(exam=exam.id, lo_ns=T0, hi_ns=T0, clock=ClockState.SYNCED)
    await centre.record(SITES[0], opened, late)
    await centre.waited_out(exam)
    row = (await centre.reading.results(exam.id)).candidates[0]
    assert (row.correct, row.late) == (0, 1)


async def test_an_answer_that_is_no_option_counts_as_wrong(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    key = (await centre.database.read(lambda conn: store.newest_key(conn, exam.id))).right
    journal = Journal(exam.id, "0001")
    await centre.record(SITES[0], journal.write(EventKind.ANSWER, T0 + S, next(iter(key)), OptionId("opt-none")))
    await centre.waited_out(exam)
    assert (await centre.reading.results(exam.id)).candidates[0].correct == 0
