"""Which adapter of the live port this process uses: memory, or Redis where its URL is configured."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from types import ModuleType

import msgspec
from redis.asyncio import Redis

from orchestrator.attendance import events as attendance
from orchestrator.duty import events as duty
from orchestrator.exams import events as exams
from orchestrator.floor import events as floor
from orchestrator.history import events as history
from orchestrator.links import events as links
from orchestrator.live.memory import MemoryBoard, MemoryBus, MemoryLeases
from orchestrator.live.port import Board, Bus, Event, Leases
from orchestrator.live.redis import RedisBoard, RedisBus, RedisLeases
from orchestrator.presence import events as presence
from orchestrator.readiness import events as readiness
from orchestrator.recordings import events as recordings
from orchestrator.sessions import events as sessions
from orchestrator.sessions.air import events as air
from orchestrator.sessions.rungs import events as rungs
from orchestrator.sites import events as sites
from orchestrator.slides import events as slides


class Live(msgspec.Struct, frozen=True):
    """The three ports; ``listener`` must run where events come from other processes."""

    bus: Bus
    leases: Leases
    board: Board
    listener: RedisBus | None = None


async def open_live(redis_url: str, stack: AsyncExitStack) -> Live:
    """The adapters; what they hold open is closed by ``stack``. Raises what Redis raises when it cannot be reached."""
    if not redis_url:
        return Live(MemoryBus(), MemoryLeases(), MemoryBoard())
    redis = Redis.from_url(redis_url)
    stack.push_async_callback(redis.aclose)
    await redis.ping()
    bus = RedisBus(redis, every_event())
    return Live(bus, RedisLeases(redis), RedisBoard(redis), bus)


async def listen(live: Live, ready: asyncio.Event) -> None:
    """Bring in what other processes tell; returns at once with memory."""
    if live.listener is None:
        ready.set()
    else:
        await live.listener.listen(ready)


def every_event() -> list[type[Event]]:
    """What may be told to other processes: every feature's events."""
    modules: list[ModuleType] = [
        air,
        attendance,
        duty,
        exams,
        floor,
        history,
        links,
        presence,
        readiness,
        recordings,
        rungs,
        sessions,
        sites,
        slides,
    ]
    return [
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, msgspec.Struct) and each.__module__ == module.__name__
    ]
