"""An upload outlives the centre: killed by SIGKILL at 60 %, started again, resumed to the same digest and receipt."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import aiohttp
import pytest

from demo.children import Children
from demo.operator import Operator
from demo.province import make_province, workbook
from demo.stage import start_centre, until
from orchestrator.essays.rights import receipt
from tests.doubles.essay_files import docx, with_parts
from tests.doubles.essay_hall import DAY_MS, RULE, Writer
from tests.doubles.lean import LEAN

pytestmark = pytest.mark.timeout(240)

NUMBER = "10001"
CONTENT = with_parts(docx("Bài gửi dở."), {"word/media/image1.jpeg": random.Random(7).randbytes(5 << 20)})
CUT = len(CONTENT) * 6 // 10


async def test_a_centre_killed_at_sixty_percent_of_an_upload_gives_the_same_receipt(tmp_path: Path) -> None:
    async with aiohttp.ClientSession() as http, Children(tmp_path, {}) as children:
        centre, url = await start_centre(children, tmp_path, 0, LEAN)
        admin = Operator(http, url)
        username, one_time = (tmp_path / "centre" / "first-password.txt").read_text(encoding="utf-8").split()
        await admin.sign_in(username, one_time)
        await admin.change_password(one_time, "mật khẩu của quản trị")
        essay, code = await _planned(admin, http, url)
        writer = Writer(http, url)
        assert await writer.sign_in(essay, NUMBER, code) == 200
        assert await writer.create(CONTENT) == 201
        line = await writer.send_and_fall_silent(CONTENT[:CUT], 0)
        partial = tmp_path / "centre/essays/partial" / writer.upload.rsplit("/", 1)[1]
        await until(lambda: partial.stat().st_size == CUT, "60 % of the upload")
        await centre.kill()
        line.transport.abort()
        (tmp_path / "centre.log").rename(tmp_path / "centre-before.log")
        centre, writer.base = await start_centre(children, tmp_path, 0, LEAN)
        assert await writer.offset() == CUT
        assert await writer.send(CONTENT[CUT:], CUT) == 204
        version = (await writer.became())["version"]
    assert version["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert version["receipt"] == receipt(essay, NUMBER, hashlib.sha256(CONTENT).digest())


async def _planned(admin: Operator, http: aiohttp.ClientSession, url: str) -> tuple[str, str]:
    """A course over one site with its essay; returns the essay and the code of NUMBER."""
    await admin.upload("/api/v1/sites/import?filename=tinh.xlsx", workbook(make_province(1, 2)))
    now_ms = 4_000_000_000_000
    course = await admin.post(
        "/api/v1/courses", {"title": "Hè", "begins_ms": now_ms - DAY_MS, "ends_ms": now_ms, "rule": RULE}
    )
    plan = {"question": "Đề?", "deadline_ms": now_ms, "cap_ms": now_ms + DAY_MS}
    planned = await admin.put(f"/api/v1/courses/{course['id']}/essay", plan)
    essay = str(planned["essay"]["id"])
    slips = (await admin.get(f"/api/v1/essays/{essay}/codes"))["slips"]
    return essay, next(str(slip["code"]) for slip in slips if slip["number"] == NUMBER)
