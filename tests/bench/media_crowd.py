"""The lecturer and the viewers of ``bench_media``, each as a process of its own: real ICE, DTLS and SRTP, no codec.

Thirty packets a second carry the moment at which they were sent; whoever views opens those, and with them knows how
long they were under way. The clock is the computer's own (CLOCK_MONOTONIC), so both ends read the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import struct
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pylibsrtp
from aiortc.rtcdtlstransport import RTCCertificate

from orchestrator import logs
from orchestrator.media.janus.client import JanusServer
from orchestrator.media.janus.room import Feed, Place, Rooms
from tests.doubles.janus_peer import JanusPeer
from tests.doubles.light_peer import AUDIO, VIDEO, LightPeer

PICTURES_PER_S, PACKETS_PER_PICTURE, GROUP = 30, 9.4, 60
VIDEO_BYTES, STAMPED_BYTES, AUDIO_BYTES = 1146, 1000, 160
"""About 332 packets and 2.6 Mbit/s: a picture's first packet is the one that is stamped, and shorter."""
HEADER, STAMP = struct.Struct("!BBHII"), struct.Struct("!Qd")
BETWEEN = range(960, 1100)
"""Sizes of datagrams that can only be stamped ones, whatever header extensions and seals add."""


class Task(msgspec.Struct, frozen=True):
    """What a process is to do: ``url`` is WHIP's, WHEP's or Janus's, ``address`` one's own."""

    engine: str
    url: str
    address: str
    profile: str
    viewers: int = 0
    place: Place | None = None
    feed: Feed | None = None


def lecture() -> Iterator[tuple[float, int, bytes]]:
    """Without an end: the moment when each packet is due, the number of a stamped one (else −1), header and payload."""
    filler, sound = secrets.token_bytes(VIDEO_BYTES), secrets.token_bytes(AUDIO_BYTES)
    video = audio = picture = 0
    while True:
        at = picture / PICTURES_PER_S
        while audio / 50 <= at:
            yield audio / 50, -1, HEADER.pack(0x80, AUDIO, audio & 0xFFFF, audio * 960 & 0xFFFFFFFF, 2) + sound
            audio += 1
        count = int((picture + 1) * PACKETS_PER_PICTURE) - int(picture * PACKETS_PER_PICTURE)
        for part in range(count):
            header = HEADER.pack(
                0x80,
                (0x80 if part == count - 1 else 0) | VIDEO,
                video & 0xFFFF,
                picture * 3000 & 0xFFFFFFFF,
                1,
            ) + bytes((0x7C, (0x80 if part == 0 else 0) | (5 if picture % GROUP == 0 else 1)))
            video += 1
            yield at, picture if part == 0 else -1, header + (filler if part else filler[:STAMPED_BYTES])
        picture += 1


class Pace:
    """How far a lecturer has come: packets sent, and by how many seconds the last one was late."""

    sent = 0
    late_s = 0.0

    def told(self) -> dict[str, Any]:
        """For the measuring process."""
        return {"sent": self.sent, "late_s": self.late_s, "cpu_s": time.process_time()}


async def publish(peer: LightPeer, stop: asyncio.Event, pace: Pace) -> None:
    """Send the lecture at its pace until told to stop."""
    assert peer.keys is not None
    began, checked = time.monotonic(), 0.0
    for at, stamped, packet in lecture():
        wait = began + at - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        if stop.is_set():
            return
        if at - checked > 2:
            peer.check()
            checked = at
        stamp = STAMP.pack(stamped, time.monotonic()) if stamped >= 0 else b""
        peer.socket.send(peer.keys.outbound.protect(packet[:14] + stamp + packet[14 + len(stamp) :]))
        pace.sent += 1
        pace.late_s = time.monotonic() - began - at


class Delays:
    """For each stamped packet, when its last viewer here had it: seconds under way."""

    def __init__(self) -> None:
        self.slowest: dict[int, float] = {}

    def take(self, plain: bytes) -> None:
        """A stamped packet, opened; a header extension may stand before the payload."""
        payload = 12
        if plain[0] & 0x10:
            payload += 4 + 4 * int.from_bytes(plain[14:16], "big")
        number, sent = STAMP.unpack_from(plain, payload + 2)
        took = time.monotonic() - sent
        if took > self.slowest.get(number, -1.0):
            self.slowest[number] = took


class _Timed:
    """Opens what is stamped; for either kind of light peer."""

    delays: Delays

    def timed(self, peer: LightPeer, data: bytes) -> None:
        if len(data) in BETWEEN and peer.keys is not None and data[1] & 0x7F not in range(64, 96):
            # One in some dozens was opened a moment ago as a sample, and nothing opens twice.
            with contextlib.suppress(pylibsrtp.Error):
                self.delays.take(peer.keys.inbound.unprotect(data))


