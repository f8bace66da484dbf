"""The embedded media plane: workers as processes, WHIP and WHEP through the centre's own address."""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import aiohttp
import psutil
import pytest

from orchestrator.errors import Refused
from orchestrator.media.port import MediaPlane, Rung, StreamStats, Want
from orchestrator.media.relay.limits import Limits
from orchestrator.media.routes import SDP_LIMIT, routes
from orchestrator.media.tokens import Right, Seat
from orchestrator.media.workers import EmbeddedRelay, Reply
from orchestrator.web.server import application, listening_socket, serving
from tests.doubles.eventually import eventually
from tests.doubles.small_centre import AnyoneMay, small_centre
from tests.doubles.webrtc import Publisher, Viewer, offer_of

FAR_FUTURE_NS = 1 << 62
STREAM = "ses-1-lecture"


class NobodyThere:
    """A door behind which nobody is."""

    async def ask(self, method: str, stream: str, path: str, headers: dict[str, str], content: bytes) -> Reply:
        raise AssertionError(path)


@pytest.fixture
async def plane() -> AsyncIterator[tuple[EmbeddedRelay, str]]:
    """Two workers behind a centre; yields the plane and the centre's address."""
    async with small_centre(spare=False) as both:
        yield both


def token(relay: MediaPlane, right: Right, stream: str = STREAM) -> str:
    return relay.token("ses-1", stream, right, "person-1", FAR_FUTURE_NS)


async def test_a_lecture_passes_through_the_centres_address(plane: tuple[EmbeddedRelay, str]) -> None:
    relay, centre = plane
    assert relay.publish_url(STREAM) == f"http://centre.example/whip/{STREAM}"
    assert relay.view_url(STREAM) == f"http://centre.example/whep/{STREAM}"
    assert not (await relay.stats(STREAM)).publisher
    async with (
        Publisher(f"{centre}/whip/{STREAM}", token=token(relay, Right.PUBLISH)) as publisher,
        Viewer(f"{centre}/whep/{STREAM}", token=token(relay, Right.VIEW)) as viewer,
        aiohttp.ClientSession() as http,
    ):
        await viewer.see(200)
        stats = await relay.stats(STREAM)
        assert (stats.publisher, stats.on_air, stats.viewers) == (True, True, 1)
        assert publisher.resource.startswith(f"{centre}/whip/{STREAM}/")
        async with http.delete(publisher.resource) as response:
            assert response.status == 401
        bearer = {"Authorization": f"Bearer {token(relay, Right.PUBLISH)}"}
        async with http.delete(publisher.resource, headers=bearer) as response:
            assert response.status == 200
        await relay.close_stream(STREAM)
        assert (await relay.stats(STREAM)).viewers == 0


async def test_refusals_reach_the_page_with_its_headers(plane: tuple[EmbeddedRelay, str]) -> None:
    relay, centre = plane
    headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {token(relay, Right.VIEW)}"}
    good = await offer_of("recvonly")
    async with aiohttp.ClientSession() as http:
        for path, text, sent, status in (
            (f"/whep/{STREAM}", good, {"Content-Type": "application/sdp"}, 401),
            (f"/whep/{STREAM}", "x" * (SDP_LIMIT + 1), headers, 413),
            (f"/whep/{STREAM}", "v=0", headers, 400),
            ("/whep/..%2f..%2fstats", good, headers, 404),
            (f"/whep/{STREAM}", good, headers, 201),
        ):
            async with http.post(centre + path, data=text, headers=sent) as response:
                assert response.status == status
                assert response.headers.get("Access-Control-Allow-Origin") == "*"
        async with http.options(f"{centre}/whep/{STREAM}") as response:
            assert response.status == 204
            assert "Authorization" in response.headers["Access-Control-Allow-Headers"]


