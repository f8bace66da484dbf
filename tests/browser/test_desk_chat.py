"""The operations room and a school's desk write to each other: a real centre, a real agent, a page at each end."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect

from demo.stage import School, Stage
from tests.doubles.axe import serious_faults
from tests.doubles.browsers import chromium, log_in, page_of, picture
from tests.doubles.small_day import live_session, small_day, start_centre_again

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

WIDE = ViewportSize(width=1920, height=1080)
LOADED_MS = 60_000
ASKED = "Thầy cô nghe rõ không ạ?"
ANSWERED = "Nghe rõ, xin tăng âm lượng một chút"
AWAY = "Mạng vừa mất, chúng tôi vẫn ở đây"
SEEN = "Đã thấy tin của thầy cô"


class Day:
    """A centre, one school, and a browser; its big screen was configured to speak English."""

    def __init__(self, stage: Stage, browser: Browser) -> None:
        self.stage = stage
        self.browser = browser

    @property
    def school(self) -> School:
        (school,) = self.stage.schools
        return school

    def local(self, page: str) -> str:
        """A page of the school's computer."""
        return self.school.screen_url.removesuffix("screen") + page

    async def operator(self, page: Page) -> None:
        """The conversation with the school, at the centre."""
        await page.goto(f"{self.stage.url}/console#chats/{self.school.id}")
        await log_in(page, "admin", self.stage.accounts["admin"])
        await expect(page.get_by_label("Viết cho bàn điểm cầu")).to_be_visible(timeout=LOADED_MS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def day(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Day]:
    english = {"DIEMCAU_SCREEN__LANGUAGE": "en"}
    async with small_day(tmp_path_factory.mktemp("day"), agents=english) as stage, chromium() as browser:
        yield Day(stage, browser)


async def write(page: Page, label: str, text: str) -> None:
    await page.get_by_label(label).fill(text)
    await page.locator(".say button").click()


async def test_an_operator_writes_the_desk_reads_and_answers_and_each_sees_what_has_arrived(day: Day) -> None:
    async with page_of(day.browser) as centre, page_of(day.browser) as desk, page_of(day.browser, WIDE) as screen:
        await desk.goto(day.local("desk"))
        await screen.goto(day.local("screen"))
        chat, talk = desk.locator(".chat"), centre.locator(".talk")
        await expect(chat).to_be_visible(timeout=LOADED_MS)
        await day.operator(centre)

        await write(centre, "Viết cho bàn điểm cầu", ASKED)
        await expect(chat.locator("li.theirs", has_text=ASKED)).to_contain_text("Trung tâm, ", timeout=LOADED_MS)
        await expect(chat.get_by_text("1 tin mới")).to_be_visible()
        await expect(desk).to_have_title(re.compile(r"^\(1\) "))
        # Two marks at the centre once the school's computer has it.
        await expect(talk.locator("li.ours", has_text=ASKED)).to_contain_text("✓✓", timeout=LOADED_MS)
        await picture(desk, "desk-chat-fresh")

        await chat.get_by_role("button", name="Đã đọc").click()
        await expect(chat.get_by_text("1 tin mới")).to_have_count(0)
        await expect(desk).to_have_title(re.compile(r"^[^(]"))

        await write(desk, "Viết tin ngắn", ANSWERED)
        await expect(desk.get_by_label("Viết tin ngắn")).to_have_value("")
        await expect(talk.locator("li.theirs", has_text=ANSWERED)).to_have_count(1, timeout=LOADED_MS)
        mine = chat.locator("li.ours", has_text=ANSWERED)
        await expect(mine).to_contain_text("✓✓ Trung tâm đã nhận", timeout=LOADED_MS)
        for each in (chat, talk):
            assert (await each.locator("li p").all_inner_texts())[-2:] == [ASKED, ANSWERED]
        assert await serious_faults(desk) == []
        await picture(desk, "desk-chat")
        await picture(centre, "centre-chat")

        # The room reads the big screen: nothing of it stands there.
        shown = await screen.evaluate("document.body.innerText")
        assert not [each for each in (ASKED, ANSWERED) if each in shown]


async def test_what_a_desk_writes_without_a_line_waits_there_and_goes_by_itself(day: Day) -> None:
    async with page_of(day.browser) as centre, page_of(day.browser) as desk:
        await desk.goto(day.local("desk"))
        await day.operator(centre)
        chat, talk = desk.locator(".chat"), centre.locator(".talk")
        await day.stage.centre.kill()
        await expect(desk.get_by_text("Mất kết nối").first).to_be_visible(timeout=LOADED_MS)
        await write(desk, "Viết tin ngắn", AWAY)
        mine = chat.locator("li.ours", has_text=AWAY)
        await expect(mine).to_contain_text("✓ Đã ghi ở máy này, sẽ tự gửi đi")
        await desk.reload()
        await expect(mine).to_contain_text("✓ Đã ghi ở máy này, sẽ tự gửi đi")
        await picture(desk, "desk-chat-waits")

        await start_centre_again(day.stage)
        await expect(mine).to_contain_text("✓✓ Trung tâm đã nhận", timeout=LOADED_MS)
        await expect(talk.locator("li", has_text=AWAY)).to_have_count(1, timeout=LOADED_MS)
        await write(centre, "Viết cho bàn điểm cầu", SEEN)
        await expect(chat.locator("li.theirs", has_text=SEEN)).to_have_count(1, timeout=LOADED_MS)
        await chat.get_by_role("button", name="Đã đọc").click()
        await expect(chat.get_by_text("tin mới")).to_have_count(0)


async def test_a_screen_that_was_configured_so_speaks_english_and_reads_out_what_an_operator_wrote(day: Day) -> None:
    async with page_of(day.browser, WIDE) as screen:
        await screen.goto(day.local("screen"))
        await expect(screen.get_by_text("Waiting for the session")).to_be_visible(timeout=LOADED_MS)
        session = await live_session(day.stage, "Đổi mới kiểm tra, đánh giá", day.stage.schools)
        said = {"text_vi": "Nghỉ giải lao 10 phút", "text_en": "A break of ten minutes"}
        await day.stage.admin.post(f"/api/v1/sessions/{session['id']}/notice", said)
        lines = screen.locator("[data-banner=notice] .said")
        await expect(lines).to_have_text([said["text_vi"], said["text_en"]], timeout=LOADED_MS)
        await picture(screen, "screen-notice-ordered")
