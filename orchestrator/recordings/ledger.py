"""Writes down what a recorder says of its files, in the order it said it, and mends what a dead one left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec
import structlog

from orchestrator.media.recorder.disk import Closed, Grew, Opened
from orchestrator.media.recorder.talk import Figures, FromRecorder, Track
from orchestrator.recordings import files, store
from orchestrator.recordings.model import Segment
from orchestrator.storage.engine import Connection, Database
from wire.ids import SessionId

log = structlog.get_logger()

WAITING_LIMIT = 1000
"""Reports that wait for the database; beyond it growth goes unnoted, which the file itself makes good."""


class Ledger:
    """Files of one session, as SQL and the disk have them. ``folder`` is the session's own."""

    def __init__(self, database: Database, session: SessionId, folder: Path) -> None:
        self._database = database
        self._session = session
        self.folder = folder

    async def tracks(self, streams: Sequence[tuple[str, str]]) -> list[Track]:
        """Where a recorder goes on, for (track, stream) each. A number is never used twice, whatever lies in the
        folder."""
        known = await self._database.read(lambda conn: store.segments(conn, self._session))
        found = await asyncio.to_thread(_numbers, self.folder)
        tracks = []
        for name, stream in streams:
            mine = [one for one in known if one.track == name]
            last = max([0, *(one.number for one in mine), *found.get(name, [])])
            tracks.append(Track(name, stream, last + 1, max((one.ends for one in mine), default=0)))
        return tracks

    async def write(self, said: FromRecorder, keep_days: int) -> None:
        """One report."""
        match said:
            case Opened():
                made = Segment(
                    session=self._session,
                    track=said.track,
                    number=said.number,
                    file=said.file,
                    at_ns=said.at_ns,
                    starts=said.starts,
                    ends=said.starts,
                    size=0,
                    width=said.width,
                    height=said.height,
                    keep_days=keep_days,
                )
                await self._database.write(partial(_insert, segment=made))
            case Grew():
                await self._put(said.track, said.number, size=said.size, ends=said.ends)
            case Closed():
                digest = bytes.fromhex(said.digest)
                await self._put(said.track, said.number, size=said.size, ends=said.ends, digest=digest, why=said.why)
            case _:
                pass

    async def _put(self, track: str, number: int, **changes: object) -> None:
        def work(conn: Connection) -> None:
            mine = [one for one in store.segments(conn, self._session) if (one.track, one.number) == (track, number)]
            for one in mine:
                store.put_segment(conn, msgspec.structs.replace(one, **changes))

        await self._database.write(work)

    async def mend(self) -> int:
        """Close the files that a recorder left open; returns how many. Nobody may be writing them."""
        open_ones = await self._database.read(store.growing)
        mine = [one for one in open_ones if one.session == self._session]
        for one in mine:
            await mend(self._database, one, self.folder / one.file)
        return len(mine)


def _insert(conn: Connection, segment: Segment) -> None:
    store.insert_segment(conn, segment)


async def mend(database: Database, segment: Segment, path: Path) -> None:
    """Cut a file to its last whole fragment and note what it came to; one without any is forgotten."""
    repaired = await asyncio.to_thread(files.repair, path)
    if repaired is None:
        await database.write(lambda conn: store.drop_segment(conn, segment))
        log.warning("recording_empty", session=segment.session, file=segment.file)
        return
    whole = msgspec.structs.replace(
        segment, size=repaired.size, ends=max(segment.starts, repaired.ends), digest=repaired.digest, why="mended"
    )
    await database.write(lambda conn: store.put_segment(conn, whole))
    log.warning("recording_mended", session=segment.session, file=segment.file, size=repaired.size)


def _numbers(folder: Path) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    if folder.is_dir():
        for file in folder.glob("*-*.mp4"):
            track, _, number = file.stem.rpartition("-")
            if number.isdigit():
                found.setdefault(track, []).append(int(number))
    return found


class Inbox:
    """Reports on their way to the ledger: bounded, growth and figures are what may be let go."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[FromRecorder | None] = asyncio.Queue()

    def put(self, said: FromRecorder) -> None:
        if isinstance(said, Grew | Figures) and self._waiting.qsize() >= WAITING_LIMIT:
            return
        self._waiting.put_nowait(said)

    def end(self) -> None:
        self._waiting.put_nowait(None)

    async def each(self, take: Callable[[FromRecorder], object]) -> None:
        """Hand on what comes, until the end."""
        while (said := await self._waiting.get()) is not None:
            result = take(said)
            if asyncio.iscoroutine(result):
                await result
