"""Publishes a recorded lecture over WHIP (RFC 9725) without re-encoding it, again and again, in real time.

The file's packets are handed to the sender as they are; nothing is decoded or encoded, so a publisher costs about one
hundredth of a core. A keyframe every two seconds answers whoever asks for one.

    DIEMCAU_PUBLISH_TOKEN=T python -m demo.publisher --url http://127.0.0.1:8080/whip/s-lecture --file lecture.mkv
"""

import argparse
import asyncio
import contextlib
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import aiohttp
import structlog
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.rtcrtpparameters import RTCRtpCodecCapability
from aiortc.stats import RTCOutboundRtpStreamStats, RTCTransportStats
from av.packet import Packet

from demo.recorded import RecordedLecture, Reel

HTTP_S = 10.0
CONNECT_S = 10.0
SILENCE_S = 2.0
"""A relay that has sent reports and then none for so long is gone; ICE consent alone would notice after 30 s."""
LOOK_S = 0.5
BACKOFF_S = (0.5, 1.0, 2.0, 4.0)
LATE_S = 1.0
CONSTRAINED_BASELINE = "42e01f"

log = structlog.get_logger()


class PublishFailed(Exception):
    """The relay refused, cannot be reached or went away; the sentence says which."""


@dataclass(slots=True)
class Pace:
    """The moment at which a lecture began, shared by its picture and its sound so that they stay together."""

    began_s: float

    async def until(self, at_s: float) -> None:
        """Wait for `at_s` seconds of lecture; after a long stop of the computer go on from here, not in a burst."""
        wait_s = self.began_s + at_s - time.monotonic()
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        elif wait_s < -LATE_S:
            self.began_s -= wait_s


class PacketTrack(MediaStreamTrack):
    """Gives aiortc's sender a reel's packets, each when it is due."""

    def __init__(self, kind: str, reel: Reel, pace: Pace) -> None:
        super().__init__()
        self.kind = kind
        self._reel = reel
        self._pace = pace
        self._next = 0

    async def recv(self) -> "Packet[Any]":
        """The next packet, with a timestamp that never goes back."""
        timestamp, payload = self._reel.at(self._next)
        self._next += 1
        await self._pace.until(timestamp / self._reel.clock)
        packet: Packet[Any] = Packet(payload)
        packet.pts, packet.time_base = timestamp, Fraction(1, self._reel.clock)
        return packet


@dataclass(slots=True)
class PublisherStats:
    """What a publisher has done; counters over all its connections."""

    state: str = "connecting"
    connections: int = 0
    failures: int = 0
    packets_sent: int = 0
    octets_sent: int = 0
    last_failure: str = ""


@dataclass(slots=True)
class Publisher:
    """Keeps one recorded lecture published under `url`; `run` returns only when it is cancelled.

    token is called before each attempt, so that an expired token is replaced by a fresh one.
    """

    url: str
    token: Callable[[], Awaitable[str]]
    lecture: RecordedLecture
    stats: PublisherStats = field(default_factory=PublisherStats)

    async def run(self) -> None:
        """Publish, and publish again after every fault, with a growing pause between failed attempts."""
        failed_in_a_row = 0
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=HTTP_S)) as http:
            while True:
                connections = self.stats.connections
                try:
                    await self._publish(http)
                except (PublishFailed, aiohttp.ClientError, TimeoutError) as failure:
                    failed_in_a_row = 0 if self.stats.connections > connections else failed_in_a_row + 1
                    self._note(failure)
                await asyncio.sleep(BACKOFF_S[min(failed_in_a_row, len(BACKOFF_S) - 1)])

    def _note(self, failure: Exception) -> None:
        self.stats.state = "connecting"
        self.stats.failures += 1
        self.stats.last_failure = str(failure) or type(failure).__name__
        log.warning("lecture_not_published", reason=self.stats.last_failure)

    async def _publish(self, http: aiohttp.ClientSession) -> None:
        token = await self.token()
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        resource = None
        try:
            senders = self._add_tracks(peer)
            resource = await _offer(http, peer, self.url, token)
            await asyncio.wait_for(_connected(peer), CONNECT_S)
            self.stats.connections += 1
            self.stats.state = "publishing"
            await self._watch(peer, senders)
        finally:
            await peer.close()
            if resource:
                await _withdraw(http, resource, token)

    def _add_tracks(self, peer: RTCPeerConnection) -> list[RTCRtpSender]:
        pace = Pace(time.monotonic())
        for kind, reel in (("audio", self.lecture.audio), ("video", self.lecture.video)):
            transceiver = peer.addTransceiver(PacketTrack(kind, reel, pace), direction="sendonly")
            transceiver.setCodecPreferences(codecs(kind))
        return peer.getSenders()

    async def _watch(self, peer: RTCPeerConnection, senders: list[RTCRtpSender]) -> None:
        """Count until the connection ends or the relay, which reports twice a second, falls silent."""
        before = (self.stats.packets_sent, self.stats.octets_sent)
        heard, heard_at = 0, time.monotonic()
        while peer.connectionState == "connected":
            sent, octets, received = await _counters(senders)
            self.stats.packets_sent, self.stats.octets_sent = before[0] + sent, before[1] + octets
            if received != heard:
                heard, heard_at = received, time.monotonic()
            elif time.monotonic() - heard_at > SILENCE_S:
                raise PublishFailed("the relay fell silent")
            await asyncio.sleep(LOOK_S)
        raise PublishFailed(f"the connection is {peer.connectionState}")


