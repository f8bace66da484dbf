"""A page whose scripts broke off on the way, as when a computer changes its network, says so and loads itself anew."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Route, expect

from demo.stage import Stage
from tests.doubles.browsers import chromium, page_of
from tests.doubles.small_day import small_day

pytestmark = pytest.mark.asyncio(loop_scope="module")
UP_MS = 60_000
WHOLE = """() => document.readyState === "complete" && sessionStorage.getItem("diemcau.boot") === null &&
  document.querySelector("#page > *") && !document.querySelector(".not-alive")"""


class Ground:
    """A centre and a school, and the addresses of their pages."""

    def __init__(self, stage: Stage, browser: Browser) -> None:
        self.browser = browser
        school = stage.schools[0]
        here = school.screen_url.removesuffix("/screen")
        self.addresses = {
            "login": f"{stage.url}/login",
            "portal": f"{stage.url}/portal",
            "screen": f"{here}/screen",
            "desk": f"{here}/desk",
            "guide": f"{here}/guide",
            "invigilate": f"{here}/invigilate",
            "exam": school.desk_url,
            "phone": f"{school.desk_url}phone",
        }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ground(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    async with small_day(tmp_path_factory.mktemp("day"), candidates=1) as stage, chromium() as browser:
        yield Ground(stage, browser)


@pytest.mark.parametrize("name", ["login", "portal", "screen", "desk", "guide", "invigilate", "exam", "phone"])
@pytest.mark.parametrize("kind", ["js", "css"])
async def test_a_page_that_broke_off_comes_by_itself(ground: Ground, name: str, kind: str) -> None:
    async with page_of(ground.browser) as page:
        told: list[str] = []
        broken: list[str] = []

        def note(message: ConsoleMessage) -> None:
            if "Content Security Policy" in message.text:
                told.append(message.text)

        async def break_off(route: Route) -> None:
            if broken:
                await route.continue_()
            else:
                broken.append(route.request.url)
                await route.abort("internetdisconnected")

        page.on("console", note)
        await page.route(f"**/assets/*.{kind}", break_off)
        await page.goto(ground.addresses[name], wait_until="commit")
        await page.wait_for_function(WHOLE, timeout=UP_MS)
        assert len(broken) == 1
        assert told == []
        # Styles as well: the page is not the one that came half.
        assert await page.evaluate("[...document.styleSheets].some(each => each.href?.includes('/assets/'))")
        await expect(page.get_by_text("Trang chưa tải xong")).to_have_count(0)


async def test_a_page_that_cannot_load_says_so_and_tries_ever_more_rarely(ground: Ground) -> None:
    async with page_of(ground.browser) as page:
        await page.route("**/assets/*.js", lambda route: route.abort("internetdisconnected"))
        await page.goto(ground.addresses["login"], wait_until="commit")
        await expect(page.get_by_text("Trang chưa tải xong, đang tự tải lại")).to_be_visible(timeout=UP_MS)
        await page.wait_for_function("Number(sessionStorage.getItem('diemcau.boot')) >= 2", timeout=UP_MS)
