"""What really watches in schools: the screen page and the screen without a browser, with their connections counted."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page

from site_agent.declaring import DeclaredNumber
from site_agent.lecture.figures import Reading, ScreenFigures
from site_agent.lecture.headless import HeadlessScreen
from site_agent.lecture.port import Lecture
from site_agent.local_server import LocalServer
from site_agent.state import DeclaredView, SiteName, SiteState, SiteView
from tests.doubles.browsers import page_of
from wire.ids import SessionId, SiteId

COUNT = """
() => {
  window.made = 0;
  window.RTCPeerConnection = new Proxy(RTCPeerConnection, {
    construct(peer, told) {
      window.made++;
      return Reflect.construct(peer, told);
    },
  });
}
"""


class AgentScreens:
    """One of each, which watch the same lecture."""

    def __init__(self, page: Page, read: list[Reading], headless: HeadlessScreen) -> None:
        self._page = page
        self._read = read
        self._headless = headless

    def frames(self) -> tuple[int, int]:
        """Pictures that the page and the other decoded so far."""
        return self._read[-1].frames_decoded if self._read else 0, self._headless.health().frames_decoded

    def decoded(self, since: tuple[int, int], more: int) -> bool:
        """Whether both decoded so many more since then."""
        return all(now >= then + more for now, then in zip(self.frames(), since, strict=True))

    async def connections(self) -> tuple[int, int]:
        """How often the page and the other connected."""
        return int(await self._page.evaluate("window.made")), self._headless.connections


@asynccontextmanager
async def agent_screens(
    browser: Browser, centre_url: str, session: str, ticket: dict[str, Any]
) -> AsyncIterator[AgentScreens]:
    """Both watch by this ticket of the centre's (`/api/v1/sessions/<id>/view`) until the block ends."""
    lecture = Lecture(SessionId(session), "", ticket["whep_url"], ticket["token"], "", "")
    state = SiteState(SiteView(site=SiteName(SiteId("site-a"), "T001", "Kim Đồng"), link="up", lecture=lecture))
    figures, read = ScreenFigures(), list[Reading]()
    server = LocalServer(
        state,
        now_ms=lambda: time.time_ns() // 1_000_000,
        health=lambda: figures.health(time.monotonic()),
        on_figures=read.append,
        declare=_none_declared,
        centre_url=centre_url,
        port=0,
    )
    headless = HeadlessScreen()
    await server.start()
    await headless.start()
    try:
        async with page_of(browser) as page:
            await page.add_init_script(f"({COUNT})()")
            await page.goto(f"{server.url}/screen")
            headless.show(lecture)
            yield AgentScreens(page, read, headless)
    finally:
        await headless.stop()
        await server.stop()


async def _none_declared(said: DeclaredNumber) -> DeclaredView:
    return DeclaredView(said.number, 0)
