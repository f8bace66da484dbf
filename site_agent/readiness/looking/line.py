"""Measures the line when the centre gives this site its turn: the way of the pictures, then octets down and up.

A life of its own, because a turn may take long to come when a thousand sites ask at once; a look only tells the newest
result. While a lecture plays nothing is measured: pictures that come have shown their way.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable
from typing import Protocol

import aiohttp
import msgspec
import structlog

from site_agent.lecture.way import reached_by
from site_agent.lecture.whep import WhepRefused
from site_agent.readiness.judging.line import Passed, Ways, judge_bandwidth, judge_line_down, judge_path, ways_of
from wire.messages import MeasureAsk, MeasureTurn, Up
from wire.readiness import Check, CheckName, CheckState
from wire.unreadable import UNREADABLE

log = structlog.get_logger()

EVERY_S = 1800.0
MEND_S = 20.0
TURN_WITHIN_S = 900.0
ASKED_WITHIN_S = 40.0
WAY_WITHIN_S = 5.0
LOOK_S = 0.5
PATIENT_S = 3.0
LOSS_OVER_S = 10.0
CHUNK = 16 << 10
GOOD = frozenset({CheckState.GOOD})


class Line(Protocol):
    """The line to the centre, `site_agent.link.uplink.Uplink`."""

    @property
    def connection(self) -> int: ...

    async def pass_by(self, message: Up) -> bool: ...


class _Taken(msgspec.Struct, frozen=True):
    octets: int
    ms: float


class LineLooks:
    """``playing``: by which way the pictures of a lecture come now, empty when none do; ``lost``: how many of its
    packets never came; ``busy``: whether a lecture or an exam runs; ``measured`` hears of a new result."""

    def __init__(
        self,
        server: str,
        line: Callable[[], Line],
        *,
        playing: Callable[[], str],
        busy: Callable[[], bool],
        measured: Callable[[], None],
        lost: Callable[[], int] = lambda: 0,
        mono_s: Callable[[], float] = time.monotonic,
        way_within_s: float = WAY_WITHIN_S,
    ) -> None:
        self._server = server.rstrip("/")
        self._line = line
        self._playing = playing
        self._busy = busy
        self._measured = measured
        self._losses = _Losses(lost)
        self._mono_s = mono_s
        self._way_within_s = way_within_s
        self._ways = Ways()
        self._down: Passed | None = None
        self._up: Passed | None = None
        self._turn: asyncio.Future[MeasureTurn] | None = None
        self._ask = 0
        self._asked_s = 0.0
        self._due_s = 0.0
        self._news = asyncio.Event()

    async def on_turn(self, turn: MeasureTurn) -> None:
        """For the line: this site's turn has come."""
        if turn.ask == self._ask and self._turn is not None and not self._turn.done():
            self._turn.set_result(turn)

    async def look(self) -> list[Check]:
        """The newest result."""
        if not self._line().connection:
            return [judge_line_down(name) for name in (CheckName.PATH, CheckName.BANDWIDTH)]
        path = self._playing()
        rate = self._losses.rate(self._mono_s(), playing=bool(path))
        ways = ways_of(path, rate) if path else self._ways
        return [judge_path(ways), judge_bandwidth(self._down, self._up, waits=self._waits())]

    def _waits(self) -> bool:
        """Whether the centre was asked a while ago, and others measure first."""
        turn = self._turn
        return turn is not None and not turn.done() and self._mono_s() - self._asked_s >= PATIENT_S

    async def asked(self) -> list[Check]:
        """A fresh result, if the turn comes while somebody waits for it; else the newest."""
        if self._line().connection and not self._busy():
            self._news.clear()
            self._due_s = self._mono_s()
            try:
                async with asyncio.timeout(ASKED_WITHIN_S):
                    await self._news.wait()
            except TimeoutError:
                log.info("line_turn_not_yet")
        return await self.look()

    async def run(self) -> None:
        """Measure when it is due, until cancelled."""
        while True:
            connection = self._line().connection
            if connection and not self._busy() and self._mono_s() >= self._due_s:
                await self._measure_in_turn(connection)
            else:
                await asyncio.sleep(LOOK_S)

    async def _measure_in_turn(self, connection: int) -> None:
        self._ask, self._asked_s = secrets.randbits(48), self._mono_s()
        self._turn = asyncio.get_running_loop().create_future()
        try:
            if await self._line().pass_by(MeasureAsk(ask=self._ask)) and await self._came(self._turn, connection):
                await self._measure(self._turn.result())
        finally:
            self._turn = None
            found = await self.look()
            good = {check.state for check in found} <= GOOD
            self._due_s = self._mono_s() + (EVERY_S if good else MEND_S)

    async def _came(self, turn: asyncio.Future[MeasureTurn], connection: int) -> bool:
        """Wait for the turn, but not into another connection, nor into a lecture."""
        until_s = self._mono_s() + TURN_WITHIN_S
        while not turn.done():
            if self._line().connection != connection or self._busy() or self._mono_s() > until_s:
                return False
            await asyncio.wait([turn], timeout=LOOK_S)
        return True

    async def _measure(self, turn: MeasureTurn) -> None:
        async with aiohttp.ClientSession(trust_env=True) as http:
            url = f"{self._server}{turn.path}"
            self._ways = await _ways(http, turn, self._way_within_s)
            self._down = await _down(http, url, turn)
            self._up = await _up(http, url, turn)
        log.info("line_measured", udp=self._ways.udp, tcp=self._ways.tcp)
        self._news.set()
        self._measured()


