"""Looks through the camera: a few pictures taken apart, and one burst counted as a roll call would be."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import msgspec
import structlog

from site_agent.camera.counter import HeadCounter
from site_agent.camera.frames import Frame, Grey, to_grey
from site_agent.camera.owner import CameraOwner, NoPicture
from site_agent.camera.room import Room
from site_agent.camera.view import View, compare
from site_agent.readiness.judging.room import (
    judge_camera,
    judge_count,
    judge_no_number,
    judge_uncompared,
    judge_view,
)
from site_agent.readiness.judging.said import good
from wire.ids import PicturePolicy
from wire.readiness import Check, CheckName

log = structlog.get_logger()

PICTURES = 3
APART_S = 0.35
PICTURE_WITHIN_S = 3.0
BURST_FRAMES, BURST_MS = 3, 900


class _Burst(msgspec.Struct, frozen=True):
    """What a count needs of an order."""

    at_ns: int
    frames: int = BURST_FRAMES
    span_ms: int = BURST_MS
    policy: PicturePolicy = PicturePolicy.COUNT_ONLY


class RoomLooks:
    """``said``: what was said of a check last. ``wanted`` False: this computer has no room before it, and nobody asks
    for a camera."""

    def __init__(
        self,
        camera: CameraOwner,
        counter: HeadCounter,
        room: Callable[[], Room],
        now_ns: Callable[[], int],
        *,
        said: Callable[[CheckName], Check | None] = lambda _name: None,
        wanted: bool = True,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._camera = camera
        self._counter = counter
        self._room = room
        self._now_ns = now_ns
        self._said = said
        self._wanted = wanted
        self._sleep = sleep

    async def camera(self) -> list[Check]:
        """Whether it gives pictures that show something; and whether it was turned since the reference was taken, or
        that none was."""
        if not self._wanted:
            return [good(CheckName.CAMERA, note="none")]
        frames = await self._frames()
        health, room = self._camera.health, self._room()
        camera = await asyncio.to_thread(judge_camera, health.state, health.name, frames, room.reference)
        before = self._said(CheckName.ROOM_IN_VIEW)
        if room.reference is None:
            return [camera, *judge_uncompared(camera, before)]
        view = await asyncio.to_thread(_likest, frames, room.reference) if frames else None
        return [camera, *judge_view(camera, view, before)]

    async def count(self) -> list[Check]:
        """Whether the people in the room can be counted, and whether any are in the picture."""
        if not self._wanted:
            return [good(name, note="none") for name in (CheckName.COUNTING, CheckName.ROOM_IN_VIEW)]
        try:
            counted = await self._counter.count(_Burst(self._now_ns()))
        except Exception:
            # Whatever a picture does to the detector: a roll call would give no number either.
            log.exception("trial_count_failed")
            return judge_no_number()
        room = self._room()
        return judge_count(
            counted.tally,
            has_polygon=bool(room.polygon),
            has_reference=room.reference is not None,
            view=await self._view(room.reference),
        )

    async def _view(self, reference: Grey | None) -> View | None:
        """Against the reference, if there is one: the likest of a few pictures, because somebody may walk past."""
        if reference is None:
            return None
        frames = await self._frames()
        return await asyncio.to_thread(_likest, frames, reference) if frames else None

    async def _frames(self) -> list[Frame]:
        frames: list[Frame] = []
        try:
            for _ in range(PICTURES):
                frames.append((await self._camera.frame(PICTURE_WITHIN_S)).frame)
                await self._sleep(APART_S)
        except NoPicture:
            return []
        return frames


def _likest(frames: Sequence[Frame], reference: Grey) -> View:
    return max((compare(to_grey(frame), reference) for frame in frames), key=lambda view: view.alike)
