"""Sessions of the relay that move, vanish or are too many; real ICE, DTLS and SRTP, no codecs."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Iterator
from functools import partial

import aiohttp
import pytest
from aiortc.rtcdtlstransport import RTCCertificate

from orchestrator.media.relay import rtcp
from tests.bench.bench_relay import HEADER, lecture, publish
from tests.doubles.eventually import eventually
from tests.doubles.light_peer import AUDIO, REPAIR, VIDEO, LightPeer
from tests.doubles.relay import RunningRelay, relay
from tests.doubles.small_day import until_told

PARTING = 40
"""Viewers to whom a relay that stops says goodbye one after the other, for about two seconds."""


@pytest.fixture(scope="module")
def running() -> Iterator[RunningRelay]:
    with relay("--open", "--max-viewers", "12") as one:
        yield one


@pytest.fixture
def impatient() -> Iterator[RunningRelay]:
    with relay("--open", "--silence-s", "1.5") as one:
        yield one


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


async def sessions(http: aiohttp.ClientSession, running: RunningRelay) -> int:
    async with http.get(f"{running.url}/stats") as response:
        return int((await response.json())["sessions"])


async def held(http: aiohttp.ClientSession, running: RunningRelay) -> dict[str, float]:
    async with http.get(f"{running.url}/stats") as response:
        found: dict[str, float] = (await response.json())["held"]
        return found


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
    await eventually(lambda: all(one.received.get(VIDEO, [0])[0] == 282 for one in viewers))
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
    await eventually(lambda: viewer.received.get(AUDIO, [0])[0] == 15)
    viewer.move()
    viewer.check()
    await eventually(lambda: viewer.checked > 0)
    await publish(publisher, 0.3, sequence=1000)
    await eventually(lambda: viewer.received.get(AUDIO, [0])[0] == 30)
    publisher.close()
    viewer.close()


async def test_those_who_vanish_are_dropped(impatient: RunningRelay, http: aiohttp.ClientSession) -> None:
    publisher = await connected(http, impatient.whip("vanishing"), "sendonly")
    viewer = await connected(http, impatient.whep("vanishing"), "recvonly")
    publisher.close()
    viewer.close()
    for _ in range(100):
        if await sessions(http, impatient) == 0:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("they are still there")


async def test_no_address_of_a_viewer_is_kept_when_it_has_gone(
    impatient: RunningRelay, http: aiohttp.ClientSession
) -> None:
    viewer = await connected(http, impatient.whep("roaming"), "recvonly")
    others = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(12)]
    for one in others:
        one.sendto(viewer.binding(nominates=False), viewer.socket.getpeername())
        one.settimeout(5)
        assert await asyncio.to_thread(one.recv, 2048)
    assert 2 < (await held(http, impatient))["addresses"] <= 9
    async with http.delete(f"{impatient.url}{viewer.resource}") as response:
        assert response.status == 200
    viewer.close()
    for one in others:
        one.close()

    async def none_is() -> bool:
        return not (await held(http, impatient))["addresses"]

    await until_told(none_is, "no address being kept")


async def test_a_relay_that_stops_takes_nobody_new_and_says_goodbye_to_each(http: aiohttp.ClientSession) -> None:
    with relay("--open") as stopping:
        viewers = [await connected(http, stopping.whep("stop"), "recvonly") for _ in range(PARTING)]
        async with http.get(f"{stopping.url}/metrics") as response:
            assert f'diemcau_relay_viewers{{worker="0",stream="stop"}} {PARTING}' in await response.text()
        gone = list[int]()
        for index, viewer in enumerate(viewers):
            viewer.on_closed(partial(gone.append, index))
        late = LightPeer(RTCCertificate.generateCertificate())
        stopping.process.terminate()
        await eventually(lambda: len(gone) > 0)
        with pytest.raises(AssertionError, match="stopping"):
            await late.connect(http, stopping.whep("stop"), "recvonly")
        late.socket.close()
        await eventually(lambda: len(gone) == PARTING)
        for viewer in viewers:
            viewer.close()
        await asyncio.to_thread(stopping.process.wait, 10)


async def test_one_viewer_too_many_is_asked_to_come_later(running: RunningRelay, http: aiohttp.ClientSession) -> None:
    viewers = [await connected(http, running.whep("full"), "recvonly") for _ in range(12)]
    late = LightPeer(RTCCertificate.generateCertificate())
    with pytest.raises(AssertionError, match="full"):
        await late.connect(http, running.whep("full"), "recvonly")
    async with http.get(f"{running.url}/metrics") as response:
        assert 'diemcau_relay_refused_total{worker="0",reason="full_viewers"} 1' in (await response.text()).splitlines()
    late.socket.close()
    for viewer in viewers:
        viewer.close()


async def test_media_of_a_stranger_who_guesses_the_address_changes_nothing(
    running: RunningRelay, http: aiohttp.ClientSession
) -> None:
    publisher = await connected(http, running.whip("forged"), "sendonly")
    viewer = await connected(http, running.whep("forged"), "recvonly")
    await publish(publisher, 0.2)
    await eventually(lambda: viewer.received.get(AUDIO, [0])[0] == 10)
    for size in (1, 2, 11, 12, 13, 40, 1300):
        publisher.socket.send(bytes((0x80, AUDIO)) + bytes(size))
        publisher.socket.send(bytes((0x80, 200)) + bytes(size))
        publisher.socket.send(bytes((22,)) + bytes(size))
    await publish(publisher, 0.2, sequence=2000)
    await eventually(lambda: viewer.received.get(AUDIO, [0])[0] == 20)
    publisher.close()
    viewer.close()


async def test_an_empty_datagram_is_nothing(running: RunningRelay, http: aiohttp.ClientSession) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(b"", ("127.0.0.1", running.udp_port))
    viewer = await connected(http, running.whep("empty"), "recvonly")
    viewer.close()


def _missing(peer: LightPeer) -> list[int]:
    reports = [one for compound in peer.reports for one in rtcp.parse(compound)]
    return [number for one in reports if isinstance(one, rtcp.Missing) for number in one.sequences]


async def test_what_a_viewer_lost_comes_again_as_rtx(running: RunningRelay, http: aiohttp.ClientSession) -> None:
    publisher = await connected(http, running.whip("rtx-out"), "sendonly")
    viewer = await connected(http, running.whep("rtx-out"), "recvonly")
    await publish(publisher, 0.5)
    await eventually(lambda: viewer.received.get(VIDEO, [0])[0] > 100)
    group = re.search(r"ssrc-group:FID (\d+) (\d+)", viewer.answer)
    assert group is not None
    newest = viewer.received[VIDEO][2]
    viewer.tell(rtcp.nack(1, int(group[1]), [(newest - n) & 0xFFFF for n in range(9, -1, -1)]))
    await eventually(lambda: viewer.received.get(REPAIR, [0])[0] == 10)
    assert viewer.lost() == 0
    publisher.close()
    viewer.close()


async def test_what_the_relay_lost_of_a_publisher_is_asked_for_and_taken_as_rtx(
    running: RunningRelay, http: aiohttp.ClientSession
) -> None:
    publisher = await connected(http, running.whip("rtx-in"), "sendonly")
    viewer = await connected(http, running.whep("rtx-in"), "recvonly")
    held: dict[int, bytes] = {}
    for _, packet in lecture(0.5):
        _, second, sequence, _, _ = HEADER.unpack_from(packet)
        if second & 0x7F == VIDEO and 20 <= sequence < 30:
            held[sequence] = packet
        else:
            publisher.media(packet)
    await eventually(lambda: set(held) <= set(_missing(publisher)))
    for number, packet in enumerate(held.values()):
        _, second, sequence, stamp, _ = HEADER.unpack_from(packet)
        head = HEADER.pack(0x80, second & 0x80 | REPAIR, number, stamp, 99)
        publisher.media(head + sequence.to_bytes(2, "big") + packet[12:])
    await eventually(lambda: viewer.received.get(VIDEO, [0])[0] == 141 and viewer.lost() == 0)
    publisher.close()
    viewer.close()


async def test_a_room_of_ipv6_is_served_as_any(http: aiohttp.ClientSession) -> None:
    with relay("--open", "--bind", "::1", "--http-bind", "127.0.0.1") as six:
        publisher = await connected(http, six.whip("six"), "sendonly")
        viewers = [await connected(http, six.whep("six"), "recvonly") for _ in range(7)]
        await publish(publisher, 0.3)
        await eventually(lambda: all(one.received.get(AUDIO, [0])[0] == 15 for one in viewers))
        assert "a=candidate:1 1 udp 2130706431 ::1 " in publisher.answer
        for one in (publisher, *viewers):
            one.close()
