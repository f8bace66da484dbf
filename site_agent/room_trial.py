"""A count on trial: what the site desk does with the room while a person sets it up. Its pictures stay here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

import msgspec

from site_agent.camera.boxes import Box
from site_agent.camera.counter import BurstOrder, HeadCount
from site_agent.camera.frames import Frame, to_jpeg, to_side
from site_agent.camera.keeper import RoomKeeper, Unfit
from wire.ids import PicturePolicy

MS = 1_000_000
FRAMES = 5
SPAN_MS = 4_000
SHOWN_SIDE = 1280


class TrialOrder(msgspec.Struct, frozen=True):
    """A burst at once, of which no picture leaves."""

    at_ns: int
    frames: int = FRAMES
    span_ms: int = SPAN_MS
    policy: PicturePolicy = PicturePolicy.COUNT_ONLY


class TrialBox(msgspec.Struct, frozen=True):
    """A counted place as shares of the picture; ``still`` when bursts show that nothing there ever moves."""

    x: float
    y: float
    w: float
    h: float
    still: bool


class TrialView(msgspec.Struct, frozen=True):
    """What a trial found. ``count`` None says why in ``reason``; ``ms`` is the time from the order to the number."""

    at_ms: int
    count: int | None
    reason: str
    minimum: int
    maximum: int
    quality: float
    frames: int
    ms: int
    boxes: list[TrialBox]


class Looking(Protocol):
    """Counts and gives the picture that it counted; ``RoomCounter`` is one."""

    async def look(self, order: BurstOrder) -> tuple[HeadCount, Frame | None]: ...


class Busy(Exception):
    """A trial is running."""


class Trials:
    """One trial at a time; the newest one and its picture stay in memory."""

    def __init__(self, counter: Looking, keeper: RoomKeeper, now_ns: Callable[[], int]) -> None:
        self._counter = counter
        self._keeper = keeper
        self._now_ns = now_ns
        self._running = asyncio.Lock()
        self._newest: TrialView | None = None
        self._picture: bytes | None = None

    @property
    def newest(self) -> TrialView | None:
        return self._newest

    @property
    def picture(self) -> bytes | None:
        """The JPEG that the newest trial's boxes lie on."""
        return self._picture

    async def count(self) -> TrialView:
        """Count the room now; raises ``Busy``."""
        if self._running.locked():
            raise Busy
        async with self._running:
            began = time.monotonic()
            at_ns = self._now_ns()
            counted, frame = await self._counter.look(TrialOrder(at_ns))
            self._picture = None if frame is None else await asyncio.to_thread(_shown, frame)
            self._newest = _view(counted, frame, at_ns // MS, round((time.monotonic() - began) * 1000))
            return self._newest

    async def calibrate(self, by_hand: int) -> TrialView:
        """Count now and note what a person counted at the same time; raises ``Busy``, ``Unfit``, ``OSError``."""
        trial = await self.count()
        if trial.count is None:
            raise Unfit(trial.reason)
        if trial.count == 0:
            raise Unfit("nobody")
        await asyncio.to_thread(self._keeper.calibrate, by_hand, trial.count, trial.at_ms)
        return trial


def _shown(frame: Frame) -> bytes:
    return to_jpeg(to_side(frame, SHOWN_SIDE))


def _view(counted: HeadCount, frame: Frame | None, at_ms: int, ms: int) -> TrialView:
    tally = counted.tally
    boxes = [_share(box, frame, still=box in counted.still) for box in tally.boxes] if frame is not None else []
    return TrialView(
        at_ms,
        tally.count,
        tally.reason or "",
        tally.minimum,
        tally.maximum,
        tally.quality,
        tally.frames_used,
        ms,
        boxes,
    )


def _share(box: Box, frame: Frame, *, still: bool) -> TrialBox:
    height, width = frame.shape[:2]
    return TrialBox(
        round(box.x / width, 4), round(box.y / height, 4), round(box.w / width, 4), round(box.h / height, 4), still
    )
