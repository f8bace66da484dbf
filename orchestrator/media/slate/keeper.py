"""Keeps the slates' process alive and tells it, whenever something changed, which slates should be on their way."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable
from functools import partial

import msgspec
import structlog

from orchestrator.clock import CentreClock
from orchestrator.media.children import Process, end, inherited, until_silent
from orchestrator.media.slate.model import Slate, Wanted
from orchestrator.media.spare import Spare

log = structlog.get_logger()

LOOK_S = 0.1
"""The longest that a change waits: a relay that starts anew has its slate before anybody misses it."""
STOP_S = 3.0
READ_S = 10.0
"""A process that does not take a line for so long hangs, and is replaced."""
SILENCE_S = 10.0
"""So does one that says nothing for so long."""
RESTART_S = (0.2, 5.0)
"""First and longest pause before a dead process is started again; doubled at each early death. One that stood until it
died is replaced at once."""
SPARE_S = 15.0
"""After the start of the centre, and of a process in use, before another is started to wait: that one is in no
hurry."""


class SlateKeeper:
    """``wanted`` is asked a few times a second; the process works once there is something to show, and from then on.

    Another one waits, with everything loaded that takes its time: it takes over when the first one dies, and the first
    session of a day has its slate at once. Unless ``spare_s`` is None: then none waits.
    """

    def __init__(
        self,
        wanted: Callable[[], list[Slate]],
        *,
        log_level: str = "info",
        spare_s: float | None = SPARE_S,
        silence_s: float = SILENCE_S,
    ) -> None:
        self._wanted = wanted
        self._log_level = log_level
        self._spare_s = spare_s
        self._silence_s = silence_s
        self.spare = Spare(self._spawn, "slates")
        self._anchor = CentreClock().anchor
        self.process: int | None = None
        """The process's number while it runs."""
        self.heard = 0
        """How often it has said that it is there."""
        self.restarts = 0

    async def run(self) -> None:
        """Until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                if self._spare_s is not None:
                    tasks.create_task(self.spare.keep(partial(asyncio.sleep, self._spare_s)))
                await self._work()
        finally:
            await self.spare.stop()

    async def _work(self) -> None:
        first, longest = RESTART_S
        pause = 0.0
        now = asyncio.get_running_loop().time
        while True:
            if not self._wanted():
                await asyncio.sleep(LOOK_S)
                continue
            began = now()
            code = await self._live()
            self.restarts += 1
            log.error("slates_died", code=code)
            stood = now() - began > 2 * longest
            await asyncio.sleep(0.0 if stood else pause)
            pause = first if stood else min(longest, max(first, pause * 2))

    async def _spawn(self) -> Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "orchestrator.media.slate.main", "--log-level", self._log_level),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=inherited(),
        )

    async def _live(self) -> int | None:
        """One life of the process; returns its exit code, None when it could not begin."""
        try:
            process = self.spare.take() or await self._spawn()
        except OSError as error:
            log.error("slates_not_started", error=str(error))
            return None
        self.process = process.pid
        try:
            async with asyncio.TaskGroup() as tasks:
                beside = [self._tell(process), self._listen(process), self._watch(process)]
                running = [tasks.create_task(one) for one in beside]
                code = await process.wait()
                for one in running:
                    one.cancel()
            return code
        finally:
            self.process = None
            await end(process, STOP_S)

    async def _listen(self, process: Process) -> None:
        while process.stdout is not None and await process.stdout.read(1024):
            self.heard += 1

    async def _watch(self, process: Process) -> None:
        await until_silent(lambda: self.heard, self._silence_s)
        _hangs(process)

    async def _tell(self, process: Process) -> None:
        told: Wanted | None = None
        while process.stdin is not None:
            wanted = Wanted(self._wanted(), self._anchor)
            if wanted != told:
                try:
                    async with asyncio.timeout(READ_S):
                        process.stdin.write(msgspec.json.encode(wanted) + b"\n")
                        await process.stdin.drain()
                except ConnectionError:
                    return  # it is gone, and is noticed by its end
                except TimeoutError:
                    _hangs(process)
                    return
                told = wanted
            await asyncio.sleep(LOOK_S)


def _hangs(process: Process) -> None:
    log.error("slates_hang")
    with contextlib.suppress(ProcessLookupError):
        process.kill()