async def test_an_offer_that_does_not_come_is_not_waited_for_for_ever() -> None:
    async with AsyncExitStack() as stack:
        bound = listening_socket("127.0.0.1", 0)
        routed = application(routes(NobodyThere(), body_s=0.1), AnyoneMay())
        await stack.enter_async_context(serving(routed, bound))
        reader, writer = await asyncio.open_connection("127.0.0.1", bound.getsockname()[1])
        writer.write(f"POST /whep/{STREAM} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nv=0".encode())
        async with asyncio.timeout(30):
            assert (await reader.readline()).split()[1] == b"408"
        writer.close()


async def test_a_worker_that_hangs_is_ended_and_started_again() -> None:
    async with small_centre(workers=1, hang_s=3.0) as (relay, _):
        workers = [one for one in psutil.Process().children() if "orchestrator.media.relay.main" in one.cmdline()]
        oldest = min(workers, key=lambda one: one.create_time())
        oldest.send_signal(signal.SIGSTOP)
        await eventually(lambda: relay.restarts > 0 and relay.ready, limit_s=40)
        assert not oldest.is_running()
        assert (await relay.stats(STREAM)).viewers == 0


def seat_token(relay: MediaPlane, seat: Seat) -> str:
    return relay.token("ses-1", STREAM, Right.PUBLISH, "slate-1", FAR_FUTURE_NS, seat=seat)


async def on_air(relay: MediaPlane, seat: str) -> StreamStats:
    """The stream's figures once that seat is on air."""
    async with asyncio.timeout(30):
        while True:
            stats = await relay.stats(STREAM)
            if stats.air == seat:
                return stats
            await asyncio.sleep(0.05)


async def test_seats_take_turns_and_no_viewer_is_connected_anew(plane: tuple[EmbeddedRelay, str]) -> None:
    relay, centre = plane
    whip = f"{centre}/whip/{STREAM}"
    async with (
        Publisher(whip, token=seat_token(relay, Seat.SLATE), brightness=50),
        Viewer(f"{centre}/whep/{STREAM}", token=token(relay, Right.VIEW)) as viewer,
    ):
        await viewer.see(50)
        assert (await on_air(relay, "slate")).publisher is False
        async with Publisher(whip, token=token(relay, Right.PUBLISH), brightness=200):
            await viewer.see(200)
            stats = await on_air(relay, "lecturer")
            assert [(one.seat, one.connected) for one in stats.seats] == [
                (Seat.LECTURER, True),
                (Seat.STANDBY, False),
                (Seat.SLATE, True),
            ]
            await relay.set_air(STREAM, Want.SLATE, standby_armed=False, auto_return=False)
            await viewer.see(50)
            assert (await on_air(relay, "slate")).air_why == "ordered"
            await relay.set_air(STREAM, Want.AUTO, standby_armed=False, auto_return=False)
            await viewer.see(200)
        await viewer.see(50)
        assert (await on_air(relay, "slate")).air_why == "lecturer_silent"
        assert viewer.state == "connected"
        assert await viewer.sound() > 1000


async def rungs(relay: EmbeddedRelay) -> dict[str, Rung]:
    return {one.subject: one.rung for one in await relay.viewers(STREAM)}


async def test_what_a_viewer_gets_is_told_and_ordered_by_its_name(plane: tuple[EmbeddedRelay, str]) -> None:
    relay, centre = plane
    assert await relay.viewers(STREAM) == []
    async with (
        Publisher(f"{centre}/whip/{STREAM}", token=token(relay, Right.PUBLISH)),
        Viewer(f"{centre}/whep/{STREAM}", token=token(relay, Right.VIEW)) as viewer,
    ):
        await viewer.see(200)
        assert await rungs(relay) == {"person-1": Rung.FULL}
        await relay.set_rungs(STREAM, {"person-1": Rung.SOUND, "somebody-else": Rung.LOW})
        await until(lambda: rungs(relay), {"person-1": Rung.SOUND})
        assert await viewer.sound() > 1000
        await relay.set_rungs(STREAM, {})
        await until(lambda: rungs(relay), {"person-1": Rung.FULL})
        await viewer.see(200)


