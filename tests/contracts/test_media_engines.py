"""What every engine of the media plane owes: our own relay and the Janus of Debian's package, over the same WHIP and
WHEP of the centre."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from orchestrator.media.port import Rung, StreamStats, Want
from orchestrator.media.recorder.disk import Grew
from orchestrator.media.routes import SDP_LIMIT
from orchestrator.media.tokens import Right, Seat
from tests.doubles.eventually import eventually
from tests.doubles.media_engines import ENGINES, PAPER, Engine, slate_of
from tests.doubles.relay_door import recorder
from tests.doubles.webrtc import Publisher, Viewer, offer_of

FAR_FUTURE_NS = 1 << 62
STREAM = "ses-1-lecture"


@pytest.fixture(params=sorted(ENGINES))
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[Engine]:
    async with ENGINES[request.param]() as running:
        yield running


def token(engine: Engine, right: Right, seat: Seat = Seat.LECTURER, *, until_ns: int = FAR_FUTURE_NS) -> str:
    return engine.plane.token("ses-1", STREAM, right, "person-1", until_ns, seat=seat)


def publisher(engine: Engine, seat: Seat = Seat.LECTURER, brightness: int = 200) -> Publisher:
    return Publisher(f"{engine.centre}/whip/{STREAM}", token=token(engine, Right.PUBLISH, seat), brightness=brightness)


def viewer(engine: Engine) -> Viewer:
    return Viewer(f"{engine.centre}/whep/{STREAM}", token=token(engine, Right.VIEW))


async def until(engine: Engine, seat: str) -> StreamStats:
    """The stream's figures once that seat is on air."""
    return await engine.stats_once(STREAM, lambda stats: stats.air == seat)


async def test_a_lecture_passes_and_ends(engine: Engine) -> None:
    plane = engine.plane
    assert plane.publish_url(STREAM) == f"http://centre.example/whip/{STREAM}"
    assert plane.view_url(STREAM) == f"http://centre.example/whep/{STREAM}"
    assert not (await plane.stats(STREAM)).publisher
    async with publisher(engine) as lecturer, aiohttp.ClientSession() as http:
        await until(engine, "lecturer")
        async with viewer(engine) as first, viewer(engine) as second:
            await first.see(200)
            await second.see(200)
            assert await second.sound() > 1000
            stats = await plane.stats(STREAM)
            assert (stats.publisher, stats.on_air, stats.viewers) == (True, True, 2)
            stats = await engine.stats_once(STREAM, lambda stats: min(stats.packets_in, stats.packets_out) > 0)
            assert stats.bytes_in > 20 * stats.packets_in
            assert lecturer.resource.startswith(f"{engine.centre}/whip/{STREAM}/")
            async with http.delete(lecturer.resource) as response:
                assert response.status == 401
            bearer = {"Authorization": f"Bearer {token(engine, Right.PUBLISH)}"}
            async with http.delete(lecturer.resource, headers=bearer) as response:
                assert response.status == 200
            await plane.close_stream(STREAM)
            stats = await plane.stats(STREAM)
            assert (stats.publisher, stats.viewers) == (False, 0)


async def test_refusals_reach_the_page_with_its_headers(engine: Engine) -> None:
    view = {"Content-Type": "application/sdp", "Authorization": f"Bearer {token(engine, Right.VIEW)}"}
    publish = view | {"Authorization": f"Bearer {token(engine, Right.PUBLISH)}"}
    late = view | {"Authorization": f"Bearer {token(engine, Right.VIEW, until_ns=1)}"}
    good, sending = await offer_of("recvonly"), await offer_of("sendonly", codec="video/VP8")
    async with aiohttp.ClientSession() as http:
        for path, text, sent, status in (
            (f"/whep/{STREAM}", good, {"Content-Type": "application/sdp"}, 401),
            (f"/whep/{STREAM}", good, late, 401),
            (f"/whep/{STREAM}", good, publish, 403),
            (f"/whep/{STREAM}", "x" * (SDP_LIMIT + 1), view, 413),
            (f"/whep/{STREAM}", good, view | {"Content-Type": "text/plain"}, 415),
            (f"/whep/{STREAM}", "v=0", view, 400),
            (f"/whip/{STREAM}", sending, publish, 406),
            ("/whep/..%2f..%2fstats", good, view, 404),
        ):
            async with http.post(engine.centre + path, data=text, headers=sent) as response:
                assert response.status == status, (path, status)
                assert response.headers.get("Access-Control-Allow-Origin") == "*"
                assert response.content_type != "application/sdp"
        async with http.options(f"{engine.centre}/whep/{STREAM}") as response:
            assert response.status == 204
            assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
        async with http.delete(f"{engine.centre}/whep/{STREAM}/nobody", headers=view) as response:
            assert response.status == 404


