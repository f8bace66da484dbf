"""The centre dies by SIGKILL, with its relay, and is started again on its port and folder: nothing is lost by it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from demo.day import Pace, Script, counts_of, plan_exam
from demo.stage import Stage, until
from tests.doubles.lost_answers import LostAnswers
from tests.doubles.small_day import (
    WallReader,
    live_session,
    local_state,
    outcome,
    seat_all,
    small_day,
    start_agent_again,
    start_centre_again,
    until_exam,
    until_exam_at,
    until_told,
)

pytestmark = pytest.mark.timeout(240)
"""A dozen processes are started; on a busy machine that alone may take a minute."""
SIGN_IN_S = 600.0
ANSWERING = Pace(10.0, 18, 0.4, SIGN_IN_S, 4.0, 1.0, 5.0)
SHORT = Pace(18.0, 12, 0.05, SIGN_IN_S, 8.0, 1.0, 120.0)
LACKING = Pace(25.0, 12, 0.05, SIGN_IN_S, 1.0, 1.0, 120.0)
"""The secret comes so late that the centre is surely dead before."""
LONGER = Pace(18.0, 30, 0.05, SIGN_IN_S, 8.0, 1.0, 120.0)
"""Everybody has ✓✓ and the agent is dead before it could tell its closing."""
SITES, CANDIDATES = 3, 9


async def test_an_exam_outlives_the_centre_that_dies_while_candidates_answer(
    tmp_path: Path, count_lost: LostAnswers
) -> None:
    script = Script()
    async with small_day(tmp_path, sites=SITES, candidates=CANDIDATES) as stage, asyncio.TaskGroup() as tasks:
        before, fresh = WallReader(stage), WallReader(stage)
        following = [tasks.create_task(before.run())]
        exam = await plan_exam(stage, ANSWERING)
        crowd = await seat_all(tasks, stage, exam["id"], script, ANSWERING)
        await crowd.each_answered(3)
        await stage.centre.kill()
        await crowd.each_answered(crowd.fewest + 6)
        await start_centre_again(stage)
        end = await outcome(stage, exam, script, await crowd.all_sat())
        following.append(tasks.create_task(fresh.run()))
        await _true_wall(before, exam["id"])
        await _true_wall(fresh, exam["id"])
        count_lost(end.acked, end.kept)
        assert end.fault == ""
        assert (before.snapshots, before.gaps) == (2, 0)
        for each in following:
            each.cancel()


async def _true_wall(wall: WallReader, exam: str) -> None:
    await until(lambda: wall.shows(exam, sites=SITES, handed_in=CANDIDATES), "a wall that shows everybody")


@pytest.mark.parametrize("secret", ["here", "lacking"])
async def test_an_armed_exam_opens_though_the_centre_is_away_at_its_moment(
    tmp_path: Path, secret: str, count_lost: LostAnswers
) -> None:
    """With the secret the site opens on time by itself; without it, as soon as the centre is back and pushes it."""
    script = Script()
    async with small_day(tmp_path) as stage, asyncio.TaskGroup() as tasks:
        (school,) = stage.schools
        pace = SHORT if secret == "here" else LACKING
        exam = await plan_exam(stage, pace)
        crowd = await seat_all(tasks, stage, exam["id"], script, pace)
        if secret == "here":
            await until_exam_at(stage, school, "released")
            await stage.centre.kill()
            await crowd.each_has_paper()
            await start_centre_again(stage)
        else:
            await stage.centre.kill()
            await _moment_passed(exam)
            assert not crowd.anybody_has_paper
            await start_centre_again(stage)
        end = await outcome(stage, exam, script, await crowd.all_sat())
        count_lost(end.acked, end.kept)
        assert end.fault == ""
        told = await stage.admin.get(f"/api/v1/exams/{exam['id']}")
        (site,) = told["sites"]
        assert site["opened_hi_ms"] >= exam["starts_ms"]
        assert site["closed_ms"] - site["opened_lo_ms"] >= exam["duration_s"] * 1000


async def _moment_passed(exam: dict[str, Any]) -> None:
    """Nobody can tell of T0 while the centre is away: the clock does."""
    await until(lambda: time.time() * 1000 > exam["starts_ms"], "the exam's moment")


async def test_an_exam_that_waits_for_a_last_site_still_does_when_the_centre_died_meanwhile(
    tmp_path: Path, count_lost: LostAnswers
) -> None:
    script = Script()
    async with small_day(tmp_path) as stage, asyncio.TaskGroup() as tasks:
        (school,) = stage.schools
        exam = await plan_exam(stage, LONGER)
        crowd = await seat_all(tasks, stage, exam["id"], script, LONGER)
        sittings = await crowd.all_sat()
        await school.agent.kill()
        await until_exam(stage, exam["id"], "closing")
        await stage.centre.kill()
        await start_centre_again(stage)
        told = await stage.admin.get(f"/api/v1/exams/{exam['id']}")
        assert told["state"] == "closing"
        assert await _tile_of_the_silent(stage) == ("unknown", "unknown")
        await start_agent_again(stage, school)
        end = await outcome(stage, exam, script, sittings)
        count_lost(end.acked, end.kept)
        assert end.fault == ""
        assert not end.results["provisional"]


async def _tile_of_the_silent(stage: Stage) -> tuple[str, str]:
    """A centre that has just started knows nothing of a site it has not heard yet; it was paired all the same."""
    async with asyncio.TaskGroup() as tasks:
        wall = WallReader(stage)
        following = tasks.create_task(wall.run())
        await until(lambda: wall.tiles, "a snapshot")
        following.cancel()
    (tile,) = wall.tiles.values()
    return tile["state"], tile["reason"]


async def test_a_live_session_is_live_again_and_its_screens_are_told_anew(tmp_path: Path) -> None:
    async with small_day(tmp_path) as stage:
        (school,) = stage.schools
        session = await live_session(stage, "Buổi học", [school])
        await _shown(stage, session["id"])
        await stage.centre.kill()
        await school.agent.kill()
        await start_agent_again(stage, school)
        assert (await local_state(stage, school))["lecture"] is None
        await start_centre_again(stage)
        assert (await stage.admin.get(f"/api/v1/sessions/{session['id']}"))["state"] == "live"
        await _shown(stage, session["id"])
        ended = await stage.admin.post(f"/api/v1/sessions/{session['id']}/orders", {"order": "end"})
        assert ended["state"] == "ended"
        await _shown(stage, None)


async def _shown(stage: Stage, session: str | None) -> None:
    async def there() -> bool:
        lecture = (await local_state(stage, stage.schools[0]))["lecture"]
        return (lecture["session"] if lecture else None) == session

    await until_told(there, f"{session} on the screen")


async def test_a_count_taken_while_the_centre_was_away_arrives_when_it_is_back(tmp_path: Path) -> None:
    async with small_day(tmp_path) as stage:
        (school,) = stage.schools
        session = await live_session(stage, "Buổi học", [school])
        wish = {"lead_ms": 3000, "frames": 3, "span_ms": 500}
        call = await stage.admin.post(f"/api/v1/sessions/{session['id']}/roll-calls", wish)
        await until_told(lambda: _counting(stage, asked=True), "the order at the site")
        await stage.centre.kill()
        await until_told(lambda: _counting(stage, asked=False), "the count at the site")
        await start_centre_again(stage)
        counts = await until_told(lambda: counts_of(stage, session["id"], call["id"]), "the count at the centre")
        assert counts == {school.site.code: school.people}


async def _counting(stage: Stage, *, asked: bool) -> bool:
    return ((await local_state(stage, stage.schools[0]))["roll_call"] is not None) == asked
