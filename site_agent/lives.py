"""Keeps each life of the agent going: a fault ends that life alone, is logged once, and the life begins anew.

Nothing that goes wrong with a picture, a lecture or a line may take the exam desk with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

log = structlog.get_logger()

PAUSE_S = (0.5, 1.0, 2.0, 5.0)
"""Before a life begins anew; longer each time, from the start again once it has held for `STEADY_S`."""
STEADY_S = 30.0

Life = Callable[[], Awaitable[None]]


async def keep_alive(lives: Mapping[str, Life], *, pause_s: tuple[float, ...] = PAUSE_S) -> None:
    """Run all lives side by side until cancelled, or until each has ended by itself."""
    async with asyncio.TaskGroup() as tasks:
        for name, life in lives.items():
            tasks.create_task(_kept(name, life, pause_s), name=name)


async def _kept(name: str, life: Life, pause_s: tuple[float, ...]) -> None:
    loop = asyncio.get_running_loop()
    faults = 0
    while True:
        began = loop.time()
        try:
            await life()
        except Exception:
            faults = 0 if loop.time() - began > STEADY_S else faults
            log.exception("life_failed", life=name)
            await asyncio.sleep(pause_s[min(faults, len(pause_s) - 1)])
            faults += 1
        else:
            return
