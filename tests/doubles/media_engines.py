"""The media plane over each engine that it has, behind a centre's own address."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import msgspec
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.media.ice import link
from orchestrator.media.janus.door import JanusDoor
from orchestrator.media.janus.plane import JanusPlane, JanusSettings
from orchestrator.media.port import MediaEngine, StreamStats
from orchestrator.media.relay.admission import Admission
from orchestrator.media.routes import Door, routes
from orchestrator.media.slate.keeper import SlateKeeper
from orchestrator.media.slate.model import Face, Slate
from orchestrator.media.tokens import Right, Seat
from orchestrator.media.worker_start import RelaySettings
from orchestrator.media.workers import EmbeddedRelay
from orchestrator.web.kit import Identity, Route
from orchestrator.web.server import application, listening_socket, serving
from tests.doubles.eventually import eventually
from tests.doubles.janus_server import ADMIN_SECRET, RunningJanus, janus_server, media_network

PUBLIC = "http://centre.example/"
FACE = Face("Dạy học kết hợp", "TS. Ánh", "08:00 – 11:00", "Giảng viên sẽ trở lại ngay", "Back soon", "Bây giờ", "Now")
PAPER = 34
"""How bright the most of a slate is."""
TURN = "turn:turn.example:3478"


class Engine(msgspec.Struct, frozen=True):
    """A plane, the address of its WHIP and WHEP, and what strikes down whatever serves a stream."""

    name: str
    plane: MediaEngine
    centre: str
    strike: Callable[[str], Awaitable[None]]
    servers: tuple[RunningJanus, ...] = ()
    """Janus's, by the number that the plane gives them."""

    async def stats_once(self, stream: str, holds: Callable[[StreamStats], bool]) -> StreamStats:
        """The stream's figures once they are so; raises TimeoutError when they are not in half a minute."""
        async with asyncio.timeout(30):
            while True:
                stats = await self.plane.stats(stream)
                if holds(stats):
                    return stats
                await asyncio.sleep(0.05)


class AnyoneMay:
    """A gate that lets everybody pass: rights are in the tokens."""

    async def admit(self, request: web.Request, route: Route) -> Identity | None:
        return None


@asynccontextmanager
async def _served(door: Door) -> AsyncIterator[str]:
    bound = listening_socket("127.0.0.1", 0)
    async with serving(application(routes(door), AnyoneMay()), bound):
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@asynccontextmanager
async def relay_engine() -> AsyncIterator[Engine]:
    """Two workers of our own relay."""
    async with AsyncExitStack() as stack:
        settings = RelaySettings(
            udp_port=0,
            workers=2,
            log_level="error",
            spare=False,
            turn_urls=(TURN,),
            turn_secret="sixteen or more characters",
        )
        relay = EmbeddedRelay(settings, _key(), PUBLIC)
        await relay.start()
        stack.push_async_callback(relay.stop)

        async def strike(stream: str) -> None:
            relay.kill_worker_of(stream)
            await eventually(lambda: relay.restarts == 1, 40)
            await eventually(lambda: relay.ready, 40)

        yield Engine("relay", relay, await stack.enter_async_context(_served(relay)), strike)


@asynccontextmanager
async def janus_engine(viewers_each: int = 1, video: str = "h264", sessions_each: int = 2000) -> AsyncIterator[Engine]:
    """Two Janus servers, each of which should have so many viewers before the other is used too."""
    async with AsyncExitStack() as stack:
        addresses = media_network()
        servers = tuple(stack.enter_context(janus_server(address)) for address in addresses)
        key = _key()
        told = tuple(one.told for one in servers)
        settings = JanusSettings(
            told, viewers_each=viewers_each, sessions_each=sessions_each, admin_secret=ADMIN_SECRET, video=video
        )
        plane = JanusPlane(settings, key, PUBLIC)
        door = JanusDoor(plane, Admission(key.public_key(), time.time_ns), lambda subject: [link(TURN, subject, "x")])
        plane.open_inside(door)
        await plane.start()
        stack.push_async_callback(plane.stop)
        await eventually(lambda: not plane.down())

        async def strike(stream: str) -> None:
            home = plane.streams[stream].home
            assert home is not None
            _server(servers, home.url).kill()
            await eventually(lambda: len(plane.down()) == 1)

        yield Engine("janus", plane, await stack.enter_async_context(_served(door)), strike, servers)


@asynccontextmanager
async def slate_of(engine: Engine, stream: str, video: str = "h264") -> AsyncIterator[None]:
    """The slates' process with this stream's slate, as the centre keeps it."""
    ticket = engine.plane.token("ses-1", stream, Right.PUBLISH, "slate", 1 << 62, seat=Seat.SLATE)

    def wanted() -> list[Slate]:
        url = engine.plane.inside_url(stream)
        return [Slate(stream, url, ticket, FACE, shown=True, video=video)] if url else []

    async with asyncio.TaskGroup() as tasks:
        keeping = tasks.create_task(SlateKeeper(wanted, log_level="error", spare_s=None).run())
        yield
        keeping.cancel()


def _server(servers: tuple[RunningJanus, ...], url: str) -> RunningJanus:
    return next(one for one in servers if one.url == url)


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


ENGINES = {"relay": relay_engine, "janus": janus_engine}
