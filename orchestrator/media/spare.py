"""One more process, started and waiting: a worker that dies is replaced, a recorder begins, without the seconds a start
takes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from orchestrator.media.children import Process, end

log = structlog.get_logger()
STOP_S = 5.0
AGAIN_S = 5.0
"""Before another is started when one ended that nobody had taken."""


class Spare:
    """Keeps one. ``spawn`` starts a process that waits; it costs memory (about 70 MB) and no time. ``of``: whose, for
    the log."""

    def __init__(self, spawn: Callable[[], Awaitable[Process]], of: str, again_s: float = AGAIN_S) -> None:
        self._spawn = spawn
        self._again_s = again_s
        self._of = of
        self._process: Process | None = None
        self._taken = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """The one that waits."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    def take(self) -> Process | None:
        """The waiting process, if there is one; it is the caller's from now on."""
        process, self._process = self._process, None
        self._taken.set()
        return process if process is not None and process.returncode is None else None

    async def keep(self, calm: Callable[[], Awaitable[None]]) -> None:
        """Have one waiting, until cancelled. A new one is started when ``calm`` returns: who works comes first."""
        while True:
            await calm()
            try:
                self._process = process = await self._spawn()
            except OSError as error:
                log.error("spare_not_started", of=self._of, error=str(error))
                await asyncio.sleep(self._again_s)
                continue
            self._taken.clear()
            if not await self._until_taken(process):
                log.error("spare_died", of=self._of, code=process.returncode)
                await asyncio.sleep(self._again_s)

    async def _until_taken(self, process: Process) -> bool:
        loop = asyncio.get_running_loop()
        ended, taken = loop.create_task(process.wait()), loop.create_task(self._taken.wait())
        try:
            await asyncio.wait({ended, taken}, return_when=asyncio.FIRST_COMPLETED)
            return self._taken.is_set()
        finally:
            ended.cancel()
            taken.cancel()
            await asyncio.wait({ended, taken})

    async def stop(self) -> None:
        """End the one that waits: it holds nothing that could be lost, so nobody need wait for it."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await end(process, STOP_S)
