"""A lecture from end to end: the lecturer's browser, the centre, a room whose agent runs a browser and one without."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from demo.stage import School, Stage, agent_command, logged, until
from tests.doubles.browsers import KIOSK, chromium, page_of, picture, sign_in
from tests.doubles.small_day import (
    local_state,
    small_day,
    start_centre_again,
    until_told,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

ORDERS = {
    "Tiếng và slide": ("sound", "sound"),
    "Gọi điện thoại": ("phone", "phone"),
    "Hình nhỏ và tiếng": ("low", "picture"),
    "Đủ hình và tiếng": ("full", "picture"),
}
"""A button of the wall's panel: what it orders, and what the room's screen then gets."""
UP_MS = 40_000
"""How long a page is given until what it waits for has gone through every computer of the day."""


class Day(msgspec.Struct):
    """A lecture on air: who speaks, from which page, to which room with a browser."""

    stage: Stage
    browser: Browser
    session: str
    lecturer: Page
    room: School
    answer: str
    """The relay's SDP answer to the lecturer's page."""

    async def figures(self) -> dict[str, Any]:
        """What the room's own screen page decodes and hears, as the agent tells its pages."""
        told: dict[str, Any] = (await local_state(self.stage, self.room))["screen"]
        return told

    async def room_gets(self, rung: str) -> None:
        """Until the screen says that so much of the lecture reaches it."""

        async def so() -> bool:
            return bool((await self.figures())["rung"] == rung)

        await until_told(so, f"the screen getting {rung}")

    async def room_decodes(self, more_than: int) -> dict[str, Any]:
        """Until the screen plays and has decoded more pictures than these."""

        async def seen() -> dict[str, Any] | None:
            told = await self.figures()
            return told if told["state"] == "playing" and told["frames_decoded"] > more_than else None

        return await until_told(seen, f"more than {more_than} pictures on the screen")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def day(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Day]:
    """Two rooms and a lecturer who has pressed the one big button."""
    folder: Path = tmp_path_factory.mktemp("day")
    async with small_day(folder, sites=2, candidates=0) as stage, chromium() as browser:
        await with_a_browser(stage, stage.schools[0])
        lecturer = await stage.admin.post(
            "/api/v1/people", {"username": "giangvien", "name": "TS. Nguyễn Thị Ánh Tuyết", "role": "lecturer"}
        )
        session = await planned_for(stage, lecturer["id"])
        async with page_of(browser) as page:
            page.on("dialog", lambda dialog: dialog.accept())
            await page.goto(f"{stage.url}/lecturer/{session}")
            await sign_in(page, "giangvien", lecturer["password"])
            await expect(page).to_have_url(f"{stage.url}/lecturer/{session}")
            async with page.expect_response(lambda one: "/whip/" in one.url and one.status == 201) as told:
                await go_on_air(page)
            answer = await (await told.value).text()
            yield Day(stage, browser, session, page, stage.schools[0], answer)


async def with_a_browser(stage: Stage, school: School) -> None:
    """Instead of its agent, one that starts a real browser as the room's big screen."""
    await school.agent.stop()
    ports = urlsplit(school.screen_url).port or 0, urlsplit(school.desk_url).port or 0
    command = agent_command(school.home, stage.folder / f"room-{school.people}", ports)
    command.remove("--headless")
    name = f"agent-{school.site.code}-kiosk"
    school.agent = await stage.children.add(name, command, DIEMCAU_SCREEN__BROWSER_FLAGS=";".join(KIOSK))
    await until(lambda: logged(stage.folder / f"{name}.log", "agent_up"), "the agent with a browser")


async def planned_for(stage: Stage, lecturer: str) -> str:
    now_ms = time.time_ns() // 1_000_000
    plan = {"topic": "Dạy học kết hợp", "lecturer": lecturer, "starts_ms": now_ms, "ends_ms": now_ms + 3_600_000}
    session: str = (await stage.admin.post("/api/v1/sessions", plan))["id"]
    await stage.admin.post(f"/api/v1/sessions/{session}/orders", {"order": "open_lobby"})
    await stage.admin.post(f"/api/v1/sessions/{session}/orders", {"order": "go_live"})
    return session


async def go_on_air(page: Page) -> None:
    await page.get_by_role("button", name="LÊN SÓNG").click()
    await expect(page.get_by_role("status").filter(has_text="ĐANG PHÁT")).to_be_visible(timeout=UP_MS)


