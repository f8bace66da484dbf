"""A lecturer opens the link that an operator made, without a password, and lectures; a second browser does not."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser, Route, ViewportSize, expect

from tests.doubles.axe import serious_faults
from tests.doubles.browsers import chromium, page_of, picture
from tests.doubles.lecture_centre import HOTLINE, LectureCentre, lecture_centre

WIDE = ViewportSize(width=1920, height=1080)
PHONE = ViewportSize(width=390, height=844)
UP_MS = 40_000


async def test_a_lecturer_comes_in_by_a_link_and_goes_on_air(tmp_path: Path) -> None:
    async with lecture_centre(tmp_path) as centre, chromium() as browser:
        made = await centre.link()
        async with page_of(browser, WIDE) as page:
            await page.goto(made["address"])
            await expect(page.get_by_role("heading", name="Đổi mới kiểm tra, đánh giá")).to_be_visible()
            assert "enter=" not in page.url
            await expect(page.get_by_role("link", name=HOTLINE)).to_be_visible()
            await expect(page.locator(".facts")).to_contain_text("Còn 60 phút")
            await page.get_by_role("button", name="LÊN SÓNG").click()
            await expect(page.get_by_role("status").filter(has_text="ĐANG PHÁT")).to_be_visible(timeout=UP_MS)
            await expect(page.get_by_label("Đường truyền của thầy/cô")).to_contain_text("Trễ", timeout=UP_MS)
            await expect(page.get_by_role("alert")).to_contain_text("KHÔNG PHÒNG NÀO NGHE THẤY", timeout=UP_MS)
            await expect(page.locator(".troubles")).to_contain_text("mất liên lạc")
            page.on("dialog", lambda dialog: dialog.accept())
            for size in (WIDE, PHONE):
                await page.set_viewport_size(size)
                await picture(page, f"lecturer-by-link-{size['width']}")
                assert await serious_faults(page) == []
                assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
            await page.reload()
            await expect(page.get_by_role("status").filter(has_text="ĐANG PHÁT")).to_be_visible(timeout=UP_MS)
        await _nobody_else(centre, browser, made["address"])


async def test_who_comes_at_a_bad_moment_gets_in_without_loading_the_page_anew(tmp_path: Path) -> None:
    async with lecture_centre(tmp_path) as centre, chromium() as browser, page_of(browser, PHONE) as page:
        made = await centre.link()
        fails = {"/api/v1/login/lecture": 2, "/api/v1/me": 1}

        async def bad(route: Route) -> None:
            path = urlsplit(route.request.url).path
            fails[path] -= 1
            if fails[path] < 0:
                await route.continue_()
            elif fails[path]:
                # The centre answers, and the answer is lost.
                await route.fetch()
                await page.context.clear_cookies()
                await route.abort()
            else:
                await route.fulfill(status=503, body="")

        for path in fails:
            await page.route(f"**{path}", bad)
        await page.goto(made["address"])
        await expect(page.get_by_role("alert")).to_contain_text("Không liên lạc được với trung tâm")
        await expect(page.get_by_role("button", name="LÊN SÓNG")).to_be_visible(timeout=UP_MS)
        await expect(page.get_by_role("alert").filter(has_text="Không liên lạc")).to_have_count(0)
        assert max(fails.values()) < 0


async def _nobody_else(centre: LectureCentre, browser: Browser, address: str) -> None:
    async with page_of(browser) as other:
        await other.goto(address)
        await expect(other.get_by_role("alert")).to_contain_text("đang được dùng ở một máy")
        await other.goto(f"{centre.url}/lecturer/{centre.session}")
        await expect(other.get_by_label("Tên đăng nhập")).to_be_visible()