class RelayViewer(LightPeer, _Timed):
    """Views through our relay."""

    def _media(self, data: bytes) -> None:
        super()._media(data)
        self.timed(self, data)


class JanusViewer(JanusPeer, _Timed):
    """Views through Janus."""

    def _media(self, data: bytes) -> None:
        super()._media(data)
        self.timed(self, data)


@asynccontextmanager
async def janus_rooms(url: str) -> AsyncIterator[Rooms]:
    """A connection of one's own to Janus."""
    up = asyncio.Event()
    server = JanusServer(url, on_up=up.set)
    running = asyncio.get_running_loop().create_task(server.run())
    try:
        await up.wait()
        yield Rooms(server)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def lines() -> asyncio.StreamReader:
    """What the measuring process says."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


def say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


async def lecturer(task: Task) -> None:
    """Publish until standard input says the end; at each other line there say what was sent."""
    certificate = RTCCertificate.generateCertificate()
    stop, pace = asyncio.Event(), Pace()

    async def go_on(peer: LightPeer, ready: dict[str, Any]) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(publish(peer, stop, pace))
            say(ready)
            asked = await lines()
            while (line := (await asked.readline()).strip()) and line != b"end":
                say(pace.told())
            stop.set()

    if task.engine == "relay":
        peer = LightPeer(certificate, task.profile)
        async with aiohttp.ClientSession() as http:
            await peer.connect(http, task.url, "sendonly")
            await go_on(peer, {"ready": True})
        return
    assert task.place is not None
    async with janus_rooms(task.url) as rooms:
        await rooms.open(task.place)
        janus = JanusPeer(certificate, task.profile)
        janus.listen(task.address)
        _, feed = await janus.publish(rooms, task.place)
        await go_on(janus, {"feed": msgspec.to_builtins(feed)})


async def crowd(task: Task) -> None:
    """Connect all viewers, say so; at each line on standard input say what was received since the line before."""
    certificate, delays = RTCCertificate.generateCertificate(), Delays()
    viewers: list[LightPeer] = []
    if task.engine == "relay":
        async with aiohttp.ClientSession() as http:

            async def by_whep() -> None:
                viewer = RelayViewer(certificate, task.profile)
                viewer.delays = delays
                await viewer.connect(http, task.url, "recvonly")
                viewers.append(viewer)

            await _in_tens(task.viewers, by_whep)
            await _count(viewers, delays)
        return
    place, feed = task.place, task.feed
    assert place is not None
    assert feed is not None
    async with janus_rooms(task.url) as rooms:

        async def by_janus() -> None:
            viewer = JanusViewer(certificate, task.profile)
            viewer.delays = delays
            viewer.listen(task.address)
            await viewer.view(rooms, place, feed)
            viewers.append(viewer)

        await _in_tens(task.viewers, by_janus)
        await _count(viewers, delays)


async def _in_tens(count: int, connect: Callable[[], Awaitable[None]]) -> None:
    async def one() -> None:
        await connect()

    for start in range(0, count, 10):
        async with asyncio.TaskGroup() as group:
            for _ in range(min(10, count - start)):
                group.create_task(one())


async def _count(viewers: list[LightPeer], delays: Delays) -> None:
    say({"ready": len(viewers)})
    stop = asyncio.Event()

    async def keep_consent() -> None:
        while not stop.is_set():
            for viewer in viewers:
                viewer.check()
            await asyncio.sleep(4)

    async with asyncio.TaskGroup() as group:
        consent = group.create_task(keep_consent())
        asked = await lines()
        while (line := (await asked.readline()).strip()) and line != b"end":
            say(_told(viewers, delays))
            for viewer in viewers:
                viewer.received.clear()
            delays.slowest.clear()
        stop.set()
        consent.cancel()


def _told(viewers: list[LightPeer], delays: Delays) -> dict[str, Any]:
    return {
        "each": [[sum(row[0] for row in one.received.values()), max(0, one.lost())] for one in viewers],
        "slowest": {str(number): took for number, took in delays.slowest.items()},
        "opened": sum(viewer.samples for viewer in viewers),
        "cpu_s": time.process_time(),
        "drops": _drops(),
    }


def _drops() -> int:
    """Datagrams that the sockets of this network namespace could not hold (/proc/net/udp, last column)."""
    rows = Path("/proc/self/net/udp").read_text(encoding="ascii").splitlines()[1:]
    return sum(int(row.split()[-1]) for row in rows)


if __name__ == "__main__":
    role, told = sys.argv[1:]
    logs.configure("error")
    asyncio.run({"lecturer": lecturer, "crowd": crowd}[role](msgspec.json.decode(told, type=Task)))
