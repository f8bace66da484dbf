"""A publisher that asks is told when its packets came; those who view it are told nothing of that."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from aiortc.rtcdtlstransport import RTCCertificate
from aiortc.rtp import unpack_header_extensions

from orchestrator.media.relay import rtp
from orchestrator.media.relay.extensions import TRANSPORT_SEQUENCE
from tests.doubles.eventually import eventually
from tests.doubles.light_peer import REPAIR, VIDEO, LightPeer
from tests.doubles.relay import RunningRelay, relay
from tests.doubles.transport_feedback import is_feedback, read

SSRC, PADDING_SSRC = 7, 8
NUMBER = 2
"""Also that of a viewer's abs-send-time: what a publisher writes under it must not reach a viewer. Of a publisher the
relay does not take that time, so that the number is free."""
ASKS = (f"a=extmap:{NUMBER} {TRANSPORT_SEQUENCE}", f"a=rtcp-fb:{VIDEO} transport-cc")
FIRST = 0xFFF0


@pytest.fixture(scope="module")
def running() -> Iterator[RunningRelay]:
    with relay("--open") as one:
        yield one


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


class Numbered:
    """A publisher whose packets are numbered across its sources."""

    def __init__(self, peer: LightPeer) -> None:
        self._peer = peer
        self._sequence = 100

    def picture(self, number: int) -> None:
        """A keyframe of one packet."""
        self._sequence += 1
        self._send(VIDEO, SSRC, self._sequence, number, b"\x65\x88" + bytes(200))

    def padding(self, number: int) -> None:
        """A repair of nothing, as it is sent to try the line."""
        self._send(REPAIR, PADDING_SSRC, number, number, b"")

    def _send(self, kind: int, ssrc: int, sequence: int, number: int, payload: bytes) -> None:
        head = struct.pack("!BBHII", 0x90, 0x80 | kind, sequence & 0xFFFF, sequence * 3000, ssrc)
        block = struct.pack("!HHBHx", 0xBEDE, 1, NUMBER << 4 | 1, number & 0xFFFF)
        self._peer.media(head + block + payload)

    def came(self) -> dict[int, int | None]:
        """What all feedback says: a number and when it came."""
        feedback = [read(one) for one in self._peer.reports if is_feedback(one)]
        assert all(one.source in {SSRC, PADDING_SSRC} for one in feedback)
        return {(one.base + n) & 0xFFFF: at for one in feedback for n, at in enumerate(one.came)}


async def test_each_packet_of_a_publisher_is_told_of_padding_too_and_what_never_came_as_missing(
    running: RunningRelay, http: aiohttp.ClientSession
) -> None:
    publisher = LightPeer(RTCCertificate.generateCertificate(), more=ASKS)
    await publisher.connect(http, running.whip("told"), "sendonly")
    assert set(ASKS) <= set(publisher.answer.split("\r\n"))
    numbered = Numbered(publisher)
    numbers = range(FIRST, FIRST + 250)
    for number in numbers:
        if number == FIRST + 25:
            continue
        (numbered.padding if number % 5 == 0 else numbered.picture)(number)
    await eventually(lambda: {number & 0xFFFF for number in numbers} <= numbered.came().keys())
    came = numbered.came()
    assert {number for number, at in came.items() if at is None} == {(FIRST + 25) & 0xFFFF}
    ticks = [at for number in numbers if (at := came[number & 0xFFFF]) is not None]
    assert ticks == sorted(ticks)
    publisher.hang_up()


async def test_whoever_asks_for_none_gets_none(running: RunningRelay, http: aiohttp.ClientSession) -> None:
    publisher = LightPeer(RTCCertificate.generateCertificate())
    await publisher.connect(http, running.whip("not-told"), "sendonly")
    numbered = Numbered(publisher)
    numbered.picture(1)
    # Two reports of half a second: had there been feedback it would have come between.
    await eventually(lambda: len(publisher.reports) >= 2)
    assert numbered.came() == {}
    publisher.hang_up()


async def test_the_numbers_do_not_reach_a_viewer_under_a_number_that_means_something_else_there(
    running: RunningRelay, http: aiohttp.ClientSession
) -> None:
    certificate = RTCCertificate.generateCertificate()
    publisher, viewer = LightPeer(certificate, more=ASKS), LightPeer(certificate)
    await publisher.connect(http, running.whip("apart"), "sendonly")
    await viewer.connect(http, running.whep("apart"), "recvonly")
    assert TRANSPORT_SEQUENCE not in viewer.answer
    loop = asyncio.get_running_loop()
    loop.remove_reader(viewer.socket)
    numbered = Numbered(publisher)
    for number in range(20):
        numbered.picture(number)
    async with asyncio.timeout(20):
        while True:
            data = await loop.sock_recv(viewer.socket, 2048)
            if 128 <= data[0] <= 191 and not rtp.is_rtcp(data):
                break
    assert viewer.keys is not None
    packet = rtp.parse(viewer.keys.inbound.unprotect(data))
    assert packet is not None
    elements = dict(unpack_header_extensions(0xBEDE, packet.extension[4:]))
    assert {number: len(value) for number, value in elements.items()} == {2: 3, 4: 1}
    for one in (publisher, viewer):
        one.hang_up()
