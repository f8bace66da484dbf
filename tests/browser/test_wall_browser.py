"""The wall in a real browser: found without marks, right again after every kind of silence, on a television, heard."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.doubles.browsers import chromium, log_in, page_of, picture, sign_in
from tests.doubles.proxy import Line, proxied
from tests.doubles.servers import free_port
from tests.doubles.small_day import start_centre_again
from tests.doubles.wall_page import HD
from tests.doubles.wall_province import Province, province

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

SITES = 10
SOON_MS = 20_000


class Wall:
    """A province whose sites change when a test says so, and a browser."""

    def __init__(self, running: Province, browser: Browser) -> None:
        self.province = running
        self.browser = browser

    @asynccontextmanager
    async def page(self, path: str = "/wall", at: str = "") -> AsyncIterator[Page]:
        """The wall as a viewer sees it, by the province's own address or another one."""
        async with page_of(self.browser, HD) as page:
            base = at or self.province.url
            await page.goto(f"{base}{path}")
            if self.province.password:
                await sign_in(page, self.province.username, self.province.password)
                self.province.password = ""
            else:
                await log_in(page, self.province.username, "một câu ngắn dễ nhớ")
            await expect(page.locator(".tile.face-good")).to_have_count(SITES, timeout=SOON_MS)
            yield page


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Wall]:
    folder: Path = tmp_path_factory.mktemp("wall")
    async with province(folder, SITES, lecture=False, port=free_port()) as running, chromium() as browser:
        yield Wall(running, browser)


@asynccontextmanager
async def in_trouble(wall: Wall, page: Page) -> AsyncIterator[str]:
    """One site whose disk fills up meanwhile."""
    site = str(wall.province.sites[3]["id"])
    wall.province.ill(site)
    try:
        yield site
    finally:
        wall.province.well(site)
        await expect(page.locator(".tile.face-warn")).to_have_count(0, timeout=SOON_MS)


def tile(page: Page, site: str) -> str:
    return f'.tile[data-site="{site}"]'


async def test_sites_are_found_without_marks_and_the_address_keeps_the_wish(wall: Wall) -> None:
    named = [each for each in wall.province.sites if "Kim Đồng" in each["name"]]
    assert named
    async with wall.page() as page:
        await page.get_by_role("searchbox").fill("kim dong")
        await expect(page.locator(".tile")).to_have_count(len(named))
        assert "q=kim+dong" in page.url
        await page.reload()
        await expect(page.locator(".tile")).to_have_count(len(named))
        await page.get_by_role("button", name="Bỏ lọc").click()
        await expect(page.locator(".tile")).to_have_count(SITES)
        await page.get_by_role("button", name=re.compile("Chưa nối")).click()
        await expect(page.get_by_text("Không có điểm cầu nào khớp")).to_be_visible()
        assert "show=never" in page.url
        async with in_trouble(wall, page) as site:
            await expect(page.locator(tile(page, site))).to_be_visible(timeout=SOON_MS)
            await expect(page.get_by_role("button", name=re.compile("Cần xử lý"))).to_contain_text("1")
            await picture(page, "wall-hidden-but-troubled")


async def test_a_wall_whose_line_stalls_says_how_old_it_is_and_is_right_again(wall: Wall) -> None:
    line, centre = Line(), urlsplit(wall.province.url)
    async with proxied(str(centre.hostname), int(centre.port or 0), line), wall.page(at=line.url) as page:
        line.stall()
        await expect(page.locator(".lost")).to_contain_text(re.compile(r"cách đây 0:\d\d"), timeout=SOON_MS)
        async with in_trouble(wall, page) as site:
            line.cut()
            line.flow()
            await expect(page.locator(".lost")).to_have_count(0, timeout=SOON_MS)
            await expect(page.locator(tile(page, site))).to_have_class(re.compile("face-warn"), timeout=SOON_MS)


async def test_a_page_that_slept_is_right_again(wall: Wall) -> None:
    async with wall.page() as page:
        devtools = await page.context.new_cdp_session(page)
        await devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
        async with page_of(wall.browser, HD) as other:
            await other.goto(f"{wall.province.url}/healthz")
            site = str(wall.province.sites[5]["id"])
            wall.province.ill(site)
            await other.wait_for_timeout(8_000)
        await devtools.send("Page.setWebLifecycleState", {"state": "active"})
        await expect(page.locator(tile(page, site))).to_have_class(re.compile("face-warn"), timeout=SOON_MS)
        await expect(page.locator(".lost")).to_have_count(0, timeout=SOON_MS)
        wall.province.well(site)
        await expect(page.locator(tile(page, site))).to_have_class(re.compile("face-good"), timeout=SOON_MS)


async def test_new_trouble_is_heard_once_somebody_turned_the_sound_on(wall: Wall) -> None:
    async with wall.page() as page:
        switch = page.locator(".sound")
        await expect(switch).to_have_attribute("aria-pressed", "false")
        async with in_trouble(wall, page) as site:
            await expect(page.locator(tile(page, site))).to_have_class(re.compile("face-warn"), timeout=SOON_MS)
            await expect(switch).to_have_attribute("data-rung", "")
        await switch.click()
        await expect(switch).to_have_attribute("aria-pressed", "true")
        other = str(wall.province.sites[6]["id"])
        wall.province.ill(other)
        await expect(switch).to_have_attribute("data-rung", "amber", timeout=SOON_MS)
        wall.province.well(other)
        await expect(page.locator(".tile.face-warn")).to_have_count(0, timeout=SOON_MS)


async def test_a_television_enters_by_its_link_turns_by_itself_and_can_be_taken_back(wall: Wall) -> None:
    admin = wall.province.stage.admin
    made = await admin.post("/api/v1/televisions", {"name": "Ti-vi phòng trực"})
    async with page_of(wall.browser, HD) as page:
        await page.goto(f"{wall.province.url}/wall?kiosk=5#enter={made['token']}")
        await expect(page.locator(".scene h1")).to_be_visible(timeout=SOON_MS)
        assert page.url.endswith("/wall?kiosk=5")
        districts = sorted({each["path"][1] for each in wall.province.sites})
        for title in (districts[0], "Toàn tỉnh"):
            await expect(page.locator(".scene h1")).to_contain_text(title, timeout=40_000)
        await expect(page.locator(".topbar .button")).to_have_count(0)
        await picture(page, "wall-television")
        # Its session ends, as after a week: it lets itself in again.
        await page.context.clear_cookies(name="diemcau_session")
        await page.reload()
        await expect(page.locator(".scene h1")).to_be_visible(timeout=SOON_MS)
        await admin.delete(f"/api/v1/televisions/{made['television']['id']}")
        await page.reload()
        await expect(page.get_by_role("alert")).to_contain_text("không còn hiệu lực", timeout=SOON_MS)


async def test_the_wall_outlives_a_centre_that_is_killed(wall: Wall) -> None:
    async with wall.page() as page:
        stage = wall.province.stage
        await stage.centre.kill()
        await expect(page.locator(".lost")).to_contain_text("MẤT KẾT NỐI", timeout=SOON_MS)
        await start_centre_again(stage)
        await expect(page.locator(".lost")).to_have_count(0, timeout=SOON_MS)
        await expect(page.locator(".tile.face-good")).to_have_count(SITES, timeout=40_000)
