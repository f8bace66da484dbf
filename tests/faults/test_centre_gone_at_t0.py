"""The centre dies around the start. What the schools have by then opens them on time; what they have not, a voice on
the telephone gives them."""

from __future__ import annotations

import asyncio
import io
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright
from pypdf import PdfReader

from demo.day import QUESTIONS, Pace, bank, plan_exam
from demo.stage import School, Stage, until
from tests.doubles.small_day import card_of, small_day, start_centre_again, until_exam, until_exam_at, until_told

pytestmark = pytest.mark.timeout(300)
SITES = int(os.environ.get("DIEMCAU_TEST_SITES", "4"))
AWAY_S = int(os.environ.get("DIEMCAU_TEST_AWAY_S", "4"))
"""How long the centre is gone after the start: a fifteenth of the minute, or the whole where somebody asks for it."""
BEFORE_S = float(os.environ.get("DIEMCAU_TEST_BEFORE_S", "6"))
"""How long before the start the centre is gone for good: a little, or the 70 s of a day whose release is at 60 s."""
PACE = Pace(12.0, 16 + AWAY_S, 0.4, 600.0, 5.0, 1.0, 120.0)
OFFICERS = [{"name": f"Cán bộ {place}", "phone": f"09{place}"} for place in (1, 2, 3)]
SHARE = re.compile(r"(?:[0-9A-HJKMNP-TV-Z]{4}\s+){6}[0-9A-HJKMNP-TV-Z]{4}")


async def test_a_centre_killed_a_second_before_the_start_and_back_a_minute_after_delays_no_site(tmp_path: Path) -> None:
    """Scaled: one second before, some seconds after."""
    async with small_day(tmp_path, sites=SITES, candidates=SITES) as stage:
        exam = await plan_exam(stage, PACE)
        for school in stage.schools:
            await until_exam_at(stage, school, "released")
        await until(lambda: time.time() * 1000 > exam["starts_ms"] - 1000, "the last second")
        await stage.centre.kill()
        # Every site is open before the centre is back, so none waited for it.
        await _all_open(stage, exam["id"])
        await until(
            lambda: time.time() * 1000 > exam["starts_ms"] + 1000 * AWAY_S, "a while without a centre", 40.0 + AWAY_S
        )
        back_ms = time.time() * 1000
        await start_centre_again(stage)
        told = await _told_openings(stage, exam["id"])
        assert len(told) == SITES
        assert all(hi_ms >= exam["starts_ms"] for hi_ms in told)
        assert all(hi_ms < back_ms for hi_ms in told)


async def test_a_centre_killed_before_the_release_and_never_back_opens_every_site_by_the_officers_code(
    tmp_path: Path,
) -> None:
    async with small_day(tmp_path, sites=SITES, candidates=SITES) as stage:
        exam, shares, page = await _planned_by_officers(stage, tmp_path)
        for school in stage.schools:
            await until_exam_at(stage, school, "ready", "sign_in")
        gone_ms = exam["starts_ms"] - 1000 * BEFORE_S
        await until(lambda: time.time() * 1000 > gone_ms, "the moment of the fault", 40.0)
        await stage.centre.kill()
        code = await _combined_offline(page, shares[0], shares[2])
        await until(lambda: time.time() * 1000 > exam["starts_ms"], "the start", 60.0 + BEFORE_S)
        assert await asyncio.gather(*(_state(stage, school, exam["id"]) for school in stage.schools)) == (
            ["sealed"] * SITES
        )
        for school in stage.schools:
            await _type(stage, school, exam["id"], code)
        await _all_open(stage, exam["id"])


async def _planned_by_officers(stage: Stage, folder: Path) -> tuple[dict[str, Any], list[str], Path]:
    await stage.admin.upload("/api/v1/bank/import?format=gift", bank().encode())
    wish = {
        "title": "Thi với cán bộ giữ mã",
        "starts_ms": time.time_ns() // 1_000_000 + int(1000 * (10 + BEFORE_S)),
        "duration_s": 60,
        "questions": QUESTIONS,
        "release": "officers",
        "officers": OFFICERS,
        "release_lead_s": BEFORE_S * 6 / 7,
        "officers_lead_s": BEFORE_S + 4,
        "sign_in_lead_s": 600.0,
        "late_cap_s": 120.0,
    }
    exam: dict[str, Any] = await stage.admin.post("/api/v1/exams", wish)
    orders = f"/api/v1/exams/{exam['id']}/orders"
    await stage.admin.post(orders, {"order": "seal"})
    officers = f"/api/v1/exams/{exam['id']}/officers"
    slips = [await stage.admin.download(f"{officers}/{place}/slip", "POST") for place in (1, 2, 3)]
    await stage.admin.post(orders, {"order": "arm"})
    page = folder / "offline.html"
    page.write_bytes(await stage.admin.download(f"{officers}/offline.html"))
    return exam, [_share(slip) for slip in slips], page


def _share(slip: bytes) -> str:
    """The share as it is printed, read from the PDF."""
    found = SHARE.search(PdfReader(io.BytesIO(slip)).pages[0].extract_text())
    assert found is not None
    return found[0]


async def _combined_offline(page: Path, one: str, two: str) -> str:
    """What two officers do with the file that they had downloaded, in a browser without any network."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = await browser.new_context(offline=True)
        tab = await context.new_page()
        await tab.goto(page.as_uri())
        await tab.fill("#one", one)
        await tab.fill("#two", two)
        await tab.click("button[type=submit]")
        groups = await tab.locator("#code li").all_text_contents()
        await browser.close()
    assert len(groups) == 7
    return "-".join(groups)


async def _type(stage: Stage, school: School, exam: str, code: str) -> None:
    origin = school.desk_url.rstrip("/")
    async with stage.admin.http.ws_connect(f"{origin}/exam/ws", headers={"Origin": origin}) as desk:
        await desk.send_json({"type": "hello"})
        await desk.receive_json()
        await desk.send_json({"type": "release_code", "exam": exam, "text": code})
        await until_told(lambda: _is_open(stage, school, exam), f"{school.site.code} open")


async def _state(stage: Stage, school: School, exam: str) -> str:
    return str((await card_of(stage, school, exam))["state"])


async def _is_open(stage: Stage, school: School, exam: str) -> bool:
    return await _state(stage, school, exam) == "open"


async def _all_open(stage: Stage, exam: str) -> None:
    for school in stage.schools:
        await until_told(lambda school=school: _is_open(stage, school, exam), f"{school.site.code} open")  # type: ignore[misc]


async def _told_openings(stage: Stage, exam: str) -> list[int]:
    async def all_told() -> list[int] | None:
        sites = (await until_exam(stage, exam, "open", "closing", "closed", "marked"))["sites"]
        told = [site["opened_hi_ms"] for site in sites]
        return told if None not in told else None

    return await until_told(all_told, "every opening at the centre")
