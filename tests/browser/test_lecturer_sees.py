"""The lecturer sees what the rooms see when that is not the lecturer's own picture, and which rooms follow."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.doubles.browsers import chromium, page_of
from tests.doubles.grounds import PHONE, WIDE, in_both_grounds, look
from tests.doubles.lecture_centre import lecture_centre
from tests.doubles.studio_browsers import go_on_air

UP_MS = 60_000
SHOWS = """
slate => {
  const video = document.querySelector(".programme video");
  if (!video || !video.videoWidth) return false;
  const brush = Object.assign(document.createElement("canvas"), { width: 16, height: 9 }).getContext("2d");
  brush.drawImage(video, 0, 0, 16, 9);
  const [r, g, b] = brush.getImageData(0, 4, 1, 1).data;
  return (b > r && b < 110 && g < 110) === slate;
}
"""
"""Whether there is a picture, and whether its edge has the dark blue of the slate."""
ADVANCES = """
() => {
  const video = document.querySelector(".programme video");
  const shown = video ? video.getVideoPlaybackQuality().totalVideoFrames : 0;
  const first = (window.firstShown ??= shown);
  return shown > first + 5;
}
"""
SMALL = 'document.querySelector(".programme video").videoHeight < document.querySelector(".preview").videoHeight'


@pytest.mark.timeout(240)
async def test_a_lecturer_sees_the_rooms_picture_and_every_room(tmp_path: Path) -> None:
    async with lecture_centre(tmp_path) as centre, chromium() as browser, page_of(browser, WIDE) as page:
        air = f"/api/v1/sessions/{centre.session}/air"
        await go_on_air(page, (await centre.link())["address"])
        programme = page.get_by_label("Các phòng đang thấy").first
        await expect(programme).to_contain_text("hình của thầy/cô", timeout=UP_MS)
        await expect(programme.locator("video")).to_have_count(0)

        await centre.admin.post(air, {"order": "slate"})
        await expect(programme).to_contain_text("Màn chờ (theo lệnh)", timeout=UP_MS)
        await page.wait_for_function(SHOWS, arg=True, timeout=UP_MS)
        await page.wait_for_function(ADVANCES, timeout=UP_MS)
        assert await programme.locator("video").evaluate("video => video.muted")
        assert await in_both_grounds(page, "lecturer-sees-slate") == []
        await page.set_viewport_size(WIDE)

        await centre.admin.post(air, {"order": "auto"})
        await expect(programme).to_contain_text("hình của thầy/cô", timeout=UP_MS)
        await expect(programme.locator("video")).to_have_count(0)
        await page.get_by_role("button", name="Xem hình ở các phòng").click()
        await page.wait_for_function(SHOWS, arg=False, timeout=UP_MS)
        await page.wait_for_function(SMALL, timeout=UP_MS)
        await page.get_by_role("button", name="Thôi xem").click()
        await expect(programme.locator("video")).to_have_count(0)

        await every_room_is_listed(page)


async def every_room_is_listed(page: Page) -> None:
    await page.get_by_role("button", name=re.compile("phòng đang xem")).click()
    rooms = page.get_by_role("dialog", name="0/1 phòng đang xem")
    await expect(rooms.get_by_role("listitem")).to_have_text(re.compile(r"DC0001 Trường THCS số 1\s*mất liên lạc"))
    for size in (WIDE, PHONE):
        await page.set_viewport_size(size)
        assert await look(page, f"lecturer-rooms-{size['width']}") == []
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    await rooms.get_by_role("button", name="Đóng").click()
    await expect(rooms).to_have_count(0)
