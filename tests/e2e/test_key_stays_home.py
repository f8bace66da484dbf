"""The answer key never leaves the centre before the last site has closed."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from playwright.async_api import Page, expect

from demo.day import QUESTIONS, Pace, plan_exam, slips_of
from demo.stage import School, Stage
from site_agent.link import identity
from tests.doubles.browsers import chromium, page_of
from tests.doubles.key_search import KeySearch, memory_of
from tests.doubles.small_day import small_day, start_agent_again, until_exam_at
from tests.doubles.tapped_line import tapped

pytestmark = pytest.mark.timeout(240)
"""A dozen processes are started; on a busy machine that alone may take a minute."""
PACE = Pace(25.0, 90, 0.05, 600.0, 4.0, 1.0, 30.0)


async def test_no_part_of_the_key_is_at_a_site_on_the_line_or_in_the_page(tmp_path: Path) -> None:
    async with small_day(tmp_path, candidates=2) as stage:
        address = urlsplit(stage.url)
        async with tapped((address.hostname or "", address.port or 0)) as tap:
            (school,) = stage.schools
            await _move_line(stage, school, tap.url)
            exam = await plan_exam(stage, PACE)
            search = await asyncio.to_thread(_planted, tmp_path / "centre" / "diemcau.sqlite3", exam["id"])
            voucher = next(slip.voucher for slip in await slips_of(stage, exam["id"]) if slip.voucher)
            await until_exam_at(stage, school, "ready", "sign_in", "released", "open")
            async with chromium() as browser, page_of(browser) as page:
                heard: list[dict[str, Any]] = []
                page.on("websocket", lambda ws: ws.on("framereceived", lambda text: heard.append(json.loads(text))))
                await page.goto(f"{school.desk_url}exam/#v={voucher}")
                await expect(page.locator(".question")).to_have_count(QUESTIONS, timeout=60_000)
                await _answer_wrong(page, search, next(each for each in heard if each["type"] == "opened"))
                assert "\n".join(search.heap_faults(await _heap(page))[:3]) == ""
                assert "\n".join((await asyncio.to_thread(_memory_faults, search, school.agent.pid))[:3]) == ""
                assert "\n".join((await asyncio.to_thread(_file_faults, search, school.home))[:3]) == ""
                traffic = tap.plain()
                assert exam["id"].encode() in traffic
                assert search.faults("traffic", traffic) == []
                state = (await stage.admin.get(f"/api/v1/exams/{exam['id']}"))["state"]
                assert state == "open"


async def _move_line(stage: Stage, school: School, url: str) -> None:
    """The agent calls its centre through the tap from now on."""
    await school.agent.stop()
    moved = msgspec.structs.replace(identity.load(school.home), server=url)
    await asyncio.to_thread(identity.save, school.home, moved)
    await start_agent_again(stage, school)


def _planted(database: Path, exam: str) -> KeySearch:
    """Random canaries in the key's rows, and a search that knows them and the key itself."""
    canaries = [f"item-{secrets.token_hex(10)}", f"opt-{secrets.token_hex(10)}"]
    with sqlite3.connect(database, timeout=20) as centre:
        version, told = centre.execute(
            "SELECT version, right_options FROM exam_key WHERE exam=? ORDER BY version DESC", (exam,)
        ).fetchone()
        right: dict[str, list[str]] = json.loads(told)
        planted = json.dumps({**right, canaries[0]: [canaries[1]]})
        centre.execute("UPDATE exam_key SET right_options=? WHERE exam=? AND version=?", (planted, exam, version))
    centre.close()
    # The key of the reserve paper stands beside it.
    assert len(right) == 2 * QUESTIONS
    return KeySearch(canaries, {item: options[0] for item, options in right.items()})


async def _answer_wrong(page: Page, search: KeySearch, opened: dict[str, Any]) -> None:
    """Everything wrong: a right option beside its item then comes from the key alone."""
    for place, item in enumerate(opened["items"]):
        wrong = next(at for at, option in enumerate(item["options"]) if option["id"] != search.right[item["id"]])
        await page.locator(f"#q{place} .option").nth(wrong).click()
        await expect(page.locator(f"#q{place} .question-head")).to_contain_text("tỉnh đã nhận", timeout=20_000)


async def _heap(page: Page) -> str:
    session = await page.context.new_cdp_session(page)
    chunks: list[str] = []
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda event: chunks.append(event["chunk"]))
    await session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    return "".join(chunks)


def _memory_faults(search: KeySearch, pid: int) -> list[str]:
    os.kill(pid, signal.SIGSTOP)
    try:
        regions = list(memory_of(pid))
    finally:
        os.kill(pid, signal.SIGCONT)
    assert sum(map(len, regions)) > 10 << 20
    return [fault for region in regions for fault in search.faults("memory", region)]


def _file_faults(search: KeySearch, home: Path) -> list[str]:
    files = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.name == "journal.sqlite3" for path in files)
    return [fault for path in files for fault in search.faults(path.name, path.read_bytes())]
