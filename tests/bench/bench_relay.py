"""What forwarding one packet costs the relay, beside the bare loop: ``python -m tests.bench.bench_relay``.

A lecture of 720p at 2.6 Mbit/s with Opus is about 332 packets/s per viewer. The relay runs as its own process; its CPU
time (utime + stime) is divided by the packets that it sent, so everything that it does is in the figure. Viewers are
in a process of their own, with real ICE, DTLS and SRTP. The bare loop is ``pylibsrtp.protect`` and ``sendto``, nothing
else, with the same packets at the same pace to as many sockets. All on loopback, about one minute.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import socket
import struct
import sys
import time
from collections.abc import Iterator
from itertools import pairwise

import aiohttp
from aiortc.rtcdtlstransport import RTCCertificate
from pylibsrtp import Policy, Session

from tests.doubles.light_peer import AUDIO, PROFILES, VIDEO, LightPeer
from tests.doubles.relay import RunningRelay, relay

PICTURES_PER_S, PACKETS_PER_PICTURE = 30, 9.4
VIDEO_BYTES, AUDIO_BYTES = 1140, 160
GROUP = 60
WARM_S, WINDOW_S, BARE_S = 1.5, 8.0, 3.0
RUNS = ((40, "AEAD_AES_128_GCM"), (80, "AEAD_AES_128_GCM"), (80, "AES128_CM_SHA1_80"))
TICKS = os.sysconf("SC_CLK_TCK")
HEADER = struct.Struct("!BBHII")


def lecture(seconds: float, sequence: int = 0) -> Iterator[tuple[float, bytes]]:
    """Plain packets with the moment each is due: a picture's packets together, sound every 20 ms.

    Both kinds are numbered from ``sequence`` on.
    """
    filler, sound = secrets.token_bytes(VIDEO_BYTES), secrets.token_bytes(AUDIO_BYTES)
    due = [(n / PICTURES_PER_S, "picture", n) for n in range(int(seconds * PICTURES_PER_S))]
    due += [(n / 50, "sound", n) for n in range(int(seconds * 50))]
    first = sequence
    for at, kind, n in sorted(due):
        if kind == "sound":
            yield at, HEADER.pack(0x80, AUDIO, (first + n) & 0xFFFF, (first + n) * 960, 2) + sound
            continue
        count = int((n + 1) * PACKETS_PER_PICTURE) - int(n * PACKETS_PER_PICTURE)
        for part in range(count):
            sequence += 1
            marker = 0x80 if part == count - 1 else 0
            fragment = bytes((0x7C, (0x80 if part == 0 else 0) | (5 if n % GROUP == 0 else 1)))
            yield at, HEADER.pack(0x80, marker | VIDEO, sequence & 0xFFFF, (first + n) * 3000, 1) + fragment + filler


def cpu_s(process: int) -> float:
    """User and system time of a process."""
    with open(f"/proc/{process}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def publish(peer: LightPeer, seconds: float, sequence: int = 0) -> None:
    """Send the lecture at its pace."""
    assert peer.keys is not None
    began, checked = time.monotonic(), 0.0
    for at, packet in lecture(seconds, sequence):
        wait = began + at - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        if at - checked > 2:
            peer.check()
            checked = at
        peer.socket.send(peer.keys.outbound.protect(packet))


async def swarm(url: str, count: int, profile: str) -> None:
    """The viewers' process: connect, say so, count until told to stop, tell."""
    certificate = RTCCertificate.generateCertificate()
    viewers = [LightPeer(certificate, profile) for _ in range(count)]
    async with aiohttp.ClientSession() as http:
        for start in range(0, count, 10):
            async with asyncio.TaskGroup() as group:
                for viewer in viewers[start : start + 10]:
                    group.create_task(viewer.connect(http, url, "recvonly"))
    print("ready", flush=True)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    stop = asyncio.Event()

    async def keep_consent() -> None:
        while not stop.is_set():
            for viewer in viewers:
                viewer.check()
            await asyncio.sleep(4)

    async with asyncio.TaskGroup() as group:
        consent = group.create_task(keep_consent())
        await reader.readline()
        stop.set()
        consent.cancel()
    received = sum(row[0] for viewer in viewers for row in viewer.received.values())
    lost, opened = sum(one.lost() for one in viewers), sum(one.samples for one in viewers)
    print(json.dumps({"received": received, "lost": lost, "opened": opened}), flush=True)


