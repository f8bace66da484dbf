"""The slates' process: told on standard input which slates should be on their way, ends when that ends.

Each line of standard input is one :class:`Wanted` as JSON and replaces the one before. Before the first one everything
is made ready that a slate will need, so that a process kept waiting shows it at once. From then on an empty line goes
to standard output once a second: a process that says nothing hangs.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import os
import sys

import msgspec
import structlog

from orchestrator import logs
from orchestrator.clock import CentreClock
from orchestrator.media.slate.drawing import Easel
from orchestrator.media.slate.encoding import Encoder
from orchestrator.media.slate.model import MOST_SLATES, Face, Slate, Wanted
from orchestrator.media.slate.showing import Showing

log = structlog.get_logger()

LINE_LIMIT = 1 << 20
BEAT_S = 1.0


class Slates:
    """All slates of one process. A fault in one ends that one for a moment."""

    def __init__(self, group: asyncio.TaskGroup) -> None:
        self._group = group
        self._clock = CentreClock()
        self._anchor = ""
        self._showing: dict[str, tuple[Showing, asyncio.Task[None]]] = {}

    def want(self, wanted: Wanted) -> None:
        """Begin, change and end what differs from now. Raises :class:`ValueError` for an anchor that is none."""
        if wanted.anchor != self._anchor:
            self._clock, self._anchor = CentreClock(wanted.anchor), wanted.anchor
        slates = {slate.stream: slate for slate in wanted.slates[:MOST_SLATES]}
        for stream in [each for each in self._showing if each not in slates]:
            self._end(stream)
        for stream, slate in slates.items():
            found = self._showing.get(stream)
            if found is not None and found[0].slate.url == slate.url:
                found[0].slate = slate
                continue
            if found is not None:
                self._end(stream)
            self._begin(slate)

    def end(self) -> None:
        """End all."""
        for stream in list(self._showing):
            self._end(stream)

    def _begin(self, slate: Slate) -> None:
        log.info("slate_begins", stream=slate.stream)
        showing = Showing(slate, self._clock)
        self._showing[slate.stream] = showing, self._group.create_task(_kept(showing))

    def _end(self, stream: str) -> None:
        self._showing.pop(stream)[1].cancel()


async def _kept(showing: Showing) -> None:
    while True:
        try:
            await showing.run()
        except Exception:
            log.exception("slate_failed", stream=showing.slate.stream)
        await asyncio.sleep(1)


async def _lines() -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=LINE_LIMIT)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


def warm() -> None:
    """Load fonts and codec by drawing and encoding one picture that nobody sees."""
    encoder = Encoder()
    encoder.put(Easel().picture(Face("", "", "", "", "", "", ""), "00:00:00"))
    encoder.encode(0)


async def _beat() -> None:
    while True:
        with contextlib.suppress(OSError):
            os.write(sys.stdout.fileno(), b"\n")
        await asyncio.sleep(BEAT_S)


async def serve() -> None:
    """Show what is wanted until standard input ends. Raises :class:`ValueError` for a line without an end."""
    lines = await _lines()
    line = await lines.readline()
    async with asyncio.TaskGroup() as group:
        beating = group.create_task(_beat())
        slates = Slates(group)
        while line:
            try:
                slates.want(msgspec.json.decode(line, type=Wanted))
            except ValueError as error:
                log.error("slate_line_garbled", error=str(error))
            line = await lines.readline()
        slates.end()
        beating.cancel()


def main() -> None:
    """Run until standard input ends."""
    options = argparse.ArgumentParser(prog="orchestrator.media.slate.main", description="The holding slates")
    options.add_argument("--log-level", default="info", choices=["debug", "info", "warning", "error"])
    logs.configure(options.parse_args().log_level)
    warm()
    # What stands now stands until the end; connections come and go, and are full of cycles.
    gc.collect()
    gc.freeze()
    asyncio.run(serve())


if __name__ == "__main__":
    main()
