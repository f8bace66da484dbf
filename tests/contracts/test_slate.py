"""The slates' process with the real relay and a viewer that decodes: it is there first, and it comes back by itself."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import msgspec
import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.media.slate.drawing import HEIGHT, WIDTH, Easel
from orchestrator.media.slate.keeper import SlateKeeper
from orchestrator.media.slate.model import Face, Slate
from orchestrator.media.tokens import Right, Seat
from orchestrator.media.worker_start import RelaySettings
from orchestrator.media.workers import EmbeddedRelay
from tests.doubles.eventually import eventually
from tests.doubles.small_day import until_told
from tests.doubles.webrtc import Publisher, Viewer

STREAM, FAR_NS = "ses-1-lecture", 1 << 62
FACE = Face("Dạy học kết hợp", "TS. Ánh", "08:00 – 11:00", "Giảng viên sẽ trở lại ngay", "Back soon", "Bây giờ", "Now")
LIMIT_S = 40.0
SHOWN = Slate(STREAM, "http://127.0.0.1:9/whip/nobody-is-here", "no token", FACE)


class Centre:
    """A relay and what its slates should show."""

    def __init__(self, video: str) -> None:
        self.video = video
        self.relay = EmbeddedRelay(
            RelaySettings(udp_port=0, log_level="error", video=video, spare=False),
            Ed25519PrivateKey.generate(),
            "http://x",
        )
        self.face: Face | None = FACE
        self.keeper = SlateKeeper(self.wanted, log_level="error", spare_s=0.5)

    def token(self, right: Right, seat: Seat = Seat.LECTURER) -> str:
        return self.relay.token("ses-1", STREAM, right, "somebody", FAR_NS, seat=seat)

    def wanted(self) -> list[Slate]:
        url = self.relay.inside_url(STREAM)
        if url is None or self.face is None:
            return []
        return [Slate(STREAM, url, self._slate_token, self.face, shown=True, video=self.video)]

    async def start(self) -> None:
        self._slate_token = self.token(Right.PUBLISH, Seat.SLATE)
        await self.relay.start()

    @property
    def address(self) -> str:
        url = self.relay.inside_url(STREAM)
        assert url is not None
        return url

    def viewer(self) -> Viewer:
        return Viewer(self.address.replace("/whip/", "/whep/"), token=self.token(Right.VIEW))

    async def on_air(self, seat: str) -> None:
        async def is_on_air() -> bool:
            return self.relay.inside_url(STREAM) is not None and (await self.relay.stats(STREAM)).air == seat

        await until_told(is_on_air, f"{seat or 'nobody'} on air")


@asynccontextmanager
async def centre(video: str = "h264") -> AsyncIterator[Centre]:
    made = Centre(video)
    await made.start()
    task = asyncio.get_running_loop().create_task(made.keeper.run())
    try:
        yield made
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await made.relay.stop()


async def sees(viewer: Viewer, face: Face) -> None:
    """Until the viewer decodes a picture that is this slate's, but for its clock."""
    page = Easel().picture(face, "")[:500].astype(int)
    async with asyncio.timeout(LIMIT_S):
        while True:
            frame = await viewer.picture()
            if (frame.height, frame.width) == (HEIGHT, WIDTH):
                seen = frame.to_ndarray(format="rgb24")[:500].astype(int)
                if np.abs(seen - page).mean() < 3:
                    return


async def test_the_slate_is_there_before_anybody_and_after_them_and_no_viewer_connects_anew() -> None:
    async with centre() as made:
        await made.on_air("slate")
        async with made.viewer() as viewer:
            await sees(viewer, FACE)
            assert await viewer.sound() == 0
            async with Publisher(made.address, token=made.token(Right.PUBLISH), brightness=200):
                await viewer.see(200)
                assert (await made.relay.stats(STREAM)).air == "lecturer"
            await sees(viewer, FACE)
            turns = (await made.relay.stats(STREAM)).air_turns
            assert (turns[0].air, turns[-1].air) == ("slate", "slate")
            assert "lecturer" in [turn.air for turn in turns]
            changed = msgspec.structs.replace(FACE, line_vi="Giải lao")
            made.face = changed
            await sees(viewer, changed)
            assert viewer.state == "connected"


async def test_where_lectures_are_vp8_so_is_the_slate() -> None:
    async with centre("vp8") as made:
        await made.on_air("slate")
        async with made.viewer() as viewer:
            await sees(viewer, FACE)


async def test_the_slate_comes_back_when_its_process_hangs_dies_or_the_relay_does_and_nobody_connects_anew() -> None:
    async with centre() as made:
        await made.on_air("slate")
        async with made.viewer() as viewer:
            await sees(viewer, FACE)
            await eventually(lambda: made.keeper.spare.pid is not None, limit_s=LIMIT_S)
            next_one, first = made.keeper.spare.pid, made.keeper.process
            assert first is not None
            os.kill(first, signal.SIGKILL)
            await eventually(lambda: made.keeper.restarts == 1, limit_s=LIMIT_S)
            await eventually(lambda: made.keeper.process == next_one, limit_s=LIMIT_S)
            made.face = changed = msgspec.structs.replace(FACE, line_vi="Giải lao")
            await sees(viewer, changed)
            assert viewer.state == "connected"
            assert (await made.relay.stats(STREAM)).viewers == 1
        made.relay.kill_worker_of(STREAM)
        await eventually(lambda: made.relay.restarts == 1 and made.relay.ready, limit_s=LIMIT_S)
        await made.on_air("slate")
        async with made.viewer() as viewer:
            await sees(viewer, changed)
        assert made.keeper.restarts == 1
        made.face = None
        await made.on_air("")


async def test_a_process_that_hangs_is_replaced_by_the_one_that_waits() -> None:
    keeper = SlateKeeper(lambda: [SHOWN], log_level="error", spare_s=0.0, silence_s=3.0)
    task = asyncio.get_running_loop().create_task(keeper.run())
    await eventually(lambda: keeper.process is not None and keeper.spare.pid is not None, limit_s=LIMIT_S)
    await eventually(lambda: keeper.heard > 0, limit_s=LIMIT_S)
    assert keeper.process is not None
    os.kill(keeper.process, signal.SIGSTOP)
    next_one = keeper.spare.pid
    await eventually(lambda: keeper.process == next_one, limit_s=LIMIT_S)
    assert keeper.restarts == 1
    task.cancel()
    await asyncio.wait({task})
    assert keeper.spare.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(next_one or 0, 0)