async def test_candidates_may_come_later_and_only_for_the_present_ice_session(engine: Engine) -> None:
    sent = {"Content-Type": "application/sdp", "Authorization": f"Bearer {token(engine, Right.PUBLISH)}"}
    fragment = sent | {"Content-Type": "application/trickle-ice-sdpfrag"}
    candidate = (
        "m=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=candidate:1 1 udp 2122260223 127.0.0.1 40000 typ host\r\n"
    )
    offer = await offer_of("sendonly")
    async with aiohttp.ClientSession() as http:
        async with http.post(f"{engine.centre}/whip/{STREAM}", data=offer, headers=sent) as response:
            assert response.status == 201
            assert "turn:turn.example:3478" in response.headers["Link"]
            assert "person-1" in response.headers["Link"]
            resource, tag = engine.centre + response.headers["Location"], response.headers["ETag"]
        for match, status in (({}, 428), ({"If-Match": '"other"'}, 412), ({"If-Match": tag}, 204)):
            async with http.patch(resource, data=candidate, headers=fragment | match) as response:
                assert response.status == status


async def test_seats_take_turns_and_no_viewer_is_connected_anew(engine: Engine) -> None:
    async with publisher(engine, Seat.SLATE, 50):
        assert (await until(engine, "slate")).publisher is False
        async with viewer(engine) as one, viewer(engine) as other:
            for each in (one, other):
                await each.see(50)
            async with publisher(engine):
                for each in (one, other):
                    await each.see(200)
                stats = await until(engine, "lecturer")
                assert [(seat.seat, seat.connected) for seat in stats.seats] == [
                    (Seat.LECTURER, True),
                    (Seat.STANDBY, False),
                    (Seat.SLATE, True),
                ]
                await engine.plane.set_air(STREAM, Want.SLATE, standby_armed=False, auto_return=False)
                await one.see(50)
                assert (await until(engine, "slate")).air_why == "ordered"
                await engine.plane.set_air(STREAM, Want.AUTO, standby_armed=False, auto_return=False)
                for each in (one, other):
                    await each.see(200)
            for each in (one, other):
                await each.see(50)
                assert each.state == "connected"
            assert (await until(engine, "slate")).air_why == "lecturer_silent"
            assert await one.sound() > 1000


async def test_a_lecturer_who_comes_again_takes_the_seat_from_the_page_before(engine: Engine) -> None:
    async with publisher(engine, brightness=120):
        await until(engine, "lecturer")
        async with viewer(engine) as one:
            await one.see(120)
            async with publisher(engine, brightness=220):
                await one.see(220)
                assert one.state == "connected"


async def test_a_hushed_stream_is_silent_until_it_may_speak_and_its_publisher_can_be_ended(engine: Engine) -> None:
    async with publisher(engine):
        await until(engine, "lecturer")
        async with viewer(engine) as one:
            await one.see(200)
            assert await one.sound() > 1000
            await engine.plane.hush(STREAM, hushed=True)
            async with asyncio.timeout(30):
                while await one.hears(1.0):
                    pass
            await one.see(200)
            await engine.plane.hush(STREAM, hushed=False)
            async with asyncio.timeout(30):
                while await one.sound() < 1000:
                    pass
            await engine.plane.end_publisher(STREAM)
            await engine.stats_once(STREAM, lambda stats: not stats.publisher)
            assert one.state == "connected"


