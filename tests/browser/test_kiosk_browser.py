import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from demo.lecture import LectureSettings, lecture_file
from demo.recorded import RecordedLecture
from site_agent.declaring import DeclaredNumber
from site_agent.lecture.browser import BrowserChild, launch
from site_agent.lecture.figures import Reading
from site_agent.lecture.kiosk import KioskScreen
from site_agent.local_server import LocalServer
from site_agent.state import DeclaredView, SiteName, SiteState, SiteView
from tests.doubles.eventually import eventually
from tests.doubles.lecture_hall import OnAir, relay
from wire.ids import ScreenState, SiteId
from wire.messages import ScreenHealth

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--allow-loopback-in-peer-connection")


class Launches:
    """Starts real browsers and remembers them."""

    def __init__(self) -> None:
        self.started: list[BrowserChild] = []

    async def __call__(self, command: Sequence[str]) -> BrowserChild:
        self.started.append(await launch(command))
        return self.started[-1]


def browsers_of(profile: Path) -> list[psutil.Process]:
    """Every browser process with this profile; the first is the leader of them all."""
    flag = f"--user-data-dir={profile}"
    found = [each for each in psutil.process_iter(["cmdline"]) if flag in (each.info["cmdline"] or [])]
    return sorted(found, key=lambda each: each.pid)


async def no_number(said: DeclaredNumber) -> DeclaredView:
    return DeclaredView(said.number, 0)


async def test_a_killed_browser_comes_back_and_plays_and_stopping_leaves_none(tmp_path: Path) -> None:
    lecture = RecordedLecture.read(lecture_file(tmp_path, LectureSettings(seconds=6)))
    profile, launches = tmp_path / "profile", Launches()
    state = SiteState(SiteView(site=SiteName(SiteId("site-a"), "T001", "Kim Đồng"), link="up"))
    screens: list[KioskScreen] = []

    def health() -> ScreenHealth:
        return screens[0].health()

    def read(reading: Reading) -> None:
        screens[0].read(reading)

    async with relay() as address:
        hall = OnAir(address, lecture)
        hall.begin()
        server = LocalServer(
            state,
            now_ms=lambda: time.time_ns() // 1_000_000,
            health=health,
            on_figures=read,
            declare=no_number,
            centre_url=address,
            port=0,
        )
        await server.start()
        screen = KioskScreen(f"{server.url}/screen", ["no-such-browser", CHROMIUM], profile, launches, FLAGS)
        screens.append(screen)
        state.put(lecture=hall.to_view())
        screen.show(hall.to_view())
        await screen.start()
        await eventually(lambda: screen.health().state is ScreenState.PLAYING, 40, 0.1)

        before = screen.health().frames_decoded
        browsers_of(profile)[0].kill()
        await eventually(lambda: len(launches.started) == 2, 60, 0.1)
        await eventually(lambda: screen.health().frames_decoded > before + 15, 40, 0.1)
        assert screen.health().audio_dbfs is not None

        await screen.stop()
        await eventually(lambda: not browsers_of(profile), 10, 0.1)
        await server.stop()
        await hall.end()
