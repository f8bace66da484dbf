"""A lecture on the air for a test: the real relay as a child, and a recorded lecture published to it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import aiohttp
import msgspec

from demo.publisher import Publisher
from demo.recorded import RecordedLecture
from site_agent.lecture.port import Lecture
from tests.doubles.eventually import eventually
from wire.ids import SessionId

LIMIT_S = 60
RELAY = (sys.executable, "-m", "orchestrator.media.relay.main", "--open", "--udp-port", "0", "--http-port", "0")


class Ports(msgspec.Struct):
    """The relay's first line on standard output."""

    http_port: int
    udp_port: int


@asynccontextmanager
async def relay() -> AsyncIterator[str]:
    """A relay without accounts on loopback; yields its address."""
    pipe = asyncio.subprocess.PIPE
    silent = asyncio.subprocess.DEVNULL
    child = await asyncio.create_subprocess_exec(*RELAY, "--ready", stdin=silent, stdout=pipe, stderr=silent)
    assert child.stdout is not None
    try:
        ports = msgspec.json.decode(await child.stdout.readline(), type=Ports)
        yield f"http://127.0.0.1:{ports.http_port}"
    finally:
        child.terminate()
        await child.wait()


async def no_token() -> str:
    """An open relay looks at none."""
    return "none"


@dataclass
class OnAir:
    """A publisher that a test can end and start again."""

    address: str
    lecture: RecordedLecture
    stream: str = "session-a-lecture"
    publisher: Publisher | None = None
    task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Publish until `end`."""
        self.publisher = Publisher(f"{self.address}/whip/{self.stream}", no_token, self.lecture)
        self.task = asyncio.get_running_loop().create_task(self.publisher.run())

    async def shown(self) -> None:
        """Wait until its picture is on air: its sound may be there before."""
        async with asyncio.timeout(LIMIT_S), aiohttp.ClientSession() as http:
            while True:
                async with http.get(f"{self.address}/stats") as reply:
                    told = (await reply.json())["streams"]
                if any(one["stream"] == self.stream and one["keyframes"] for one in told):
                    return
                await asyncio.sleep(0.02)

    async def end(self) -> None:
        """The lecturer leaves; not before having come: aioice loses its sockets when it is cancelled gathering."""
        if self.task is not None and self.publisher is not None:
            stats = self.publisher.stats
            await eventually(lambda: bool(stats.connections or stats.failures), LIMIT_S)
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task
        self.task = None

    def to_view(self) -> Lecture:
        """What a site is told."""
        url = f"{self.address}/whep/{self.stream}"
        return Lecture(
            SessionId("session-a"), self.stream, url, "none", "Đổi mới kiểm tra, đánh giá", "TS. Nguyễn Thị Ánh"
        )
