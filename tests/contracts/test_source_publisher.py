"""The publisher of encoded packets against the real relay, seen and heard by a viewer that decodes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest

from orchestrator.media.sources.publishing import EncodedPublisher
from tests.doubles.encoder import Hum, Shades, in_real_time
from tests.doubles.eventually import eventually
from tests.doubles.relay import RunningRelay, relay
from tests.doubles.servers import free_port
from tests.doubles.webrtc import Viewer


@pytest.fixture(scope="module")
def running() -> Iterator[RunningRelay]:
    with relay("--open") as one:
        yield one


class Source:
    """Feeds a publisher from the encoder double."""

    def __init__(self, url: str, *, brightness: int = 200) -> None:
        self.shades, self.hum = Shades(), Hum()
        self.brightness = brightness
        self.wanted = 0
        self.claims_keyframes = False
        self.answers = True
        self.publisher = EncodedPublisher(url, self._token, keyframe_wanted=self._want)
        self._turns = 0

    async def _token(self) -> str:
        return "none"

    def _want(self) -> None:
        self.wanted += 1
        self.shades.key_next = self.answers

    def turn(self) -> None:
        for packet, timestamp in self.hum.next():
            self.publisher.sound(packet, timestamp)
        if self._turns % 2 == 0:
            unit, timestamp, keyframe = self.shades.next(self.brightness)
            self.publisher.picture(unit, timestamp, keyframe=True if self.claims_keyframes else keyframe)
        self._turns += 1


@asynccontextmanager
async def feeding(source: Source) -> AsyncIterator[Source]:
    async def live() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(source.publisher.run())
            group.create_task(in_real_time(source.turn))

    task = asyncio.get_running_loop().create_task(live())
    try:
        yield source
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_encoded_packets_are_seen_and_heard(running: RunningRelay) -> None:
    async with feeding(Source(running.whip("seen"))) as source, Viewer(running.whep("seen")) as viewer:
        await viewer.see(200)
        assert await viewer.sound() > 1000
        assert source.publisher.stats.connections == 1
        assert source.publisher.dropped == 0


async def test_a_wish_for_a_keyframe_reaches_the_encoder(running: RunningRelay) -> None:
    source = Source(running.whip("asked"))
    source.claims_keyframes, source.answers = True, False  # begins amid a group of pictures
    async with Viewer(running.whep("asked")) as viewer, feeding(source):
        await eventually(lambda: source.wanted >= 2, limit_s=30)
        source.answers = True
        await viewer.see(200)


async def test_a_relay_that_comes_back_is_published_to_again() -> None:
    async with AsyncExitStack() as stack:
        ports = ("--http-port", str(free_port()), "--udp-port", str(free_port()))
        with relay("--open", *ports) as first:
            source = await stack.enter_async_context(feeding(Source(first.whip("again"))))
            async with Viewer(first.whep("again")) as viewer:
                await viewer.see(200)
        await eventually(lambda: source.publisher.stats.failures > 0, limit_s=30)
        with relay("--open", *ports) as second:
            async with Viewer(second.whep("again")) as viewer:
                await viewer.see(200)
            assert source.publisher.stats.connections >= 2
