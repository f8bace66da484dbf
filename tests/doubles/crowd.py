"""Steadfast ends in a process of their own, so that they do not slow down what is measured.

``python -m tests.doubles.crowd viewers|speaker URL COUNT TOKEN``; each line on standard input is answered by one line
of JSON: ``figures`` tells, ``forget`` also sets the gaps to zero, ``join`` brings another COUNT in at once. Times are
of the system's monotonic clock, which all processes share.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager

import aiohttp
import msgspec
from aiortc.rtcdtlstransport import RTCCertificate

from tests.doubles.asked import Asked, asked
from tests.doubles.steadfast import Speaker, Watcher


class Figures(msgspec.Struct, frozen=True):
    """Of one crowd. ``since``: when each of those who play began to, in seconds of the monotonic clock."""

    count: int
    playing: int
    since: list[float]
    gap: float
    """The longest time that one of them went without a packet of the picture; one that is not over counts too."""
    connections: int


Crowd = Asked[Figures]
"""The other process: ``figures``, ``forget`` or ``join``."""


def crowd(
    kind: str, url: str, count: int, token: str = "", *, environment: Mapping[str, str] | None = None
) -> AbstractAsyncContextManager[Crowd]:
    """Start one; it ends with the block."""
    return asked(Figures, "tests.doubles.crowd", kind, url, str(count), token, environment=environment)


async def run(kind: str, url: str, count: int, token: str) -> None:
    """The other process's life, until its standard input ends."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    certificate = RTCCertificate.generateCertificate()
    connector = aiohttp.TCPConnector(limit=0)
    watchers: list[Watcher] = []
    async with aiohttp.ClientSession(connector=connector) as http, asyncio.TaskGroup() as group:
        tasks = []

        def come() -> None:
            for _ in range(count):
                watchers.append(Watcher(certificate, url, token, look_s=0.05 if count <= 40 else 0.25))
                tasks.append(group.create_task(watchers[-1].run(http)))

        if kind == "speaker":
            tasks.append(group.create_task(Speaker(certificate, url, token).run(http)))
        elif kind == "viewers":
            come()
        while line := await reader.readline():
            word = line.decode().strip()
            if word == "join":
                come()
            told = _figures(watchers)
            if word == "forget":
                for one in watchers:
                    one.gap.forget()
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()
        for task in tasks:
            task.cancel()


def _figures(watchers: list[Watcher]) -> dict[str, object]:
    playing = [one for one in watchers if one.playing]
    now = asyncio.get_running_loop().time()
    return {
        "count": len(watchers),
        "playing": len(playing),
        "since": sorted(one.since for one in playing),
        "gap": max((one.gap.longest(now) for one in watchers), default=0.0),
        "connections": sum(one.connections for one in watchers),
    }


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] if len(sys.argv) > 4 else ""))