@asynccontextmanager
async def wall_of(day: Day, role: str = "viewer") -> AsyncIterator[Page]:
    """The wall as somebody sees it who may only look, or has another role."""
    name = f"truc{time.monotonic_ns()}"
    guest = await day.stage.admin.post("/api/v1/people", {"username": name, "name": "Trần Văn Trực", "role": role})
    async with page_of(day.browser) as page:
        await page.goto(f"{day.stage.url}/wall")
        await sign_in(page, name, guest["password"])
        yield page


async def test_a_room_sees_and_hears_the_lecturer_who_is_told_so(day: Day) -> None:
    first = await day.room_decodes(more_than=10)
    later = await day.room_decodes(more_than=first["frames_decoded"] + 20)
    assert later["audio_dbfs"] is not None
    assert later["width"] > 0
    watching, hearing = day.lecturer.locator(".audience p").nth(0), day.lecturer.locator(".audience p").nth(1)
    await expect(watching).to_contain_text("2/2", timeout=UP_MS)
    await expect(hearing).to_contain_text("2/2", timeout=UP_MS)
    await expect(day.lecturer.get_by_label("Ghi hình")).to_contain_text("Đang ghi hình", timeout=60_000)
    await picture(day.lecturer, "lecturer-on-air")


async def test_the_lecture_is_sent_in_more_than_one_size(day: Day) -> None:
    assert "a=simulcast:recv h;" in day.answer


async def test_a_lecturer_who_reloads_is_back_on_air_and_the_room_plays_on(day: Day) -> None:
    before = await day.room_decodes(more_than=10)
    await day.lecturer.reload()
    await expect(day.lecturer.get_by_role("status").filter(has_text="ĐANG PHÁT")).to_be_visible(timeout=UP_MS)
    after = await day.room_decodes(more_than=before["frames_decoded"] + 20)
    assert after["audio_dbfs"] is not None


async def test_the_wall_shows_who_plays_and_all_comes_back_when_the_centre_is_killed(day: Day) -> None:
    async with wall_of(day) as wall:
        playing = wall.locator(".tile .tile-health .tone-good", has_text="dB")
        await expect(playing).to_have_count(2, timeout=UP_MS)
        await picture(wall, "wall-playing")
        await wall.locator(".tile").first.click()
        await expect(wall.locator(".panel [data-rung]")).to_have_attribute(
            "data-rung", re.compile("full|low"), timeout=UP_MS
        )
        await picture(wall, "wall-rung")
        await wall.keyboard.press("Escape")
        before = await day.figures()
        await day.stage.centre.kill()
        await expect(wall.locator(".lost")).to_contain_text("MẤT KẾT NỐI", timeout=UP_MS)
        await picture(wall, "wall-cut")
        await start_centre_again(day.stage)
        await expect(wall.locator(".lost")).to_have_count(0, timeout=UP_MS)
        await day.room_decodes(more_than=before["frames_decoded"] + 20)
        await expect(playing).to_have_count(2, timeout=UP_MS)
        await expect(wall.locator(".strips")).to_contain_text("ĐANG PHÁT", timeout=UP_MS)
        await picture(wall, "wall-back")


async def test_an_operator_orders_from_the_wall_what_a_room_gets_and_gives_it_back(day: Day) -> None:
    await day.room_gets("picture")
    async with wall_of(day, "operator") as wall:
        await wall.locator(f'.tile[data-site="{day.room.id}"]').click()
        panel = wall.locator(".panel")
        buttons = panel.locator(".rung-orders").get_by_role("button")
        await expect(buttons).to_have_count(5)
        for word, (ordered, arrives) in ORDERS.items():
            await buttons.get_by_text(word, exact=True).click()
            await day.room_gets(arrives)
            said = panel.locator(f"[data-rung-order={ordered}]")
            await expect(said).to_contain_text(re.compile(r"Trần Văn Trực chỉ định lúc \d\d:\d\d"), timeout=UP_MS)
            await expect(panel.locator(".rung-orders [aria-pressed=true]")).to_have_text(word)
            if arrives == ordered:
                await expect(panel.locator(f"[data-rung={ordered}]")).to_contain_text(
                    "do trực ban chỉ định", timeout=UP_MS
                )
                await picture(wall, f"wall-rung-{ordered}")
        await buttons.get_by_text("Theo đường truyền", exact=True).click()
        await expect(panel.locator("[data-rung-order]")).to_have_count(0, timeout=UP_MS)
        await expect(panel.locator(".rung-orders [aria-pressed=true]")).to_have_text("Theo đường truyền")
        await day.room_gets("picture")
