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
STYLED = """() => {
  // Of a style that did not come a browser tells nothing, and refuses to.
  try { return document.styleSheets.length > 0 && [...document.styleSheets].every(each => each.cssRules.length > 0); }
  catch { return false; }
}"""
WHOLE = """() => document.readyState === "complete" && sessionStorage.getItem("diemcau.boot") === null &&
  document.querySelector("#page > *") && !document.querySelector(".not-alive")"""


class Watched:
    """What a page loads and refuses."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.refused: list[str] = []
        self.documents = 0
        self.looks = 0
        self.styles = 0
        page.on("console", self._told)
        page.on("response", self._came)

    def _told(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.refused.append(message.text)

    def _came(self, response: Response) -> None:
        self.documents += response.request.resource_type == "document"

    async def without_network(self, address: str) -> None:
        """No script comes, until the page has looked once whether it can be had again; that look is in vain, too."""

        async def script(route: Route) -> None:
            await (route.fallback() if self.looks else route.abort("internetdisconnected"))

        async def look(route: Route) -> None:
            self.looks += route.request.resource_type == "fetch"
            first = route.request.resource_type == "fetch" and self.looks == 1
            await (route.abort("internetdisconnected") if first else route.fallback())

        await self._page.route("**/assets/*.js", script)
        await self._page.route(address, look)

    async def without_style(self) -> None:
        """The first style ends in nothing."""

        async def once(route: Route) -> None:
            self.styles += 1
            await (route.abort("internetdisconnected") if self.styles == 1 else route.fallback())

        await self._page.route("**/assets/*.css", once)


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
            "invigilate": f"{here}/invigilate/",
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
        await seen.without_network(ground.addresses[name])
        await page.goto(ground.addresses[name], wait_until="commit")
        await page.wait_for_function(WHOLE, timeout=UP_MS)
        assert (seen.documents, seen.refused, seen.looks) == (2, [], 2)
        await expect(page.get_by_text("Trang chưa tải xong")).to_have_count(0)


@pytest.mark.parametrize("name", ["login", "screen", "exam"])
async def test_a_page_whose_style_broke_off_gets_it_and_is_not_taken_away(ground: Ground, name: str) -> None:
    async with page_of(ground.browser) as page:
        seen = Watched(page)
        await seen.without_style()
        await page.goto(ground.addresses[name], wait_until="commit")
        await page.wait_for_function(WHOLE, timeout=UP_MS)
        await page.wait_for_function(STYLED, timeout=UP_MS)
        assert seen.styles > 1
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
    """After three tries in vain it waits between 8 and 16 seconds, here the longest."""
    async with page_of(ground.browser) as page:
        looks: list[str] = []
        page.on("request", lambda request: looks.append(request.resource_type))
        await page.clock.install()
        await page.add_init_script("sessionStorage.setItem('diemcau.boot', '3'); Math.random = () => 1")
        await page.route("**/assets/*.js", lambda route: route.abort("internetdisconnected"))
        await page.goto(ground.addresses["login"], wait_until="commit")
        await expect(page.get_by_text("Trang chưa tải xong, đang tự tải lại")).to_be_visible(timeout=UP_MS)
        await page.clock.run_for(7_900)
        assert "fetch" not in looks
        async with page.expect_request(lambda request: request.resource_type == "fetch"):
            await page.clock.run_for(8_200)
