"""A site's agent dies by SIGKILL and is started again with the same home: the exam goes on where it was."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from demo.day import Pace, Script, plan_exam
from demo.stage import until
from tests.doubles.lost_answers import LostAnswers
from tests.doubles.small_day import (
    WallReader,
    card_of,
    outcome,
    seat_all,
    small_day,
    start_agent_again,
    until_exam,
    until_exam_at,
)

pytestmark = pytest.mark.timeout(240)
"""A dozen processes are started; on a busy machine that alone may take a minute."""
SIGN_IN_S = 600.0
ANSWERING = Pace(10.0, 60, 1.5, SIGN_IN_S, 4.0, 1.0, 5.0)
"""Slow enough that a busy machine kills and starts twice before anybody has answered everything."""
SHORT = Pace(18.0, 12, 0.05, SIGN_IN_S, 8.0, 1.0, 120.0)
SITES, CANDIDATES = 2, 6
SAME_MOMENT_MS = 150
"""Two readings of one moment by a clock that is SYNCED."""


@pytest.mark.parametrize("deaths", [1, 2])
async def test_answers_and_the_window_outlive_an_agent_that_dies_while_candidates_answer(
    tmp_path: Path, deaths: int, count_lost: LostAnswers
) -> None:
    script = Script()
    async with small_day(tmp_path, sites=SITES, candidates=CANDIDATES) as stage, asyncio.TaskGroup() as tasks:
        wall = WallReader(stage)
        following = tasks.create_task(wall.run())
        school = stage.schools[0]
        exam = await plan_exam(stage, ANSWERING)
        crowd = await seat_all(tasks, stage, exam["id"], script, ANSWERING)
        await crowd.each_answered(3)
        before = await card_of(stage, school, exam["id"])
        for _ in range(deaths):
            await school.agent.kill()
            await start_agent_again(stage, school)
            after = await card_of(stage, school, exam["id"])
            assert after["state"] == "open"
            assert abs(after["closes_ms"] - before["closes_ms"]) <= SAME_MOMENT_MS
            await crowd.each_answered(crowd.fewest + 2)
        end = await outcome(stage, exam, script, await crowd.all_sat())
        await until(lambda: wall.shows(exam["id"], sites=SITES, handed_in=CANDIDATES), "a wall that shows everybody")
        count_lost(end.acked, end.kept)
        assert end.fault == ""
        assert (wall.snapshots, wall.gaps) == (1, 0)
        following.cancel()


async def test_an_agent_that_slept_through_t0_with_the_secret_opens_at_once_for_the_full_length(
    tmp_path: Path, count_lost: LostAnswers
) -> None:
    script = Script()
    async with small_day(tmp_path) as stage, asyncio.TaskGroup() as tasks:
        (school,) = stage.schools
        exam = await plan_exam(stage, SHORT)
        crowd = await seat_all(tasks, stage, exam["id"], script, SHORT)
        await until_exam_at(stage, school, "released")
        await school.agent.kill()
        await until_exam(stage, exam["id"], "open")
        assert not crowd.anybody_has_paper
        await start_agent_again(stage, school)
        end = await outcome(stage, exam, script, await crowd.all_sat())
        count_lost(end.acked, end.kept)
        assert end.fault == ""
        (site,) = (await stage.admin.get(f"/api/v1/exams/{exam['id']}"))["sites"]
        assert exam["starts_ms"] < site["opened_hi_ms"] < site["closed_ms"]
        assert site["closed_ms"] - site["opened_lo_ms"] >= exam["duration_s"] * 1000
