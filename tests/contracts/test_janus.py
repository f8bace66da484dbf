"""What is Janus's alone: servers that are lost, and connections to them that break."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.errors import Refused
from orchestrator.media.janus import ladder
from orchestrator.media.janus.asking import JanusError
from orchestrator.media.janus.client import Handle, Said
from orchestrator.media.janus.hub import Hub
from orchestrator.media.janus.plane import JanusPlane, JanusSettings
from orchestrator.media.janus.room import PLUGIN
from orchestrator.media.janus.stream import JanusStream
from orchestrator.media.port import Rung, Want
from orchestrator.media.tokens import Right, Seat
from tests.doubles.eventually import eventually
from tests.doubles.media_engines import PAPER, Engine, janus_engine, slate_of
from tests.doubles.webrtc import Publisher, Viewer

FAR_FUTURE_NS = 1 << 62
STREAM = "ses-1-lecture"


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    async with janus_engine() as running:
        yield running


def publisher(engine: Engine, seat: Seat, brightness: int) -> Publisher:
    token = engine.plane.token("ses-1", STREAM, Right.PUBLISH, "person-1", FAR_FUTURE_NS, seat=seat)
    return Publisher(f"{engine.centre}/whip/{STREAM}", token=token, brightness=brightness)


def viewer(engine: Engine, subject: str) -> Viewer:
    token = engine.plane.token("ses-1", STREAM, Right.VIEW, subject, FAR_FUTURE_NS)
    return Viewer(f"{engine.centre}/whep/{STREAM}", token=token)


async def test_a_broken_connection_is_taken_up_again_and_a_lost_server_leaves_the_slate_at_the_other(
    engine: Engine,
) -> None:
    plane = engine.plane
    assert isinstance(plane, JanusPlane)
    async with publisher(engine, Seat.SLATE, 50), publisher(engine, Seat.LECTURER, 200):
        await engine.stats_once(STREAM, lambda stats: stats.air == "lecturer")
        async with viewer(engine, "site-1") as near, viewer(engine, "site-2") as far:
            for one in (near, far):
                await one.see(200)
            assert [hub.viewers for hub in plane.hubs] == [1, 1]

            for hub in plane.hubs:
                await hub.server.hang_up()
            await eventually(lambda: not plane.down(), 30)
            await plane.set_air(STREAM, Want.SLATE, standby_armed=False, auto_return=False)
            for one in (near, far):
                await one.see(50)
            await plane.set_air(STREAM, Want.AUTO, standby_armed=False, auto_return=False)
            for one in (near, far):
                await one.see(200)
            assert [hub.losses for hub in plane.hubs] == [0, 0]

            await engine.strike(STREAM)
            await far.see(50)
            assert far.state == "connected"
            stats = await engine.stats_once(STREAM, lambda stats: stats.air == "slate")
            assert (stats.viewers, stats.air_why) == (1, "lecturer_silent")
            async with publisher(engine, Seat.LECTURER, 90), viewer(engine, "site-1") as again:
                for one in (far, again):
                    await one.see(90)
            assert 'diemcau_janus_lost_total{server="' in await plane.metrics()


async def test_a_server_that_hangs_is_left_like_a_dead_one_and_used_again_when_it_answers(engine: Engine) -> None:
    plane = engine.plane
    assert isinstance(plane, JanusPlane)
    async with publisher(engine, Seat.SLATE, 50), publisher(engine, Seat.LECTURER, 200):
        await engine.stats_once(STREAM, lambda stats: stats.air == "lecturer")
        async with viewer(engine, "site-1") as near, viewer(engine, "site-2") as far:
            for one in (near, far):
                await one.see(200)
            home = plane.streams[STREAM].home
            assert home is not None
            number = plane.hubs.index(home)

            engine.servers[number].hang()
            await far.see(50)
            assert far.state == "connected"
            assert (plane.down(), home.losses, home.viewers) == ([number], 1, 0)
            assert f'diemcau_janus_silences_total{{server="{number}"}} 1' in await plane.metrics()
            async with publisher(engine, Seat.LECTURER, 90), viewer(engine, "site-1") as again:
                for one in (far, again):
                    await one.see(90)

            engine.servers[number].wake()
            await eventually(lambda: not plane.down(), 30)
            async with publisher(engine, Seat.LECTURER, 150), viewer(engine, "site-1") as again:
                for one in (far, again):
                    await one.see(150)
                assert plane.streams[STREAM].home is home
                assert home.losses == 1


async def test_who_leaves_while_a_server_is_silent_is_let_go_there_when_it_answers_and_the_others_stay(
    engine: Engine,
) -> None:
    plane = engine.plane
    assert isinstance(plane, JanusPlane)
    async with AsyncExitStack() as room:
        await room.enter_async_context(publisher(engine, Seat.LECTURER, 200))
        await engine.stats_once(STREAM, lambda stats: stats.air == "lecturer")
        one = await room.enter_async_context(viewer(engine, "site-1"))
        http = await room.enter_async_context(aiohttp.ClientSession())
        await one.see(200)
        session = next(iter(plane.streams[STREAM].viewers.values()))
        hub, handle = session.hub, session.handle
        assert hub is plane.streams[STREAM].home
        assert hub.counter is not None
        assert handle is not None
        assert await hub.counter.count(http, hub.server.session, handle.number) is not None
        number = plane.hubs.index(hub)
        engine.servers[number].hang()
        token = engine.plane.token("ses-1", STREAM, Right.VIEW, "site-1", FAR_FUTURE_NS)
        async with http.delete(one.resource, headers={"Authorization": f"Bearer {token}"}) as response:
            assert response.status == 200
        assert plane.down() == [number]
        engine.servers[number].wake()
        await eventually(lambda: not plane.down(), 30)
        async with asyncio.timeout(30):
            # The test's questions are the pause: each waits for the server's answer.
            while await hub.counter.count(http, hub.server.session, handle.number) is not None:
                continue
        assert hub.losses == 0
        await engine.stats_once(STREAM, lambda stats: stats.air == "lecturer")


async def test_nobody_waits_for_a_server_that_hangs_longer_than_for_its_sign_of_life(engine: Engine) -> None:
    plane = engine.plane
    assert isinstance(plane, JanusPlane)
    async with publisher(engine, Seat.SLATE, 50), publisher(engine, Seat.LECTURER, 200):
        await engine.stats_once(STREAM, lambda stats: stats.air == "lecturer")
        home = plane.streams[STREAM].home
        assert home is not None
        engine.servers[plane.hubs.index(home)].hang()
        with pytest.raises(Refused) as refused:
            await plane.hush(STREAM, hushed=True)
        assert refused.value.code == "media_unavailable"
        async with viewer(engine, "site-1") as one:
            await one.see(50)


async def test_a_server_that_comes_back_is_sent_what_it_is_to_get_once(engine: Engine) -> None:
    plane = engine.plane
    assert isinstance(plane, JanusPlane)
    async with publisher(engine, Seat.LECTURER, 200):
        await engine.stats_once(STREAM, lambda stats: stats.air == "lecturer")
        async with viewer(engine, "site-1") as near, viewer(engine, "site-2") as far:
            for one in (near, far):
                await one.see(200)
            stream = plane.streams[STREAM]
            home = stream.home
            assert home is not None
            assert await _sent_on(home, stream) == 1
            other = next(number for number, hub in enumerate(plane.hubs) if hub is not home)
            engine.servers[other].hang()
            await eventually(lambda: plane.hubs[other].losses == 1, 30)
            await eventually(lambda: not plane.streams[STREAM].seats[Seat.LECTURER].copies, 30)
            engine.servers[other].wake()
            await eventually(lambda: not plane.down(), 30)
            async with viewer(engine, "site-2") as again:
                await again.see(200)
                assert await _sent_on(home, stream) == 1
                assert near.state == "connected"


async def _sent_on(home: Hub, stream: JanusStream) -> int:
    """To how many places a server sends the lecture on."""
    return len({to for to, _ssrc in await _forwarded(home, stream, Seat.LECTURER)})


async def _forwarded(home: Hub, stream: JanusStream, seat: Seat) -> set[tuple[int, int]]:
    """The ports to which a seat's streams are sent on, and under which SSRC."""
    place, feed = stream.place, stream.seats[seat].feed
    body = {"request": "listforwarders", "room": place.room, "secret": place.secret}
    told = await (await home.rooms.server.attach(PLUGIN, lambda _event: None)).ask(body)
    return {
        (way["port"], way["ssrc"])
        for publisher in told.data["publishers"]
        if publisher["publisher_id"] == feed.number
        for way in publisher["forwarders"]
    }


