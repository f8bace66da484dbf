"""The one owner of the camera: a capture thread, the newest frame, and a state that heartbeats carry.

Windows lends a camera to one program only, so roll calls, readiness and thumbnails are views of this capture. The
thread steps through every picture, so that none is old, but decodes only those that somebody waits for and one in five
seconds to see whether the lens is covered. A source that goes away is opened again, after 0.5 s at first and 10 s at
most.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Protocol, Self

import cv2
import msgspec
import structlog

from site_agent.camera.frames import Frame, Picture
from site_agent.camera.frozen import FrozenWatch
from site_agent.camera.gate import Fault, judge
from site_agent.camera.sources import Capture, Source, SourceLost, open_source
from wire.ids import CameraState
from wire.messages import CameraHealth

FRAME_LIMIT_S = 2.0
BACKOFF_S = (0.5, 1.0, 2.0, 5.0, 10.0)
LOOK_EVERY_S = 5.0
SILENT_AFTER_S = 15.0
MOST_WAITING = 8
GIVE_UP_AFTER = 3

_JOIN_LIMIT_S = 3.0
_CLOCK_LOOK_S = 1.0

log = structlog.get_logger()


class NoPicture(Exception):
    """The camera gave no picture in time."""


class BurstClock(Protocol):
    """Centre time as a burst needs it; the agent's ``CentreTime`` fits."""

    def now_ns(self) -> int:
        """Best estimate of centre time."""
        ...

    def interval_ns(self) -> tuple[int, int]:
        """Bounds that hold centre time."""
        ...


class Burst(msgspec.Struct, frozen=True):
    """Frames in the order they were taken, and the centre time interval that holds them all."""

    frames: list[Frame]
    lo_ns: int
    hi_ns: int
    is_drawn: bool


class CameraOwner:
    """Owns ``source`` while it is entered (``async with``)."""

    def __init__(
        self,
        source: Source,
        *,
        open_with: Callable[[Source], Capture] = open_source,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        backoff_s: tuple[float, ...] = BACKOFF_S,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._source = source
        self._open = open_with
        self._sleep = sleep
        self._backoff_s = backoff_s
        self._look_every_s = look_every_s
        self._lock = threading.Lock()
        self._waiting: list[asyncio.Future[Picture]] = []
        self._latest: Picture | None = None
        self._state = CameraState.ABSENT
        self._stepped_s = time.monotonic()
        self._looked_s = float("-inf")
        self._watch = FrozenWatch()
        self._stopping = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        # A daemon: a driver that never returns from a read must not keep the program from ending.
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._thread.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        await asyncio.to_thread(self._thread.join, _JOIN_LIMIT_S)

    @property
    def health(self) -> CameraHealth:
        """State and name for the heartbeat."""
        silent = time.monotonic() - self._stepped_s > SILENT_AFTER_S
        state = CameraState.FAILED if silent and self._state is CameraState.WORKING else self._state
        frozen = state is CameraState.WORKING and self._watch.is_frozen
        return CameraHealth(state=state, name=self._source.name, frozen=frozen)

    @property
    def latest(self) -> Picture | None:
        """The last decoded picture; up to five seconds old while nobody asks for more."""
        return self._latest

    async def frame(self, limit_s: float = FRAME_LIMIT_S) -> Picture:
        """The next picture; raises ``NoPicture`` after ``limit_s`` seconds or when too many wait already."""
        waiter: asyncio.Future[Picture] = asyncio.get_running_loop().create_future()
        with self._lock:
            if len(self._waiting) >= MOST_WAITING:
                raise NoPicture("too many wait for a picture")
            self._waiting.append(waiter)
        try:
            async with asyncio.timeout(limit_s):
                return await waiter
        except TimeoutError as late:
            raise NoPicture(f"{self._source.name}: {self._state}") from late
        finally:
            with self._lock, contextlib.suppress(ValueError):
                self._waiting.remove(waiter)

    async def burst(self, at_ns: int, frames: int, span_ms: int, clock: BurstClock) -> Burst:
        """Take ``frames`` pictures evenly over ``span_ms``, from centre time ``at_ns`` or at once when that is past.

        Pictures that do not come are left out; raises ``NoPicture`` when none came.
        """
        await self._until(at_ns, clock)
        start_ns, lo_ns = clock.now_ns(), clock.interval_ns()[0]
        step_ns = span_ms * 1_000_000 // max(frames - 1, 1)
        taken: list[Picture] = []
        for index in range(frames):
            await self._until(start_ns + index * step_ns, clock)
            try:
                taken.append(await self.frame())
            except NoPicture:
                if not taken and index + 1 >= GIVE_UP_AFTER:
                    raise
        if not taken:
            raise NoPicture(f"{self._source.name}: {self._state}")
        hi_ns = clock.interval_ns()[1]
        return Burst([picture.frame for picture in taken], lo_ns, hi_ns, all(picture.is_drawn for picture in taken))

    async def _until(self, at_ns: int, clock: BurstClock) -> None:
        # In short sleeps, because the estimate of centre time moves while the agent waits.
        while (left_ns := at_ns - clock.now_ns()) > 0:
            await self._sleep(min(left_ns / 1e9, _CLOCK_LOOK_S))

    # What follows runs in the capture thread.

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            failures = 0 if self._one_opening() else failures + 1
            self._stopping.wait(self._backoff_s[min(failures, len(self._backoff_s) - 1)])

    def _one_opening(self) -> bool:
        """Open the source and stay with it until it fails or the owner stops; whether it gave any picture."""
        try:
            capture = self._open(self._source)
        except (SourceLost, cv2.error) as lost:
            self._turn(CameraState.ABSENT, str(lost))
            return False
        try:
            return self._follow(capture)
        finally:
            capture.close()

    def _follow(self, capture: Capture) -> bool:
        pictures = 0
        try:
            while not self._stopping.is_set():
                capture.grab()
                self._stepped_s = time.monotonic()
                if self._is_wanted():
                    self._deliver(Picture(capture.retrieve(), capture.is_drawn))
                    pictures += 1
                if capture.pace_s:
                    self._stopping.wait(capture.pace_s)
        except (SourceLost, cv2.error) as lost:
            self._turn(CameraState.FAILED, str(lost))
        return pictures > 0

    def _is_wanted(self) -> bool:
        with self._lock:
            return (
                bool(self._waiting) or self._watch.wants_next or self._stepped_s - self._looked_s >= self._look_every_s
            )

    def _deliver(self, picture: Picture) -> None:
        self._latest = picture
        if self._watch.wants_next:
            self._watch.next(picture.frame)
        if self._stepped_s - self._looked_s >= self._look_every_s:
            self._looked_s = self._stepped_s
            self._watch.look(picture.frame)
            lens = judge(picture.frame)
            self._turn(CameraState.COVERED if lens in {Fault.DARK, Fault.COVERED} else CameraState.WORKING)
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(_settle, waiter, picture)

    def _turn(self, state: CameraState, why: str = "") -> None:
        if state is not self._state:
            log.info("camera_state", source=self._source.name, state=state, why=why)
        self._state = state
        if state in {CameraState.FAILED, CameraState.ABSENT}:
            # The first picture after a loss is looked at, whenever it comes.
            self._looked_s = float("-inf")


def _settle(waiter: asyncio.Future[Picture], picture: Picture) -> None:
    if not waiter.done():
        waiter.set_result(picture)
