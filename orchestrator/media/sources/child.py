"""One source in a process of its own: whatever a camera or a file does to a decoder, it does it here.

    DIEMCAU_SOURCE_JOB={...} python -m orchestrator.media.sources.child

The job stands in the environment (a command line is seen by everybody on the computer). Each second, and at the end,
one line of JSON (:class:`Told`) goes to standard output. Standard input carries what an encoder pushes (FLV or
MPEG-TS), and orders for everything else; its end ends the process. Exit codes: 0 ended, 1 failed, 2 wrong usage.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import sys
import threading
import time

import msgspec
import structlog
from av import logging as av_logging

from orchestrator import logs
from orchestrator.media.sources.job import JOB_VARIABLE, LINE_LIMIT, Job, Order, State, Told, Way, Why
from orchestrator.media.sources.limits import confine
from orchestrator.media.sources.publishing import EncodedPublisher
from orchestrator.media.sources.reading import Outlet, Reader, SourceFailed
from wire.unreadable import UNREADABLE

TELL_S = 1.0
DRAIN_S = 0.5
"""What was read last is still sent."""
REFUSED_S = 20.0
"""A relay that takes nothing for so long ends the source: a fresh token may be needed."""

log = structlog.get_logger()


class Source:
    """The reader's thread, the publisher, the orders and the lines, until one of them ends."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._loop = asyncio.get_running_loop()
        self._publisher = EncodedPublisher(
            job.whip_url, self._token, keyframe_wanted=self._want, video=job.bounds.video
        )
        self._reader = Reader(job, Outlet(self._picture, self._sound))
        self._ended: asyncio.Future[Why] = self._loop.create_future()
        self._counted = (time.monotonic(), 0)
        self._kbps = 0
        self._heard = (time.monotonic(), 0)
        self._unpublished_since: float | None = time.monotonic()

    async def run(self) -> Why:
        """Publish until the source ends; why it failed, or :attr:`Why.NONE`."""
        thread = threading.Thread(target=self._read, name="source", daemon=True)
        thread.start()
        async with asyncio.TaskGroup() as group:
            helpers = [group.create_task(self._publisher.run()), group.create_task(self._tell())]
            if not self._job.way.pushed:
                helpers.append(group.create_task(self._obey()))
            why = await self._ended
            await asyncio.sleep(DRAIN_S if why is Why.NONE else 0)
            self._say(State.FAILED if why is not Why.NONE else State.ENDED, why)
            for helper in helpers:
                helper.cancel()
        return why

    # The reader's thread

    def _read(self) -> None:
        why = Why.NONE
        try:
            self._reader.run()
        except SourceFailed as failed:
            why = failed.why
        except MemoryError:
            why = Why.BROKEN
        except Exception as fault:  # the process ends with a word that its owner can show
            log.error("source_broke", kind=type(fault).__name__)
            why = Why.BROKEN
        with contextlib.suppress(RuntimeError):  # the loop is closed: the process is ending anyway
            self._loop.call_soon_threadsafe(self._end, why)

    def _picture(self, coded: bytes, timestamp: int, keyframe: bool) -> None:  # noqa: FBT001
        self._loop.call_soon_threadsafe(self._hand_picture, coded, timestamp, keyframe)

    def _sound(self, opus: bytes, timestamp: int) -> None:
        self._loop.call_soon_threadsafe(self._publisher.sound, opus, timestamp)

    # The loop's thread

    def _hand_picture(self, coded: bytes, timestamp: int, keyframe: bool) -> None:  # noqa: FBT001
        self._publisher.picture(coded, timestamp, keyframe=keyframe)

    def _want(self) -> None:
        self._reader.published(True)
        self._reader.want_keyframe()

    async def _token(self) -> str:
        return self._job.token

    def _end(self, why: Why) -> None:
        if not self._ended.done():
            self._ended.set_result(why)

    async def _tell(self) -> None:
        while True:
            self._say(self._reader.state, Why.NONE)
            now = time.monotonic()
            publishing = self._publisher.stats.state == "publishing"
            self._reader.published(publishing)
            if publishing:
                self._unpublished_since = None
            elif self._unpublished_since is None:
                self._unpublished_since = now
            elif now - self._unpublished_since > REFUSED_S:
                self._reader.stop()
                self._end(Why.NOT_PUBLISHED)
            self._listen(now)
            await asyncio.sleep(TELL_S)

    def _listen(self, now: float) -> None:
        """Live sources that fall silent have failed; those our library reads by itself have their own limit too."""
        if self._reader.octets != self._heard[1] or self._reader.state is State.CONNECTING:
            self._heard = (now, self._reader.octets)
        elif self._job.way is not Way.FILE and now - self._heard[0] > self._job.bounds.silent_s:
            self._reader.stop()
            self._end(Why.SILENT)

    async def _obey(self) -> None:
        """Orders, until whoever gives them is gone."""
        orders = asyncio.StreamReader(limit=LINE_LIMIT)
        await self._loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
        while line := await orders.readline():
            try:
                order = msgspec.json.decode(line, type=Order)
            except UNREADABLE:
                continue
            if order.deed == "seek":
                self._reader.seek(order.at_s)
            elif order.deed in {"pause", "resume"}:
                self._reader.pause(order.deed == "pause")
        self._reader.stop()
        self._end(Why.NONE)

    def _say(self, state: State, why: Why) -> None:
        told = self._now(state, why)
        print(msgspec.json.encode(told).decode(), flush=True)  # noqa: T201  (the protocol)

    def _now(self, state: State, why: Why) -> Told:
        reader, pictures, sounds = self._reader, self._reader.pictures, self._reader.sounds
        at, octets = self._counted
        now = time.monotonic()
        if now - at >= TELL_S / 2:
            self._kbps = round((reader.octets - octets) * 8 / (now - at) / 1000)
            self._counted = (now, reader.octets)
        usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return Told(
            state=state,
            why=why,
            picture=pictures.picture.name if pictures else "",
            sound=sounds.name if sounds else "",
            passes=pictures is not None and pictures.converted is Why.NONE,
            converted=pictures.converted if pictures else Why.NONE,
            kbps=self._kbps,
            pictures=reader.counted["video"],
            sounds=reader.counted["audio"],
            skipped=(pictures.skipped if pictures else 0) + self._publisher.dropped,
            published=self._publisher.stats.state == "publishing",
            at_s=round(reader.at_s, 2),
            length_s=round(reader.length_s, 2),
            cpu_s=round(sum(one.ru_utime + one.ru_stime for one in usage), 2),
        )


async def _run(job: Job) -> Why:
    return await Source(job).run()


def main() -> int:
    """The job of the environment, to its end."""
    av_logging.set_level(av_logging.PANIC)  # its lines repeat addresses
    try:
        job = msgspec.json.decode(os.environ.pop(JOB_VARIABLE, ""), type=Job)
    except UNREADABLE:
        return 2
    logs.configure()
    confine(job.bounds)
    why = asyncio.run(_run(job))
    sys.stdout.flush()
    # A reader that hangs in a driver's or a library's call must not keep the process.
    os._exit(0 if why is Why.NONE else 1)


if __name__ == "__main__":
    sys.exit(main())