async def test_what_is_struck_down_is_asked_again_and_serves_with_the_orders_of_before(engine: Engine) -> None:
    async with publisher(engine):
        await until(engine, "lecturer")
        async with viewer(engine) as before:
            await before.see(200)
            await engine.plane.set_air(STREAM, Want.SLATE, standby_armed=False, auto_return=False)
            await engine.plane.set_rungs(STREAM, {"person-1": Rung.SOUND})
            await engine.strike(STREAM)
        async with publisher(engine, brightness=90), publisher(engine, Seat.SLATE, 50):
            assert (await until(engine, "slate")).air_why == "ordered"
            async with viewer(engine) as after:
                assert await after.sound() > 1000
                assert await rungs(engine) == {"person-1": Rung.SOUND}
                await engine.plane.set_rungs(STREAM, {})
                await after.see(50)


async def rungs(engine: Engine) -> dict[str, Rung]:
    return {one.subject: one.rung for one in await engine.plane.viewers(STREAM)}


async def test_what_a_viewer_gets_is_told_and_ordered_by_its_name(engine: Engine) -> None:
    plane = engine.plane
    assert await plane.viewers(STREAM) == []
    async with publisher(engine):
        await until(engine, "lecturer")
        async with viewer(engine) as one:
            await one.see(200)
            (told,) = await plane.viewers(STREAM)
            assert (told.subject, told.rung) == ("person-1", Rung.FULL)
            assert told.why in {"best", "begins"}
            await plane.set_rungs(STREAM, {"person-1": Rung.SOUND, "somebody-else": Rung.LOW})
            await engine.stats_once(STREAM, lambda stats: stats.paused == 1)
            assert (await plane.viewers(STREAM))[0].why == "ordered"
            async with asyncio.timeout(30):
                while await one.sees_anything(0.5):
                    pass
            assert await one.sound() > 1000
            await plane.set_rungs(STREAM, {})
            await one.see(200)
            assert await rungs(engine) == {"person-1": Rung.FULL}


async def test_the_slate_is_there_before_anybody_and_after_them_and_no_viewer_connects_anew(engine: Engine) -> None:
    plane = engine.plane
    # Whoever comes before the slate waits for it with a connection that stands already.
    async with viewer(engine) as one, slate_of(engine, STREAM):
        await one.see(PAPER)
        async with publisher(engine):
            await one.see(200)
            figures = await plane.metrics()
            assert f'stream="{STREAM}"}} 1' in figures
        await one.see(PAPER)
        turns = [(turn.air, turn.why) for turn in (await plane.stats(STREAM)).air_turns]
        # A process that gets no processor for a second takes a turn more.
        assert (turns[0][0], turns[-1]) == ("slate", ("slate", "lecturer_silent"))
        assert ("lecturer", "preferred") in turns
        assert one.state == "connected"
    await engine.stats_once(STREAM, lambda stats: stats.air == "")


async def test_a_lecture_is_recorded_through_a_change_of_who_is_on_air(engine: Engine, tmp_path: Path) -> None:
    view = token(engine, Right.VIEW)
    async with publisher(engine, Seat.SLATE, 50), recorder(engine.centre, tmp_path, stream=STREAM, token=view) as one:

        def seconds() -> float:
            return max((grew.ends for grew in one.of(Grew)), default=0) / 90_000

        await eventually(lambda: seconds() > 0.5, 40)
        async with publisher(engine):
            await until(engine, "lecturer")
            begun = seconds()
            await eventually(lambda: seconds() > begun + 1, 40)
            assert (await engine.plane.stats(STREAM)).viewers == 1
            await one.end()
        await engine.stats_once(STREAM, lambda stats: stats.viewers == 0)
    packets = 0
    for file in sorted(tmp_path.glob("*.mp4")):
        command = ["ffprobe", "-v", "error", "-count_packets", "-of", "csv=p=0", "-show_entries"]
        command += ["stream=codec_type,nb_read_packets", str(file)]
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True, timeout=60)
        assert done.stderr == b""
        found = dict(line.split(",") for line in done.stdout.decode().split())
        assert set(found) == {"audio", "video"}
        packets += int(found["video"])
    assert packets > 30
