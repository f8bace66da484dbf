"""Sends the outbox up a connection: after what the centre has committed, and never far ahead of it.

While the centre owes a commit, single records wait for company: a centre that is slow, because a thousand sites send at
once, is then asked less often and for more at a time.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from site_agent.link.dialling import within
from site_agent.link.outbox import Outbox
from wire.messages import MAX_BATCH_RECORDS, Committed, Records, StreamIs, Up

AHEAD = 256
COMMIT_WITHIN_S = 15.0

Send = Callable[[Up], Awaitable[None]]


class RecordPump:
    """One for the life of the uplink; `run` once a connection."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._stir = asyncio.Event()
        self._heard: Committed | None = None
        self._committed: int | None = None
        self._sent = 0
        self._moved_at = 0.0
        self._held_until = 0.0
        outbox.on_appended(self._stir.set)

    def heard(self, committed: Committed) -> None:
        """Note what the centre says it has; `run` acts on it."""
        self._heard = committed
        self._stir.set()

    def hold(self, seconds: float) -> None:
        """Send no records for so long, so that a thousand sites that end at one moment do not all send at that moment.
        What is kept meanwhile goes afterwards, in fewer batches."""
        self._held_until = max(self._held_until, time.monotonic() + seconds)
        self._stir.set()

    async def run(self, send: Send) -> None:
        """Send until cancelled; raise what `send` or the outbox raise."""
        await self._ask(send)
        while True:
            self._stir.clear()
            if self._heard is not None:
                await self._take(send)
                continue
            # Read once: a hold that ends between two looks at the clock would be waited for without an end.
            held = self._held_until - time.monotonic()
            if held > 0 or not await self._send_next(send):
                await self._rest(send, held)

    async def _take(self, send: Send) -> None:
        committed, self._heard = self._heard, None
        stream = self._outbox.marks.stream
        if committed is None or committed.stream != stream:
            return
        await self._outbox.committed(committed.through)
        if self._outbox.marks.stream != stream:
            await self._ask(send)
            return
        if self._committed is None or committed.through < self._committed or committed.through > self._sent:
            self._sent = committed.through
        self._committed = committed.through
        self._moved_at = time.monotonic()

    async def _send_next(self, send: Send) -> bool:
        if self._committed is None or self._sent - self._committed >= AHEAD:
            return False
        marks = self._outbox.marks
        if self._sent > self._committed and marks.last - self._sent < MAX_BATCH_RECORDS:
            return False
        batch = await self._outbox.batch(self._sent)
        if batch is None:
            return False
        if self._sent == self._committed:
            self._moved_at = time.monotonic()
        self._sent = batch.last
        await send(Records(stream=marks.stream, first=batch.first, bodies=batch.bodies, oldest=marks.oldest))
        return True

    async def _rest(self, send: Send, held: float) -> None:
        """Wait for something new, or for the end of a hold, which is `held` seconds away; ask the centre how far it is
        when it has owed an answer for 15 s."""
        owed = self._committed is None or self._sent > self._committed
        now = time.monotonic()
        left = self._moved_at + COMMIT_WITHIN_S - now
        waits = [*([left] if owed else []), *([held] if held > 0 else [])]
        if not await within(min(waits, default=None), self._stir) and owed and time.monotonic() >= now + left:
            await self._ask(send)

    async def _ask(self, send: Send) -> None:
        self._heard = self._committed = None
        self._moved_at = time.monotonic()
        await send(StreamIs(stream=self._outbox.marks.stream))
