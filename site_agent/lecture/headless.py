"""A big screen without a screen: watches the lecture for real and reports the figures that the page would report."""

import asyncio
import random
import time
from collections.abc import Callable

import aiohttp
import structlog

from site_agent.lecture.detours import Detours
from site_agent.lecture.figures import ScreenFigures
from site_agent.lecture.port import Lecture
from site_agent.lecture.viewer import Viewer
from site_agent.lecture.whep import WhepRefused
from wire.messages import ScreenHealth

READ_EVERY_S = 0.25
SILENCE_S = 2.2
"""A lecturer who dies is no reason to connect anew: the relay judges so after 1.0 s and then waits for a keyframe of
the slate (1.3 s in all), Janus after 0.7 s and up to 0.4 s to look (up to 2.0 s in all on a busy computer). A relay
worker that dies is one: all play again within 5 s, of which this, two looks and the new connection take about 4."""
FIRST_PACKET_S = 5.0
BACKOFF_S = (0.3, 1.0, 2.0, 4.0)

log = structlog.get_logger()


class HeadlessScreen:
    """A BigScreen that decodes and shows nothing. clock gives seconds of a steady clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._figures = ScreenFigures()
        self._lecture: Lecture | None = None
        self._changed = asyncio.Event()
        self._refusal = ""
        self._detours = Detours()
        self.connections = 0
        """How many were asked for so far."""
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to watch whatever is shown."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="headless-screen")

    async def stop(self) -> None:
        """Leave the stream and end."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.wait([self._task])
        self._task = None

    def show(self, lecture: Lecture | None) -> None:
        """Watch this lecture, or none; the same lecture again changes nothing."""
        if lecture == self._lecture:
            return
        self._lecture = lecture
        self._figures.lecture(
            lecture.session if lecture else None, self._clock(), by_phone=lecture is not None and lecture.by_phone
        )
        self._changed.set()

    async def restart(self) -> bool:
        """Leave the stream and watch it anew; true, for there is no browser that could fail."""
        self._changed.set()
        return self._task is not None

    def health(self) -> ScreenHealth:
        """What is really decoded now."""
        return self._figures.health(self._clock())

    @property
    def page_alive(self) -> bool:
        """There is no page to wait for."""
        return True

    async def _run(self) -> None:
        in_vain = 0
        async with aiohttp.ClientSession() as http:
            while True:
                self._changed.clear()
                if self._lecture is None or self._lecture.by_phone:
                    in_vain = 0
                    await self._changed.wait()
                    continue
                received = await self._watch_once(http, self._lecture)
                in_vain = 0 if received or self._changed.is_set() else in_vain + 1
                await self._pause(BACKOFF_S[min(in_vain, len(BACKOFF_S) - 1)])

    async def _pause(self, about_s: float) -> None:
        """Wait a little, unevenly, so that a thousand rooms do not come back in step; a new lecture ends the wait."""
        try:
            # Not wait_for: up to Python 3.11 it swallows a cancellation that comes with the event.
            async with asyncio.timeout(about_s * random.uniform(0.5, 1.5)):
                await self._changed.wait()
        except TimeoutError:
            return

    async def _watch_once(self, http: aiohttp.ClientSession, lecture: Lecture) -> bool:
        """One connection, until it fails, falls silent or another lecture is to be shown; True if packets came."""
        viewer = Viewer(http, self._detours.servers)
        self.connections += 1
        watching = asyncio.get_running_loop().create_task(viewer.watch(lecture.whep_url, lecture.token))
        try:
            await self._until_silent(viewer, watching)
        finally:
            watching.cancel()
            await asyncio.wait([watching])
        self._tell(watching)
        self._detours.heard(viewer.links)
        if viewer.links and not viewer.stood and not self._changed.is_set():
            self._detours.failed()
        if viewer.tally.packets:
            self._refusal = ""
        return viewer.tally.packets > 0

    async def _until_silent(self, viewer: Viewer, watching: asyncio.Task[None]) -> None:
        packets, heard_at = 0, self._clock() + FIRST_PACKET_S
        while not self._changed.is_set():
            await asyncio.wait([watching], timeout=READ_EVERY_S)
            if watching.done():
                return
            now = self._clock()
            self._figures.read(viewer.tally.reading(), now)
            if viewer.tally.packets != packets:
                packets, heard_at = viewer.tally.packets, now
            elif now - heard_at > SILENCE_S:
                return

    def _tell(self, watching: asyncio.Task[None]) -> None:
        """Log why a connection ended, if it did by itself: a refusal once until it changes or packets come. An
        unexpected fault ends that connection only."""
        fault = None if watching.cancelled() else watching.exception()
        if isinstance(fault, WhepRefused):
            if str(fault) != self._refusal:
                log.warning("lecture_refused", reason=str(fault))
            self._refusal = str(fault)
        elif fault is not None:
            log.error("lecture_viewer_failed", exc_info=fault)
