"""A lecturer's page that is put off the air: it yields, says why, and takes up again what comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Dialog, Page, expect

from tests.doubles.browsers import chromium, page_of, picture
from tests.doubles.grounds import WIDE
from tests.doubles.lecture_centre import LectureCentre, lecture_centre
from tests.doubles.small_day import until_told
from tests.doubles.studio_browsers import go_on_air

UP_MS = 60_000
KEEP = """
() => {
  window.taken = [];
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async wish => {
    const stream = await ask(wish);
    window.taken.push(...stream.getTracks());
    return stream;
  };
}
"""
"""Keeps what the page was given, so that a test may pull a plug."""
UNPLUG = """
kind => {
  const track = taken.filter(each => each.kind === kind && each.readyState === "live").at(-1);
  track.stop();
  track.dispatchEvent(new Event("ended"));
}
"""
PLUG = "() => navigator.mediaDevices.dispatchEvent(new Event('devicechange'))"
LIVE = "() => taken.filter(each => each.readyState === 'live').map(each => each.kind).sort()"


@asynccontextmanager
async def lecturer(browser: Browser, centre: LectureCentre, link: str) -> AsyncIterator[Page]:
    """On air; a question whether to leave the page would be a fault."""
    async with page_of(browser, WIDE) as page:
        asked: list[str] = []

        async def note(dialog: Dialog) -> None:
            asked.append(dialog.type)
            await dialog.accept()

        page.on("dialog", note)
        await page.add_init_script(f"({KEEP})()")
        await go_on_air(page, link)
        await expect(page.get_by_role("status").filter(has_text="ĐANG PHÁT")).to_be_visible(timeout=UP_MS)
        yield page
        assert asked == []


@pytest.mark.timeout(300)
async def test_who_is_put_off_the_air_yields_and_says_why(tmp_path: Path) -> None:
    async with lecture_centre(tmp_path) as centre, chromium() as browser:
        first, second = await centre.link(), await centre.link()
        async with lecturer(browser, centre, first["address"]) as early:
            async with lecturer(browser, centre, second["address"]) as late:
                await one_of_two_yields(early, late)
                await an_unplugged_device_comes_back(late)
                await a_link_taken_back_leaves_at_once(centre, late, second["link"]["id"])
            await early.get_by_role("button", name="LÊN SÓNG", exact=True).click()
            await expect(early.get_by_role("status").filter(has_text="ĐANG PHÁT")).to_be_visible(timeout=UP_MS)
            await the_end_by_somebody_else_is_the_end_here(centre, early)


async def one_of_two_yields(early: Page, late: Page) -> None:
    await expect(early.get_by_text("Một máy khác vừa phát thay ở vị trí này")).to_be_visible(timeout=UP_MS)
    await expect(early.get_by_role("button", name="LÊN SÓNG", exact=True)).to_be_visible()
    await picture(early, "lecturer-yielded")
    await expect(late.get_by_role("status").filter(has_text="ĐANG PHÁT")).to_be_visible(timeout=UP_MS)
    await early.reload()
    await expect(early.get_by_text("đang được phát từ một máy khác")).to_be_visible(timeout=UP_MS)
    await expect(late.get_by_role("status").filter(has_text="ĐANG PHÁT")).to_be_visible(timeout=UP_MS)


async def an_unplugged_device_comes_back(page: Page) -> None:
    for kind in ("video", "audio"):
        await page.evaluate(UNPLUG, kind)
        await expect(page.get_by_text("Thiết bị vừa bị rút")).to_be_visible()
        await page.evaluate(PLUG)
        await expect(page.get_by_text("Thiết bị vừa bị rút")).to_have_count(0)
    assert await page.evaluate(LIVE) == ["audio", "video"]
    await expect(page.get_by_role("status").filter(has_text="ĐANG PHÁT")).to_be_visible(timeout=UP_MS)


async def a_link_taken_back_leaves_at_once(centre: LectureCentre, page: Page, link: str) -> None:
    await centre.admin.delete(f"/api/v1/sessions/{centre.session}/links/{link}")
    await expect(page.get_by_label("Tên đăng nhập")).to_be_visible(timeout=UP_MS)

    async def off_air() -> bool:
        return not (await centre.admin.get(f"/api/v1/sessions/{centre.session}"))["air"]["lecturer"]

    await until_told(off_air, "an empty seat")  # the page may hear of it before the seats are looked at again


async def the_end_by_somebody_else_is_the_end_here(centre: LectureCentre, page: Page) -> None:
    await centre.admin.post(f"/api/v1/sessions/{centre.session}/orders", {"order": "end"})
    await expect(page.get_by_text("Buổi học này đã kết thúc.")).to_be_visible(timeout=UP_MS)
    await expect(page.get_by_text("Đang tự nối lại")).to_have_count(0)
    await expect(page.locator(".alert.bad")).to_have_count(0)
    assert await page.evaluate(LIVE) == []
    await picture(page, "lecturer-session-ended")
