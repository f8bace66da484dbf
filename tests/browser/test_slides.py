"""Slides from end to end: a lecturer by a one-use link shows a PDF, a room's screen page shows it sharply from its own
computer, an assistant by a second link turns, a room that comes late and one that starts again show the right page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Page, ViewportSize, expect

from demo.stage import Stage
from tests.doubles.axe import serious_faults
from tests.doubles.browsers import chromium, page_of, picture
from tests.doubles.slide_files import pdf
from tests.doubles.small_day import live_session, small_day, start_agent_again, start_centre_again

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

WIDE = ViewportSize(width=1920, height=1080)
PHONE = ViewportSize(width=390, height=844)
UP_MS = 60_000


class Lecture(msgspec.Struct):
    """A session whose lecturer came by a link, and the screen page of its one room."""

    stage: Stage
    browser: Browser
    session: str
    lecturer: Page
    screen: Page

    async def link(self, kind: str) -> str:
        made = await self.stage.admin.post(f"/api/v1/sessions/{self.session}/links", {"kind": kind})
        return str(made["address"])

    async def turn_to(self, page: int) -> None:
        """Where a test begins, whichever ran before it: the lecturer shows this page."""
        await self.lecturer.get_by_role("group", name="Các trang").get_by_role("button").nth(page - 1).click()
        await self.page_on_screen(page)

    async def page_on_screen(self, page: int) -> None:
        """Until the room's screen shows this page, sharp."""
        slide = self.screen.locator(f'.slide[data-page="{page}"] img')
        await expect(slide).to_be_visible(timeout=UP_MS)
        await expect(slide).to_have_js_property("naturalWidth", 1920, timeout=UP_MS)

    async def size_of(self, what: str) -> Any:
        return await self.screen.locator(what).bounding_box()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lecture(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Lecture]:
    folder: Path = tmp_path_factory.mktemp("slides")
    async with small_day(folder, candidates=0) as stage, chromium() as browser:
        session = (await live_session(stage, "Đổi mới kiểm tra, đánh giá", stage.schools))["id"]
        async with page_of(browser, WIDE) as lecturer, page_of(browser, WIDE) as screen:
            told = Lecture(stage, browser, session, lecturer, screen)
            await lecturer.goto(await told.link("lecturer"))
            await lecturer.get_by_role("button", name="LÊN SÓNG").click()
            await screen.goto(stage.schools[0].screen_url)
            file = FilePayload(name="Bài giảng.pdf", mimeType="application/pdf", buffer=pdf(4))
            await lecturer.locator(".slides input[type=file]").set_input_files(file)
            await lecturer.get_by_role("button", name="CHIẾU LÊN CÁC PHÒNG").click(timeout=UP_MS)
            yield told


async def test_a_room_shows_the_page_sharply_beside_the_lecturer(lecture: Lecture) -> None:
    await lecture.turn_to(1)
    await expect(lecture.screen.locator(".stage.slides-beside")).to_be_visible(timeout=UP_MS)
    slide, video = await lecture.size_of(".slide"), await lecture.size_of(".picture")
    assert slide["width"] > 3 * video["width"] > 0
    await expect(lecture.lecturer.locator(".slides")).to_contain_text("1/1 phòng đã có đủ các trang", timeout=UP_MS)
    await lecture.lecturer.get_by_role("button", name="Trang sau").click()
    await lecture.page_on_screen(2)
    await lecture.lecturer.keyboard.press("PageDown")
    await lecture.page_on_screen(3)
    await picture(lecture.screen, "screen-slides")
    await expect(lecture.lecturer.get_by_role("status").filter(has_text="ĐANG PHÁT")).to_be_visible(timeout=UP_MS)
    for size in (WIDE, PHONE):
        await lecture.lecturer.set_viewport_size(size)
        await lecture.lecturer.evaluate("scrollTo(0, 0)")
        await picture(lecture.lecturer, f"lecturer-slides-{size['width']}")
        assert await serious_faults(lecture.lecturer) == []
        assert await lecture.lecturer.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    await lecture.lecturer.set_viewport_size(WIDE)
    assert await serious_faults(lecture.screen) == []


async def test_the_lecturer_chooses_how_the_rooms_see_it(lecture: Lecture) -> None:
    await lecture.lecturer.get_by_label("Chỉ có trang").click()
    await expect(lecture.screen.locator(".stage.slides-alone")).to_be_visible(timeout=UP_MS)
    await lecture.lecturer.get_by_label("Chỉ có giảng viên").click()
    await expect(lecture.screen.locator(".slide")).to_have_count(0, timeout=UP_MS)
    await lecture.lecturer.get_by_label("Trang lớn, giảng viên nhỏ").click()
    await expect(lecture.screen.locator(".stage.slides-beside")).to_be_visible(timeout=UP_MS)


async def test_an_assistant_turns_by_a_link_of_their_own_and_does_nothing_else(lecture: Lecture) -> None:
    await lecture.turn_to(1)
    async with page_of(lecture.browser, PHONE) as helper:
        await helper.goto(await lecture.link("assistant"))
        await expect(helper.get_by_role("button", name="Trang sau")).to_be_visible(timeout=UP_MS)
        await expect(helper.get_by_role("button", name="LÊN SÓNG")).to_have_count(0)
        await expect(helper.locator("input[type=file]")).to_have_count(0)
        await helper.get_by_role("group", name="Các trang").get_by_role("button").nth(3).click()
        await lecture.page_on_screen(4)
        await expect(lecture.lecturer.locator("figcaption")).to_contain_text("Trang 4/4", timeout=UP_MS)
        await picture(helper, "assistant-slides-390")
        assert await serious_faults(helper) == []
        assert await helper.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


async def test_the_page_survives_the_site_and_the_centre(lecture: Lecture) -> None:
    stage, school = lecture.stage, lecture.stage.schools[0]
    await lecture.turn_to(3)
    await school.agent.kill()
    await start_agent_again(stage, school)
    await lecture.page_on_screen(3)
    await stage.centre.kill()
    await lecture.page_on_screen(3)
    await start_centre_again(stage)
    await expect(lecture.lecturer.locator("figcaption")).to_contain_text("Trang 3/4", timeout=UP_MS)
    await lecture.lecturer.get_by_role("button", name="Trang trước").click()
    await lecture.page_on_screen(2)
