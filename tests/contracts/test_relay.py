"""The relay against real WebRTC ends: a publisher by WHIP, viewers by WHEP, and those who ask badly."""

from __future__ import annotations

import random
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.media.tokens import Right, StreamToken, public_text, sign
from tests.doubles.relay import RunningRelay, relay
from tests.doubles.webrtc import Publisher, Viewer, offer_of

FAR_FUTURE_NS = 1 << 62
KEY = Ed25519PrivateKey.generate()
SDP = {"Content-Type": "application/sdp"}
FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag"}


@pytest.fixture(scope="module")
def open_relay() -> Iterator[RunningRelay]:
    with relay("--open", "--ice-server", "stun:127.0.0.1:3478") as running:
        yield running


@pytest.fixture(scope="module")
def guarded_relay() -> Iterator[RunningRelay]:
    environment = {
        "DIEMCAU_RELAY__TOKEN_KEY": public_text(KEY.public_key()),
        "DIEMCAU_RELAY__CONTROL_KEY": "of-the-test",
    }
    with relay(environment=environment) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


def token(right: Right, stream: str = "s1-lecture", expires_ns: int = FAR_FUTURE_NS) -> str:
    return sign(StreamToken("s1", stream, right, "person-1", expires_ns), KEY)


async def figures(http: aiohttp.ClientSession, running: RunningRelay) -> dict[str, object]:
    async with http.get(f"{running.url}/stats") as response:
        answer: dict[str, object] = await response.json()
        return answer


async def test_three_viewers_see_and_hear_a_publisher(open_relay: RunningRelay) -> None:
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(Publisher(open_relay.whip("three")))
        viewers = [await stack.enter_async_context(Viewer(open_relay.whep("three"))) for _ in range(3)]
        for viewer in viewers:
            await viewer.see(200)
            assert await viewer.sound() > 1000


async def test_a_viewer_who_is_early_starts_when_the_publisher_comes(open_relay: RunningRelay) -> None:
    async with Viewer(open_relay.whep("early")) as viewer, Publisher(open_relay.whip("early"), brightness=90):
        await viewer.see(90)
        assert await viewer.sound() > 1000


async def test_a_late_viewer_gets_the_picture_of_the_last_keyframe_at_once(open_relay: RunningRelay) -> None:
    async with Publisher(open_relay.whip("late")), Viewer(open_relay.whep("late")) as first:
        for _ in range(30):
            await first.picture()
        async with Viewer(open_relay.whep("late")) as late:
            assert await late.see(200) == 0


async def test_viewers_stay_connected_when_another_publisher_takes_over(
    open_relay: RunningRelay, http: aiohttp.ClientSession
) -> None:
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(Publisher(open_relay.whip("takeover"), brightness=220))
        viewers = [await stack.enter_async_context(Viewer(open_relay.whep("takeover"))) for _ in range(2)]
        for viewer in viewers:
            await viewer.see(220)
        second = await stack.enter_async_context(Publisher(open_relay.whip("takeover"), brightness=50))
        for viewer in viewers:
            await viewer.see(50)
            assert viewer.state == "connected"
        answer = await figures(http, open_relay)
        stream = next(one for one in answer["streams"] if one["stream"] == "takeover")  # type: ignore[attr-defined]
        assert (stream["publisher"], stream["viewers"]) == (True, 2)
        # Who was put off the air must not come back as after a fault: the two would drive each other out for ever.
        async with http.delete(first.resource) as response:
            assert (response.status, (await response.json())["code"]) == (410, "replaced")
        async with http.delete(first.resource.replace("takeover", "another")) as response:
            assert response.status == 404
        async with http.delete(second.resource) as response:
            assert response.status == 200
        # Nobody sits there any more: the first may come back.
        async with http.delete(first.resource) as response:
            assert response.status == 404


async def test_a_publisher_who_ended_the_session_may_come_back(
    open_relay: RunningRelay, http: aiohttp.ClientSession
) -> None:
    async with Viewer(open_relay.whep("back")) as viewer:
        async with Publisher(open_relay.whip("back"), brightness=220) as publisher:
            await viewer.see(220)
            async with http.delete(publisher.resource) as response:
                assert response.status == 200
            async with http.delete(publisher.resource) as response:
                assert response.status == 404
        async with Publisher(open_relay.whip("back"), brightness=50):
            await viewer.see(50)


async def test_bad_offers_are_refused_while_a_viewer_goes_on_seeing(
    open_relay: RunningRelay, http: aiohttp.ClientSession
) -> None:
    async with Publisher(open_relay.whip("robust")), Viewer(open_relay.whep("robust")) as viewer:
        await viewer.see(200)
        good = await offer_of("recvonly")
        vp8 = await offer_of("recvonly", codec="video/VP8")
        for text, headers, status, code in (
            ("", SDP, 400, "malformed"),
            ("v=0\r\nthis is no SDP", SDP, 400, "malformed"),
            (good.replace("a=ice-pwd", "a=ice-nopwd"), SDP, 400, "malformed"),
            (good.replace("sha-256", "md5").replace("sha-384", "md5").replace("sha-512", "md5"), SDP, 400, "malformed"),
            (vp8, SDP, 406, "not_acceptable"),
            (good, {"Content-Type": "text/plain"}, 415, "wrong_content_type"),
            ("v=0\r\n" + "a=x\r\n" * 20_000, SDP, 413, "too_large"),
        ):
            for url in (open_relay.whep("robust"), open_relay.whip("robust")):
                async with http.post(url, data=text, headers=headers) as response:
                    assert (response.status, (await response.json())["code"]) == (status, code)
        for _ in range(5):
            await viewer.see(200)