async def test_whoever_goes_from_one_feed_of_another_server_to_the_next_gets_another_source(engine: Engine) -> None:
    plane = engine.plane
    assert isinstance(plane, JanusPlane)
    seats = ((Seat.SLATE, 50), (Seat.LECTURER, 200), (Seat.STANDBY, 125))
    async with AsyncExitStack() as stack:
        for seat, brightness in seats:
            await stack.enter_async_context(publisher(engine, seat, brightness))
        await engine.stats_once(STREAM, lambda stats: stats.air == "lecturer")
        watching = [await stack.enter_async_context(viewer(engine, f"site-{number}")) for number in (1, 2)]
        stream = plane.streams[STREAM]
        for want, brightness in ((Want.SLATE, 50), (Want.STANDBY, 125), (Want.SLATE, 50), (Want.LECTURER, 200)):
            await plane.set_air(STREAM, want, standby_armed=True, auto_return=False)
            for one in watching:
                await one.see(brightness)
        slate, standby = (stream.seats[seat] for seat in (Seat.SLATE, Seat.STANDBY))
        assert slate.hub is standby.hub is not stream.home
        sources = [await _forwarded(slate.hub, stream, seat) for seat in (Seat.SLATE, Seat.STANDBY)]
        first, second = ({ssrc for _port, ssrc in each} for each in sources)
        assert len(first) == len(second) == 2
        assert not first & second


