"""Starts a source's process, listens to it, and starts it again when it dies or hangs, with a growing pause."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

import msgspec
import structlog

from orchestrator.media import children
from orchestrator.media.sources.job import JOB_VARIABLE, LINE_LIMIT, Job, Order, State, Told, Way, Why
from wire.unreadable import UNREADABLE

HANG_S = 12.0
"""A process that has told nothing for so long hangs: it tells every second."""
PAUSE_S = (1.0, 2.0, 5.0, 10.0, 30.0)
LEAVE_S = 2.0
STEADY_S = 60.0
"""After so long a life the pauses begin again with the shortest."""
BREAKS = 3
"""A file that broke its process so often in a row is left alone."""
log = structlog.get_logger()


class SourceProcess:
    """One source, kept going until it ends or :meth:`run` is cancelled.

    ``job`` is called before each start: it brings a fresh token. ``told`` hears every line. A source whose bytes we
    bring ourselves (:meth:`feed`) lives once: who sends them connects again.
    """

    def __init__(self, name: str, job: Callable[[], Job], told: Callable[[Told], None], *, fed: bool = False) -> None:
        self.name = name
        self._job = job
        self._told = told
        self._fed = fed
        self._process: asyncio.subprocess.Process | None = None
        self._last = Told(State.CONNECTING)
        self.starts = 0
        self.started = asyncio.Event()
        """Set when a process lives for the first time."""

    @property
    def pid(self) -> int | None:
        """Of the process that lives now."""
        return self._process.pid if self._process is not None else None

    def order(self, order: Order) -> None:
        """Tell a file's process; without one nothing happens."""
        if self._process is not None and self._process.stdin is not None and not self._fed:
            self._process.stdin.write(msgspec.json.encode(order) + b"\n")

    async def feed(self, content: bytes) -> None:
        """Hand on what an encoder sent; waits while the process is busy. Raises :class:`ConnectionError` when it is
        gone."""
        if self._process is None or self._process.stdin is None:
            raise ConnectionResetError("the source's process is gone")
        self._process.stdin.write(content)
        await self._process.stdin.drain()

    async def run(self) -> Told:
        """Until the source ended, or failed for good; what it told last."""
        failures = broken = 0
        resume = Told(State.CONNECTING)
        while True:
            began = asyncio.get_running_loop().time()
            self._tell(msgspec.structs.replace(resume, state=State.CONNECTING, why=Why.NONE, published=False))
            last = await self._live(resume)
            if last.state is State.ENDED or self._fed:
                return last
            if asyncio.get_running_loop().time() - began > STEADY_S:
                failures = broken = 0
            failures += 1
            broken = broken + 1 if last.why is Why.BROKEN else 0
            log.warning("source_failed", source=self.name, why=last.why, failures=failures)
            self._tell(last)
            job_way = self._job().way
            if job_way is Way.FILE and (last.why not in {Why.BROKEN, Why.NOT_PUBLISHED} or broken >= BREAKS):
                return last
            resume = last if job_way is Way.FILE else resume
            await asyncio.sleep(PAUSE_S[min(failures, len(PAUSE_S)) - 1])

    async def _live(self, resume: Told) -> Told:
        """One life of the process; what it told last, which is never that it runs."""
        job = self._job()
        if job.way is Way.FILE and resume.at_s:
            job = msgspec.structs.replace(job, from_s=resume.at_s)
        self._last = Told(State.CONNECTING, at_s=job.from_s)  # where the next life goes on should this one say nothing
        self.starts += 1
        try:
            process = await self._start(job)
        except OSError as fault:
            log.error("source_not_started", source=self.name, error=fault.strerror)
            return Told(State.FAILED, Why.BROKEN, at_s=job.from_s)
        self._process = process
        self.started.set()
        try:
            async with asyncio.TaskGroup() as group:
                log_lines = group.create_task(_pass_on(process))
                await self._listen(process)
                log_lines.cancel()
        finally:
            self._process = None
            await children.end(process, LEAVE_S, helpers=True)
        if self._last.state in {State.ENDED, State.FAILED}:
            return self._last
        log.error("source_process_died", source=self.name, code=process.returncode)
        return msgspec.structs.replace(self._last, state=State.FAILED, why=Why.BROKEN, published=False)

    async def _start(self, job: Job) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "orchestrator.media.sources.child",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**children.scant(), JOB_VARIABLE: msgspec.json.encode(job).decode()},
            limit=LINE_LIMIT,
            start_new_session=True,  # its helpers end with it
        )

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            raise RuntimeError("a process without standard output")
        while True:
            try:
                async with asyncio.timeout(HANG_S):
                    line = await process.stdout.readline()
            except TimeoutError:
                log.error("source_process_hangs", source=self.name)
                return
            except ValueError:  # a line without an end
                return
            if not line:
                return
            try:
                told = msgspec.json.decode(line, type=Told)
            except UNREADABLE:
                log.error("source_process_garbled", source=self.name)
                return
            self._last = told
            if told.state not in {State.ENDED, State.FAILED}:
                self._tell(told)

    def _tell(self, told: Told) -> None:
        self._told(told)


async def _pass_on(process: asyncio.subprocess.Process) -> None:
    """Its log lines, written by us: where ours go to a file, its own bound on files would end it with the first one."""
    if process.stderr is not None:
        while piece := await process.stderr.read(LINE_LIMIT):
            sys.stderr.write(piece.decode(errors="replace"))
