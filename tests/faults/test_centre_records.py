"""What reaches the centre that should not, or twice: yesterday's batch, another site's events, a clock that is set."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from orchestrator.clock import CentreClock
from orchestrator.exams.model import Action, Exam
from orchestrator.links.records import Intake
from orchestrator.storage.schema.exams import exam_conflict, exam_event
from tests.doubles.exam_conductor import SITES, T0, Centre, S, conducting
from tests.doubles.exam_site import Journal
from tests.doubles.lost_answers import LostAnswers
from wire.chain import EventKind
from wire.codec import encode_record
from wire.ids import EnrolmentId, ItemId, OptionId
from wire.messages import ExamEvent, Records

BY = EnrolmentId("enr-1")


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with conducting(tmp_path) as centre:
        yield centre


@pytest.fixture
async def exam(centre: Centre) -> Exam:
    return await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)


def intake_of(centre: Centre) -> Intake:
    intake = Intake(centre.database, centre.bus, centre.clock, lambda _site, _message: True)
    intake.on_record(ExamEvent, centre.exams.intake.take_event)
    return intake


def batch(exam: Exam, number: str, answers: int) -> list[bytes]:
    """A sign-in and answers of one candidate."""
    journal = Journal(exam.id, number)
    events = [journal.write(EventKind.SIGN_IN, T0 - S)]
    for n in range(answers):
        events.append(journal.write(EventKind.ANSWER, T0 + n * S, ItemId(f"item-{n}"), OptionId("option-a")))
    return [encode_record(event) for event in events]


async def kept(centre: Centre, exam: Exam) -> list[tuple[str, int]]:
    query = sa.select(exam_event.c.candidate, exam_event.c.cand_seq).where(exam_event.c.exam == exam.id)
    return [(row[0], row[1]) for row in await centre.database.read(lambda conn: conn.execute(query).all())]


async def conflicts(centre: Centre) -> list[str]:
    query = sa.select(exam_conflict.c.reason)
    return [row[0] for row in await centre.database.read(lambda conn: conn.execute(query).all())]


@pytest.mark.parametrize("stream", ["stream-1", "stream-of-a-new-outbox"])
async def test_yesterdays_batch_played_again_changes_nothing(
    centre: Centre, exam: Exam, stream: str, count_lost: LostAnswers
) -> None:
    """The same batch in its stream, and in the stream of a new outbox file after a reinstallation."""
    intake, bodies = intake_of(centre), batch(exam, "0001", 30)
    await intake.take(SITES[0], BY, Records(stream="stream-1", first=1, bodies=bodies))
    for _ in range(3):
        await intake.take(SITES[0], BY, Records(stream=stream, first=1, bodies=bodies))
    there = await kept(centre, exam)
    assert len(there) == len(set(there)) == 31
    assert await conflicts(centre) == []
    count_lost([("0001", n) for n in range(1, 32)], there)


async def test_a_batch_under_numbers_that_mean_other_records_is_a_conflict_and_overwrites_nothing(
    centre: Centre, exam: Exam, count_lost: LostAnswers
) -> None:
    intake = intake_of(centre)
    await intake.take(SITES[0], BY, Records(stream="stream-1", first=1, bodies=batch(exam, "0001", 10)))
    await intake.take(SITES[0], BY, Records(stream="stream-1", first=1, bodies=batch(exam, "0002", 10)))
    count_lost([("0001", n) for n in range(1, 12)], await kept(centre, exam))
    assert ("0002", 2) not in await kept(centre, exam)


async def test_events_of_another_sites_candidate_are_kept_for_a_person_beside_the_true_ones(
    centre: Centre, exam: Exam, count_lost: LostAnswers
) -> None:
    intake = intake_of(centre)
    await intake.take(SITES[0], BY, Records(stream="stream-1", first=1, bodies=batch(exam, "0001", 10)))
    forged = batch(exam, "0001", 12)
    await intake.take(SITES[1], EnrolmentId("enr-2"), Records(stream="stream-1", first=1, bodies=forged[11:]))
    assert "other_site" in await conflicts(centre) or "broken_chain" in await conflicts(centre)
    count_lost([("0001", n) for n in range(1, 12)], await kept(centre, exam))


async def test_events_with_a_forged_hash_are_not_taken_for_answers(centre: Centre, exam: Exam) -> None:
    journal = Journal(exam.id, "0001")
    true = journal.write(EventKind.ANSWER, T0, ItemId("item-1"), OptionId("option-a"))
    forged = encode_record(
        ExamEvent(**{**{name: getattr(true, name) for name in true.__struct_fields__}, "option": OptionId("option-b")})
    )
    await intake_of(centre).take(SITES[0], BY, Records(stream="stream-1", first=1, bodies=[forged]))
    assert await kept(centre, exam) == []
    assert await conflicts(centre) == ["wrong_hash"]


@pytest.mark.parametrize("step_s", [3600, -3600, -23 * 365 * 86400])
def test_a_step_of_the_centres_wall_clock_moves_no_exam(step_s: int, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = CentreClock()
    before, mono = clock.now_ns(), time.monotonic_ns()
    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + step_s * S)
    passed = time.monotonic_ns() - mono
    assert 0 <= clock.now_ns() - before - passed < S
