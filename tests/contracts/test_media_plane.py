"""The embedded media plane: workers as processes, WHIP and WHEP through the centre's own address."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.errors import Refused
from orchestrator.media.port import MediaPlane
from orchestrator.media.routes import SDP_LIMIT, routes
from orchestrator.media.tokens import Right
from orchestrator.media.workers import EmbeddedRelay, RelaySettings
from orchestrator.web.kit import Identity, Route
from orchestrator.web.server import application, listening_socket, serving
from tests.doubles.eventually import eventually
from tests.doubles.webrtc import Publisher, Viewer, offer_of

FAR_FUTURE_NS = 1 << 62
STREAM = "ses-1-lecture"


class AnyoneMay:
    """A gate that lets everybody pass."""

    async def admit(self, request: web.Request, route: Route) -> Identity | None:
        return None


@pytest.fixture
async def plane() -> AsyncIterator[tuple[EmbeddedRelay, str]]:
    """Two workers behind a centre; yields the plane and the centre's address."""
    settings = RelaySettings(udp_port=0, workers=2, log_level="error")
    async with AsyncExitStack() as stack:
        relay = EmbeddedRelay(settings, Ed25519PrivateKey.generate(), "http://centre.example/")
        await relay.start()
        stack.push_async_callback(relay.stop)
        bound = listening_socket("127.0.0.1", 0)
        await stack.enter_async_context(serving(application(routes(relay), AnyoneMay()), bound))
        yield relay, f"http://127.0.0.1:{bound.getsockname()[1]}"


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
