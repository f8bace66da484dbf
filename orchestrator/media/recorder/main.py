"""The recorder's process: ``python -m orchestrator.media.recorder.main``, begun and fed by the centre.

It ends when its standard input does, and closes its files first: a centre that died leaves no recorder behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import sys
import time
from pathlib import Path

import msgspec
import structlog

from orchestrator.logs import configure
from orchestrator.media.recorder.disk import Disk, DiskReport, Grew
from orchestrator.media.recorder.take import Take
from orchestrator.media.recorder.talk import Answer, Asked, Begin, Figures, FromRecorder, Line, ToRecorder, Track
from orchestrator.media.recorder.viewer import NotConnected, Viewer

log = structlog.get_logger()

TICK_S = 0.05
RECEIPT_S = 1.0
FIGURES_S = 5.0
GREW_S = 1.0
ANSWER_S = 15.0
BACKOFF_S = (0.2, 0.5, 1.0, 2.0)
MEMORY_LIMIT = 2 << 30
FILES_LIMIT = 256
LINE_LIMIT = 1 << 20
NTP_1970 = 2_208_988_800
KINDER = 2
"""Steps of niceness: a lecture that is shown comes before one that is kept."""


class Recorder:
    """All tracks of one session."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._loop = asyncio.get_running_loop()
        self._answers: dict[str, asyncio.Future[Answer]] = {}
        self.takes: list[Take] = []
        self._disks: list[Disk] = []

    async def run(self, reader: asyncio.StreamReader) -> None:
        """Until the centre says no more, or a signal comes."""
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, stop.set)
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(self._record(track)) for track in self._begin.tracks]
            running += [tasks.create_task(self._listen(reader, stop)), tasks.create_task(self._count())]
            await stop.wait()
            for one in running:
                one.cancel()
        say(self._figures())

    async def _listen(self, reader: asyncio.StreamReader, stop: asyncio.Event) -> None:
        decoder = msgspec.json.Decoder(ToRecorder)
        while line := await reader.readline():
            told = decoder.decode(line)
            if isinstance(told, Answer):
                waiting = self._answers.pop(told.track, None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(told)
        stop.set()

    async def _count(self) -> None:
        while True:
            await asyncio.sleep(FIGURES_S)
            say(self._figures())

    def _figures(self) -> Figures:
        return Figures(
            packets=sum(one.packets for one in self.takes),
            lost=sum(one.lost for one in self.takes),
            cpu_s=round(time.process_time(), 3),
            let_go=sum(one.lost for one in self._disks),
        )

    def _now_ns(self) -> int:
        return time.monotonic_ns() + self._begin.shift_ns

    async def _record(self, track: Track) -> None:
        """One track: connected again and again, its files closed whatever happens."""

        told = 0.0

        def tell(report: DiskReport) -> None:
            nonlocal told
            now = time.monotonic()
            if isinstance(report, Grew):
                if now - told < GREW_S:
                    return
                told = now
            say(report)

        disk = Disk(
            Path(self._begin.folder),
            track.name,
            number=track.number,
            reserve=self._begin.reserve,
            now_ns=self._now_ns,
            tell=tell,
        )
        take = Take(disk, starts=track.starts, segment_s=self._begin.segment_s, wall=lambda: time.time() + NTP_1970)
        self.takes.append(take)
        self._disks.append(disk)
        try:
            await self._again_and_again(track, take)
        finally:
            take.finish("stopped")
            disk.stop()

    async def _again_and_again(self, track: Track, take: Take) -> None:
        failures = 0
        while True:
            say(Line(track.name, "connecting"))
            try:
                await self._watch(track, take)
                failures = 0
                say(Line(track.name, "lost"))
            except NotConnected as fault:
                say(Line(track.name, "refused", str(fault)))
            take.another_source()
            await asyncio.sleep(BACKOFF_S[min(failures, len(BACKOFF_S) - 1)])
            failures += 1

    async def _watch(self, track: Track, take: Take) -> None:
        """One connection, from its offer to its end."""
        viewer = Viewer(take.packet, take.report)
        try:
            told = await self._ask(Asked(track.name, viewer.offer()))
            if told.offers:
                await self._ask(Asked(track.name, viewer.answer(told.sdp), answers=True))
            await viewer.connect(told.sdp, self._begin.hosts)
            say(Line(track.name, "connected"))
            async with asyncio.TaskGroup() as tasks:
                keeping = tasks.create_task(viewer.keep())
                ticking = tasks.create_task(_tick(viewer, take))
                await viewer.closed.wait()
                ticking.cancel()
                keeping.cancel()
        finally:
            await viewer.close()

    async def _ask(self, asked: Asked) -> Answer:
        waiting: asyncio.Future[Answer] = self._loop.create_future()
        self._answers[asked.track] = waiting
        say(asked)
        try:
            async with asyncio.timeout(ANSWER_S):
                answer = await waiting
        except TimeoutError as error:
            raise NotConnected("the centre brought no answer") from error
        if answer.refused:
            raise NotConnected(answer.refused)
        return answer


async def _tick(viewer: Viewer, take: Take) -> None:
    receipt = 0.0
    while True:
        now = time.monotonic()
        wishes = take.tick(now)
        if wishes.key or any(wishes.missing.values()):
            viewer.tell(wishes)
        if now - receipt >= RECEIPT_S:
            receipt = now
            viewer.receipt(take.figures())
        await asyncio.sleep(TICK_S)


def say(message: FromRecorder) -> None:
    """One line to the centre, whole, from whatever thread. Nobody there: nothing is said, the files matter more."""
    with contextlib.suppress(OSError):
        os.write(1, msgspec.json.encode(message) + b"\n")


def _bounded() -> None:
    """What this process may take of the computer at most."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES_LIMIT, FILES_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(KINDER)


async def _run() -> None:
    reader = asyncio.StreamReader(LINE_LIMIT)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    line = await reader.readline()
    if line:
        await Recorder(msgspec.json.decode(line, type=Begin)).run(reader)


def main() -> None:
    """Begin with the first line of standard input."""
    configure(os.environ.get("DIEMCAU_LOG__LEVEL", "warning"))
    _bounded()
    asyncio.run(_run())


if __name__ == "__main__":
    main()
