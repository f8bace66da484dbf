"""Many sites in one process that speak the real link and change their state as ordered: ``python -m
tests.doubles.wall_sites ORDERS``.

Pairs, links and greets like an agent; one heartbeat per `beat_s` each, and besides `changes_per_s` heartbeats of sites
that fall into trouble or come out of it. Each change is a line of JSON on stdout at the moment it is sent: `{"site",
"at_ms", "face"}`; `{"up": n}` once all are linked. Ends when stdin does.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import msgspec
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import WebSocketException

from site_agent.link.dialling import LinkRefused, dial, greet, heard
from site_agent.link.identity import Identity
from site_agent.link.pairing import pair
from wire.codec import decode_down
from wire.ids import BootId, CameraState, ClockState, ScreenState, SessionId, SiteId, new_id
from wire.link import Link
from wire.messages import (
    PROTOCOL_VERSION,
    CameraHealth,
    Challenge,
    ClockHealth,
    Down,
    Heartbeat,
    Hello,
    LectureOff,
    LectureOn,
    ScreenHealth,
    Up,
)

TROUBLED_SHARE = 0.06
DWELL_S = 2.0
"""No site changes twice within this time."""
HANDS = 20


class Orders(msgspec.Struct, frozen=True):
    """The sites of one process, by pairing code."""

    server: str
    codes: list[str]
    folder: str
    beat_s: float = 5.0
    changes_per_s: float = 25.0
    seed: int = 1


class Trouble(msgspec.Struct, frozen=True):
    """What a heartbeat says in one kind of trouble, and the colour of the tile that must come of it."""

    face: str
    screen: ScreenState = ScreenState.PLAYING
    audio_dbfs: float | None = -21.0
    disk_free_mb: int = 91_000


WELL = Trouble("good")
DISK = Trouble("warn", disk_free_mb=180)
LECTURE = (Trouble("bad", screen=ScreenState.DARK), Trouble("warn", audio_dbfs=None), DISK)
"""Kinds that show while a lecture is on; without one only the disk does."""


class Site:
    """One site: its line, and how it is."""

    def __init__(self, identity: Identity, seed: int) -> None:
        self.identity = identity
        self.state = WELL
        self.changed_at = -DWELL_S
        self.session: SessionId | None = None
        self._chance = random.Random(seed)
        self._link: Link[Down] = Link(decode_down)
        self._socket: ClientConnection | None = None
        self._frames = 0

    async def run(self, beat_s: float, linked: Callable[[], None]) -> None:
        """Link, then beat until cancelled; once more whenever the line breaks."""
        while True:
            try:
                await self._once(beat_s, linked)
            except* (OSError, WebSocketException, LinkRefused, TimeoutError):
                self._socket = None
            await asyncio.sleep(self._chance.uniform(0.2, 1.0))

    async def _once(self, beat_s: float, linked: Callable[[], None]) -> None:
        self._link = Link(decode_down)
        async with dial(self.identity.server) as socket:
            challenge = await heard(socket, Challenge)
            await greet(socket, challenge, self.identity, _hello(self.identity))
            self._socket = socket
            linked()
            async with asyncio.TaskGroup() as tasks:
                beating = tasks.create_task(self._beat(beat_s))
                async for octets in socket:
                    assert isinstance(octets, bytes)
                    self._hear(self._link.receive(octets, time.monotonic()))
                beating.cancel()

    def _hear(self, message: Down | None) -> None:
        if isinstance(message, LectureOn):
            self.session = message.session
        elif isinstance(message, LectureOff):
            self.session = None

    async def _beat(self, beat_s: float) -> None:
        await asyncio.sleep(self._chance.uniform(0, beat_s))
        while True:
            await self.say(self.heartbeat())
            await asyncio.sleep(beat_s)

    async def say(self, message: Up) -> None:
        """Over the line that stands, and whatever acknowledgement is due."""
        if self._socket is not None:
            await self._socket.send(self._link.transient(message))

    def heartbeat(self) -> Heartbeat:
        self._frames += 125
        screen = ScreenHealth()
        if self.session is not None:
            screen = ScreenHealth(
                state=self.state.screen,
                fps=25.0 + self._chance.uniform(-0.4, 0.4),
                frames_decoded=self._frames,
                width=1280,
                height=720,
                audio_dbfs=self.state.audio_dbfs,
                packets_lost=self._frames // 900,
                jitter_ms=self._chance.uniform(2, 9),
                session=self.session,
            )
        return Heartbeat(
            at_ns=time.time_ns(),
            agent_version="bench",
            load=self._chance.uniform(0.1, 0.5),
            disk_free_mb=self.state.disk_free_mb,
            camera=CameraHealth(state=CameraState.WORKING, name="bench"),
            screen=screen,
            clock=ClockHealth(state=ClockState.SYNCED, offset_ms=1.0, bound_ms=12.0, delay_ms=20.0),
        )


def _hello(identity: Identity) -> Hello:
    return Hello(
        version=PROTOCOL_VERSION,
        site=identity.site,
        enrolment=identity.enrolment,
        boot=BootId(new_id("boot")),
        agent_version="bench",
        platform="bench",
        centre_boot="",
        received=0,
        nonce=secrets.token_bytes(32),
        signature=b"",
    )


class Restless:
    """Makes sites fall into trouble and come out of it, a fixed share of them being in it at a time."""

    def __init__(self, sites: list[Site], seed: int) -> None:
        self._sites = sites
        self._chance = random.Random(seed)
        self._troubled: deque[Site] = deque()
        self._most = max(1, round(TROUBLED_SHARE * len(sites)))

    async def run(self, changes_per_s: float) -> None:
        """Until cancelled. Late changes are not made up for."""
        due = time.monotonic()
        while True:
            due = max(due + self._chance.expovariate(changes_per_s), time.monotonic() - 0.5)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            site = self._next(time.monotonic())
            if site is not None:
                site.changed_at = time.monotonic()
                say({"site": site.identity.site, "at_ms": time.time_ns() / 1e6, "face": site.state.face})
                await site.say(site.heartbeat())

    def _next(self, now: float) -> Site | None:
        """The site that changes, its new state set; None when every one changed just now."""
        heals = len(self._troubled) >= self._most or (self._troubled and self._chance.random() < 0.5)
        if heals and now - self._troubled[0].changed_at >= DWELL_S:
            site = self._troubled.popleft()
            site.state = WELL
            return site
        for _ in range(20):
            site = self._chance.choice(self._sites)
            if site.state is WELL and now - site.changed_at >= DWELL_S:
                site.state = self._chance.choice(LECTURE) if site.session else DISK
                self._troubled.append(site)
                return site
        return None


def say(told: object) -> None:
    """One line."""
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    sys.stdout.buffer.flush()


async def main(orders: Orders) -> None:
    """Until stdin ends."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    hands = asyncio.Semaphore(HANDS)

    async def paired(place: int, code: str) -> Site:
        async with hands:
            home = Path(orders.folder) / f"{place:04d}"
            return Site(await pair(orders.server, code, home, "bench"), orders.seed * 10_000 + place)

    sites = await asyncio.gather(*(paired(place, code) for place, code in enumerate(orders.codes)))
    up = asyncio.Semaphore(0)
    async with asyncio.TaskGroup() as tasks:
        for site in sites:
            tasks.create_task(site.run(orders.beat_s, up.release))
        for _ in sites:
            await up.acquire()
        say({"up": len(sites)})
        known = {site.identity.site: site for site in sites}
        while words := (await reader.readline()).decode().split():
            match words:
                case ["go"]:
                    tasks.create_task(Restless(list(sites), orders.seed).run(orders.changes_per_s))
                case [("ill" | "well") as how, name]:
                    site = known[SiteId(name)]
                    site.state = DISK if how == "ill" else WELL
                    await site.say(site.heartbeat())
        raise SystemExit(0)


if __name__ == "__main__":
    asyncio.run(main(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Orders)))
