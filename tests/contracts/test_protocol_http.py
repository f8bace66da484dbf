"""Silent sites are closed by protocol while results wait for them, over the real HTTP kit and a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orchestrator.access.audit import Audit
from orchestrator.exams.model import UNDO_S, UNTOLD_GRANTS_S, UNTOLD_STOP_S, Action, Stage
from orchestrator.exams.outcome.waiting import without_reasons
from orchestrator.exams.store import Stale
from tests.doubles.exam_conductor import SITES, T0, Centre, S, conducting
from tests.doubles.exam_site import Journal
from tests.doubles.outcome_door import END, RIGHT, served
from wire.chain import EventKind
from wire.ids import ClockState, ExamState
from wire.messages import ExamClosed, ExamOpened, ExamProgress


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with conducting(tmp_path) as running:
        yield running


async def test_one_silent_school_holds_up_nobody_once_a_person_says_that_nobody_sits_there(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    for site in SITES[:2]:
        await centre.sit(exam, site, RIGHT[site], END)
    async with served(centre, exam) as door:
        closing = f"{door.path}/sites/{SITES[2]}/closing"
        told = {"how": "telephone", "present": 1, "reason": "hiệu trưởng: đã về hết"}
        assert (await door.ask(closing, told))[1]["code"] == "not_over"
        await centre.at(END + 600 * S)
        _, waiting = await door.ask(f"{door.path}/waiting")
        assert (waiting["stage"], [one["code"] for one in waiting["sites"]]) == ("closing", ["DC03"])
        longest_s = 120 + UNTOLD_GRANTS_S + UNTOLD_STOP_S
        assert waiting["sites"][0]["until_ms"] == (END + longest_s * S) // 1_000_000
        assert waiting["until_ms"] == (END + (longest_s + 7) * S) // 1_000_000
        assert (await door.ask(closing, {**told, "reason": ""}))[1]["code"] == "no_reason"
        assert (await door.ask(closing, {**told, "present": 9}))[1]["code"] == "bad_count"
        assert (await door.ask(f"{door.path}/sites/{SITES[0]}/closing", told))[1]["code"] == "already_complete"
        assert (await door.ask(closing, told))[0] == 200
        await centre.at(centre.clock.ns + (UNDO_S - 1) * S)
        assert await centre.stage(exam) is Stage.CLOSING
        await centre.at(centre.clock.ns + S)
        assert await centre.stage(exam) is Stage.MARKED
        _, waiting = await door.ask(f"{door.path}/waiting")
        assert (waiting["stage"], waiting["until_ms"], waiting["sites"]) == ("marked", None, [])
    deeds = await centre.database.read(lambda conn: Audit(centre.clock).newest(conn, 100))
    (closed,) = [deed for deed in deeds if deed.action == "exam.site_closing"]
    assert (closed.who, "hiệu trưởng: đã về hết" in closed.detail, '"stage":"closing"' in closed.detail) == (
        "ann", True, True,
    )  # fmt: skip
    assert SITES[2] in next(deed.detail for deed in deeds if deed.action == "exam.finish")


async def test_the_last_protocol_is_taken_back_within_half_a_minute_and_not_later(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    for site in SITES[:2]:
        await centre.sit(exam, site, RIGHT[site], END)
    await centre.at(END)
    async with served(centre, exam) as door:
        closing = f"{door.path}/sites/{SITES[2]}/closing"
        told, taken_back = {"how": "telephone", "reason": "đã gọi"}, {"how": "reopened", "reason": "nhầm trường"}
        assert (await door.ask(closing, told))[0] == 200
        await centre.at(centre.clock.ns + (UNDO_S - 1) * S)
        assert (await door.ask(closing, taken_back))[0] == 200
        await centre.at(centre.clock.ns + 60 * S)
        assert await centre.stage(exam) is Stage.CLOSING
        assert (await door.ask(closing, told))[0] == 200
        await centre.at(centre.clock.ns + UNDO_S * S)
        assert await centre.stage(exam) is Stage.MARKED


async def test_a_step_that_was_decided_before_a_protocol_was_taken_back_is_not_made(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(END)
    now = await centre.exams.exam(exam.id)
    with pytest.raises(Stale):
        await centre.exams._move(now, Action.FINISH)
    assert await centre.stage(exam) is Stage.CLOSING


async def test_a_site_that_is_linked_and_open_is_not_closed_from_afar(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(END)
    await centre.exams.note_progress(SITES[0], [ExamProgress(exam=exam.id, state=ExamState.OPEN)])
    async with served(centre, exam) as door:
        told = {"how": "telephone", "reason": "đã gọi"}
        assert (await door.ask(f"{door.path}/sites/{SITES[0]}/closing", told))[1]["code"] == "still_open"
        assert (await door.ask(f"{door.path}/sites/{SITES[1]}/closing", told))[0] == 200


async def test_who_only_looks_is_not_told_who_closed_a_site_and_why(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(END)
    await centre.given_up(exam, SITES[0])
    told = await centre.outcome().waiting(exam.id)
    (closing,) = [one.closing for one in told.sites if one.closing]
    assert (closing.who, closing.reason) == ("ann", "đã gọi hiệu trưởng")
    (bare,) = [one.closing for one in without_reasons(told).sites if one.closing]
    assert (bare.who, bare.reason, bare.how) == ("", "", closing.how)


async def test_a_protocol_is_taken_back_and_results_wait_again_while_others_still_sit(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(END)
    async with served(centre, exam) as door:

        async def waited_for() -> dict[str, bool]:
            _, waiting = await door.ask(f"{door.path}/waiting")
            return {one["code"]: one["closing"] is None for one in waiting["sites"]}

        await centre.given_up(exam, *SITES[:2])
        assert await waited_for() == {"DC03": True, "DC01": False, "DC02": False}
        taken_back = {"how": "reopened", "reason": "nhầm trường: phòng 2 còn người"}
        assert (await door.ask(f"{door.path}/sites/{SITES[0]}/closing", taken_back))[0] == 200
        await centre.given_up(exam, SITES[2])
        assert await waited_for() == {"DC01": True, "DC02": False, "DC03": False}
        assert await centre.stage(exam) is Stage.CLOSING
        await centre.record(SITES[0], ExamClosed(exam=exam.id, at_ns=END + S))
        await centre.exams.step()
        assert await centre.stage(exam) is Stage.MARKED


async def test_a_silent_site_without_candidates_of_its_own_holds_up_nobody_either(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(spares=1), Action.SEAL, Action.ARM)
    spare = next(site for site in exam.sites if site not in SITES)
    opened = ExamOpened(exam=exam.id, lo_ns=T0, hi_ns=T0, clock=ClockState.SYNCED)
    await centre.at(T0)
    for site in SITES:
        await centre.sit(exam, site, RIGHT[site], END)
    await centre.record(spare, opened)
    await centre.at(END)
    async with served(centre, exam) as door:
        _, waiting = await door.ask(f"{door.path}/waiting")
        assert [one["site"] for one in waiting["sites"]] == [spare]
        told = {"how": "telephone", "reason": "máy dự phòng, không ai ngồi"}
        assert (await door.ask(f"{door.path}/sites/{spare}/closing", told))[0] == 200
        await centre.at(centre.clock.ns + UNDO_S * S)
        assert await centre.stage(exam) is Stage.MARKED


async def test_a_site_that_has_told_its_closing_needs_no_protocol_while_others_still_sit(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    journal = Journal(exam.id, "0001")
    await centre.record(SITES[0], journal.write(EventKind.SIGN_IN, T0), journal.write(EventKind.OPEN, T0))
    await centre.record(SITES[0], ExamClosed(exam=exam.id, at_ns=END))
    await centre.at(END)
    async with served(centre, exam) as door:
        told = {"how": "telephone", "reason": "đã gọi"}
        assert (await door.ask(f"{door.path}/sites/{SITES[0]}/closing", told))[1]["code"] == "site_closed"


async def test_the_conductor_looks_again_at_once_after_the_last_protocol(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(END)
    woken = asyncio.Event()
    centre.exams.look = woken.set  # type: ignore[method-assign]
    async with served(centre, exam) as door:
        await door.ask(f"{door.path}/sites/{SITES[0]}/closing", {"how": "telephone", "reason": "đã gọi"})
    assert woken.is_set()
