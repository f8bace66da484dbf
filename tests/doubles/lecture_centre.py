"""A real centre process with one planned session, and browsers' pages of whoever comes to it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import aiohttp

from demo.children import Child, Children
from demo.drill.main import first_sign_in
from demo.operator import Operator
from demo.stage import start_centre
from tests.doubles.centre import Page
from tests.doubles.lean import LEAN
from tests.doubles.linked_province import sites_csv
from tests.doubles.servers import free_port

DOOR = "/api/v1/login/lecture"
HOTLINE = "1900 0123"


class LectureCentre:
    """The centre, its administrator, and a session of one site."""

    def __init__(self, admin: Operator, url: str, folder: Path, process: Child) -> None:
        self.admin = admin
        self.url = url
        self.folder = folder
        self.process = process
        self.session = ""

    async def plan(self, topic: str = "Đổi mới kiểm tra, đánh giá", lecturer: str | None = None) -> str:
        """Another session, of all sites."""
        now_ms = time.time_ns() // 1_000_000
        wish = {"topic": topic, "lecturer": lecturer, "starts_ms": now_ms, "ends_ms": now_ms + 3_600_000}
        return str((await self.admin.post("/api/v1/sessions", wish))["id"])

    async def link(self, kind: str = "lecturer", session: str = "") -> dict[str, Any]:
        """A new link; ``token`` is the secret in its address."""
        made = await self.admin.post(f"/api/v1/sessions/{session or self.session}/links", {"kind": kind})
        return {**made, "token": made["address"].partition("#enter=")[2]}

    @asynccontextmanager
    async def browser(self, token: str = "") -> AsyncIterator[Page]:
        """A fresh browser; with a token it has opened that link."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
            page = Page(http, self.url)
            if token:
                assert (await knock(page, token=token))[0] == 200
            yield page


async def knock(page: Page, **said: str) -> tuple[int, Any]:
    """Open a link (``token``), or come again to a ``session``; then the page knows its CSRF token."""
    status, told = await page.call("POST", DOOR, said)
    if status == 200:
        page.csrf = (await page.call("GET", "/api/v1/me"))[1]["csrf"]
    return status, told


@asynccontextmanager
async def lecture_centre(
    folder: Path, configured: Mapping[str, str] = MappingProxyType({})
) -> AsyncIterator[LectureCentre]:
    """It runs until the block ends."""
    async with aiohttp.ClientSession() as http, Children(folder, {}) as children:
        told = {**LEAN, "DIEMCAU_LECTURE__HOTLINE": HOTLINE, **configured}
        process, url = await start_centre(children, folder, free_port(), told)
        admin = Operator(http, url)
        await first_sign_in(admin, folder)
        await admin.upload("/api/v1/sites/import?filename=tinh.csv", sites_csv({"Huyện Sông Mã": 1}))
        centre = LectureCentre(admin, url, folder, process)
        centre.session = await centre.plan()
        yield centre