class _Losses:
    """How many packets of a lecture are lost each second, over the last spell of at least ``LOSS_OVER_S``."""

    def __init__(self, lost: Callable[[], int]) -> None:
        self._lost = lost
        self._since: tuple[float, int] | None = None
        self._rate: float | None = None

    def rate(self, now_s: float, *, playing: bool) -> float | None:
        """None until there was such a spell, and while nothing plays."""
        if not playing:
            self._since = self._rate = None
            return None
        lost = self._lost()
        if self._since is None:
            self._since = (now_s, lost)
        elif now_s - self._since[0] >= LOSS_OVER_S:
            self._rate = max(0, lost - self._since[1]) / (now_s - self._since[0])
            self._since = (now_s, lost)
        return self._rate


async def _ways(http: aiohttp.ClientSession, turn: MeasureTurn, within_s: float) -> Ways:
    try:
        way, took_ms = await reached_by(http, turn.whep_url, turn.token, within_s)
    except WhepRefused as refusal:
        log.warning("relay_not_asked", reason=str(refusal))
        return Ways(relay=False)
    return Ways(
        udp=way in {"udp", "turn"}, tcp=way == "tcp", tls=way == "tls", connect_ms=round(took_ms, 1) if way else None
    )


async def _down(http: aiohttp.ClientSession, url: str, turn: MeasureTurn) -> Passed | None:
    """From the first octet on, so that the time of the request itself does not count."""
    octets, began = 0, 0.0
    try:
        async with http.get(url, timeout=aiohttp.ClientTimeout(turn.limit_s + 10)) as reply:
            if reply.status != 200:
                return None
            async for part in reply.content.iter_any():
                began = began or time.perf_counter()
                octets += len(part)
                if time.perf_counter() - began > turn.limit_s:
                    break
    except (aiohttp.ClientError, TimeoutError, OSError):
        return None
    return Passed(octets, max(0.1, (time.perf_counter() - began) * 1000)) if octets else None


async def _up(http: aiohttp.ClientSession, url: str, turn: MeasureTurn) -> Passed | None:
    """As the centre counts it."""
    noise = os.urandom(CHUNK)

    async def body() -> AsyncIterator[bytes]:
        left = turn.up_bytes
        while left > 0:
            yield noise[: min(left, CHUNK)]
            left -= CHUNK

    try:
        async with http.post(url, data=body(), timeout=aiohttp.ClientTimeout(turn.limit_s + 10)) as reply:
            if reply.status != 200:
                return None
            taken = msgspec.json.decode(await reply.read(), type=_Taken)
    except (aiohttp.ClientError, TimeoutError, OSError, *UNREADABLE):
        return None
    return Passed(taken.octets, max(0.1, taken.ms)) if taken.octets else None
