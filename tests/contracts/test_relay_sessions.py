"""Sessions of the relay that move, vanish or are too many; real ICE, DTLS and SRTP, no codecs."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from aiortc.rtcdtlstransport import RTCCertificate

from tests.bench.bench_relay import publish
from tests.doubles.eventually import eventually
from tests.doubles.light_peer import AUDIO, VIDEO, LightPeer
from tests.doubles.relay import RunningRelay, relay


@pytest.fixture(scope="module")
def running() -> Iterator[RunningRelay]:
    with relay("--open", "--silence-s", "1.5", "--max-viewers", "12") as one:
        yield one


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


async def sessions(http: aiohttp.ClientSession, running: RunningRelay) -> int:
    async with http.get(f"{running.url}/stats") as response:
        return int((await response.json())["sessions"])


async def connected(http: aiohttp.ClientSession, url: str, direction: str) -> LightPeer:
    peer = LightPeer(RTCCertificate.generateCertificate())
    await peer.connect(http, url, direction)
    return peer


@pytest.mark.parametrize("profile", ["AEAD_AES_128_GCM", "AES128_CM_SHA1_80"])
async def test_a_room_of_viewers_gets_every_packet_in_order(
    running: RunningRelay, http: aiohttp.ClientSession, profile: str
) -> None:
    publisher = LightPeer(RTCCertificate.generateCertificate(), profile)
    viewers = [LightPeer(RTCCertificate.generateCertificate(), profile) for _ in range(9)]
    for viewer in viewers:
        await viewer.connect(http, running.whep(profile), "recvonly")
    await publisher.connect(http, running.whip(profile), "sendonly")
    await publish(publisher, 1.0)
    await eventually(lambda: all(one.received.get(AUDIO, [0])[0] == 50 for one in viewers))
    await eventually(lambda: all(one.received[VIDEO][0] == 282 for one in viewers))
    assert [viewer.lost() for viewer in viewers] == [0] * 9
    assert all(viewer.samples for viewer in viewers)
    for one in (publisher, *viewers):
        one.close()


async def test_a_viewer_who_moves_to_another_address_goes_on_receiving(
    running: RunningRelay, http: aiohttp.ClientSession
) -> None:
    publisher = await connected(http, running.whip("moving"), "sendonly")
    viewer = await connected(http, running.whep("moving"), "recvonly")
    await publish(publisher, 0.3)
    await eventually(lambda: viewer.received[AUDIO][0] == 15)
    viewer.move()
    viewer.check()
    await eventually(lambda: viewer.checked > 0)
    await publish(publisher, 0.3, sequence=1000)
    await eventually(lambda: viewer.received[AUDIO][0] == 30)
    publisher.close()
    viewer.close()


async def test_those_who_vanish_are_dropped(running: RunningRelay, http: aiohttp.ClientSession) -> None:
    publisher = await connected(http, running.whip("vanishing"), "sendonly")
    viewer = await connected(http, running.whep("vanishing"), "recvonly")
    publisher.close()
    viewer.close()
    for _ in range(100):
        if await sessions(http, running) == 0:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("they are still there")


async def test_one_viewer_too_many_is_asked_to_come_later(running: RunningRelay, http: aiohttp.ClientSession) -> None:
    viewers = [await connected(http, running.whep("full"), "recvonly") for _ in range(12)]
    late = LightPeer(RTCCertificate.generateCertificate())
    with pytest.raises(AssertionError, match="full"):
        await late.connect(http, running.whep("full"), "recvonly")
    late.socket.close()
    for viewer in viewers:
        viewer.close()


async def test_media_of_a_stranger_who_guesses_the_address_changes_nothing(
    running: RunningRelay, http: aiohttp.ClientSession
) -> None:
    publisher = await connected(http, running.whip("forged"), "sendonly")
    viewer = await connected(http, running.whep("forged"), "recvonly")
    await publish(publisher, 0.2)
    await eventually(lambda: viewer.received[AUDIO][0] == 10)
    for size in (1, 2, 11, 12, 13, 40, 1300):
        publisher.socket.send(bytes((0x80, AUDIO)) + bytes(size))
        publisher.socket.send(bytes((0x80, 200)) + bytes(size))
        publisher.socket.send(bytes((22,)) + bytes(size))
    await publish(publisher, 0.2, sequence=2000)
    await eventually(lambda: viewer.received[AUDIO][0] == 20)
    publisher.close()
    viewer.close()


async def test_an_empty_datagram_is_nothing(running: RunningRelay, http: aiohttp.ClientSession) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(b"", ("127.0.0.1", running.udp_port))
    viewer = await connected(http, running.whep("empty"), "recvonly")
    viewer.close()
