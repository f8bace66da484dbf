"""The big screen as a browser in kiosk mode on the screen page: started, watched, started again, stopped."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from site_agent.lecture.figures import Reading, ScreenFigures
from site_agent.lecture.port import Lecture
from wire.messages import ScreenHealth

SILENT_PAGE_S = 15.0
"""The page reports every second, so it hangs when it has been silent for so long."""
FIRST_WORD_S = 45.0
"""An old computer starts its browser in 10 to 20 s, and in longer while something else keeps it busy: to replace one
that is still starting would begin the same wait anew."""
STEADY_S = 60.0
RESTART_S = 30.0
BLOCKED_S, BLOCKED_AGAIN_S = 10.0, 600.0
"""A browser that blocks the lecture's sound for so long is replaced; not more often than that, as it may be one that
knows none of the flags."""
LOOK_EVERY_S = 1.0
BACKOFF_S = (1.0, 2.0, 5.0, 10.0, 30.0)
FLAGS = (
    "--kiosk",
    "--autoplay-policy=no-user-gesture-required",
    # The microphone of a room that was given the floor opens without a click; this browser shows this computer's own
    # pages only. (Not the flag for tests: that one would give the screen away too.)
    "--auto-accept-camera-and-microphone-capture",
    "--no-first-run",
    "--no-default-browser-check",
    "--noerrdialogs",
    "--disable-session-crashed-bubble",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-features=Translate",
    "--password-store=basic",
)

log = structlog.get_logger()


class NoBrowser(Exception):
    """None of the browsers can be started on this computer."""


class RunningBrowser(Protocol):
    """A started browser."""

    async def ended(self) -> int:
        """Until it has ended; its exit code."""

    async def stop(self) -> None:
        """End it and everything that it started."""


class Launch(Protocol):
    """Starts a program."""

    async def __call__(self, command: Sequence[str]) -> RunningBrowser:
        """Start; raises OSError if the program is not there."""


@dataclass(slots=True)
class Watchdog:
    """Decides when a browser is to be replaced and how long to wait before the next. Times in seconds."""

    started_s: float = 0.0
    heard_s: float | None = None
    failures: int = 0
    silent_s: float = SILENT_PAGE_S

    def started(self, now_s: float) -> None:
        """A browser was started."""
        self.started_s, self.heard_s = now_s, None

    def heard(self, now_s: float) -> None:
        """The page sent figures."""
        self.heard_s = now_s

    def hangs(self, now_s: float) -> bool:
        """Whether the page has been silent for too long; one that never reported is given the time to load."""
        if self.heard_s is None:
            return now_s - self.started_s > max(FIRST_WORD_S, self.silent_s)
        return now_s - self.heard_s > self.silent_s

    def pause_s(self, now_s: float) -> float:
        """The browser failed: how long to wait; longer each time unless it had been steady."""
        self.failures = 1 if now_s - self.started_s > STEADY_S else self.failures + 1
        return BACKOFF_S[min(self.failures, len(BACKOFF_S)) - 1]


class KioskScreen:
    """A BigScreen that runs a browser. The page learns of the lecture from the local server, and its figures come
    back through `read`; programs are candidates, the first one that starts is used. A page that never reports has a
    `silent_page_s` without end.
    """

    def __init__(
        self,
        page_url: str,
        programs: Sequence[str],
        profile: Path,
        launch: Launch,
        extra_flags: Sequence[str] = (),
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        look_every_s: float = LOOK_EVERY_S,
        silent_page_s: float = SILENT_PAGE_S,
    ) -> None:
        self._pause = pause
        self._look_every_s = look_every_s
        self._page_url = page_url
        self._programs = programs
        self._flags = (*FLAGS, f"--user-data-dir={profile}", *extra_flags)
        self._launch = launch
        self._clock = clock
        self._figures = ScreenFigures()
        self._watchdog = Watchdog(silent_s=silent_page_s)
        self._task: asyncio.Task[None] | None = None
        self._launched = 0
        self._ordered = asyncio.Event()
        self._reported = asyncio.Event()
        self._blocked_since: float | None = None
        self._unblocked_s = float("-inf")

    async def start(self) -> None:
        """Start the browser and keep it running."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="kiosk")

    async def stop(self) -> None:
        """End the browser."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.wait([self._task])
        self._task = None

    def show(self, lecture: Lecture | None) -> None:
        """The figures from now on belong to this lecture."""
        self._figures.lecture(
            lecture.session if lecture else None, self._clock(), by_phone=lecture is not None and lecture.by_phone
        )

    async def restart(self) -> bool:
        """Replace the browser; whether the page of the new one reported within half a minute."""
        before = self._launched
        self._ordered.set()
        try:
            async with asyncio.timeout(RESTART_S):
                while self._launched == before or not self._reported.is_set():
                    self._reported.clear()
                    await self._reported.wait()
        except TimeoutError:
            return False
        return True

    def read(self, reading: Reading) -> None:
        """The page reported."""
        now = self._clock()
        self._watchdog.heard(now)
        self._reported.set()
        self._figures.read(reading, now)
        self._unblock(reading, now)

    def _unblock(self, reading: Reading, now: float) -> None:
        """Nobody in the room is asked for a click: a browser that this program starts anew lets sound be heard."""
        if not reading.sound_blocked:
            self._blocked_since = None
            return
        self._blocked_since = now if self._blocked_since is None else self._blocked_since
        if now - self._blocked_since >= BLOCKED_S and now - self._unblocked_s >= BLOCKED_AGAIN_S:
            log.warning("screen_sound_blocked")
            self._unblocked_s, self._blocked_since = now, None
            self._ordered.set()

    def health(self) -> ScreenHealth:
        """What the page really decodes now; a page that is gone decodes nothing."""
        return self._figures.health(self._clock())

    @property
    def page_alive(self) -> bool:
        """Whether the page has reported lately."""
        return not self._watchdog.hangs(self._clock())

    async def _run(self) -> None:
        while True:
            try:
                reason = await self._one_browser()
            except NoBrowser as fault:
                reason = str(fault)
            if self._ordered.is_set():
                self._ordered.clear()
                log.info("screen_browser_replaced")
                continue
            log.warning("screen_browser_failed", reason=reason)
            await self._pause(self._watchdog.pause_s(self._clock()))

    async def _one_browser(self) -> str:
        """Run one browser until it has to be replaced; says why."""
        browser = await self._first_that_starts()
        self._watchdog.started(self._clock())
        self._launched += 1
        self._reported.clear()
        ended = asyncio.get_running_loop().create_task(browser.ended())
        try:
            while not ended.done():
                if self._watchdog.hangs(self._clock()):
                    return "the page is silent"
                if self._ordered.is_set():
                    return "it is to be replaced"
                await asyncio.wait([ended], timeout=self._look_every_s)
            return f"the browser ended with {ended.result()}"
        finally:
            ended.cancel()
            await browser.stop()

    async def _first_that_starts(self) -> RunningBrowser:
        for program in self._programs:
            try:
                return await self._launch([program, *self._flags, self._page_url])
            except OSError:
                continue
        self._watchdog.started(self._clock())
        raise NoBrowser("no browser could be started")
