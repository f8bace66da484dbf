"""Keeps the slates' process alive and tells it, whenever something changed, which slates should be on their way."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

import msgspec
import structlog

from orchestrator.media.children import end, inherited
from orchestrator.media.slate.model import Slate, Wanted

log = structlog.get_logger()

LOOK_S = 0.1
"""The longest that a change waits: a relay that starts anew has its slate before anybody misses it."""
STOP_S = 3.0
READ_S = 10.0
"""A process that does not take a line for so long hangs, and is replaced."""
RESTART_S = (0.2, 5.0)
"""First and longest pause before a dead process is started again; doubled at each early death."""


class SlateKeeper:
    """``wanted`` is asked a few times a second; the process runs once there is something to show, and from then on."""

    def __init__(self, wanted: Callable[[], list[Slate]], *, log_level: str = "info") -> None:
        self._wanted = wanted
        self._log_level = log_level
        self.process: int | None = None
        """The process's number while it runs."""
        self.restarts = 0

    async def run(self) -> None:
        """Until cancelled."""
        pause, longest = RESTART_S
        now = asyncio.get_running_loop().time
        while True:
            if not self._wanted():
                await asyncio.sleep(LOOK_S)
                continue
            began = now()
            code = await self._live()
            self.restarts += 1
            log.error("slates_died", code=code)
            if now() - began > 10 * longest:
                pause = RESTART_S[0]
            await asyncio.sleep(pause)
            pause = min(longest, pause * 2)

    async def _live(self) -> int | None:
        """One life of the process; returns its exit code, None when it could not begin."""
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "orchestrator.media.slate.main", "--log-level", self._log_level),
                stdin=asyncio.subprocess.PIPE,
                env=inherited(),
            )
        except OSError as error:
            log.error("slates_not_started", error=str(error))
            return None
        self.process = process.pid
        try:
            async with asyncio.TaskGroup() as tasks:
                telling = tasks.create_task(self._tell(process))
                code = await process.wait()
                telling.cancel()
            return code
        finally:
            self.process = None
            await end(process, STOP_S)

    async def _tell(self, process: asyncio.subprocess.Process) -> None:
        told: Wanted | None = None
        while process.stdin is not None:
            wanted = Wanted(self._wanted())
            if wanted != told:
                try:
                    async with asyncio.timeout(READ_S):
                        process.stdin.write(msgspec.json.encode(wanted) + b"\n")
                        await process.stdin.drain()
                except ConnectionError:
                    return  # it is gone, and is noticed by its end
                except TimeoutError:
                    log.error("slates_hang")
                    process.kill()
                    return
                told = wanted
            await asyncio.sleep(LOOK_S)
