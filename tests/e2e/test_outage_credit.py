"""A site's program is away during the exam: measured, proposed, approved once, and answers in the added time count."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from demo.day import QUESTIONS, Pace, Script, plan_exam
from tests.doubles.small_day import card_of, outcome, seat_all, small_day, start_agent_again, until_told

pytestmark = pytest.mark.timeout(240)
"""A centre, an agent and their pages are started; on a busy machine that alone may take a minute."""

LENGTH_S = 45
SLOW = Pace(10.0, LENGTH_S, 54.0 / QUESTIONS, 600.0, 4.0, 1.0, 5.0)
"""All questions need 54 s: only somebody with more time than planned answers them all."""
AWAY_S = 8.0


async def test_a_measured_outage_becomes_time_that_counts(tmp_path: Path) -> None:
    script = Script()
    async with small_day(tmp_path, sites=1, candidates=2) as stage, asyncio.TaskGroup() as tasks:
        (school,) = stage.schools
        exam = await plan_exam(stage, SLOW)
        credits_at = f"/api/v1/exams/{exam['id']}/credits"
        crowd = await seat_all(tasks, stage, exam["id"], script, SLOW)
        await crowd.each_answered(2)
        before = await card_of(stage, school, exam["id"])
        await school.agent.kill()
        await asyncio.sleep(AWAY_S)
        await start_agent_again(stage, school)

        async def proposed() -> dict[str, Any] | None:
            listed = await stage.admin.get(credits_at)
            return next((each for each in listed if each["cause"] == "agent"), None)

        credit = await until_told(proposed, "a proposed credit")
        assert (credit["state"], credit["minutes"], credit["candidate"]) == ("proposed", 1, None)
        assert AWAY_S * 1000 <= credit["measured_ms"] < 60_000
        await stage.admin.post(f"{credits_at}/decide", {"ids": [credit["id"]], "decision": "approved", "reason": ""})

        async def moved() -> dict[str, Any] | None:
            card = await card_of(stage, school, exam["id"])
            return card if card["closes_ms"] is not None and card["closes_ms"] > before["closes_ms"] + 30_000 else None

        after = await until_told(moved, "a later close")
        assert abs(after["closes_ms"] - before["closes_ms"] - 60_000) < 200
        end = await outcome(stage, exam, script, await crowd.all_sat())
        assert end.fault == ""
        assert [each["late"] for each in end.results["candidates"]] == [0, 0]
        held = (await stage.admin.get(credits_at))[0]
        assert held["held_ms"] is not None
        (site,) = (await stage.admin.get(f"/api/v1/exams/{exam['id']}"))["sites"]
        planned_end_ns = (site["opened_hi_ms"] + LENGTH_S * 1000 + 5_000) * 1_000_000
        late = await asyncio.to_thread(_answers_after, stage.folder / "centre" / "diemcau.sqlite3", planned_end_ns)
        assert late > 0


def _answers_after(database: Path, at_ns: int) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as conn:
        row = conn.execute("SELECT count(*) FROM exam_event WHERE kind='answer' AND at_ns > ?", (at_ns,)).fetchone()
    conn.close()
    return int(row[0])
