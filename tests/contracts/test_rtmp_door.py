"""The RTMP door with a real encoder (Debian's ffmpeg), the real relay and a viewer that decodes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import pytest

from orchestrator.media.sources.door_owner import EncoderDoor, RtmpSettings
from orchestrator.media.sources.door_words import Answer
from orchestrator.media.sources.job import Job, Told, Way, Why
from tests.doubles.eventually import eventually
from tests.doubles.films import HIGH, sending
from tests.doubles.relay import RunningRelay, relay
from tests.doubles.webrtc import Viewer


@pytest.fixture(scope="module")
def running() -> Iterator[RunningRelay]:
    with relay("--open") as one:
        yield one


class Owner:
    """Admits one key to one stream, and remembers what it was told."""

    def __init__(self, whip_url: str) -> None:
        self._whip_url = whip_url
        self.told: list[Told | None] = []
        self.keys: list[str] = []
        self.encoder = 0
        self.door = EncoderDoor(RtmpSettings(port=0).command(), self.admit, self.hear)

    async def admit(self, encoder: int, key: str, address: str) -> Answer:
        self.keys.append(key)
        self.encoder = encoder
        if key != "good":
            return Answer(encoder, None, "Khoá không đúng. / Wrong key.")
        return Answer(encoder, Job(Way.RTMP, "", self._whip_url, "none"))

    def hear(self, encoder: int, told: Told | None) -> None:
        self.told.append(told)

    @property
    def last(self) -> Told:
        return next(told for told in reversed(self.told) if told is not None)

    def url(self, key: str) -> str:
        return f"rtmp://127.0.0.1:{self.door.port}/live/{key}"


@asynccontextmanager
async def opened(whip_url: str) -> AsyncIterator[Owner]:
    owner = Owner(whip_url)
    task = asyncio.get_running_loop().create_task(owner.door.run())
    try:
        await owner.door.changed.wait()
        yield owner
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_baseline_passes_untouched_and_aac_becomes_opus(running: RunningRelay) -> None:
    async with opened(running.whip("pass")) as owner, Viewer(running.whep("pass")) as viewer:
        with sending(owner.url("good")):
            await viewer.see(200)
            assert await viewer.sound() > 1000
            await eventually(lambda: bool(owner.told) and owner.last.pictures > 50, limit_s=30)
            assert owner.last.passes
            assert owner.last.picture == "H.264 Constrained Baseline 320x180"
            assert owner.last.sound == "AAC 44100 Hz"
        await eventually(lambda: owner.told[-1] is None, limit_s=30)


async def test_pictures_with_b_frames_are_converted(running: RunningRelay) -> None:
    async with opened(running.whip("convert")) as owner, Viewer(running.whep("convert")) as viewer:
        with sending(owner.url("good"), *HIGH, brightness=120):
            await viewer.see(120)
            await eventually(lambda: bool(owner.told) and owner.last.pictures > 0, limit_s=30)
            assert (owner.last.passes, owner.last.converted) == (False, Why.B_FRAMES)


async def test_a_wrong_key_is_refused_and_a_revoked_one_cut_off(running: RunningRelay) -> None:
    async with opened(running.whip("keys")) as owner:
        with sending(owner.url("bad")) as refused:
            assert await asyncio.to_thread(refused.wait, 30) != 0
        assert owner.keys == ["bad"]
        with sending(owner.url("good")) as admitted:
            await eventually(lambda: bool(owner.told), limit_s=30)
            owner.door.hang_up(owner.encoder)
            await asyncio.to_thread(admitted.wait, 30)
            await eventually(lambda: owner.told[-1] is None, limit_s=30)
