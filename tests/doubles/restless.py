"""Viewers who come and go in every way that happens, in a process of their own.

``python -m tests.doubles.restless TASK``, a :class:`Task` as JSON. Each line on standard input is answered by one of
:class:`Seen` as JSON: ``come`` fills the places, ``restless`` has people leave and others come in their places,
``calm`` has whoever is there stay, ``leave`` empties the places, anything else only tells. Real ICE, DTLS, SRTP and
RTCP; nothing is decoded.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import sys
from collections import Counter
from contextlib import AbstractAsyncContextManager
from urllib.parse import urljoin

import aiohttp
import msgspec
from aiortc.rtcdtlstransport import RTCCertificate

from orchestrator import logs
from orchestrator.media.relay import rtcp
from tests.doubles.asked import Asked, asked
from tests.doubles.light_peer import VIDEO, LightPeer, offer

CONNECT_S, STARVED_S, CONSENT_S, LOOK_S = 15.0, 8.0, 2.0, 0.25
FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag"}
LEAVING = ("deleted", "silent", "goodbye", "reload", "abandoned")
ACTING = ("nack", "pli", "report", "trickle", "restart", "moved", "stale", "refused")


class Task(msgspec.Struct, frozen=True):
    """``floor``: where the ``-floor`` stream is viewed with ``floor_token``, by every third; empty for nobody.
    ``stay_s``: how long somebody stays, shortest and longest; ``act_s`` likewise between two things they do."""

    url: str
    token: str
    count: int
    floor: str = ""
    floor_token: str = ""
    stay_s: tuple[float, float] = (4.0, 40.0)
    act_s: tuple[float, float] = (0.5, 4.0)


class Seen(msgspec.Struct, frozen=True):
    """``playing`` of ``count`` get pictures; ``did``: how often each way of leaving and acting was gone through."""

    count: int
    playing: int
    did: dict[str, int]


class Viewer(LightPeer):
    """A light end that can also complain of what it does not get."""

    ssrc = 0
    highest = 0

    def _media(self, data: bytes) -> None:
        super()._media(data)
        if data[1] & 0x7F == VIDEO:
            self.ssrc, self.highest = int.from_bytes(data[8:12], "big"), int.from_bytes(data[2:4], "big")


class Places:
    """All of them, and what is wanted of those who are there."""

    def __init__(self, task: Task, http: aiohttp.ClientSession) -> None:
        self.task = task
        self.http = http
        self.certificate = RTCCertificate.generateCertificate()
        self.restless = self.leaving = False
        self.did: Counter[str] = Counter()
        self.playing: set[int] = set()
        self.leaves, self.acts = itertools.cycle(LEAVING), itertools.cycle(ACTING)
        self._open: list[asyncio.Task[None]] = []

    async def hear(self, word: str, group: asyncio.TaskGroup) -> Seen:
        if word == "come":
            self.leaving = False
            self._open = [group.create_task(Place(self, number).run()) for number in range(self.task.count)]
        elif word in {"restless", "calm"}:
            self.restless = word == "restless"
        elif word == "leave":
            self.leaving = True
            await asyncio.gather(*self._open)
        return Seen(self.task.count, len(self.playing), dict(self.did))


class Place:
    """One place: somebody comes, stays, leaves, and the next comes."""

    def __init__(self, places: Places, number: int) -> None:
        self._places = places
        self._number = number
        self._floor = bool(places.task.floor) and number % 3 == 0

    async def run(self) -> None:
        task = self._places.task
        while not self._places.leaving:
            way = next(self._places.leaves) if self._places.restless else "deleted"
            if way == "abandoned":
                await self._abandon()
            rooms = [self._view(task.floor, task.floor_token, "", way)] if self._floor else []
            await asyncio.gather(self._view(task.url, task.token, "lecture", way), *rooms)
            self._places.playing.discard(self._number)
            if way != "reload" and not self._places.leaving:
                await asyncio.sleep(random.uniform(0.05, 0.5))

    async def _abandon(self) -> None:
        """Ask and never come."""
        text = offer("recvonly", "aaaaaaaa", "b" * 32, "00:" * 31 + "00")
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with self._places.http.post(
                self._places.task.url, data=text, headers=self._sent("application/sdp")
            ) as reply:
                self._places.did["abandoned"] += reply.status == 201

    def _sent(self, kind: str, token: str = "") -> dict[str, str]:
        return {"Content-Type": kind, "Authorization": f"Bearer {token or self._places.task.token}"}

    async def _view(self, url: str, token: str, what: str, way: str) -> None:
        """Come, stay, leave; nothing that goes wrong here keeps the place empty."""
        peer, headers = Viewer(self._places.certificate), {"Authorization": f"Bearer {token}"}
        try:
            async with asyncio.timeout(CONNECT_S):
                await peer.connect(self._places.http, url, "recvonly", headers)
            await self._stay(peer, url, headers, lecture=what == "lecture")
            await self._leave(peer, url, headers, way)
            self._places.did[way] += way != "abandoned"
        except (AssertionError, aiohttp.ClientError, TimeoutError, OSError) as fault:
            self._places.did[f"failed {type(fault).__name__}"] += 1
        finally:
            with contextlib.suppress(OSError, ValueError):
                peer.hang_up()

    async def _stay(self, peer: Viewer, url: str, headers: dict[str, str], *, lecture: bool) -> None:
        now = asyncio.get_running_loop().time
        checked = moved = now()
        until, acts = moved + random.uniform(*self._places.task.stay_s), now() + self._pause()
        seen = 0
        while not self._places.leaving and not (self._places.restless and now() > until):
            await asyncio.sleep(LOOK_S)
            count = peer.received.get(VIDEO, [0])[0]
            if count != seen:
                seen, moved = count, now()
                self._places.playing.add(self._number)
            elif lecture and now() - moved > STARVED_S:
                self._places.did["starved"] += 1
                return
            if now() - checked > CONSENT_S:
                checked = now()
                peer.check()
            if self._places.restless and lecture and now() > acts:
                acts = now() + self._pause()
                await self._act(peer, urljoin(url, peer.resource), headers)

    def _pause(self) -> float:
        return random.uniform(*self._places.task.act_s)

    async def _act(self, peer: Viewer, resource: str, headers: dict[str, str]) -> None:
        act, http = next(self._places.acts), self._places.http
        match act:
            case "nack":
                peer.tell(rtcp.nack(1, peer.ssrc, [(peer.highest - back) & 0xFFFF for back in (1, 2, 40, 3000)]))
            case "pli":
                peer.tell(rtcp.keyframe_request(1, peer.ssrc))
            case "report":
                block = rtcp.Block(peer.ssrc, random.randrange(32), 0, peer.highest, 0, 0, 0)
                peer.tell(rtcp.receiver_report(1, [block], "room") + rtcp.bandwidth(1, 5_000_000, [peer.ssrc]))
            case "moved":
                peer.move()
                peer.check()
            case "restart":
                assert await peer.renew(http, resource, headers) == 200
                peer.check()
            case "trickle" | "stale" | "refused":
                sent = {**FRAGMENT, **headers, "If-Match": '"of-long-ago"'}
                if act == "refused":
                    sent["Authorization"] = "Bearer nobody"
                async with http.patch(resource, data="a=candidate:1 1 udp 1 192.0.2.1 9 typ host", headers=sent):
                    pass
        self._places.did[act] += 1

    async def _leave(self, peer: Viewer, url: str, headers: dict[str, str], way: str) -> None:
        """``silent`` and ``abandoned`` say nothing: the socket is closed and that is all."""
        if way in {"deleted", "reload"}:
            async with self._places.http.delete(urljoin(url, peer.resource), headers=headers):
                pass
        elif way == "goodbye":
            await peer.say_goodbye()


async def run(task: Task) -> None:
    """The other process's life, until its standard input ends."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with aiohttp.ClientSession(connector=connector) as http, asyncio.TaskGroup() as group:
        places = Places(task, http)
        while line := await reader.readline():
            seen = await places.hear(line.decode().strip(), group)
            sys.stdout.write(msgspec.json.encode(seen).decode() + "\n")
            sys.stdout.flush()
        places.leaving = True


Restless = Asked[Seen]
"""The other process: the words stand in the module's text."""


def restless(task: Task) -> AbstractAsyncContextManager[Restless]:
    """Start one; it ends with the block."""
    return asked(Seen, "tests.doubles.restless", msgspec.json.encode(task).decode())


if __name__ == "__main__":
    logs.configure("error")
    asyncio.run(run(msgspec.json.decode(sys.argv[1], type=Task)))
