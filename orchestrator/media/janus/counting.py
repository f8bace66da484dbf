"""Keeps asking the servers what they count: publishers twice a second, viewers in turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import aiohttp
import structlog

from orchestrator.media.janus.counts import NotCounted
from orchestrator.media.janus.hub import Hub
from orchestrator.media.janus.session import Session
from orchestrator.media.janus.stream import JanusStream
from wire.unreadable import UNREADABLE

log = structlog.get_logger()
EVERY_S = 0.4
VIEWERS_AT_ONCE = 10
"""Of a server's viewers at each look: three hundred are all asked within twelve seconds."""
AGAIN_S = 5.0


async def count(hub: Hub, streams: Callable[[], list[JanusStream]]) -> None:
    """Count one server's sessions until cancelled; returns at once for a server without the address of its counts."""
    if hub.counter is None:
        return
    at, told = 0, ""
    async with hub.counter.client() as http:
        while True:
            await asyncio.sleep(EVERY_S)
            if not hub.up:
                continue
            try:
                at, told = await _look(hub, http, streams(), at), ""
            except (NotCounted, aiohttp.ClientError, TimeoutError, OSError, *UNREADABLE) as fault:
                if str(fault) != told:
                    log.warning("janus_not_counted", url=hub.counter.url, error=str(fault))
                told = str(fault)
                await asyncio.sleep(AGAIN_S)


async def _look(hub: Hub, http: aiohttp.ClientSession, streams: list[JanusStream], at: int) -> int:
    for stream in streams:
        for one in [each for each in stream.seats.values() if each.hub is hub]:
            await _ask(hub, http, stream, one)
    viewers = [(stream, one) for stream in streams for one in stream.viewers.values() if one.hub is hub]
    turn = [viewers[(at + step) % len(viewers)] for step in range(min(VIEWERS_AT_ONCE, len(viewers)))]
    for stream, viewer in turn:
        await _ask(hub, http, stream, viewer)
    return (at + len(turn)) % max(1, len(viewers))


async def _ask(hub: Hub, http: aiohttp.ClientSession, stream: JanusStream, one: Session) -> None:
    if hub.counter is None or one.handle is None or one.ended:
        return
    counts = await hub.counter.count(http, hub.server.session, one.handle.number)
    if counts is not None:
        stream.counted(one, counts, time.monotonic())
