"""A room speaks to another from end to end: its screen, its agent, the centre, the relay, and who gives the floor."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, ViewportSize, expect

from demo.operator import OrderRefused
from demo.room import MARKER
from demo.stage import School
from tests.doubles.axe import serious_faults
from tests.doubles.browsers import picture
from tests.doubles.floor_day import UP_MS, FloorDay, floor_day, until_loud, until_quiet
from tests.doubles.small_day import start_agent_again, until_told

PHONE = ViewportSize(width=390, height=844)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]


async def looked_at(page: Page, name: str, part: str = "main") -> None:
    """Pictures of the page as it is and on a telephone, there with ``part`` in sight and nothing outside of the width;
    axe on both."""
    wide = page.viewport_size
    assert wide is not None
    await picture(page, name)
    assert await serious_faults(page) == []
    await page.set_viewport_size(PHONE)
    await page.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=UP_MS)
    await page.locator(part).first.evaluate("part => part.scrollIntoView({block: 'start'})", timeout=UP_MS)
    await picture(page, f"{name}-phone")
    assert await serious_faults(page) == []
    await page.set_viewport_size(wide)


async def given(day: FloorDay, school: School) -> bool:
    """Whether the room has the floor now; it is refused until the centre knows of its screen page and microphone."""
    try:
        await day.stage.admin.post(f"/api/v1/sessions/{day.session}/floor/grant", {"site": school.id})
    except OrderRefused as refused:
        if refused.status != 409:
            raise
        return False
    return True


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def day(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FloorDay]:
    """A live session of two rooms with their screens, and an operator's page."""
    async with floor_day(tmp_path_factory.mktemp("floor")) as made:
        yield made


async def test_a_room_raises_its_hand_is_heard_in_the_other_and_falls_silent_again(day: FloorDay) -> None:
    asks, hears = day.rooms
    name = day.schools[0].site.name
    await day.console.goto(f"{day.stage.url}/lecturer/{day.session}")
    await expect(day.console.locator(".floor-card")).to_be_visible(timeout=UP_MS)
    await asks.keyboard.press("F2")
    await expect(asks.locator("button.hand")).to_contain_text("Đã giơ tay, thứ 1", timeout=UP_MS)
    row = day.console.locator(".hands li", has_text=name)
    await expect(row).to_be_visible(timeout=UP_MS)
    await looked_at(day.console, "floor-hand-raised", ".floor-card")
    await row.get_by_role("button", name=f"Mời phát biểu: {day.schools[0].site.code} · {name}").click()
    await expect(asks.locator(".on-air")).to_contain_text("ĐANG PHÁT BIỂU", timeout=UP_MS)
    await until_loud(hears, ".floor .others")
    await until_loud(day.console, ".room-voice")
    await expect(hears.locator("[data-floor=other] h2")).to_contain_text(name)
    # The room's own picture, from its agent's camera, is seen in the other.
    await hears.wait_for_function("document.querySelector('.floor .others').videoWidth === 640", timeout=UP_MS)
    await expect(hears.locator(".floor .others")).to_be_visible()
    await looked_at(asks, "floor-on-air")
    await looked_at(hears, "floor-heard")
    await looked_at(day.console, "floor-given", ".floor-card")
    # The page of the room that speaks is loaded anew: it takes up its own place again, silenced or not.
    await day.console.get_by_role("button", name="Tắt tiếng phòng").click()
    await until_quiet(hears, ".floor .others")
    await asks.reload()
    await expect(asks.locator(".floor-here")).to_contain_text("Tiếng của phòng đang bị tắt", timeout=UP_MS)
    await until_quiet(hears, ".floor .others")
    await day.console.get_by_role("button", name="Bật lại tiếng phòng").click()
    await until_loud(hears, ".floor .others")
    await day.console.get_by_role("button", name="Dừng phát biểu").click()
    await expect(hears.locator("[data-floor=none]")).to_have_count(1, timeout=UP_MS)
    await expect(asks.locator(".on-air")).to_have_count(0, timeout=UP_MS)
    await until_quiet(hears, ".floor .others")
    await until_quiet(day.console, ".room-voice")

    async def marked() -> bool:
        told = await day.stage.admin.get(f"/api/v1/recordings/{day.session}")
        marks = {(each["kind"], each["text"]) for each in told["marks"]}
        room = f"{day.schools[0].site.code} {name}"
        return {("floor_given", room), ("floor_taken", room)} <= marks

    await until_told(marked, "the room's floor on the recording's timeline")


