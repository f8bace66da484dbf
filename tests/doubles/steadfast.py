"""Light ends that never give up, by the same rules as the pages: a viewer and a publisher of the bench's lecture."""

from __future__ import annotations

import asyncio
import contextlib
import random

import aiohttp
from aiortc.rtcdtlstransport import RTCCertificate

from tests.bench.bench_relay import lecture
from tests.doubles.light_peer import VIDEO, LightPeer

SILENCE_S = 2.2
"""``SILENCE_MS`` of dashboard/src/screen/recovery.ts."""
FIRST_PACKET_S = 5.0
DEAF_S = 1.6
"""``SILENT_MS`` of dashboard/src/lecturer/ear.ts."""
LOOK_S = 0.25
CONSENT_S = 2.0
LONGEST_S = 5.0


def pause(attempt: int, first: float) -> float:
    """dashboard/src/shared/backoff.ts."""
    full = min(LONGEST_S, first * 2**attempt)
    return float(full * random.uniform(0.5, 1.0))


class Gap:
    """The longest time without a packet, whatever connections there were meanwhile; moments in seconds of one clock."""

    def __init__(self) -> None:
        self._last: float | None = None
        self._longest = 0.0

    def came(self, now: float) -> None:
        """Packets came."""
        self._longest, self._last = self.longest(now), now

    def longest(self, now: float) -> float:
        """Since it was last forgotten; the time since the last packet counts too. 0 before the first."""
        return max(self._longest, now - self._last) if self._last is not None else 0.0

    def forget(self) -> None:
        """From now on; a gap that is still open keeps its beginning."""
        self._longest = 0.0


class Watcher:
    """A screen without a picture. ``since`` is when packets of the present connection began to come, None before."""

    def __init__(self, certificate: RTCCertificate, url: str, token: str = "", *, look_s: float = LOOK_S) -> None:
        self._certificate = certificate
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._look_s = look_s
        self.connections = 0
        self.playing = False
        self.since = 0.0
        self.gap = Gap()
        """Of the picture's packets."""
        self._attempt = 0

    async def run(self, http: aiohttp.ClientSession) -> None:
        """Watch until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            peer = LightPeer(self._certificate)
            try:
                async with asyncio.timeout(8.0):
                    await peer.connect(http, self._url, "recvonly", self._headers)
                self.connections += 1
                await self._follow(peer, loop)
            except (AssertionError, aiohttp.ClientError, TimeoutError, OSError):
                self.playing = False
            finally:
                with contextlib.suppress(OSError, ValueError):
                    peer.hang_up()
            await asyncio.sleep(pause(self._attempt, 0.3))
            self._attempt += 1

    async def _follow(self, peer: LightPeer, loop: asyncio.AbstractEventLoop) -> None:
        moved = checked = loop.time()
        seen = 0
        patience = FIRST_PACKET_S
        while loop.time() - moved <= patience:
            await asyncio.sleep(self._look_s)
            now = loop.time()
            count = peer.received.get(VIDEO, [0])[0]
            if count != seen:
                if not self.playing:
                    self.playing, self.since, self._attempt = True, now, 0
                self.gap.came(now)
                seen, moved, patience = count, now, SILENCE_S
            if now - checked > CONSENT_S:
                checked = now
                peer.check()
        self.playing = False


class Speaker:
    """A lecturer's page without a camera: sends the bench's lecture, and connects anew when the relay says nothing."""

    def __init__(self, certificate: RTCCertificate, url: str, token: str = "") -> None:
        self._certificate = certificate
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.connections = 0

    async def run(self, http: aiohttp.ClientSession) -> None:
        """Speak until cancelled."""
        while True:
            peer = LightPeer(self._certificate)
            try:
                async with asyncio.timeout(8.0):
                    await peer.connect(http, self._url, "sendonly", self._headers)
                self.connections += 1
                await self._speak(peer)
            except (AssertionError, aiohttp.ClientError, TimeoutError, OSError):
                await asyncio.sleep(pause(0, 0.5))
            finally:
                with contextlib.suppress(OSError, ValueError):
                    peer.hang_up()

    async def _speak(self, peer: LightPeer) -> None:
        loop = asyncio.get_running_loop()
        assert peer.keys is not None
        began = checked = peer.heard = loop.time()
        for at, packet in lecture(300.0):
            wait = began + at - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            now = loop.time()
            if now - peer.heard > DEAF_S:
                return
            if now - checked > CONSENT_S:
                checked = now
                peer.check()
            with contextlib.suppress(ConnectionRefusedError, BlockingIOError):
                peer.socket.send(peer.keys.outbound.protect(packet))
