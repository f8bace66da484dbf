"""A centre that is killed and starts again over Janus servers that went on: what it finds there is ended, not kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest

from orchestrator.media.janus.client import JanusServer
from orchestrator.media.janus.room import PLUGIN, Place
from orchestrator.media.tokens import Right, Seat
from tests.doubles.eventually import eventually
from tests.doubles.janus_centre import Life, life_with, living
from tests.doubles.janus_server import RunningJanus, janus_server, media_network
from tests.doubles.webrtc import Publisher, Viewer, offer_of

STREAM, OVER = "ses-1-lecture", "ses-0-lecture"


@pytest.fixture
def servers() -> Iterator[tuple[RunningJanus, ...]]:
    here, there = media_network()
    with janus_server(here) as one, janus_server(there) as other:
        yield one, other


async def test_a_centre_that_was_killed_ends_what_it_left_and_the_lecture_goes_on_at_every_server(
    servers: tuple[RunningJanus, ...],
) -> None:
    life = life_with(servers)
    idle = [sockets(one) for one in servers]
    async with AsyncExitStack() as rooms:
        async with living(life) as centre:
            for seat, shade in ((Seat.SLATE, 50), (Seat.LECTURER, 200)):
                await rooms.enter_async_context(publisher(life, centre, seat, shade))
            for site in ("site-1", "site-2"):
                one = await rooms.enter_async_context(viewer(life, centre, site))
                await one.see(200)
            await asks_to_view(life, centre, OVER)
        held = [await found(life, one, OVER, STREAM) for one in servers]
        assert {name for one in held for name in one} == {OVER, STREAM}
        assert all(STREAM in one for one in held)

        async with living(life) as centre:
            assert [await found(life, one, OVER, STREAM) for one in servers] == [[], []]
            async with publisher(life, centre, Seat.LECTURER, 90):
                async with viewer(life, centre, "site-1") as near, viewer(life, centre, "site-2") as far:
                    for one in (near, far):
                        await one.see(90)
                assert [await found(life, one, OVER, STREAM) for one in servers] == [[STREAM], [STREAM]]
    async with living(life):
        assert [await found(life, one, OVER, STREAM) for one in servers] == [[], []]
    # The server ends a lost session after its time; then no port of any life is left.
    await eventually(lambda: [sockets(one) for one in servers] == idle, 40, 0.1)


async def test_rooms_of_another_centre_at_the_same_server_are_left_alone(servers: tuple[RunningJanus, ...]) -> None:
    one, other = life_with(servers), life_with(servers)
    async with living(one) as centre:
        await asks_to_view(one, centre, STREAM)
        held = [await found(one, each, STREAM) for each in servers]
        assert sorted(held) == [[], [STREAM]]
        async with living(other) as elsewhere:
            await asks_to_view(other, elsewhere, STREAM)
            assert [await found(one, each, STREAM) for each in servers] == held


def publisher(life: Life, centre: str, seat: Seat, brightness: int) -> Publisher:
    token = life.token(STREAM, Right.PUBLISH, "person-1", seat)
    return Publisher(f"{centre}/whip/{STREAM}", token=token, brightness=brightness)


def viewer(life: Life, centre: str, site: str) -> Viewer:
    return Viewer(f"{centre}/whep/{STREAM}", token=life.token(STREAM, Right.VIEW, site))


async def asks_to_view(life: Life, centre: str, stream: str) -> None:
    """A room of the stream is opened, and nobody comes."""
    headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {life.token(stream, Right.VIEW, 'site-9')}"}
    offer = await offer_of("recvonly")
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{centre}/whep/{stream}", data=offer, headers=headers) as response,
    ):
        assert response.status == 406


async def found(life: Life, server: RunningJanus, *streams: str) -> list[str]:
    """Those of the streams that have a room at the server."""
    plane = life.plane()
    async with asked(server) as client:
        handle = await client.attach(PLUGIN, lambda _event: None)

        async def has(place: Place) -> bool:
            return bool((await handle.ask({"request": "exists", "room": place.room})).data["exists"])

        return [each for each in streams if await has(plane.stream(each).place)]


@asynccontextmanager
async def asked(server: RunningJanus) -> AsyncIterator[JanusServer]:
    """A connection of the test's own."""
    client = JanusServer(server.url)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(client.run())
        await eventually(lambda: client.up)
        yield client
        running.cancel()


def sockets(server: RunningJanus) -> int:
    """UDP sockets that its process holds."""
    pid = server.process.pid
    held = set()
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            held.add(str(file.readlink()))
    udp = [line.split()[9] for line in Path(f"/proc/{pid}/net/udp").read_text().splitlines()[1:]]
    return sum(f"socket:[{inode}]" in held for inode in udp)
