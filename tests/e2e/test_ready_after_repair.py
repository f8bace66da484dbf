"""A room with a black camera, a muted microphone, a wrong clock, UDP blocked and a full disk: each is found, named on
the board and on the site's own pages with what to do, and the room turns green once it is repaired.

A real centre, a real agent behind a cable of its own, a real Chromium at the school; devices are files.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import cv2
import numpy as np
import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from demo.children import Child, Children
from demo.operator import Operator
from demo.province import make_province, workbook
from demo.room import write_room
from demo.stage import agent_command, logged, start_centre, until
from tests.doubles.browsers import CHROMIUM, FLAGS, SIGNED_MS, log_in, page_of, picture
from tests.doubles.cabled_school import CabledSchool, cabled_school, resize_disk, small_disk
from tests.doubles.lean import LEAN
from tests.doubles.school_network import standing_in
from tests.doubles.servers import free_port
from wire.check_words import FOUND, advice, found
from wire.readiness import CheckName

pytestmark = pytest.mark.timeout(240)

ROOMY_MB, FULL_MB = 2600, 160
FAULTS = (
    ("camera", "dark"),
    ("microphone", "silent"),
    ("clock", "wall_clock_off"),
    ("path", "udp_blocked"),
    ("disk", "disk_full"),
)
LOOKED_MS = 60_000
"""All looks of a computer that has just started, and two minutes of a machine that does much else."""
WIDE = ViewportSize(width=1920, height=1080)


class Devices:
    """What the room is made of: files that the agent reads."""

    def __init__(self, folder: Path, school: CabledSchool, disk: Path) -> None:
        self.pictures, self.sound, self.shift = folder / "camera", folder / "sound", folder / "shift"
        self._school, self._disk, self._drawn = school, disk, folder / "drawn"

    def spoil(self) -> None:
        """Everything is wrong."""
        write_room(self._drawn, 18, frames=4, seed=3)
        for folder in (self.pictures, self.sound):
            folder.mkdir()
        for place in range(4):
            cv2.imwrite(str(self.pictures / f"{place}.png"), np.zeros((720, 1280, 3), np.uint8))
        (self.sound / "room.json").write_text('{"muted": true}')
        self.shift.write_text("180")
        self._school.block_udp()
        resize_disk(self._disk, FULL_MB)

    def repair(self) -> None:
        """A teacher takes the cap off, unmutes, sets the clock, has the firewall opened, empties the bin."""
        for black in self.pictures.iterdir():
            black.unlink()
        for drawn in self._drawn.iterdir():
            shutil.copy(drawn, self.pictures / drawn.name)
        (self.sound / "room.json").write_text('{"muted": false}')
        self.shift.write_text("0")
        self._school.let_udp_pass()
        resize_disk(self._disk, ROOMY_MB)


@asynccontextmanager
async def browser_at(school: CabledSchool, folder: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        program = await asyncio.to_thread(school.program, folder, CHROMIUM)
        browser = await playwright.chromium.launch(executable_path=program, args=[*FLAGS])
        yield browser
        await browser.close()


async def signed_in(page: Page, url: str, password: str) -> None:
    await page.goto(f"{url}/readiness")
    await log_in(page, "admin", password)
    await expect(page.locator(".ready-verdicts")).to_be_visible(timeout=SIGNED_MS)


async def paired_agent(
    children: Children, admin: Operator, url: str, school: CabledSchool, home: Path, devices: Devices
) -> Child:
    (site,) = await admin.get("/api/v1/sites")
    code = (await admin.post(f"/api/v1/sites/{site['id']}/pairing-code"))["code"]
    with standing_in(school.namespace):
        pair = ["site_agent.cli", "--home", str(home), "pair", "--server", url, "--code", code, "--insecure"]
        await children.run("pair", pair, 40.0)
        return await children.add(
            "agent",
            agent_command(home, devices.pictures),
            DIEMCAU_SOUND__FOLDER=str(devices.sound),
            DIEMCAU_CLOCK__SHIFT_FILE=str(devices.shift),
        )


async def test_every_fault_is_found_named_and_green_after_repair(tmp_path: Path) -> None:
    with cabled_school() as school, small_disk(tmp_path / "disk", ROOMY_MB) as disk:
        devices = Devices(tmp_path, school, disk)
        await asyncio.to_thread(devices.spoil)
        async with (
            aiohttp.ClientSession() as http,
            Children(tmp_path, {}) as children,
            browser_at(school, tmp_path) as browser,
        ):
            where = {**LEAN, "DIEMCAU_SERVER__HOST": school.province_ip, "DIEMCAU_MEDIA__BIND": school.province_ip}
            _, url = await start_centre(children, tmp_path, free_port(), where)
            admin = Operator(http, url)
            username, one_time = (tmp_path / "centre" / "first-password.txt").read_text(encoding="utf-8").split()
            await admin.sign_in(username, one_time)
            await admin.change_password(one_time, "một mật khẩu dài")
            await admin.upload("/api/v1/sites/import?filename=tinh.xlsx", workbook(make_province(1, 0)))
            wanted = {check for check, _ in FAULTS}
            needs = {name: "must" if name in wanted else "no" for name in CheckName}
            await admin.put("/api/v1/readiness/rule", {"needs": needs, "fresh_s": 86_400})
            agent = await paired_agent(children, admin, url, school, disk / "home", devices)

            def up() -> str | None:
                agent.check()
                line = logged(tmp_path / "agent.log", "agent_up")
                return str(line["screen"]).removesuffix("/screen") if line else None

            local = await until(up, "the agent's start")
            async with page_of(browser, WIDE) as board, page_of(browser, WIDE) as guide:
                await signed_in(board, url, "một mật khẩu dài")
                row = board.locator(".ready-row.v-no_go")
                for check, reason in FAULTS:
                    await expect(row.get_by_text(found(check, reason))).to_be_visible(timeout=LOOKED_MS)
                    await expect(row.get_by_text(advice(check, reason))).to_be_visible()
                await expect(row.locator("a[href^='tel:']")).to_be_visible()
                await picture(board, "ready-board-broken")
                await guide.goto(f"{local}/guide")
                await guide.locator(".places .place").last.click()
                for check, reason in FAULTS:
                    words = FOUND[f"{check}.{reason}"][0]
                    findings = guide.locator(".findings")
                    await expect(findings.get_by_text(words).first).to_be_visible()
                    await expect(findings.get_by_text(advice(check, reason)).first).to_be_visible()
                await picture(guide, "ready-guide-broken")
                await asyncio.to_thread(devices.repair)
                await expect(board.locator(".ready-well .v-go")).to_be_visible(timeout=LOOKED_MS)
                await expect(board.locator(".ready-row")).to_have_count(0)
                await picture(board, "ready-board-repaired")
                for check, reason in FAULTS:
                    words = FOUND[f"{check}.{reason}"][0]
                    await expect(guide.locator(".findings").get_by_text(words)).to_have_count(0)
                await picture(guide, "ready-guide-repaired")
