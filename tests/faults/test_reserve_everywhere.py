"""A leaked paper: the reserve takes its place at every school, also where the agent was down when it was ordered."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demo.day import QUESTIONS, bank
from demo.stage import Stage
from tests.doubles.small_day import card_of, small_day, start_agent_again, until_exam, until_exam_at, until_told

pytestmark = pytest.mark.timeout(240)
SITES = 4
TITLE = "Thi có đề dự bị"


async def test_the_reserve_is_sat_everywhere_though_one_school_was_down(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with small_day(tmp_path, sites=SITES, candidates=SITES) as stage:
        exam = await _planned(stage)
        for school in stage.schools:
            await until_exam_at(stage, school, "open")
        down = stage.schools[-1]
        await down.agent.kill()
        before_ms = time.time() * 1000
        ordered_s = time.monotonic()
        order = {"title": TITLE, "reason": "lộ đề"}
        moved = await stage.admin.post(f"/api/v1/exams/{exam['id']}/reserve", order)
        assert moved["starts_ms"] > before_ms
        await until_told(lambda: _turned(stage, exam["id"], SITES - 1), "all schools that are up")
        turned_s = time.monotonic() - ordered_s
        await start_agent_again(stage, down)
        await until_told(lambda: _turned(stage, exam["id"], SITES), "all schools")
        back_s = time.monotonic() - ordered_s
        # Told by `python -m tests.faults` and in the report of the tests; nothing is asserted of time.
        record_property("turned_s", round(turned_s, 1))
        record_property("turned_with_the_one_down_s", round(back_s, 1))
        for school in stage.schools:
            await until_exam_at(stage, school, "open")
            assert (await card_of(stage, school, exam["id"]))["reserve"]
        told = await until_exam(stage, exam["id"], "open")
        assert told["starts_ms"] == moved["starts_ms"]


async def _planned(stage: Stage) -> dict[str, Any]:
    wish = {
        "title": TITLE,
        "starts_ms": time.time_ns() // 1_000_000 + 11_000,
        "duration_s": 120,
        "questions": QUESTIONS // 2,
        "reserve": True,
        "release_lead_s": 4.0,
        "reserve_lead_s": 2.0,
        "sign_in_lead_s": 600.0,
        "late_cap_s": 120.0,
    }
    await stage.admin.upload("/api/v1/bank/import?format=gift", bank().encode())
    exam: dict[str, Any] = await stage.admin.post("/api/v1/exams", wish)
    for order in ("seal", "arm"):
        await stage.admin.post(f"/api/v1/exams/{exam['id']}/orders", {"order": order})
    return exam


async def _turned(stage: Stage, exam: str, sites: int) -> bool:
    ready = await stage.admin.get(f"/api/v1/exams/{exam}/readiness")
    return bool(ready["turned"] == sites)
