"""The lecturer's computer dies: slate, standby, first lecturer back, and no room connects anew."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.doubles.agent_screens import agent_screens
from tests.doubles.axe import serious_faults
from tests.doubles.browsers import chromium, page_of, picture
from tests.doubles.eventually import eventually
from tests.doubles.grounds import PHONE, WIDE
from tests.doubles.lean import FULL
from tests.doubles.lecture_centre import LectureCentre, lecture_centre
from tests.doubles.studio_browsers import Room, chromium_of, go_on_air, kill_chromium, room
from tests.doubles.wall_guest import wall_of_a_guest

UP_MS = 60_000
PATIENT_S = 2.0


@pytest.mark.timeout(300)
async def test_rooms_are_never_dark_and_never_connect_anew(tmp_path: Path) -> None:
    async with (
        lecture_centre(tmp_path, FULL) as centre,
        chromium() as rooms,
        AsyncExitStack() as stack,
    ):
        path = f"/api/v1/sessions/{centre.session}"
        await centre.admin.post(f"{path}/orders", {"order": "go_live"})
        ticket = await centre.admin.get(f"{path}/view")
        watching = [await stack.enter_async_context(room(rooms, centre.url, ticket)) for _ in range(2)]
        screens = await stack.enter_async_context(agent_screens(rooms, centre.url, centre.session, ticket))
        await all_see(watching, "slate")
        await eventually(lambda: screens.decoded((0, 0), 5), UP_MS / 1000)
        lecturer = await stack.enter_async_context(chromium_of(tmp_path, "lecturer"))
        page = await on_air(stack, lecturer, centre, "lecturer")
        await all_see(watching, "lecturer")
        standby = await stack.enter_async_context(chromium_of(tmp_path, "standby"))
        aside = await on_air(stack, standby, centre, "standby")
        await expect(aside.get_by_role("status").filter(has_text="các phòng đang thấy: Giảng viên")).to_be_visible(
            timeout=UP_MS
        )

        wall = await stack.enter_async_context(wall_of_a_guest(rooms, centre.admin, centre.url))
        await expect(wall.locator(".strips")).to_contain_text("ĐANG PHÁT", timeout=UP_MS)
        before = await screens.connections()
        killed = kill_chromium("lecturer")
        await all_see(watching, "slate")
        dark = max([await each.still(killed) for each in watching])
        slate = screens.frames()
        await eventually(lambda: screens.decoded(slate, 2), UP_MS / 1000)
        # After so long a screen may ask again: then this computer was busy.
        assert dark >= PATIENT_S or await screens.connections() == before
        await expect(wall.locator(".strips")).to_contain_text("MẤT GIẢNG VIÊN", timeout=UP_MS)
        await expect(wall.locator(".alarms")).to_contain_text("Mất giảng viên", timeout=UP_MS)
        await picture(wall, "wall-lecturer-lost")
        await centre.admin.post(f"{path}/air", {"order": "standby"})
        await all_see(watching, "standby")
        await expect(aside.get_by_role("status").filter(has_text="ĐANG PHÁT")).to_be_visible(timeout=UP_MS)

        again = await stack.enter_async_context(chromium_of(tmp_path, "lecturer"))
        page = await on_air(stack, again, centre, "lecturer")
        await expect(page.get_by_role("status").filter(has_text="các phòng đang thấy: Dự phòng")).to_be_visible(
            timeout=UP_MS
        )
        await page.get_by_role("button", name="Trả sóng cho giảng viên").click()
        await all_see(watching, "lecturer")
        page.on("dialog", lambda dialog: dialog.accept())
        await page.reload()
        await all_see(watching, "lecturer")

        await page.get_by_role("button", name="Giải lao").click()
        await all_see(watching, "slate")
        await page.get_by_role("button", name="10 phút").click()
        await expect(page.get_by_text("Màn chờ ghi: học tiếp lúc")).to_be_visible()
        await looks_well(page, "lecturer-break")
        await page.get_by_role("button", name="học tiếp").click()
        await all_see(watching, "lecturer")

        for each in watching:
            assert await each.connected_once()
        turns = (await centre.admin.get(f"{path}/air"))["turns"]
        seats = [turn["seat"] for turn in turns if turn["seat"]]
        # In this order; a lecturer whom a busy computer kept from sending for a moment is followed by a slate more.
        rest = iter(seats)
        assert all(wanted in rest for wanted in ("slate", "lecturer", "slate", "standby", "lecturer", "slate"))
        assert next(turn for turn in turns if turn["seat"] == "standby")["by"]
        assert "break" in {turn["why"] for turn in turns}


async def on_air(stack: AsyncExitStack, browser: Browser, centre: LectureCentre, kind: str) -> Page:
    page = await stack.enter_async_context(page_of(browser))
    await go_on_air(page, (await centre.link(kind))["address"])
    return page


async def all_see(rooms: list[Room], who: str) -> None:
    for each in rooms:
        await each.sees(who)


async def looks_well(page: Page, name: str) -> None:
    for size in (WIDE, PHONE):
        await page.set_viewport_size(size)
        await picture(page, f"{name}-{size['width']}")
        assert await serious_faults(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
