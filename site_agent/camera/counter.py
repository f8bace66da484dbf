"""Counts the room on order: a burst from the camera's owner, counted in a thread of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Protocol, Self

import msgspec
import structlog

from site_agent.camera.detector import MODEL_SHA256, SETTINGS, Detector, NoModel, load_detector
from site_agent.camera.frames import to_jpeg
from site_agent.camera.gate import Fault
from site_agent.camera.headcount import Tally, count_burst, uncounted
from site_agent.camera.owner import Burst, BurstClock, NoPicture
from site_agent.camera.room import Room
from site_agent.camera.seats import VOTE_SHARE

MOST_PICTURE_BYTES = 384 << 10

log = structlog.get_logger()


class BurstOrder(Protocol):
    """What a count needs of a roll call order; ``wire.messages.RollCallOrder`` fits."""

    @property
    def at_ns(self) -> int: ...
    @property
    def frames(self) -> int: ...
    @property
    def span_ms(self) -> int: ...


class HeadCount(msgspec.Struct, frozen=True):
    """A counted burst: the numbers, the centre time interval that holds it, and what it was counted with.

    ``model`` is the SHA-256 of the detector's model; ``picture`` a JPEG, only ever of a drawn room.
    """

    tally: Tally
    lo_ns: int
    hi_ns: int
    model: bytes = b""
    settings: str = ""
    picture: bytes | None = None


class HeadCounter(Protocol):
    """Counts the people in the room on order."""

    async def count(self, order: BurstOrder) -> HeadCount:
        """Take the burst at the order's moment and count it; a fault is a reason in the tally, never an exception."""
        ...


class BurstSource(Protocol):
    """Takes bursts; ``CameraOwner`` is one."""

    async def burst(self, at_ns: int, frames: int, span_ms: int, clock: BurstClock) -> Burst:
        """Raises ``NoPicture``."""
        ...


class RoomCounter:
    """A HeadCounter over the camera. Its one worker thread owns the detector, so the event loop never waits for it.

    ``calm`` is called first in that thread, to lower its priority.
    """

    def __init__(
        self,
        camera: BurstSource,
        clock: BurstClock,
        *,
        room: Room | None = None,
        load: Callable[[], Detector] = load_detector,
        calm: Callable[[], None] = lambda: None,
    ) -> None:
        self._camera = camera
        self._clock = clock
        self._room = room or Room()
        self._load = load
        self._detector: Detector | None = None
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="headcount", initializer=calm)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._worker.shutdown, cancel_futures=True)

    async def count(self, order: BurstOrder) -> HeadCount:
        """Take the burst at the order's moment and count it; a fault is a reason in the tally, never an exception."""
        try:
            burst = await self._camera.burst(order.at_ns, order.frames, order.span_ms, self._clock)
        except NoPicture as fault:
            log.warning("room_not_counted", why=str(fault))
            lo_ns, hi_ns = self._clock.interval_ns()
            return HeadCount(uncounted(Fault.NO_PICTURE), min(order.at_ns, lo_ns), hi_ns)
        return await asyncio.get_running_loop().run_in_executor(self._worker, self._count, burst)

    def _count(self, burst: Burst) -> HeadCount:
        try:
            self._detector = self._detector or self._load()
        except NoModel as missing:
            log.warning("room_not_counted", why=str(missing))
            return HeadCount(uncounted(Fault.NO_MODEL), burst.lo_ns, burst.hi_ns)
        return HeadCount(
            tally=count_burst(burst.frames, self._detector, self._room),
            lo_ns=burst.lo_ns,
            hi_ns=burst.hi_ns,
            model=bytes.fromhex(MODEL_SHA256),
            settings=f"{SETTINGS} vote={VOTE_SHARE:.2f}{_room_settings(self._room)}",
            picture=_picture_of(burst),
        )


def _room_settings(room: Room) -> str:
    polygon = f" polygon={len(room.polygon)}" if room.polygon else ""
    return f"{polygon} hand={room.hand_ratio:.2f}" if room.hand_ratio is not None else polygon


def _picture_of(burst: Burst) -> bytes | None:
    """The middle frame of a drawn room. Pictures of real rooms stay where they are: only counts leave them."""
    if not burst.is_drawn:
        return None
    jpeg = to_jpeg(burst.frames[len(burst.frames) // 2], quality=70)
    return jpeg if len(jpeg) <= MOST_PICTURE_BYTES else None
