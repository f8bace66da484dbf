"""Low-rate pictures: at the asked pace, only while asked, never queued, never beyond the rule."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from site_agent.camera.boxes import Box
from site_agent.camera.detector import Detector, NoModel
from site_agent.camera.door import RuledDoor
from site_agent.camera.eyes import LookingThread
from site_agent.camera.frames import Frame, Picture
from site_agent.camera.owner import NoPicture
from site_agent.camera.thumbnails import LONGEST_ORDER_NS, Thumbnails
from tests.doubles.camera import SleptClock, plain_room
from tests.doubles.eventually import eventually
from wire.ids import PicturePolicy
from wire.rooms import MAX_THUMBNAIL_BYTES, Thumbnail, ThumbnailOrder

S = 10**9


class Camera:
    """Gives pictures, or none while it is unplugged."""

    def __init__(self) -> None:
        self.is_there = True
        self.taken = 0

    async def frame(self) -> Picture:
        self.taken += 1
        await asyncio.sleep(0)
        if not self.is_there:
            raise NoPicture("unplugged")
        return Picture(plain_room(self.taken), is_drawn=False)


class NoFaces:
    def detect(self, frame: Frame) -> list[Box]:
        return []


def no_model() -> Detector:
    raise NoModel("missing")


class Watched:
    """A room that somebody looks at."""

    def __init__(self, looking: LookingThread, policy: PicturePolicy) -> None:
        self.clock = SleptClock()
        self.camera = Camera()
        self.policy = policy
        self.sent: list[Thumbnail] = []
        door = RuledDoor(lambda: self.policy, looking)
        self.thumbnails = Thumbnails(self.camera, door, self.send, self.clock.now_ns, sleep=self.sleep)

    async def sleep(self, seconds: float) -> None:
        await self.clock.sleep(seconds)
        await asyncio.sleep(0)

    async def send(self, thumbnail: Thumbnail) -> bool:
        self.sent.append(thumbnail)
        return True

    async def ask(self, *, for_s: int, every_ms: int = 2_000, width: int = 160) -> None:
        until_ns = self.clock.now_ns() + for_s * S
        await self.thumbnails.on_order(ThumbnailOrder(every_ms=every_ms, width=width, until_ns=until_ns))


@asynccontextmanager
async def watched(policy: PicturePolicy, *, model: bool = True) -> AsyncIterator[Watched]:
    load = NoFaces if model else no_model
    async with LookingThread(load=load, load_near=load) as looking, asyncio.TaskGroup() as tasks:
        room = Watched(looking, policy)
        life = tasks.create_task(room.thumbnails.run())
        yield room
        life.cancel()


async def over(room: Watched, until_ns: int) -> None:
    await eventually(lambda: room.clock.now_ns() >= until_ns)


async def test_pictures_come_at_the_asked_pace_and_stop_by_themselves() -> None:
    async with watched(PicturePolicy.FULL) as room:
        began = room.clock.now_ns()
        await room.ask(for_s=9)
        await over(room, began + 9 * S)
        await asyncio.sleep(0.05)
        assert [round((each.at_ns - began) / S) for each in room.sent] == [0, 2, 4, 6, 8]
        assert {(each.width, each.height, each.policy) for each in room.sent} == {(160, 90, PicturePolicy.FULL)}
        assert room.camera.taken == 5
        assert max(len(each.jpeg) for each in room.sent) <= MAX_THUMBNAIL_BYTES


async def test_a_rule_is_obeyed_from_the_next_picture_on() -> None:
    async with watched(PicturePolicy.COUNT_ONLY) as room:
        await room.ask(for_s=4)
        await over(room, room.clock.now_ns() + 4 * S)
        assert room.sent == []
        room.policy = PicturePolicy.BLURRED
        await room.ask(for_s=4)
        await eventually(lambda: len(room.sent) == 2)
        assert {(each.width, each.height, each.policy) for each in room.sent} == {(56, 31, PicturePolicy.BLURRED)}


@pytest.mark.parametrize("model", [False])
async def test_a_computer_without_the_model_blurs_nothing_and_sends_nothing(model: bool) -> None:
    async with watched(PicturePolicy.BLURRED, model=model) as room:
        await room.ask(for_s=4)
        await over(room, room.clock.now_ns() + 4 * S)
        assert room.sent == []


async def test_an_unplugged_camera_sends_nothing_and_goes_on_when_it_is_back() -> None:
    async with watched(PicturePolicy.FULL) as room:
        room.camera.is_there = False
        await room.ask(for_s=60)
        await eventually(lambda: room.camera.taken >= 3)
        assert room.sent == []
        room.camera.is_there = True
        await room.ask(for_s=60)
        await eventually(lambda: len(room.sent) >= 2)


async def test_an_order_that_is_never_repeated_ends() -> None:
    async with watched(PicturePolicy.FULL) as room:
        began = room.clock.now_ns()
        await room.ask(for_s=10**6, every_ms=60_000)
        await over(room, began + LONGEST_ORDER_NS)
        await asyncio.sleep(0.05)
        assert len(room.sent) == 10


async def test_the_newest_order_holds() -> None:
    async with watched(PicturePolicy.FULL) as room:
        await room.ask(for_s=500, every_ms=400_000, width=640)
        await eventually(lambda: len(room.sent) >= 1)
        await room.ask(for_s=60, every_ms=4_000, width=64)
        await eventually(lambda: [each.width for each in room.sent[-2:]] == [64, 64])
