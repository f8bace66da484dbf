"""The guided set-up in Chromium over devices made of files: each fault is found, named, and green once mended.

The agent is whole, its centre keeps what it tells; the relay is a real one, first at an address that swallows UDP.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from playwright.async_api import Page, expect

from site_agent.config import Screen
from site_agent.readiness.pages import ReadinessView
from tests.doubles.axe import serious_faults
from tests.doubles.browsers import chromium, page_of, picture
from tests.doubles.eventually import eventually
from tests.doubles.link_centre import LinkCentre, link_centre
from tests.doubles.ready_site import Devices, Told, black, lively_room, ready_site
from tests.doubles.relay import relay
from tests.doubles.servers import free_port
from tests.doubles.small_disk import small_disk
from wire.readiness import Check, CheckName, CheckState

C, S = CheckName, CheckState
FOUND = {
    C.CAMERA: (S.BAD, "dark"),
    C.MICROPHONE: (S.BAD, "silent"),
    C.CLOCK: (S.BAD, "wall_clock_off"),
    C.PATH: (S.BAD, "udp_blocked"),
    C.DISK: (S.BAD, "disk_full"),
}
NAMED = {
    "Máy ảnh": ("Hình đen", "Mở nắp ống kính"),
    "Loa và micrô": ("Micrô bị tắt tiếng", "Bật công tắc trên micrô"),
    "Máy tính": ("Đồng hồ máy chạy sai", "Ổ đĩa đầy", "bật «Tự đặt giờ»", "chừa ít nhất 2 GB"),
    "Đường mạng": ("Mạng chặn UDP", "mở UDP tới trung tâm"),
}


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[LinkCentre]:
    async with link_centre(tmp_path) as running:
        yield running


async def go(page: Page, step: str) -> None:
    await page.get_by_role("navigation").get_by_role("button", name=step, exact=True).click()
    await expect(page.get_by_role("heading", name=step, exact=True)).to_be_visible()


async def test_each_fault_is_found_named_and_green_after_repair(centre: LinkCentre, tmp_path: Path) -> None:
    devices, told, port = Devices(tmp_path / "devices"), Told(centre), free_port()
    devices.show(black)
    devices.hear(muted=True)
    devices.set_clock_ahead(180)
    config = devices.config(screen=Screen(port, headless=True))
    with relay("--open", "--announce", "127.0.0.2") as deaf, relay("--open") as hearing:
        told.whep = deaf.whep("line-check")
        async with (
            small_disk(tmp_path / "site", 64) as disk,
            ready_site(config, disk.path, centre.enrol()),
            chromium() as browser,
            page_of(browser) as page,
        ):
            await page.goto(f"http://127.0.0.1:{port}/guide")
            for step, sentences in NAMED.items():
                await go(page, step)
                for sentence in sentences:
                    await expect(page.locator(".step")).to_contain_text(sentence, timeout=30_000)
            await eventually(lambda: told.has(FOUND), 40.0)
            assert await serious_faults(page) == []

            devices.show(lively_room)
            devices.hear()
            devices.set_clock_ahead(0)
            told.whep = hearing.whep("line-check")
            await disk.resize(3000)
            await page.get_by_role("button", name="Kiểm tra lại").click()
            await go(page, "Loa và micrô")
            await expect(page.get_by_text("tiếng rít ngắn")).to_be_visible()
            await page.get_by_role("button", name="Thử loa").click()
            for step, goods in (("Loa và micrô", 2), ("Máy ảnh", 1), ("Máy tính", 4), ("Đường mạng", 1)):
                await go(page, step)
                await eventually_good(page, goods)
                await picture(page, f"guide-{goods}")
            await eventually(lambda: told.has(dict.fromkeys(FOUND, (S.GOOD, ""))), 40.0)


async def test_why_checks_are_put_off_is_said_once(centre: LinkCentre, tmp_path: Path) -> None:
    devices, port = Devices(tmp_path / "devices"), free_port()
    config = devices.config(screen=Screen(port, headless=True))
    put_off = {C.MICROPHONE: "Micrô", C.SPEAKER: "Loa", C.FLUSH: "Ghi chắc xuống đĩa"}
    checks = [Check(name=name, state=S.WAITING, reason="not_now") for name in put_off]
    well = Check(name=C.DISK, state=S.GOOD, figures={"free_mb": 9_000})
    told = ReadinessView(paired=True, code="T1", name="Trường 1", busy=True, checks=[*checks, well])
    async with (
        ready_site(config, tmp_path / "site", centre.enrol()),
        chromium() as browser,
        page_of(browser) as page,
    ):
        await page.route(
            "**/local/readiness",
            lambda route: route.fulfill(body=msgspec.json.encode(told), content_type="application/json"),
        )
        await page.goto(f"http://127.0.0.1:{port}/guide")
        await go(page, "Tổng kết")
        await expect(page.get_by_text("Hoãn vì đang học hoặc đang thi")).to_have_count(1)
        await expect(page.get_by_text("Sẽ tự kiểm tra lại sau buổi học")).to_have_count(1)
        for name in put_off.values():
            await expect(page.locator(".finding", has_text=name)).to_contain_text("hoãn")
        assert await serious_faults(page) == []
        await picture(page, "guide-put-off")


async def eventually_good(page: Page, least: int) -> None:
    """At least so many green findings, and none red."""
    await expect(page.locator(".finding.good").nth(least - 1)).to_be_visible(timeout=30_000)
    await expect(page.locator(".finding.bad")).to_have_count(0, timeout=30_000)
