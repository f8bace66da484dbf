"""The centre's media plane over Janus in a process of its own, so that it may die without a goodbye and live again."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.media.janus.door import JanusDoor
from orchestrator.media.janus.plane import JanusPlane, JanusSettings
from orchestrator.media.relay.admission import Admission
from orchestrator.media.tokens import Right, Seat, StreamToken, sign
from tests.doubles.eventually import eventually
from tests.doubles.janus_server import ADMIN_SECRET, RunningJanus
from tests.doubles.media_engines import PUBLIC, _served

FAR_FUTURE_NS = 1 << 62


class Life(msgspec.Struct, frozen=True):
    """What a life of the centre is told: its servers, its key."""

    servers: tuple[str, ...]
    key: bytes

    def private_key(self) -> Ed25519PrivateKey:
        """The key, as the centre has it."""
        return Ed25519PrivateKey.from_private_bytes(self.key)

    def plane(self) -> JanusPlane:
        """The plane of this life, not started."""
        settings = JanusSettings(self.servers, viewers_each=1, admin_secret=ADMIN_SECRET)
        return JanusPlane(settings, self.private_key(), PUBLIC)

    def token(self, stream: str, right: Right, subject: str, seat: Seat = Seat.LECTURER) -> str:
        """A right that every life honours."""
        return sign(StreamToken("ses-1", stream, right, subject, FAR_FUTURE_NS, seat), self.private_key())


def life_with(servers: tuple[RunningJanus, ...]) -> Life:
    """A new centre's."""
    return Life(tuple(one.told for one in servers), Ed25519PrivateKey.generate().private_bytes_raw())


@asynccontextmanager
async def living(life: Life) -> AsyncIterator[str]:
    """It lives, at this address, until it is killed at the end."""
    command = [sys.executable, "-m", "tests.doubles.janus_centre", msgspec.json.encode(life).decode()]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.kill()
        await process.wait()


async def _live(life: Life) -> None:
    plane = life.plane()
    await plane.start()
    door = JanusDoor(plane, Admission(life.private_key().public_key(), time.time_ns))
    async with _served(door) as url:
        await eventually(lambda: not plane.down(), 30)
        os.write(1, f"{url}\n".encode())
        await asyncio.Event().wait()


if __name__ == "__main__":
    # Its standard output is for its address.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    asyncio.run(_live(msgspec.json.decode(sys.argv[1], type=Life)))
