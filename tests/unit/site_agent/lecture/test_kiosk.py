import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from site_agent.lecture.figures import Reading
from site_agent.lecture.kiosk import FIRST_WORD_S, SILENT_PAGE_S, STEADY_S, KioskScreen, Watchdog
from site_agent.lecture.port import Lecture
from tests.doubles.eventually import eventually
from wire.ids import ScreenState, SessionId

LECTURE = Lecture(SessionId("session-a"), "session-a-lecture", "http://127.0.0.1/whep/x", "t", "Bài 1", "Cô Lan")


class FakeBrowser:
    """A browser that ends when the test says so."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()
        self.stopped = False

    async def ended(self) -> int:
        await self.gone.wait()
        return 9

    async def stop(self) -> None:
        self.stopped = True
        self.gone.set()


class FakeComputer:
    """Starts fake browsers; only programs in `has` are there. Its clock is moved by the test."""

    def __init__(self, *has: str) -> None:
        self.has = has
        self.commands: list[Sequence[str]] = []
        self.browsers: list[FakeBrowser] = []
        self.now_s = 0.0

    async def launch(self, command: Sequence[str]) -> FakeBrowser:
        self.commands.append(command)
        if command[0] not in self.has:
            raise FileNotFoundError(command[0])
        self.browsers.append(FakeBrowser())
        return self.browsers[-1]

    def screen(self, *programs: str) -> KioskScreen:
        return KioskScreen(
            "http://127.0.0.1:8765/screen", programs, Path("/p"), self.launch, clock=lambda: self.now_s, look_every_s=0
        )


async def test_the_first_browser_that_is_there_opens_the_page_with_sound_allowed() -> None:
    computer = FakeComputer("chromium")
    screen = computer.screen("google-chrome", "chromium", "msedge")
    await screen.start()
    await eventually(lambda: bool(computer.browsers))
    await screen.stop()
    assert [command[0] for command in computer.commands] == ["google-chrome", "chromium"]
    assert computer.commands[1][-1] == "http://127.0.0.1:8765/screen"
    assert {"--kiosk", "--autoplay-policy=no-user-gesture-required", "--user-data-dir=/p"} <= set(computer.commands[1])


async def test_stopping_ends_the_browser() -> None:
    computer = FakeComputer("chromium")
    screen = computer.screen("chromium")
    await screen.start()
    await eventually(lambda: bool(computer.browsers))
    await screen.stop()
    assert computer.browsers[0].stopped


async def test_a_page_that_falls_silent_loses_its_browser() -> None:
    computer = FakeComputer("chromium")
    screen = computer.screen("chromium")
    await screen.start()
    await eventually(lambda: bool(computer.browsers))
    screen.read(Reading(1))
    computer.now_s = SILENT_PAGE_S + 0.1
    await eventually(lambda: computer.browsers[0].stopped)
    await screen.stop()


async def test_a_browser_that_is_slow_to_start_is_not_replaced_before_its_page_can_report() -> None:
    computer = FakeComputer("chromium")
    screen = computer.screen("chromium")
    await screen.start()
    await eventually(lambda: bool(computer.browsers))
    computer.now_s = FIRST_WORD_S - 0.1
    for _ in range(20):
        await asyncio.sleep(0)
    assert not computer.browsers[0].stopped
    computer.now_s = FIRST_WORD_S + 0.1
    await eventually(lambda: computer.browsers[0].stopped)
    await screen.stop()


async def test_a_browser_that_blocks_the_sound_is_replaced_and_not_for_ever() -> None:
    computer = FakeComputer("chromium")
    screen = computer.screen("chromium")
    await screen.start()
    await eventually(lambda: len(computer.browsers) == 1)
    blocked = Reading(1, sound_blocked=True)
    for now_s, reading in ((0.0, blocked), (9.0, Reading(1)), (10.0, blocked), (19.9, blocked)):
        computer.now_s = now_s
        screen.read(reading)
    for _ in range(20):
        await asyncio.sleep(0)
    assert not computer.browsers[0].stopped
    computer.now_s = 20.0
    screen.read(blocked)
    await eventually(lambda: len(computer.browsers) == 2)
    for now_s in range(21, 120, 10):
        computer.now_s = float(now_s)
        screen.read(blocked)
        for _ in range(20):
            await asyncio.sleep(0)
    assert not computer.browsers[1].stopped
    await screen.stop()


async def test_a_browser_that_dies_is_started_again() -> None:
    computer = FakeComputer("chromium")
    screen = KioskScreen(
        "u", ["chromium"], Path("/p"), computer.launch, clock=lambda: computer.now_s, look_every_s=0, pause=no_pause
    )
    await screen.start()
    await eventually(lambda: bool(computer.browsers))
    computer.browsers[0].gone.set()
    await eventually(lambda: len(computer.browsers) > 1)
    await screen.stop()
    assert all(browser.stopped for browser in computer.browsers)


async def test_without_any_browser_the_screen_is_dark_and_keeps_trying() -> None:
    computer = FakeComputer()
    screen = KioskScreen(
        "u", ["chromium"], Path("/p"), computer.launch, clock=lambda: computer.now_s, look_every_s=0, pause=no_pause
    )
    await screen.start()
    screen.show(LECTURE)
    await eventually(lambda: len(computer.commands) > 2)
    computer.now_s = 20.0
    assert screen.health().state is ScreenState.DARK
    await screen.stop()


async def test_what_the_page_decodes_is_the_screens_health() -> None:
    computer = FakeComputer("chromium")
    screen = computer.screen("chromium")
    screen.show(LECTURE)
    screen.read(Reading(10, 1280, 720, -19.0))
    health = screen.health()
    assert (health.state, health.frames_decoded, health.audio_dbfs) == (ScreenState.PLAYING, 10, -19.0)


@pytest.mark.parametrize(("failures", "pause"), [(1, 1.0), (2, 2.0), (3, 5.0), (4, 10.0), (5, 30.0), (9, 30.0)])
def test_each_failure_makes_the_wait_longer(failures: int, pause: float) -> None:
    watchdog = Watchdog()
    watchdog.started(0.0)
    assert [watchdog.pause_s(1.0) for _ in range(failures)][-1] == pause


def test_a_browser_that_was_steady_is_replaced_at_once() -> None:
    watchdog = Watchdog()
    for _ in range(4):
        watchdog.started(0.0)
        watchdog.pause_s(1.0)
    watchdog.started(0.0)
    assert watchdog.pause_s(STEADY_S + 1) == 1.0


async def no_pause(_seconds: float) -> None:
    await asyncio.sleep(0)


async def test_an_ordered_restart_replaces_the_browser_at_once_and_waits_for_its_page() -> None:
    computer = FakeComputer("chromium")
    screen = computer.screen("chromium")
    await screen.start()
    await eventually(lambda: len(computer.browsers) == 1)
    screen.read(Reading(1))
    async with asyncio.TaskGroup() as tasks:
        restarting = tasks.create_task(screen.restart())
        await eventually(lambda: len(computer.browsers) == 2)
        assert computer.browsers[0].stopped
        assert not restarting.done()
        screen.read(Reading(1))
        assert await restarting
    await screen.stop()
    assert len(computer.browsers) == 2
