"""A school whose network lets no UDP through watches over coturn: its screen over TCP, an agent over TLS."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from site_agent.declaring import DeclaredNumber
from site_agent.lecture.figures import Reading, ScreenFigures
from site_agent.lecture.headless import HeadlessScreen
from site_agent.lecture.port import Lecture
from site_agent.local_server import LocalServer
from site_agent.state import DeclaredView, SiteName, SiteState, SiteView
from tests.doubles.browsers import CHROMIUM, KIOSK
from tests.doubles.cabled_school import cabled_school
from tests.doubles.coturn import SECRET, coturn
from tests.doubles.eventually import eventually
from tests.doubles.relay import relay
from tests.doubles.school_network import standing_in
from tests.doubles.webrtc import Publisher
from wire.ids import ScreenState, SessionId, SiteId
from wire.messages import ScreenHealth

LONG_S = 90.0


async def nobody(_: DeclaredNumber) -> DeclaredView:
    raise AssertionError("nobody declares anything here")


class ScreenAtSchool:
    """The screen page's server at the school, and what the page tells it."""

    def __init__(self, lecture: Lecture, centre: str) -> None:
        self._figures = ScreenFigures()
        self._figures.lecture(lecture.session, time.monotonic())
        state = SiteState(SiteView(site=SiteName(SiteId("site-a"), "T001", "Trường Tiểu học Kim Đồng"), link="up"))
        state.put(lecture=lecture)
        self.server = LocalServer(
            state,
            now_ms=lambda: time.time_ns() // 1_000_000,
            health=self.health,
            on_figures=self._read,
            declare=nobody,
            centre_url=centre,
            port=0,
        )

    def _read(self, reading: Reading) -> None:
        self._figures.read(reading, time.monotonic())

    def health(self) -> ScreenHealth:
        return self._figures.health(time.monotonic())


def plays_over(health: ScreenHealth, path: str) -> bool:
    return health.state is ScreenState.PLAYING and health.frames_decoded > 30 and health.path == path


async def test_where_udp_is_blocked_the_screen_watches_over_tcp_and_an_agent_over_tls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cabled_school() as school:
        school.route_out()
        school.block_udp()
        here = school.province_ip
        async with coturn(tmp_path, here) as turn:
            told = [word for url in turn.urls for word in ("--turn-url", url)]
            secret = {"DIEMCAU_RELAY__TURN_SECRET": SECRET}
            with relay("--open", *told, host=here, environment=secret) as running:
                async with Publisher(running.whip()):
                    lecture = Lecture(SessionId("s1"), "s1-lecture", running.whep(), "none", "Bài", "Thầy")
                    monkeypatch.setenv("SSL_CERT_FILE", str(turn.certificate))
                    with standing_in(school.namespace):
                        await screen_plays(lecture, running.url)
                        school.block_tcp(turn.port)
                        await agent_plays(lecture)


async def screen_plays(lecture: Lecture, centre: str) -> None:
    """The big screen's page in Chromium."""
    screen = ScreenAtSchool(lecture, centre)
    await screen.server.start()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*KIOSK])
        page = await browser.new_page()
        await page.goto(f"{screen.server.url}/screen")
        await eventually(lambda: plays_over(screen.health(), "tcp"), LONG_S)
        await browser.close()
    await screen.server.stop()


async def agent_plays(lecture: Lecture) -> None:
    """The agent without a screen."""
    agent = HeadlessScreen()
    await agent.start()
    agent.show(lecture)
    await eventually(lambda: plays_over(agent.health(), "tls"), LONG_S)
    await agent.stop()
