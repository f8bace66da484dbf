"""A publisher of two sizes and viewers who report what their lines take; real ICE, DTLS and SRTP, no codecs."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from aiortc.rtcdtlstransport import RTCCertificate

from orchestrator.media.relay import rtcp
from tests.doubles.light_peer import AUDIO, VIDEO, VP8, LightPeer
from tests.doubles.relay import RunningRelay, relay
from tests.doubles.vp8_lecture import Vp8Encoder
from tests.doubles.webrtc import Viewer

KEY = {"X-Control-Key": "of-the-test"}
RID = 10
SIZES = {"h": (1, 1000, 8), "l": (2, 200, 1)}
"""SSRC, bytes a packet, packets a picture."""
OFFER = (
    f"a=extmap:{RID} urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    "a=rid:h send",
    "a=rid:l send",
    "a=simulcast:send h;l",
)


@pytest.fixture(scope="module")
def running() -> Iterator[RunningRelay]:
    with relay("--open", environment={"DIEMCAU_RELAY__CONTROL_KEY": KEY["X-Control-Key"]}) as one:
        yield one


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


class Vp8Sender:
    """Two sizes of real VP8, numbered each in its own way."""

    def __init__(self, peer: LightPeer) -> None:
        self._lines = Lines(peer)
        self._sizes = {
            "h": Vp8Encoder(128, 96, picture=32_700, layer=250),
            "l": Vp8Encoder(64, 48, picture=9, layer=9),
        }

    async def run(self) -> None:
        """Send until cancelled."""
        n = 0
        while True:
            wanted = self._lines.wanted()
            for rid, encoder in self._sizes.items():
                payloads = encoder.packets(key=SIZES[rid][0] in wanted)
                for part, payload in enumerate(payloads):
                    self._lines.send(rid, n * 3600, payload, last=part == len(payloads) - 1)
            n += 1
            await asyncio.sleep(0.04)


class Lines:
    """A publisher's packets with their rid, and what it is asked for."""

    def __init__(self, peer: LightPeer) -> None:
        self._peer = peer
        self._sequences = dict.fromkeys(SIZES, 100)

    def send(self, rid: str, stamp: int, payload: bytes, *, last: bool) -> None:
        """One packet of a size."""
        self._sequences[rid] += 1
        number, ssrc = self._sequences[rid] & 0xFFFF, SIZES[rid][0]
        head = struct.pack("!BBHII", 0x90, (0x80 if last else 0) | VIDEO, number, stamp, ssrc)
        extension = bytes((0xBE, 0xDE, 0, 1, RID << 4, ord(rid), 0, 0))
        self._peer.media(head + extension + payload)

    def wanted(self) -> set[int]:
        """The SSRCs of which a keyframe was asked for since the last look."""
        reports, self._peer.reports = self._peer.reports, []
        found = [one for compound in reports for one in rtcp.parse(compound)]
        return {one.ssrc for one in found if isinstance(one, rtcp.KeyframeWanted)}


class Sender:
    """Two sizes at 25 pictures a second; every request for a keyframe of a size is answered with the next picture."""

    def __init__(self, peer: LightPeer) -> None:
        self._lines = Lines(peer)

    async def run(self) -> None:
        """Send until cancelled."""
        n = 0
        while True:
            wanted = self._lines.wanted()
            for rid, (ssrc, size, count) in SIZES.items():
                key = n == 0 or ssrc in wanted
                for part in range(count):
                    unit = 0x65 if key and part == 0 else 0x41
                    self._lines.send(rid, n * 3600, bytes((unit, 0x88)) + bytes(size), last=part == count - 1)
            n += 1
            await asyncio.sleep(0.04)


async def rungs(http: aiohttp.ClientSession, running: RunningRelay, stream: str = "sizes") -> list[str]:
    async with http.get(f"{running.url}/streams/{stream}/viewers", headers=KEY) as response:
        return sorted(one["rung"] for one in await response.json())


async def until(http: aiohttp.ClientSession, running: RunningRelay, wanted: list[str], stream: str = "sizes") -> None:
    async with asyncio.timeout(60):
        while True:
            if await rungs(http, running, stream) == wanted:
                return
            await asyncio.sleep(0.1)


