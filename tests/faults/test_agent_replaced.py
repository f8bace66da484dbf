"""A site's computer dies for good during the exam; another takes its place, newly paired, its disk empty."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from demo.day import QUESTIONS, Pace, Script, plan_exam
from demo.stage import START_S, School, Stage
from tests.doubles.lost_answers import LostAnswers
from tests.doubles.small_day import card_of, outcome, seat_all, small_day, start_agent_again, start_centre_again

pytestmark = pytest.mark.timeout(240)
"""A dozen processes are started; on a busy machine that alone may take a minute."""
ANSWERING = Pace(10.0, 90, 0.8, 600.0, 4.0, 1.0, 60.0)
CANDIDATES = 4
SAME_MOMENT_MS = 500
"""Two readings of one moment by two computers' clocks, each SYNCED."""


@pytest.mark.parametrize("copy", [False, True], ids=["disk gone", "second copy"])
async def test_another_computer_of_the_site_goes_on_and_no_answer_is_lost(
    tmp_path: Path, count_lost: LostAnswers, *, copy: bool
) -> None:
    """Answers that showed ✓ while the line was down are on the lost disk only: they come from the second copy, or from
    the pages, which say them again to a computer that knows nothing of their sessions."""
    stick = tmp_path / "stick"
    stick.mkdir()
    second = {"DIEMCAU_EXAM__SECOND_COPY": str(stick) if copy else "off"}
    script = Script()
    async with small_day(tmp_path, candidates=CANDIDATES, agents=second) as stage, asyncio.TaskGroup() as tasks:
        (school,) = stage.schools
        exam = await plan_exam(stage, ANSWERING)
        crowd = await seat_all(tasks, stage, exam["id"], script, ANSWERING)
        await crowd.each_answered(4)
        before = await card_of(stage, school, exam["id"])
        await stage.centre.kill()
        await crowd.each_answered(min(crowd.fewest + 4, QUESTIONS))
        await school.agent.kill()
        await asyncio.to_thread(shutil.rmtree, school.home)
        await start_centre_again(stage)
        await paired_again(stage, school, second=second if copy else {})
        await start_agent_again(stage, school)
        end = await outcome(stage, exam, script, await crowd.all_sat())
        count_lost(end.acked, end.kept)
        assert end.fault == ""
        (site,) = (await stage.admin.get(f"/api/v1/exams/{exam['id']}"))["sites"]
        length_ms = exam["duration_s"] * 1000
        assert abs(site["opened_lo_ms"] + length_ms - before["closes_ms"]) <= SAME_MOMENT_MS


async def paired_again(stage: Stage, school: School, *, second: Mapping[str, str]) -> None:
    """Another computer of the school: paired with a new code, its journal from the second copy if there is one."""
    code = (await stage.admin.post(f"/api/v1/sites/{school.id}/pairing-code"))["code"]
    home = ["site_agent.cli", "--home", str(school.home)]
    await stage.children.run("pair-again", [*home, "pair", "--server", stage.url, "--code", code], START_S)
    if second:
        await stage.children.run("restore", [*home, "journal", "restore"], START_S, **second)
