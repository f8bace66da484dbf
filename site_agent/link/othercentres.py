"""Further centres that are asked for the time: one whose clock is wrong is outvoted (`wire.timesync.marzullo`)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import aiohttp
import msgspec
import structlog

from site_agent.link.clock import BETWEEN_PINGS_S, EVERY_S, ClockDiscipline
from wire.centretime import TIME_PATH, TimeTold
from wire.timesync import BURST, Exchange
from wire.unreadable import UNREADABLE

log = structlog.get_logger()

WITHIN_S = 5.0
MOST_BYTES = 4096


async def follow_others(
    addresses: Sequence[str], clock: ClockDiscipline, mono_ns: Callable[[], int], *, every_s: float = EVERY_S
) -> None:
    """Ask each of these centres (`https://…`) for its time until cancelled; ends at once when there is none."""
    async with asyncio.TaskGroup() as tasks:
        for address in addresses:
            tasks.create_task(_follow(address.rstrip("/"), clock, mono_ns, every_s))


async def _follow(address: str, clock: ClockDiscipline, mono_ns: Callable[[], int], every_s: float) -> None:
    while True:
        try:
            boot, exchanges = await _burst(address, mono_ns)
        except (aiohttp.ClientError, TimeoutError, OSError, *UNREADABLE) as fault:
            log.warning("other_centre_silent", centre=address, reason=str(fault) or type(fault).__name__)
        else:
            clock.take_from(address, boot, exchanges)
        await asyncio.sleep(every_s)


async def _burst(address: str, mono_ns: Callable[[], int]) -> tuple[str, list[Exchange]]:
    """Exchanges over one connection with one start of the centre; the first, which also connects, is not counted."""
    boot, exchanges = "", list[Exchange]()
    timeout = aiohttp.ClientTimeout(total=WITHIN_S)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=True) as http:
        for place in range(BURST + 1):
            t0 = mono_ns()
            async with http.get(address + TIME_PATH, allow_redirects=False) as reply:
                reply.raise_for_status()
                body = await reply.content.read(MOST_BYTES)
                t3 = mono_ns()
            told = msgspec.json.decode(body, type=TimeTold)
            if told.boot != boot:
                boot, exchanges = told.boot, []
            elif place:
                exchanges.append(Exchange(t0=t0, t1=told.t1_ns, t2=told.t2_ns, t3=t3))
            await asyncio.sleep(BETWEEN_PINGS_S)
    return boot, exchanges