async def test_a_weak_line_gets_the_small_size_and_loses_no_packet_of_it(
    running: RunningRelay, http: aiohttp.ClientSession
) -> None:
    certificate = RTCCertificate.generateCertificate()
    publisher = LightPeer(certificate, more=OFFER)
    weak, good = LightPeer(certificate), LightPeer(certificate)
    for viewer in (weak, good):
        await viewer.connect(http, running.whep("sizes"), "recvonly")
    await publisher.connect(http, running.whip("sizes"), "sendonly")
    assert "a=simulcast:recv h;l" in publisher.answer
    async with asyncio.TaskGroup() as group:
        sending = group.create_task(Sender(publisher).run())
        await until(http, running, ["full", "full"])
        for bps in (900_000, *range(300_000, 200_000, -10_000)):
            weak.tell(rtcp.bandwidth(1, bps, [1]))
            await asyncio.sleep(0.2)
        await until(http, running, ["full", "low"])
        async with http.get(f"{running.url}/streams/sizes/viewers", headers=KEY) as response:
            (low,) = [one for one in await response.json() if one["rung"] == "low"]
        assert (low["why"], low["tried"], low["padding_bps"], low["round_trip_s"]) == ("weak_line", "", 0, None)
        assert 0 < low["wait_s"] <= 6
        before = weak.received[VIDEO][0]
        await until_more(weak, before + 20)
        sending.cancel()
    assert (weak.lost(), good.lost()) == (0, 0)
    for one in (publisher, weak, good):
        one.hang_up()


async def test_a_line_too_weak_for_any_picture_keeps_the_sound_and_gets_the_picture_back(
    running: RunningRelay, http: aiohttp.ClientSession
) -> None:
    certificate = RTCCertificate.generateCertificate()
    publisher, weak = LightPeer(certificate, more=OFFER), LightPeer(certificate)
    await weak.connect(http, running.whep("weak"), "recvonly")
    await publisher.connect(http, running.whip("weak"), "sendonly")
    video = weak.answer.partition("m=audio")[0]
    ssrc = int(video.partition("a=ssrc:")[2].split()[0])

    async def tells_until(wanted: list[str], bps: float, grows: float, lost: int) -> None:
        """Reports of a line of so many bits a second, more or fewer each time, and what it loses, of 256."""
        while await rungs(http, running, "weak") != wanted:
            weak.tell(rtcp.receiver_report(1, [rtcp.Block(ssrc, lost, 0, 0, 0, 0, 0)], "weak"))
            weak.tell(rtcp.bandwidth(1, int(bps), [1]))
            bps = min(3_000_000.0, max(20_000.0, bps * grows))
            await asyncio.sleep(0.2)

    async with asyncio.TaskGroup() as group, asyncio.timeout(100):
        sending = group.create_task(Sender(publisher).run())
        talking = group.create_task(talk(publisher))
        await until(http, running, ["full"], "weak")
        await tells_until(["sound"], 100_000.0, 0.95, lost=90)
        # Whatever was under way has come once some sound has come after it.
        await until_more(weak, weak.received[AUDIO][0] + 10, AUDIO)
        pictures, sound = weak.received[VIDEO][0], weak.received[AUDIO][0]
        await until_more(weak, sound + 40, AUDIO)
        assert weak.received[VIDEO][0] == pictures
        await tells_until(["full"], 60_000.0, 1.05, lost=0)
        await until_more(weak, weak.received[VIDEO][0] + 20)
        talking.cancel()
        sending.cancel()
    assert weak.received[AUDIO][2] - weak.received[AUDIO][1] + 1 == weak.received[AUDIO][0]
    for one in (publisher, weak):
        one.hang_up()


async def talk(publisher: LightPeer) -> None:
    """Fifty packets of sound a second, until cancelled."""
    n = 0
    while True:
        publisher.media(struct.pack("!BBHII", 0x80, AUDIO, n & 0xFFFF, n * 960, 3) + bytes(40))
        n += 1
        await asyncio.sleep(0.02)


async def test_of_vp8_too_a_viewer_changes_its_size_and_decodes_on(http: aiohttp.ClientSession) -> None:
    environment = {"DIEMCAU_RELAY__CONTROL_KEY": KEY["X-Control-Key"]}
    with relay("--open", "--video", "vp8", environment=environment) as running:
        publisher = LightPeer(RTCCertificate.generateCertificate(), more=OFFER, codec=VP8)
        await publisher.connect(http, running.whip("sizes"), "sendonly")
        assert "a=simulcast:recv h;l" in publisher.answer
        async with asyncio.TaskGroup() as group, Viewer(running.whep("sizes")) as viewer, asyncio.timeout(60):
            sending = group.create_task(Vp8Sender(publisher).run())
            for rung, height in (("full", 96), ("low", 48), ("full", 96)):
                async with http.put(f"{running.url}/streams/sizes/rungs", headers=KEY, json={"": rung}) as ordered:
                    assert ordered.status == 204
                while (await viewer.picture()).height != height:
                    pass
                for _ in range(10):
                    assert (await viewer.picture()).height == height
            sending.cancel()
        publisher.hang_up()


async def until_more(viewer: LightPeer, count: int, kind: int = VIDEO) -> None:
    async with asyncio.timeout(60):
        while True:
            if viewer.received[kind][0] > count:
                return
            await asyncio.sleep(0.05)