async def test_garbage_datagrams_are_counted_and_change_nothing(
    open_relay: RunningRelay, http: aiohttp.ClientSession
) -> None:
    async with Publisher(open_relay.whip("garbage")), Viewer(open_relay.whep("garbage")) as viewer:
        await viewer.see(200)
        chance = random.Random(7)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for _ in range(500):
                stranger.sendto(chance.randbytes(chance.randrange(1, 1400)), ("127.0.0.1", open_relay.udp_port))
        for _ in range(5):
            await viewer.see(200)
        drops = (await figures(http, open_relay))["drops"]
        assert sum(drops.values()) >= 400  # type: ignore[attr-defined]


async def test_the_answer_tells_where_the_session_is_and_which_servers_help(
    open_relay: RunningRelay, http: aiohttp.ClientSession
) -> None:
    async with http.post(open_relay.whep("headers"), data=await offer_of("recvonly"), headers=SDP) as response:
        assert response.status == 201
        assert response.content_type == "application/sdp"
        assert response.headers["Location"].startswith("/whep/headers/")
        assert response.headers["ETag"].startswith('"')
        assert response.headers["Link"] == '<stun:127.0.0.1:3478>; rel="ice-server"'
        exposed = response.headers["Access-Control-Expose-Headers"]
        assert {"Location", "ETag", "Link"} <= {word.strip() for word in exposed.split(",")}
    async with http.options(open_relay.whip("headers")) as response:
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
        assert response.headers["Accept-Post"] == "application/sdp"


async def test_trickled_candidates_are_taken_and_a_restart_gives_new_credentials(
    open_relay: RunningRelay, http: aiohttp.ClientSession
) -> None:
    async with http.post(open_relay.whep("patch"), data=await offer_of("recvonly"), headers=SDP) as response:
        session, tag = open_relay.url + response.headers["Location"], response.headers["ETag"]
    candidate = "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n"
    for headers, status in (({}, 428), ({"If-Match": '"other"'}, 412), ({"If-Match": tag}, 204)):
        async with http.patch(session, data=candidate, headers={**FRAGMENT, **headers}) as response:
            assert response.status == status
    new = "a=ice-ufrag:newufrag\r\na=ice-pwd:newpasswordnewpasswordnew\r\n"
    async with http.patch(session, data=new, headers={**FRAGMENT, "If-Match": "*"}) as response:
        assert response.status == 200
        assert response.headers["ETag"] != tag
        assert "a=ice-ufrag:" in await response.text()
    async with http.patch(session + "x", data=new, headers={**FRAGMENT, "If-Match": "*"}) as response:
        assert response.status == 404


async def test_only_a_fitting_token_opens_a_guarded_stream(
    guarded_relay: RunningRelay, http: aiohttp.ClientSession
) -> None:
    forged = sign(StreamToken("s1", "s1-lecture", Right.VIEW, "x", FAR_FUTURE_NS), Ed25519PrivateKey.generate())
    offer = await offer_of("recvonly")
    for text, status, code in (
        (None, 401, "token_missing"),
        ("nonsense", 401, "token_malformed"),
        (forged, 401, "token_forged"),
        (token(Right.VIEW, expires_ns=1), 401, "token_expired"),
        (token(Right.PUBLISH), 403, "token_other"),
        (token(Right.VIEW, "s2-lecture"), 403, "token_other"),
    ):
        headers = {**SDP, **({"Authorization": f"Bearer {text}"} if text else {})}
        async with http.post(guarded_relay.whep(), data=offer, headers=headers) as response:
            assert (response.status, (await response.json())["code"]) == (status, code)
            assert ("WWW-Authenticate" in response.headers) == (status == 401)
    async with (
        Publisher(guarded_relay.whip(), token=token(Right.PUBLISH)),
        Viewer(guarded_relay.whep(), token=token(Right.VIEW)) as viewer,
    ):
        await viewer.see(200)


async def test_only_the_centre_may_end_a_stream(guarded_relay: RunningRelay, http: aiohttp.ClientSession) -> None:
    headers = {**SDP, "Authorization": f"Bearer {token(Right.VIEW)}"}
    async with http.post(guarded_relay.whep(), data=await offer_of("recvonly"), headers=headers) as response:
        assert response.status == 201
    url = f"{guarded_relay.url}/streams/s1-lecture"
    async with http.delete(url, headers={"X-Control-Key": "guessed"}) as response:
        assert response.status == 403
    async with http.delete(url, headers={"X-Control-Key": "of-the-test"}) as response:
        assert (await response.json())["closed"] >= 1
    for body, key, status in (
        ('{"want":"slate","standby_armed":true}', "guessed", 403),
        ('{"want":"nobody"}', "of-the-test", 400),
        ("not JSON", "of-the-test", 400),
        ('{"want":"slate","standby_armed":true}', "of-the-test", 200),
    ):
        async with http.put(f"{url}/air", data=body, headers={"X-Control-Key": key}) as response:
            assert response.status == status
    assert (await figures(http, guarded_relay))["sessions"] == 0