async def sinks(count: int) -> None:
    """The bare loop's receivers: sockets that are read and nothing more."""
    loop = asyncio.get_running_loop()
    found = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(count)]
    received = 0

    def readable(one: socket.socket) -> None:
        nonlocal received
        try:
            while one.recv(2048):
                received += 1
        except BlockingIOError:
            return

    for one in found:
        one.bind(("127.0.0.1", 0))
        one.setblocking(False)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        loop.add_reader(one, readable, one)
    print(json.dumps([one.getsockname()[1] for one in found]), flush=True)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.readline()
    await asyncio.sleep(0.2)
    print(json.dumps({"received": received}), flush=True)


async def child(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.bench_relay",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


async def line_of(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


async def finish(process: asyncio.subprocess.Process) -> dict[str, int]:
    """Tell a child to stop; returns what it counted."""
    assert process.stdin is not None
    process.stdin.write(b"\n")
    await process.stdin.drain()
    told: dict[str, int] = json.loads(await line_of(process))
    await process.wait()
    return told


async def sent_by(http: aiohttp.ClientSession, running: RunningRelay) -> int:
    async with http.get(f"{running.url}/stats") as response:
        return int((await response.json())["datagrams_out"])


async def measure(count: int, profile: str) -> tuple[str, ...]:
    """One row: the relay with so many viewers."""
    with relay("--open") as running:
        async with aiohttp.ClientSession() as http:
            viewers = await child("--swarm", running.whep("bench"), str(count), profile)
            assert await line_of(viewers) == "ready"
            publisher = LightPeer(RTCCertificate.generateCertificate(), profile)
            await publisher.connect(http, running.whip("bench"), "sendonly")
            async with asyncio.TaskGroup() as group:
                group.create_task(publish(publisher, WARM_S + WINDOW_S + 0.5))
                await asyncio.sleep(WARM_S)
                cpu, sent, began = cpu_s(running.process.pid), await sent_by(http, running), time.monotonic()
                await asyncio.sleep(WINDOW_S)
                cpu, sent = cpu_s(running.process.pid) - cpu, await sent_by(http, running) - sent
                took = time.monotonic() - began
            told = await finish(viewers)
            publisher.close()
    assert told["opened"], "no viewer could open a packet"
    return row("relay", profile, count, sent, took, cpu, told["lost"] / (told["lost"] + told["received"]))


def row(what: str, profile: str, count: int, sent: int, took: float, cpu: float, lost: float) -> tuple[str, ...]:
    """A line of the table."""
    figures = (f"{sent / took:,.0f}", f"{cpu / took:.2f}", f"{cpu * 1e6 / sent:.2f}", f"{100 * lost:.2f} %")
    return (what, profile, str(count), *figures)


async def bare(count: int, profile: str) -> tuple[str, ...]:
    """One row: protect and sendto in a plain loop."""
    receivers = await child("--sinks", str(count))
    addresses = [("127.0.0.1", port) for port in json.loads(await line_of(receivers))]
    sessions = [_outbound(profile) for _ in addresses]
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    out.setblocking(False)
    out.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16 << 20)
    sent, spent, began = 0, 0.0, time.monotonic()
    pairs = list(zip(sessions, addresses, strict=True))
    for at, packet in lecture(BARE_S):
        wait = began + at - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        before = time.process_time()
        for session, address in pairs:
            out.sendto(session.protect(packet), address)
        spent += time.process_time() - before
        sent += len(pairs)
    took = time.monotonic() - began
    told = await finish(receivers)
    out.close()
    return row("bare loop", profile, count, sent, took, spent, 1 - told["received"] / sent)


def _outbound(profile: str) -> Session:
    chosen = PROFILES[profile]
    key = secrets.token_bytes(chosen.key_length + chosen.salt_length)
    return Session(Policy(key=key, ssrc_type=Policy.SSRC_ANY_OUTBOUND, srtp_profile=chosen.libsrtp_profile))


def table(rows: list[tuple[str, ...]]) -> str:
    """Columns as wide as they must be."""
    head = ("what", "SRTP profile", "viewers", "packets/s", "cores", "CPU µs/packet", "lost")
    widths = [max(len(one[column]) for one in [head, *rows]) for column in range(len(head))]
    lines = [[cell.ljust(width) for cell, width in zip(one, widths, strict=True)] for one in [head, *rows]]
    return "\n".join("  ".join(line).rstrip() for line in lines)


async def main() -> None:
    """Measure and print; nothing is asserted about time."""
    rows = []
    for count, profile in RUNS:
        rows.append(await bare(count, profile))
        rows.append(await measure(count, profile))
    print(table(rows))
    for loop, own in list(pairwise(rows))[::2]:
        print(f"{own[2]} viewers, {own[1]}: relay / bare loop = {float(own[5]) / float(loop[5]):.2f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--swarm", where, viewers, chosen]:
            asyncio.run(swarm(where, int(viewers), chosen))
        case ["--sinks", number]:
            asyncio.run(sinks(int(number)))
        case _:
            asyncio.run(main())
