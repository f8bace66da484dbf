"""The centre dies around the start. What the schools have by then opens them on time; what they have not, a voice on
the telephone gives them."""

from __future__ import annotations

import asyncio
import io
import os
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.async_api import async_playwright
from pypdf import PdfReader

from demo.day import QUESTIONS, Pace, Script, bank, plan_exam
from demo.stage import School, Stage, until
from site_agent.exam.journal import Journal
from tests.doubles.lost_answers import LostAnswers
from tests.doubles.small_day import (
    LIMIT_S,
    Answer,
    card_of,
    outcome,
    seat_all,
    small_day,
    start_centre_again,
    ticked,
    until_exam,
    until_exam_at,
    until_told,
)
from tests.faults.clauses import LONG
from wire.codec import decode_record
from wire.messages import ExamOpened


class Form(msgspec.Struct, frozen=True):
    """How large and how long, in seconds: planned `lead_s` before the fault or the start; the centre is `away_s` after
    the start, or gone `before_s` before it."""

    sites: int
    lead_s: float
    away_s: float
    before_s: float


SHORT = Form(sites=4, lead_s=12.0, away_s=4.0, before_s=6.0)
WHOLE = Form(sites=8, lead_s=24.0, away_s=60.0, before_s=70.0)
"""As it is to be shown; it takes minutes, so only where somebody asks: ``python -m tests.faults --long release``."""
FORM = WHOLE if os.environ.get(LONG) else SHORT
pytestmark = pytest.mark.timeout(900 if FORM is WHOLE else 300)
PACE = Pace(FORM.lead_s, 16 + round(FORM.away_s), max(0.4, FORM.away_s / 15), 600.0, 5.0, 1.0, 120.0)
ANSWER_S = 0.4
OFFICERS = [{"name": f"Cán bộ {place}", "phone": f"09{place}"} for place in (1, 2, 3)]
SHARE = re.compile(r"(?:[0-9A-HJKMNP-TV-Z]{4}\s+){6}[0-9A-HJKMNP-TV-Z]{4}")

Opened = tuple[int, int]
"""Between which two moments a site opened, in ms of centre time."""
Record = Callable[[str, object], None]


async def test_a_centre_killed_a_second_before_the_start_and_back_a_minute_after_delays_no_site(
    tmp_path: Path, count_lost: LostAnswers, record_property: Record
) -> None:
    """On time is what each site does by its own clock: it opens after the centre has died and before it is back."""
    script = Script()
    async with small_day(tmp_path, sites=FORM.sites, candidates=FORM.sites) as stage, asyncio.TaskGroup() as tasks:
        exam = await plan_exam(stage, PACE)
        crowd = await seat_all(tasks, stage, exam["id"], script, PACE, received_within_s=LIMIT_S + FORM.away_s)
        for school in stage.schools:
            await until_exam_at(stage, school, "released")
        await until(lambda: time.time() * 1000 > exam["starts_ms"] - 1000, "the last second")
        died_ms = time.time() * 1000
        await stage.centre.kill()
        await _all_open(stage, exam["id"])
        await crowd.each_has_paper()
        await until(
            lambda: time.time() * 1000 > exam["starts_ms"] + 1000 * FORM.away_s,
            "a while without a centre",
            40.0 + FORM.away_s,
        )
        back_ms = time.time() * 1000
        await start_centre_again(stage)
        openings = await _told_openings(stage, exam["id"])
        record_property("opened_after_t0_ms", _lateness(openings, exam["starts_ms"]))
        assert len(openings) == FORM.sites
        for _, hi_ms in openings.values():
            assert hi_ms >= exam["starts_ms"]
            assert died_ms <= hi_ms < back_ms
        end = await outcome(stage, exam, script, await crowd.all_sat())
        count_lost(end.acked, end.kept)
        assert end.fault == ""


async def test_a_centre_killed_before_the_release_and_never_back_opens_every_site_by_the_officers_code(
    tmp_path: Path, count_lost: LostAnswers, record_property: Record
) -> None:
    async with small_day(tmp_path, sites=FORM.sites, candidates=FORM.sites) as stage, asyncio.TaskGroup() as tasks:
        exam, shares, page = await _planned_by_officers(stage, tmp_path)
        pace = msgspec.structs.replace(PACE, answer_s=ANSWER_S)
        crowd = await seat_all(tasks, stage, exam["id"], Script(), pace, received_within_s=0.0)
        for school in stage.schools:
            await until_exam_at(stage, school, "ready", "sign_in")
        gone_ms = exam["starts_ms"] - 1000 * FORM.before_s
        await until(lambda: time.time() * 1000 > gone_ms, "the moment of the fault", 40.0)
        await stage.centre.kill()
        code = await _combined_offline(page, shares[0], shares[2])
        await until(lambda: time.time() * 1000 > exam["starts_ms"], "the start", 60.0 + FORM.before_s)
        assert await asyncio.gather(*(_state(stage, school, exam["id"]) for school in stage.schools)) == (
            ["sealed"] * FORM.sites
        )
        assert not crowd.anybody_has_paper
        for school in stage.schools:
            await _type(stage, school, exam["id"], code)
        await _all_open(stage, exam["id"])
        sittings = await crowd.all_sat()
        openings, kept = await _of_journals(stage)
        record_property("opened_after_t0_ms", _lateness(openings, exam["starts_ms"]))
        assert set(openings) == {school.site.code for school in stage.schools}
        count_lost(ticked(sittings), kept)


async def _planned_by_officers(stage: Stage, folder: Path) -> tuple[dict[str, Any], list[str], Path]:
    await stage.admin.upload("/api/v1/bank/import?format=gift", bank().encode())
    wish = {
        "title": "Thi với cán bộ giữ mã",
        "starts_ms": time.time_ns() // 1_000_000 + int(1000 * (FORM.lead_s - 2 + FORM.before_s)),
        "duration_s": 60,
        "questions": QUESTIONS,
        "release": "officers",
        "officers": OFFICERS,
        "release_lead_s": FORM.before_s * 6 / 7,
        "officers_lead_s": FORM.before_s + 4,
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


async def _told_openings(stage: Stage, exam: str) -> dict[str, Opened]:
    """When each site opened, as the centre was told."""

    async def all_told() -> dict[str, Opened] | None:
        sites = (await until_exam(stage, exam, "open", "closing", "closed", "marked"))["sites"]
        told = {site["code"]: (site["opened_lo_ms"], site["opened_hi_ms"]) for site in sites}
        return told if (None, None) not in told.values() else None

    return await until_told(all_told, "every opening at the centre")


async def _of_journals(stage: Stage) -> tuple[dict[str, Opened], set[Answer]]:
    """When each site opened and which answers it has, from its journal's file; ends the agents."""
    openings, kept = dict[str, Opened](), set[Answer]()
    for school in stage.schools:
        await school.agent.kill()
        journal = Journal(school.home / "journal.sqlite3")
        await journal.start()
        past, bodies = await journal.past(), await journal.bodies(0, 1 << 16)
        await journal.stop()
        for record in (decode_record(body) for _, body in bodies):
            if isinstance(record, ExamOpened):
                openings[school.site.code] = (record.lo_ns // 1_000_000, record.hi_ns // 1_000_000)
        kept |= {(e.event.candidate, str(e.event.item), str(e.event.option)) for e in past.entries}
    return openings, kept


def _lateness(openings: Mapping[str, Opened], starts_ms: int) -> str:
    """Of each site: from when until when after T0, in ms, it opened by what it knows of the time."""
    return ", ".join(f"{code} {lo - starts_ms}…{hi - starts_ms}" for code, (lo, hi) in sorted(openings.items()))
