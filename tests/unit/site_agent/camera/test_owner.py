"""One owner of the camera: bursts at a moment, a state that is true, and a way back after unplugging."""

import asyncio

import numpy as np
import pytest

from site_agent.camera.frames import Frame
from site_agent.camera.owner import CameraOwner, NoPicture
from site_agent.camera.sources import Capture, Source, SourceLost, parse_source
from tests.doubles.camera import ScriptedCapture, SleptClock, plain_room
from wire.ids import CameraState

CAMERA = parse_source("0")


class Openings:
    """Opens one scripted capture after another; None is a camera that is not there. The last one repeats."""

    def __init__(self, *captures: ScriptedCapture | None) -> None:
        self._captures = list(captures)
        self.opened = 0

    def __call__(self, source: Source) -> Capture:
        self.opened += 1
        capture = self._captures.pop(0) if len(self._captures) > 1 else self._captures[0]
        if capture is None:
            raise SourceLost("not there")
        return capture


def endless(*frames: Frame, is_drawn: bool = False) -> ScriptedCapture:
    return ScriptedCapture(frames or [plain_room(seed) for seed in range(5)], endless=True, is_drawn=is_drawn)


def owner(openings: Openings, clock: SleptClock | None = None) -> CameraOwner:
    return CameraOwner(CAMERA, open_with=openings, sleep=(clock or SleptClock()).sleep, backoff_s=(0.001,))


async def test_a_burst_is_taken_at_its_moment_over_its_span() -> None:
    clock = SleptClock()
    at_ns = clock.now_ns() + 3_000_000_000
    async with owner(Openings(endless()), clock) as camera:
        burst = await camera.burst(at_ns, frames=5, span_ms=4_000, clock=clock)
    assert len(burst.frames) == 5
    assert burst.lo_ns == at_ns - 1_000_000
    assert burst.hi_ns == at_ns + 4_000_000_000 + 1_000_000


async def test_a_late_order_is_taken_at_once() -> None:
    clock = SleptClock()
    now_ns = clock.now_ns()
    async with owner(Openings(endless()), clock) as camera:
        burst = await camera.burst(now_ns - 60_000_000_000, frames=2, span_ms=0, clock=clock)
    assert (burst.lo_ns, burst.hi_ns) == (now_ns - 1_000_000, now_ns + 1_000_000)


async def test_frames_of_a_burst_are_pictures_of_their_own() -> None:
    clock = SleptClock()
    async with owner(Openings(endless()), clock) as camera:
        burst = await camera.burst(0, frames=3, span_ms=0, clock=clock)
    assert len({frame.tobytes() for frame in burst.frames}) == 3


async def test_a_camera_that_was_unplugged_comes_back() -> None:
    openings = Openings(ScriptedCapture([plain_room()]), None, None, endless())
    clock = SleptClock()
    async with owner(openings, clock) as camera:
        burst = await camera.burst(0, frames=4, span_ms=0, clock=clock)
        assert camera.health.state is CameraState.WORKING
    assert len(burst.frames) == 4
    assert openings.opened == 4


async def test_a_camera_that_is_not_there_says_so() -> None:
    async with owner(Openings(None)) as camera:
        with pytest.raises(NoPicture, match="absent"):
            await camera.frame(limit_s=0.05)
        assert camera.health.state is CameraState.ABSENT
        assert camera.health.name == "camera 0"


async def test_a_covered_lens_is_a_state_of_its_own() -> None:
    async with owner(Openings(endless(np.zeros((360, 640, 3), dtype=np.uint8)))) as camera:
        await camera.frame()
        assert camera.health.state is CameraState.COVERED


async def test_a_camera_that_repeats_one_picture_is_frozen_though_nobody_asks_for_pictures() -> None:
    for capture, frozen in ((endless(plain_room()), True), (endless(), False)):
        openings = Openings(capture)
        source = CameraOwner(CAMERA, open_with=openings, backoff_s=(0.001,), look_every_s=0.0)
        async with source as camera:
            for _ in range(8):
                await camera.frame()
            assert (camera.health.state, camera.health.frozen) == (CameraState.WORKING, frozen)


async def test_a_picture_is_drawn_only_when_its_source_is() -> None:
    for is_drawn in (False, True):
        clock = SleptClock()
        async with owner(Openings(endless(is_drawn=is_drawn)), clock) as camera:
            assert (await camera.burst(0, frames=2, span_ms=0, clock=clock)).is_drawn is is_drawn


async def test_many_views_share_one_capture() -> None:
    openings = Openings(endless())
    async with owner(openings) as camera:
        await asyncio.gather(*(camera.frame() for _ in range(4)))
    assert openings.opened == 1


async def test_more_waiters_than_allowed_are_turned_away() -> None:
    async with owner(Openings(None)) as camera, asyncio.TaskGroup() as waiting:
        waiters = [waiting.create_task(settled(camera)) for _ in range(9)]
    assert sorted(task.result() for task in waiters) == ["camera 0: absent"] * 8 + ["too many wait for a picture"]


async def settled(camera: CameraOwner) -> str:
    try:
        await camera.frame(limit_s=0.05)
    except NoPicture as fault:
        return str(fault)
    return "picture"


async def test_leaving_closes_the_camera() -> None:
    capture = endless()
    async with owner(Openings(capture)) as camera:
        await camera.frame()
    assert capture.closed


async def test_a_room_that_speaks_is_counted_all_the_same() -> None:
    clock = SleptClock()
    shown = 0

    async def show(camera: CameraOwner) -> None:
        nonlocal shown
        while True:
            await camera.frame()
            shown += 1

    async with owner(Openings(endless()), clock) as camera, asyncio.TaskGroup() as tasks:
        showing = tasks.create_task(show(camera))
        burst = await camera.burst(0, frames=10, span_ms=0, clock=clock)
        showing.cancel()
    assert len({frame.tobytes() for frame in burst.frames}) >= 5
    assert len(burst.frames) == 10
    assert shown > 0
