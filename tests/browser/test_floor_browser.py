"""A room speaks to another from end to end: its screen, its agent, the centre, the relay, and who gives the floor."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import expect

from tests.doubles.axe import serious_faults
from tests.doubles.browsers import picture
from tests.doubles.floor_day import UP_MS, floor_day, until_loud, until_quiet


async def test_a_room_raises_its_hand_is_heard_in_the_other_and_falls_silent_again(tmp_path: Path) -> None:
    async with floor_day(tmp_path) as day:
        asks, hears = day.rooms
        name = day.schools[0].site.name
        await asks.keyboard.press("F2")
        await expect(asks.locator("button.hand")).to_contain_text("Đã giơ tay, thứ 1", timeout=UP_MS)
        row = day.console.locator(".hands li", has_text=name)
        await expect(row).to_be_visible(timeout=UP_MS)
        await picture(day.console, "floor-hand-raised")
        await row.get_by_role("button", name=f"Mời {day.schools[0].site.code} · {name} phát biểu").click()
        await expect(asks.locator(".on-air")).to_contain_text("ĐANG PHÁT BIỂU", timeout=UP_MS)
        await until_loud(hears, ".floor .others")
        await until_loud(day.console, ".room-voice")
        await expect(hears.locator("[data-floor=other] h2")).to_contain_text(name)
        # The room's own picture, from its agent's camera, stands on both screens and moves.
        await hears.wait_for_function("document.querySelector('.floor .others').videoWidth === 640", timeout=UP_MS)
        for page, shot in ((asks, "floor-on-air"), (hears, "floor-heard"), (day.console, "floor-given")):
            await picture(page, shot)
            assert await serious_faults(page) == []
        await day.console.get_by_role("button", name="Tắt tiếng phòng").click()
        await until_quiet(hears, ".floor .others")
        await day.console.get_by_role("button", name="Bật lại tiếng phòng").click()
        await until_loud(hears, ".floor .others")
        await day.console.get_by_role("button", name="Dừng phát biểu").click()
        await expect(hears.locator("[data-floor=none]")).to_have_count(1, timeout=UP_MS)
        await expect(asks.locator(".on-air")).to_have_count(0, timeout=UP_MS)
        await until_quiet(hears, ".floor .others")
        await until_quiet(day.console, ".room-voice")
