"""What Janus and the centre's side of it hold at most: sessions, rooms, questions, work; and what is said beyond."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.media.janus.asking import NEWCOMERS_ASK, Full, JanusError
from orchestrator.media.janus.hub import Hub
from orchestrator.media.janus.plane import FULL_S, JanusPlane, JanusSettings
from orchestrator.media.janus.room import PLUGIN
from orchestrator.media.janus.session import Viewing
from orchestrator.media.janus.stream import WAITING, JanusStream
from orchestrator.media.tokens import Right, Seat
from tests.doubles.eventually import eventually
from tests.doubles.media_engines import Engine, janus_engine
from tests.doubles.small_day import until_told
from tests.doubles.webrtc import offer_of

FAR_FUTURE_NS = 1 << 62
STREAM = "ses-1-lecture"


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


def headers(engine: Engine, right: Right, stream: str = STREAM, seat: Seat = Seat.LECTURER) -> dict[str, str]:
    token = engine.plane.token("ses-1", stream, right, "person-1", FAR_FUTURE_NS, seat=seat)
    return {"Content-Type": "application/sdp", "Authorization": f"Bearer {token}"}


def plane_of(engine: Engine) -> JanusPlane:
    assert isinstance(engine.plane, JanusPlane)
    return engine.plane


async def asks_to_view(engine: Engine, http: aiohttp.ClientSession, stream: str = STREAM) -> tuple[int, str, str]:
    """The status, where the session is, and when to come again."""
    sent = headers(engine, Right.VIEW, stream)
    offer = await offer_of("recvonly")
    async with http.post(f"{engine.centre}/whep/{stream}", data=offer, headers=sent) as response:
        told = response.headers
        return response.status, told.get("Location", ""), told.get("Retry-After", "")


async def leaves(engine: Engine, http: aiohttp.ClientSession, place: str, stream: str = STREAM) -> None:
    async with http.delete(engine.centre + place, headers=headers(engine, Right.VIEW, stream)) as response:
        assert response.status == 200


async def test_servers_that_have_as_many_as_they_take_turn_the_next_one_away_until_somebody_goes(
    http: aiohttp.ClientSession,
) -> None:
    async with janus_engine(sessions_each=1) as engine:
        seated = [await asks_to_view(engine, http) for _ in range(2)]
        assert [status for status, _, _ in seated] == [406, 406]
        assert (await asks_to_view(engine, http))[::2] == (503, str(FULL_S))
        assert "diemcau_janus_refused_full_total{} 1\n" in await engine.plane.metrics()
        await leaves(engine, http, seated[0][1])
        assert (await asks_to_view(engine, http))[0] == 406


async def test_who_publishes_again_and_again_without_connecting_takes_nobody_elses_place(
    http: aiohttp.ClientSession,
) -> None:
    async with janus_engine() as engine:
        plane, offer = plane_of(engine), await offer_of("sendonly")
        for seat in [Seat.LECTURER] * (WAITING + 4) + [Seat.STANDBY]:
            sent = headers(engine, Right.PUBLISH, seat=seat)
            async with http.post(f"{engine.centre}/whip/{STREAM}", data=offer, headers=sent) as response:
                assert response.status == 201
        await eventually(lambda: len(plane.streams[STREAM].sessions()) == WAITING + 1)
        assert sum(hub.load for hub in plane.hubs) == WAITING + 1


async def test_the_room_of_a_stream_that_nobody_uses_is_closed_when_another_begins(http: aiohttp.ClientSession) -> None:
    async with janus_engine() as engine:
        plane = plane_of(engine)
        _, place, _ = await asks_to_view(engine, http)
        stream = plane.streams[STREAM]
        hub = next(one.hub for one in stream.sessions())
        assert await there(hub, stream)
        await leaves(engine, http, place)
        await asks_to_view(engine, http, "ses-2-lecture")
        await eventually(lambda: sum(each.held for each in plane.hubs) == 1)

        async def closed() -> bool:
            return not await there(hub, stream)

        await until_told(closed, "the room's end")  # it is no longer counted before the server has answered
        assert (await asks_to_view(engine, http))[0] == 406
        assert await there(plane.streams[STREAM].sessions()[0].hub, stream)


async def there(hub: Hub, stream: JanusStream) -> bool:
    """Whether the server has the stream's room."""
    handle = await hub.server.attach(PLUGIN, lambda _event: None)
    return bool((await handle.ask({"request": "exists", "room": stream.place.room})).data["exists"])


async def test_of_a_server_that_hangs_no_more_is_asked_than_is_kept_in_mind() -> None:
    async with janus_engine() as engine:
        plane = plane_of(engine)
        server = plane.hubs[0].server
        engine.servers[0].hang()
        asking = [server.attach(PLUGIN, lambda _event: None) for _ in range(NEWCOMERS_ASK + 10)]
        told = await asyncio.gather(*asking, return_exceptions=True)
        assert all(isinstance(one, JanusError) for one in told)
        assert 10 <= sum(isinstance(one, Full) for one in told) <= 12
        assert len(server.questions) == 0
        figures = await plane.metrics()
        assert f'diemcau_janus_not_asked_total{{server="0"}} {server.questions.refused}\n' in figures
        assert 'diemcau_janus_asked{server="0"} 0\n' in figures


async def test_however_much_happens_one_look_at_a_servers_viewers_is_due() -> None:
    due: list[Coroutine[None, None, None]] = []
    plane = JanusPlane(JanusSettings(("ws://127.0.0.1:9",)), Ed25519PrivateKey.generate(), "http://centre.example")
    stream = JanusStream(STREAM, plane.stream(STREAM).place, due.append)
    one = Viewing(plane.hubs[0], "site-1")
    one.connected = True
    stream.viewers[one.id] = one
    for _ in range(100):
        stream.decide()
    assert len(due) == 1
    await due.pop()
    stream.decide()
    assert len(due) == 1
    due.pop().close()


async def test_work_that_fails_ends_nothing_else() -> None:
    async def fails() -> None:
        raise KeyError("what a server never said")

    async with janus_engine() as engine, aiohttp.ClientSession() as http:
        plane_of(engine)._spawn(fails())
        await asyncio.sleep(0)
        assert (await asks_to_view(engine, http))[0] == 406
        assert "diemcau_janus_tasks{}" in await engine.plane.metrics()
