"""A lecturer shows what stands on the computer's screen, in full size, and goes back to the camera."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.doubles.browsers import chromium, page_of
from tests.doubles.lecture_centre import lecture_centre
from tests.doubles.small_day import until_told
from tests.doubles.studio_browsers import HEIGHT, WIDTH, chromium_of, go_on_air, room

TITLE = "Slides of chapter 7"
SIZE = ViewportSize(width=1280, height=720)
SLIDE = f"<title>{TITLE}</title><body style='margin:0;background:#c02020'><p id=at>0</p>"
UP_MS = 60_000


@pytest.mark.timeout(240)
async def test_a_room_sees_the_screen_in_its_full_size_and_then_the_camera_again(tmp_path: Path) -> None:
    async with (
        lecture_centre(tmp_path) as centre,
        chromium() as rooms,
        chromium_of(tmp_path, "lecturer", shares=TITLE) as computer,
        page_of(computer, SIZE) as slide,
        page_of(computer) as page,
    ):
        path = f"/api/v1/sessions/{centre.session}"
        await centre.admin.post(f"{path}/orders", {"order": "go_live"})
        await slide.set_content(SLIDE)
        await keep_moving(slide)
        await go_on_air(page, (await centre.link("lecturer"))["address"])
        async with room(rooms, centre.url, await centre.admin.get(f"{path}/view")) as watching:
            await watching.sees("lecturer")
            await page.get_by_role("button", name="Chiếu màn hình máy này").click()
            # Red, as the slide is; and every pixel of it, so that letters stay sharp.
            await watching.sees("standby")

            async def full() -> bool:
                return await watching.size() == (SIZE["width"], SIZE["height"])

            await until_told(full, "the screen in its full size", UP_MS / 1000)
            await page.get_by_role("button", name="Thôi chiếu màn hình").click()
            await watching.sees("lecturer")

            async def camera() -> bool:
                return await watching.size() == (WIDTH, HEIGHT)

            await until_told(camera, "the camera's size again", UP_MS / 1000)
            assert await watching.connected_once()
        await expect(page.get_by_role("button", name="Chiếu màn hình máy này")).to_be_visible()


async def keep_moving(slide: Page) -> None:
    """A browser captures a page when something changes on it."""
    await slide.evaluate("void setInterval(() => { at.textContent = Number(at.textContent) + 1 }, 200)")
