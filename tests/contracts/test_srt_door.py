"""The SRT door with real encoders (Debian's ffmpeg), the real relay and a viewer that decodes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import pytest

from orchestrator.media.sources.door_owner import EncoderDoor, SrtSettings
from orchestrator.media.sources.door_words import MISSING_LIBRARY, Answer, Refusal
from orchestrator.media.sources.job import Job, Told, Way, Why
from orchestrator.media.sources.srt.library import Srt, SrtMissing
from tests.doubles.eventually import eventually
from tests.doubles.films import sending
from tests.doubles.relay import RunningRelay, relay
from tests.doubles.servers import free_port
from tests.doubles.webrtc import Viewer

SECRET = "matkhau-dai-12"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningRelay]:
    with relay("--open") as one:
        yield one


class Owner:
    """Admits two keys, one of them with a passphrase, and one encoder each."""

    def __init__(self, whip_url: str) -> None:
        self._whip_url = whip_url
        self.told: list[Told | None] = []
        self.keys: list[str] = []
        self.inside: dict[int, str] = {}
        self.door = EncoderDoor(SrtSettings(port=0).command(), self.admit, self.hear)

    async def admit(self, encoder: int, key: str, address: str) -> Answer:
        assert address == "127.0.0.1"
        self.keys.append(key)
        if key not in {"good", "sealed"}:
            return Answer(encoder)
        if key in self.inside.values():
            return Answer(encoder, refusal=Refusal.TAKEN)
        self.inside[encoder] = key
        job = Job(Way.SRT_IN, "", self._whip_url, "none")
        return Answer(encoder, job, secret=SECRET if key == "sealed" else "")

    def hear(self, encoder: int, told: Told | None) -> None:
        self.told.append(told)
        if told is None:
            self.inside.pop(encoder, None)

    @property
    def last(self) -> Told | None:
        return next((told for told in reversed(self.told) if told is not None), None)

    def url(self, words: str) -> str:
        return f"srt://127.0.0.1:{self.door.port}?{words}"


@asynccontextmanager
async def opened(whip_url: str) -> AsyncIterator[Owner]:
    owner = Owner(whip_url)
    task = asyncio.get_running_loop().create_task(owner.door.run())
    try:
        await owner.door.changed.wait()
        assert owner.door.port, owner.door.fault
        yield owner
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def refused(url: str) -> bool:
    with sending(url, form="mpegts") as encoder:
        return await asyncio.to_thread(encoder.wait, 30) != 0


async def test_an_encoder_with_key_and_passphrase_is_seen_a_second_one_refused_a_dead_one_noticed(
    running: RunningRelay,
) -> None:
    async with opened(running.whip("srt")) as owner, Viewer(running.whep("srt")) as viewer:
        url = owner.url(f"streamid=sealed&passphrase={SECRET}")
        with sending(url, form="mpegts") as encoder:
            await viewer.see(200)
            assert await viewer.sound() > 1000
            await eventually(lambda: owner.last is not None and owner.last.pictures > 50, limit_s=30)
            assert owner.last is not None
            assert (owner.last.passes, owner.last.sound) == (True, "AAC 44100 Hz")
            assert await refused(url)
            assert list(owner.inside.values()) == ["sealed"]
            before = owner.last.pictures
            await eventually(lambda: owner.last is not None and owner.last.pictures > before, limit_s=30)
            encoder.kill()
        await eventually(lambda: not owner.inside, limit_s=30)
        with sending(url, form="mpegts") as again:
            await eventually(lambda: bool(owner.inside) and owner.told[-1] is not None, limit_s=30)
            owner.door.hang_up(next(iter(owner.inside)))
            await asyncio.to_thread(again.wait, 30)
        await eventually(lambda: not owner.inside, limit_s=30)


async def test_a_wrong_key_is_refused_at_the_door_and_a_wrong_passphrase_is_told(running: RunningRelay) -> None:
    async with opened(running.whip("keys")) as owner:
        assert await refused(owner.url("streamid=bad"))
        assert await refused(owner.url("streamid=%23!::r=other,m=publish"))
        assert await refused(owner.url("streamid=%23!::r=good,m=request"))
        assert owner.keys == ["bad", "other"]
        assert owner.told == []
        assert await refused(owner.url("streamid=sealed&passphrase=another-one-99"))
        await eventually(lambda: not owner.inside and owner.last is not None, limit_s=30)
        assert owner.last is not None
        assert owner.last.why is Why.BAD_SECRET
        assert await refused(owner.url(f"streamid=good&passphrase={SECRET}"))


async def test_a_port_that_is_taken_and_a_library_that_is_missing_are_told() -> None:
    with pytest.raises(SrtMissing):
        Srt(names=("libsrt-of-nobody.so.9",))
    port = free_port()
    first, second = (EncoderDoor(SrtSettings(port=port).command(), Owner("").admit, Owner("").hear) for _ in range(2))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(first.run())]
        await first.changed.wait()
        tasks.append(group.create_task(second.run()))
        await second.changed.wait()
        assert (first.port, second.port) == (port, 0)
        assert second.fault not in {"", MISSING_LIBRARY}
        for task in tasks:
            task.cancel()