def codecs(kind: str) -> list[RTCRtpCodecCapability]:
    """The one codec of the file, so that nothing else can be agreed on."""
    offered = RTCRtpSender.getCapabilities(kind).codecs
    if kind == "audio":
        return [codec for codec in offered if codec.mimeType.lower() == "audio/opus"]
    return [codec for codec in offered if codec.parameters.get("profile-level-id") == CONSTRAINED_BASELINE]


async def _offer(http: aiohttp.ClientSession, peer: RTCPeerConnection, url: str, token: str) -> str:
    """Exchange offer and answer; gives the address of the WHIP session (RFC 9725 §4.2)."""
    await peer.setLocalDescription(await peer.createOffer())
    headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {token}"}
    async with http.post(url, data=peer.localDescription.sdp, headers=headers) as reply:
        body = await reply.text()
        if reply.status != 201:
            raise PublishFailed(f"{reply.status} {body[:200]}")
        resource = urljoin(url, reply.headers.get("Location", ""))
    try:
        await peer.setRemoteDescription(RTCSessionDescription(sdp=body, type="answer"))
    except ValueError as fault:
        raise PublishFailed(f"the answer cannot be read: {fault}") from fault
    return resource


async def _connected(peer: RTCPeerConnection) -> None:
    while peer.connectionState != "connected":
        if peer.connectionState in ("failed", "closed"):
            raise PublishFailed(f"the connection is {peer.connectionState}")
        changed = asyncio.Event()
        peer.once("connectionstatechange", changed.set)
        await changed.wait()


async def _withdraw(http: aiohttp.ClientSession, resource: str, token: str) -> None:
    """End the session at the relay (RFC 9725 §4.2); a relay that is gone needs no goodbye."""
    with contextlib.suppress(aiohttp.ClientError, TimeoutError):
        async with http.delete(
            resource, headers={"Authorization": f"Bearer {token}"}, timeout=aiohttp.ClientTimeout(2)
        ):
            pass


async def _counters(senders: list[RTCRtpSender]) -> tuple[int, int, int]:
    """Packets and octets sent, and packets heard from the relay (its reports)."""
    sent = octets = received = 0
    for sender in senders:
        for report in (await sender.getStats()).values():
            if isinstance(report, RTCOutboundRtpStreamStats):
                sent, octets = sent + report.packetsSent, octets + report.bytesSent
            elif isinstance(report, RTCTransportStats):
                received = max(received, report.packetsReceived)
    return sent, octets, received


async def _always(token: str) -> str:
    return token


def main(argv: list[str] | None = None) -> None:
    """Command line: publish until interrupted."""
    parser = argparse.ArgumentParser(prog="demo.publisher", description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--url", required=True)
    parser.add_argument("--file", required=True, type=Path)
    chosen = parser.parse_args(argv)
    token = os.environ.get("DIEMCAU_PUBLISH_TOKEN", "")
    publisher = Publisher(chosen.url, lambda: _always(token), RecordedLecture.read(chosen.file))
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(publisher.run())


if __name__ == "__main__":
    main()
