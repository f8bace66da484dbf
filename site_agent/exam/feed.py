"""Hands the journal on to the province: every row becomes exactly one record of the site's stream, in order.

Journal and outbox are two files, so there is an instant when a row is in the outbox and the journal does not know it
yet. After a crash in that instant nothing is guessed: whatever the outbox has behind the last noted number is read back
and compared with the rows, byte by byte, before anything is handed on again. A new outbox file is a new stream and gets
every row; the province knows an event by its candidate, number and hash.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import structlog

from site_agent.exam.journal import Journal, JournalRefused
from site_agent.exam.ledger import Fed
from site_agent.link.outbox import OutboxRefused
from wire.codec import decode_record
from wire.messages import Record

BATCH = 64
NOTE_EVERY = 512
MOST_PLACES = 8192
"""Row and number pairs that are kept. A centre that falls back further than that is told ✓✓ anew from the beginning."""
_RETRY_S = 1.0

log = structlog.get_logger()


class Marks(Protocol):
    """How far the site's stream reaches."""

    @property
    def stream(self) -> str: ...

    @property
    def last(self) -> int: ...

    @property
    def committed(self) -> int: ...


class Stretch(Protocol):
    """Consecutive records of the stream."""

    @property
    def first(self) -> int: ...

    @property
    def bodies(self) -> list[bytes]: ...


class Stream(Protocol):
    """The site's durable stream to the centre, `site_agent.link.outbox.Outbox`."""

    @property
    def marks(self) -> Marks: ...

    def on_committed(self, listener: Callable[[int], None]) -> None: ...

    async def append_many(self, records: Sequence[Record]) -> list[int]: ...

    async def batch(self, after: int) -> Stretch | None: ...


class Feed:
    """One for the life of the agent. `confirmed(row)`: the province has every journal row up to this one."""

    def __init__(
        self, journal: Journal, stream: Stream, confirmed: Callable[[int], None], *, most_places: int = MOST_PLACES
    ) -> None:
        self._most_places = most_places
        self._journal = journal
        self._stream = stream
        self._confirmed = confirmed
        self._fresh = asyncio.Event()
        self._row = 0
        self._noted_row = 0
        self._sequences: list[int] = [0]
        self._rows: list[int] = [0]
        journal.grown = self._fresh.set
        stream.on_committed(self._committed)

    async def run(self) -> None:
        """Find where the stream stands, then hand on until cancelled. A disk that refuses is asked again."""
        self._row = self._noted_row = 0
        self._sequences, self._rows = [0], [0]
        await self._persist(self._find_place)
        self._committed(self._stream.marks.committed)
        try:
            while True:
                self._fresh.clear()
                if not await self._persist(self._hand_on):
                    await self._fresh.wait()
        finally:
            # Only spares the next start some reading: what is not noted is found again.
            await asyncio.shield(self._note())

    async def _find_place(self) -> bool:
        marks = self._stream.marks
        noted = [fed for fed in await self._journal.fed() if fed.stream == marks.stream and fed.sequence <= marks.last]
        for fed in noted:
            self._place(fed.row, fed.sequence)
        after = self._sequences[-1]
        while (stretch := await self._stream.batch(after)) is not None:
            await self._compare(stretch)
            after = stretch.first + len(stretch.bodies) - 1
        return True

    async def _compare(self, stretch: Stretch) -> None:
        """Which of these records are the rows that come next."""
        waiting = await self._journal.bodies(self._row, len(stretch.bodies))
        for offset, body in enumerate(stretch.bodies):
            if waiting and waiting[0][1] == body:
                row, _ = waiting.pop(0)
                self._place(row, stretch.first + offset)

    async def _hand_on(self) -> bool:
        rows = await self._journal.bodies(self._row, BATCH)
        if not rows:
            return False
        sequences = await self._stream.append_many([decode_record(body) for _, body in rows])
        for (row, _), sequence in zip(rows, sequences, strict=True):
            self._place(row, sequence)
        if self._row - self._noted_row >= NOTE_EVERY:
            await self._note()
        return True

    async def _note(self) -> None:
        if self._row > self._noted_row:
            try:
                await self._journal.note_fed(Fed(self._stream.marks.stream, self._row, self._sequences[-1]))
            except JournalRefused as refused:
                log.warning("feed_not_noted", code=refused.code)
                return
            self._noted_row = self._row

    async def _persist(self, step: Callable[[], Awaitable[bool]]) -> bool:
        while True:
            try:
                return await step()
            except (JournalRefused, OutboxRefused) as refused:
                log.error("feed_waits", code=refused.code)
                await asyncio.sleep(_RETRY_S)

    def _place(self, row: int, sequence: int) -> None:
        self._row = row
        self._rows.append(row)
        self._sequences.append(sequence)
        if len(self._rows) > self._most_places:
            self._forget(bisect_right(self._sequences, self._stream.marks.committed) - 1)

    def _forget(self, before: int) -> None:
        """Drop the older half of what the province has; the first pair says that it may have nothing."""
        upto = min(before, self._most_places // 2)
        if upto > 1:
            del self._rows[1:upto], self._sequences[1:upto]

    def _committed(self, through: int) -> None:
        self._confirmed(self._rows[bisect_right(self._sequences, through) - 1])
