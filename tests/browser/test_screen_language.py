"""The big screen's language: chosen at the site desk, followed by a browser where nobody presses anything."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import ViewportSize, expect

from site_agent.declaring import DeclaredNumber
from site_agent.local_server import LocalServer
from site_agent.screen_language import ScreenLanguage
from site_agent.state import Contact, DeclaredView, NoticeView, SiteName, SiteState, SiteView
from tests.doubles.axe import serious_faults
from tests.doubles.browsers import chromium, page_of, picture
from wire.ids import SiteId
from wire.messages import ScreenHealth

WIDE = ViewportSize(width=1920, height=1080)
BREAK = "Nghỉ giải lao 10 phút"
BREAK_EN = "A break of ten minutes"


class Site:
    """A school's computer without the rest of the agent."""

    def __init__(self, url: str, state: SiteState) -> None:
        self.url = url
        self.state = state

    def notice(self, text_vi: str, text_en: str) -> None:
        until_ms = time.time_ns() // 1_000_000 + 600_000
        self.state.put(notices=(NoticeView("order-a", text_vi, text_en, until_ms),))


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async def declare(said: DeclaredNumber) -> DeclaredView:
        return DeclaredView(said.number, 0)

    state = SiteState(
        SiteView(site=SiteName(SiteId("site-a"), "T001", "Trường TH Kim Đồng"), link="up", contact=Contact("1900 1234"))
    )
    server = LocalServer(
        state,
        now_ms=lambda: time.time_ns() // 1_000_000,
        health=ScreenHealth,
        on_figures=lambda _: None,
        declare=declare,
        port=0,
        routes=ScreenLanguage(tmp_path, state, "vi").routes(),
    )
    await server.start()
    yield Site(server.url, state)
    await server.stop()


async def test_the_desk_turns_the_big_screen_to_english_and_back_without_a_click_there(site: Site) -> None:
    async with chromium() as browser, page_of(browser, WIDE) as screen, page_of(browser) as desk:
        await screen.goto(f"{site.url}/screen")
        await expect(screen.get_by_text("Chờ buổi học bắt đầu")).to_be_visible()
        await desk.goto(f"{site.url}/desk")
        choice = desk.get_by_role("radiogroup", name="Ngôn ngữ trên màn hình lớn")
        await expect(choice.get_by_label("Tiếng Việt")).to_be_checked()
        await choice.get_by_label("English").check()
        await expect(screen.get_by_text("Waiting for the session")).to_be_visible()
        await expect(screen.get_by_text("Hotline 1900 1234")).to_be_visible()
        await expect(screen.locator("html")).to_have_attribute("lang", "en")
        assert await screen.get_by_text("Chờ buổi học").count() == 0
        assert await serious_faults(screen) == []
        assert await serious_faults(desk) == []
        await picture(desk, "desk-language")
        # The desk's own words are its reader's: they stay as they were.
        await expect(desk.get_by_text("Bàn điểm cầu").first).to_be_visible()
        await screen.reload()
        await expect(screen.get_by_text("Waiting for the session")).to_be_visible()
        await picture(screen, "screen-english")
        await choice.get_by_label("Tiếng Việt").check()
        await expect(screen.get_by_text("Chờ buổi học bắt đầu")).to_be_visible()


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_a_notice_in_two_languages_is_read_by_everybody_the_vietnamese_first(site: Site, language: str) -> None:
    site.state.put(language=language)
    site.notice(BREAK, BREAK_EN)
    async with chromium() as browser, page_of(browser, WIDE) as screen:
        await screen.goto(f"{site.url}/screen")
        lines = screen.locator("[data-banner=notice] .said")
        await expect(lines).to_have_text([BREAK, BREAK_EN])
        first, second = [await lines.nth(at).bounding_box() for at in range(2)]
        assert first is not None
        assert second is not None
        assert first["y"] + first["height"] <= second["y"] + 1
        assert [await lines.nth(at).get_attribute("lang") for at in range(2)] == ["vi", "en"]
        assert await serious_faults(screen) == []
        await picture(screen, f"screen-notice-{language}")


async def test_a_notice_in_one_language_is_said_once(site: Site) -> None:
    async with chromium() as browser, page_of(browser, WIDE) as screen:
        await screen.goto(f"{site.url}/screen")
        # The centre repeats the Vietnamese text where an operator gave no English one.
        for text_vi, text_en in ((BREAK, BREAK), (BREAK, ""), ("", BREAK_EN)):
            site.notice(text_vi, text_en)
            await expect(screen.locator("[data-banner=notice] .said")).to_have_text([text_vi or text_en])