async def until(look: Callable[[], Awaitable[object]], wanted: object) -> None:
    """Until a look finds this."""
    async with asyncio.timeout(30):
        while True:
            if await look() == wanted:
                return
            await asyncio.sleep(0.05)


async def test_an_order_outlives_the_worker_it_was_given_to(plane: tuple[EmbeddedRelay, str]) -> None:
    relay, centre = plane
    await relay.set_air(STREAM, Want.SLATE, standby_armed=True, auto_return=False)
    await relay.hush(STREAM, hushed=True)
    relay.kill_worker_of(STREAM)
    await eventually(lambda: relay.restarts == 1)
    await eventually(lambda: relay.ready)
    whip = f"{centre}/whip/{STREAM}"
    async with (
        Publisher(whip, token=token(relay, Right.PUBLISH)),
        Publisher(whip, token=seat_token(relay, Seat.SLATE)),
    ):
        assert (await on_air(relay, "slate")).air_why == "ordered"
        # Whoever publishes to the new one is not heard either, from its first packet on.
        await until(lambda: hushed(relay), wanted=True)
        await relay.close_stream(STREAM)
    assert (await relay.stats(STREAM)).air == ""


async def hushed(relay: EmbeddedRelay) -> bool:
    """Whether sound was dropped by order."""
    return re.search(r'reason="hushed"[^}]*} [1-9]', await relay.metrics()) is not None


async def test_an_order_that_a_worker_refuses_when_it_is_back_is_given_again_and_counted() -> None:
    async with small_centre(workers=1, spare=False) as (relay, _):
        for place in range(Limits().streams):
            await relay.hush(f"{STREAM}-{place}", hushed=True)
        with pytest.raises(Refused):
            await relay.hush(STREAM, hushed=True)
        assert await refusals(relay) == 0
        relay.kill_worker_of(STREAM)
        # Whichever comes last is one too many, at the first try and at the second.
        await until(lambda: more_than_one_refusal(relay), wanted=True)


async def more_than_one_refusal(relay: EmbeddedRelay) -> bool:
    return await refusals(relay) > 1


async def refusals(relay: EmbeddedRelay) -> int:
    """Orders that a worker did not take when it was back."""
    found = re.search(r'diemcau_relay_orders_refused_total{worker="0"} (\d+)', await relay.metrics())
    return int(found[1]) if found else -1


async def test_a_dead_worker_is_started_again(plane: tuple[EmbeddedRelay, str]) -> None:
    relay, centre = plane
    relay.kill_worker_of(STREAM)
    await eventually(lambda: relay.restarts == 1)
    with pytest.raises(Refused) as refused:
        await relay.stats(STREAM)
    assert refused.value.code == "media_unavailable"
    await eventually(lambda: relay.ready)
    async with (
        Publisher(f"{centre}/whip/{STREAM}", token=token(relay, Right.PUBLISH)),
        Viewer(f"{centre}/whep/{STREAM}", token=token(relay, Right.VIEW)) as viewer,
    ):
        await viewer.see(200)


async def test_a_hushed_stream_is_seen_and_not_heard_and_its_publisher_can_be_ended(
    plane: tuple[EmbeddedRelay, str],
) -> None:
    relay, centre = plane
    async with (
        Publisher(f"{centre}/whip/{STREAM}", token=token(relay, Right.PUBLISH)),
        Viewer(f"{centre}/whep/{STREAM}", token=token(relay, Right.VIEW)) as viewer,
    ):
        assert await viewer.sound() > 1000
        await relay.hush(STREAM, hushed=True)
        before = await relay.stats(STREAM)
        await viewer.see(200)
        for _ in range(30):
            await viewer.picture()
        after = await relay.stats(STREAM)
        # Only pictures came through meanwhile: sound would have been fifty packets a second.
        assert after.packets_in - before.packets_in < 60
        await relay.hush(STREAM, hushed=False)
        assert await viewer.sound() > 1000
        await relay.end_publisher(STREAM)
        stats = await relay.stats(STREAM)
        assert (stats.publisher, stats.viewers) == (False, 1)
