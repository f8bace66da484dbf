"""Counting on order: the burst, the worker thread, what is promised about pictures."""

import asyncio
import threading

import msgspec
import pytest

from site_agent.camera.boxes import Box
from site_agent.camera.counter import HeadCount, RoomCounter
from site_agent.camera.detector import Detector, NoModel
from site_agent.camera.eyes import LookingThread
from site_agent.camera.frames import Frame
from site_agent.camera.gate import Fault
from site_agent.camera.owner import Burst, BurstClock, NoPicture
from tests.doubles.camera import SleptClock, plain_room
from wire.ids import PicturePolicy


class Order(msgspec.Struct, frozen=True):
    at_ns: int = 1_000
    frames: int = 3
    span_ms: int = 0
    policy: PicturePolicy = PicturePolicy.COUNT_ONLY


class GivenBurst:
    """A camera with one burst, or with none."""

    def __init__(self, burst: Burst | None) -> None:
        self._burst = burst

    async def burst(self, at_ns: int, frames: int, span_ms: int, clock: BurstClock) -> Burst:
        if self._burst is None:
            raise NoPicture("camera 0: absent")
        return self._burst


class OneFace:
    """Sees one face in every frame and remembers on which thread."""

    def __init__(self) -> None:
        self.threads: set[str] = set()

    def detect(self, frame: Frame) -> list[Box]:
        self.threads.add(threading.current_thread().name)
        return [Box(10, 10, 20, 20, 0.9)]


def burst(*, is_drawn: bool = False) -> Burst:
    return Burst([plain_room(seed) for seed in range(3)], 5, 9, is_drawn)


def no_model() -> Detector:
    raise NoModel("missing")


async def count(taken: Burst | None, detector: Detector | None = None) -> HeadCount:
    """Count with a given detector; None is a missing model."""
    load = no_model if detector is None else lambda: detector
    async with LookingThread(load=load, load_near=load) as looking:
        return await RoomCounter(GivenBurst(taken), SleptClock(), looking).count(Order())


async def test_a_burst_is_counted_off_the_event_loop() -> None:
    detector = OneFace()
    counted = await count(burst(), detector)
    assert (counted.tally.count, counted.lo_ns, counted.hi_ns, len(counted.model)) == (1, 5, 9, 32)
    assert detector.threads == {"headcount_0"}


async def test_no_camera_is_a_reason() -> None:
    counted = await count(None)
    assert (counted.tally.count, counted.tally.reason) == (None, Fault.NO_PICTURE)
    assert counted.lo_ns <= counted.hi_ns


async def test_a_missing_model_is_a_reason_and_never_a_zero() -> None:
    counted = await count(burst())
    assert (counted.tally.count, counted.tally.reason) == (None, Fault.NO_MODEL)


@pytest.mark.parametrize("is_drawn", [False, True])
async def test_without_a_rule_no_picture_leaves_drawn_or_not(is_drawn: bool) -> None:
    counted = await count(burst(is_drawn=is_drawn), OneFace())
    assert counted.picture is None


async def test_the_worker_is_calmed_before_it_counts() -> None:
    calmed: list[str] = []
    calm = LookingThread(load=OneFace, calm=lambda: calmed.append(threading.current_thread().name))
    async with calm as looking:
        counter = RoomCounter(GivenBurst(burst()), SleptClock(), looking)
        await asyncio.gather(counter.count(Order()), counter.count(Order()))
    assert calmed == ["headcount_0"]
