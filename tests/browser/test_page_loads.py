"""A page whose scripts broke off on the way, as when a computer changes its network, says so and loads itself anew."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, Response, Route, expect

from demo.stage import Stage
from tests.doubles.browsers import chromium, page_of
from tests.doubles.small_day import small_day

pytestmark = pytest.mark.asyncio(loop_scope="module")
UP_MS = 60_000
STYLED = "() => [...document.styleSheets].some(each => (each.href ?? '').includes('/assets/'))"
WHOLE = """() => document.readyState === "complete" && sessionStorage.getItem("diemcau.boot") === null &&
  document.querySelector("#page > *") && !document.querySelector(".not-alive")"""


class Watched:
    """What a page loads and refuses."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.refused: list[str] = []
        self.documents = 0
        self.broken: dict[str, int] = {}
        page.on("console", self._told)
        page.on("response", self._came)

    def _told(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.refused.append(message.text)

    def _came(self, response: Response) -> None:
        self.documents += response.request.resource_type == "document"

    async def break_off(self, what: str, kind: str = "") -> None:
        """The first request of these ends in nothing; of one `kind` where it is named."""

        async def once(route: Route) -> None:
            if self.broken.get(what) or (kind and route.request.resource_type != kind):
                await route.fallback()
            else:
                self.broken[what] = 1
                await route.abort("internetdisconnected")

        await self._page.route(what, once)


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
async def test_a_page_whose_scripts_broke_off_comes_by_itself(ground: Ground, name: str) -> None:
    async with page_of(ground.browser) as page:
        seen = Watched(page)
        # The script, and then the first look whether the page can be had again: the network is still away.
        await seen.break_off("**/assets/*.js")
        await seen.break_off(ground.addresses[name], "fetch")
        await page.goto(ground.addresses[name], wait_until="commit")
        await page.wait_for_function(WHOLE, timeout=UP_MS)
        assert seen.broken == {"**/assets/*.js": 1, ground.addresses[name]: 1}
        assert (seen.documents, seen.refused) == (2, [])
        await expect(page.get_by_text("Trang chưa tải xong")).to_have_count(0)


@pytest.mark.parametrize("name", ["login", "screen", "exam"])
async def test_a_page_whose_style_broke_off_gets_it_and_is_not_taken_away(ground: Ground, name: str) -> None:
    async with page_of(ground.browser) as page:
        seen = Watched(page)
        await seen.break_off("**/assets/*.css")
        await page.goto(ground.addresses[name], wait_until="commit")
        await page.wait_for_function(WHOLE, timeout=UP_MS)
        await page.wait_for_function(STYLED, timeout=UP_MS)
        assert seen.broken == {"**/assets/*.css": 1}
        assert (seen.documents, seen.refused) == (1, [])


async def test_what_others_put_into_a_page_and_its_policy_refuses_does_no_harm(ground: Ground) -> None:
    """A filter on the way, a portal of a Wi-Fi, an extension."""

    async def put_in(route: Route) -> None:
        reply = await route.fetch()
        foreign = (
            '<script src="https://filter.invalid/x.js"></script><link rel="stylesheet" href="https://f.invalid/a">'
        )
        text = (await reply.text()).replace("</head>", f"{foreign}</head>")
        await route.fulfill(response=reply, body=text)

    async with page_of(ground.browser) as page:
        seen = Watched(page)
        await page.route(ground.addresses["exam"], put_in)
        await page.goto(ground.addresses["exam"])
        await page.wait_for_function(WHOLE, timeout=UP_MS)
        assert seen.documents == 1
        assert len(seen.refused) >= 1
        assert await page.evaluate("document.querySelector('#page').textContent.includes('tải xong')") is False


async def test_a_page_that_cannot_load_says_so_and_tries_ever_more_rarely(ground: Ground) -> None:
    """After three tries in vain it waits between 8 and 16 seconds."""
    async with page_of(ground.browser) as page:
        looks: list[str] = []
        page.on("request", lambda request: looks.append(request.resource_type))
        await page.clock.install()
        await page.add_init_script("sessionStorage.setItem('diemcau.boot', '3')")
        await page.route("**/assets/*.js", lambda route: route.abort("internetdisconnected"))
        await page.goto(ground.addresses["login"], wait_until="commit")
        await expect(page.get_by_text("Trang chưa tải xong, đang tự tải lại")).to_be_visible(timeout=UP_MS)
        await page.clock.run_for(7_900)
        assert "fetch" not in looks
        async with page.expect_request(lambda request: request.resource_type == "fetch"):
            await page.clock.run_for(8_200)