async def test_an_operator_lets_a_question_through_and_takes_a_room_aside_and_brings_it_back(day: FloorDay) -> None:
    room, other = day.rooms
    school = day.schools[0]
    asked = "Khi nào có hướng dẫn chấm bài tự luận?"
    await room.goto(school.screen_url.replace("/screen", "/desk"))
    await room.get_by_label("Câu hỏi bằng chữ").fill(asked)
    await room.get_by_role("button", name="Gửi câu hỏi").click()
    await day.console.goto(f"{day.stage.url}/floor/{day.session}")
    await expect(day.console.get_by_text(asked)).to_be_visible(timeout=UP_MS)
    await day.console.get_by_role("button", name="Chuyển giảng viên").click()
    await expect(room.locator(".asked")).to_contain_text("đã chuyển đến giảng viên", timeout=UP_MS)
    await looked_at(room, "floor-desk", ".floor-desk")
    await room.goto(school.screen_url)
    await day.console.locator(".floor-page select").select_option(school.id)
    await day.console.get_by_role("button", name="Nói riêng").click()
    await expect(room.locator(".on-air")).to_contain_text("TRAO ĐỔI RIÊNG", timeout=UP_MS)
    await until_loud(day.console, ".speaks .room-voice")
    await until_loud(room, ".floor .centre")
    assert await room.evaluate("document.querySelector('.picture video').volume") < 0.2
    await expect(other.locator("[data-floor=none]")).to_have_count(1)
    for page, shot in ((room, "floor-aside"), (day.console, "floor-operator")):
        await looked_at(page, shot)
    await day.console.get_by_role("button", name="Đưa phòng trở lại buổi học").click()
    await expect(room.locator("[data-floor=none]")).to_have_count(1, timeout=UP_MS)
    assert await room.evaluate("document.querySelector('.picture video').volume") == 1


async def test_a_room_whose_line_takes_the_sound_alone_is_told_so_and_sees_nevertheless_who_speaks(
    day: FloorDay,
) -> None:
    speaks, weak = day.rooms
    here, there = day.schools
    await day.stage.admin.put(f"/api/v1/sites/{there.id}/rung", {"rung": "sound"})
    await expect(weak.locator("[data-middle=sound]")).to_be_visible(timeout=UP_MS)
    await looked_at(weak, "screen-sound-only")
    await until_told(lambda: given(day, here), "the floor given to a room that has just come")
    await expect(weak.locator(".floor .others")).to_be_visible(timeout=UP_MS)
    await until_loud(weak, ".floor .others")
    await looked_at(weak, "screen-sound-only-floor")
    # Its computer's program ends: the centre takes the floor back, and the page says no more that it is on air.
    await here.agent.kill()
    await expect(speaks.locator(".on-air")).to_have_count(0, timeout=UP_MS)
    await expect(speaks.locator("[data-banner=agent_gone]")).to_be_visible()
    await expect(weak.locator("[data-floor=none]")).to_have_count(1, timeout=UP_MS)
    await until_quiet(weak, ".floor .others")
    # From now on its pictures may show real people: the ordinary rule blurs them, and the page says so.
    (day.stage.folder / f"room-{here.people}" / MARKER).unlink()
    await start_agent_again(day.stage, here)
    await expect(speaks.locator("[data-banner=agent_gone]")).to_have_count(0, timeout=UP_MS)
    await expect(speaks.locator("button.hand")).to_contain_text("Giơ tay", timeout=UP_MS)
    await until_told(lambda: given(day, here), "the floor given to a room that has just come")
    await expect(speaks.locator(".floor-here")).to_contain_text("Hình được làm mờ", timeout=UP_MS)
    await until_loud(weak, ".floor .others")
    for page, shot in ((speaks, "floor-blurred-here"), (weak, "floor-blurred-there")):
        await looked_at(page, shot)
    await day.stage.admin.post(f"/api/v1/sessions/{day.session}/floor/take-back", {})
    await day.stage.admin.put(f"/api/v1/sites/{there.id}/rung", {"rung": None})
    await expect(weak.locator("[data-middle=sound]")).to_have_count(0, timeout=UP_MS)