async def test_the_lecturer_and_the_slate_are_not_lost_together(engine: Engine) -> None:
    plane = engine.plane
    assert isinstance(plane, JanusPlane)
    async with publisher(engine, Seat.SLATE, 50), publisher(engine, Seat.STANDBY, 125):
        stream = plane.streams[STREAM]
        await eventually(lambda: len(stream.seats) == 2)
        assert stream.seats[Seat.SLATE].hub is not stream.seats[Seat.STANDBY].hub
        assert plane.publisher_hub(stream, Seat.LECTURER) is stream.seats[Seat.STANDBY].hub
        async with publisher(engine, Seat.LECTURER, 200):
            await engine.stats_once(STREAM, lambda stats: stats.air == "lecturer")
            assert plane.publisher_hub(stream, Seat.LECTURER) is stream.seats[Seat.STANDBY].hub
            assert plane.publisher_hub(stream, Seat.SLATE) is stream.seats[Seat.SLATE].hub


async def test_a_viewer_whom_the_server_does_not_switch_at_once_is_switched_soon(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, refused = Handle.ask, 0

    async def not_yet(handle: Handle, body: Mapping[str, object], jsep: Mapping[str, str] | None = None) -> Said:
        nonlocal refused
        if body["request"] == "switch" and refused < 3:
            refused += 1
            raise JanusError(428, "No such feed")
        return await ask(handle, body, jsep)

    monkeypatch.setattr(Handle, "ask", not_yet)
    async with viewer(engine, "site-1") as one, publisher(engine, Seat.LECTURER, 200):
        await one.see(200)
    assert refused == 3


async def test_a_room_whose_line_takes_no_picture_hears_the_sound_and_sees_again_when_it_does(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ladder, "CLIMB_S", (2.0, 4.0))
    async with publisher(engine, Seat.LECTURER, 200), viewer(engine, "site-1") as near, viewer(engine, "site-2") as far:
        for one in (near, far):
            await one.see(200)
        mended = far.loses(4, of=5)
        await engine.stats_once(STREAM, lambda stats: stats.paused >= 1)
        told = {each.subject: (each.rung, each.why) for each in await engine.plane.viewers(STREAM)}
        assert told["site-2"] == (Rung.SOUND, "lossy")
        assert told["site-1"][0] is not Rung.SOUND
        mended()
        assert await far.sound() > 1000
        await engine.stats_once(STREAM, lambda stats: stats.paused == 0)
        await far.see(200)
        assert near.state == far.state == "connected"


async def test_where_lectures_are_vp8_so_are_the_rooms() -> None:
    async with janus_engine(video="vp8") as engine, viewer(engine, "site-1") as one, slate_of(engine, STREAM, "vp8"):
        await one.see(PAPER)
        stats = await engine.plane.stats(STREAM)
        assert {each.codec for each in stats.seats if each.connected} == {"vp8"}


async def test_without_any_server_the_centre_runs_keeps_its_orders_and_says_so() -> None:
    plane = JanusPlane(JanusSettings(("ws://127.0.0.1:9",)), Ed25519PrivateKey.generate(), "http://centre.example")
    await plane.start()
    try:
        assert plane.down() == [0]
        assert plane.inside_url(STREAM) is None
        await plane.set_air(STREAM, Want.SLATE, standby_armed=False, auto_return=False)
        with pytest.raises(Refused) as refused:
            await plane.stats(STREAM)
        assert refused.value.code == "media_unavailable"
    finally:
        await plane.stop()
