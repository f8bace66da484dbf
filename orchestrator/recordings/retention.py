"""Lets recordings go whose time is over, and those that a person orders to be erased; each file leaves an event.

The event holds the file's digest, so that what is gone is known, when, why and by whom; the same stands in the audit
trail. Nothing is erased by the clock while the clocks of linked sites do not bear the centre's clock out.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from orchestrator.access.audit import Audit
from orchestrator.attendance.pictures.model import clock_agrees
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.recordings import files, store
from orchestrator.recordings.model import Erasure, Segment, check_why
from orchestrator.storage.engine import Connection, Database
from orchestrator.web.kit import Identity
from wire.ids import SessionId

log = structlog.get_logger()

LOOK_S = 600
AT_ONCE = 50
S = 10**9
CLOCK = "clock"
EMPTY = bytes(32)


class Retention:
    """``offsets_ms``: centre time − the site's own clock, of every linked site that knows it; ``folder`` of a
    session."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        audit: Audit,
        folder: Callable[[SessionId], Path],
        offsets_ms: Callable[[], Sequence[float]],
    ) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._folder = folder
        self._offsets_ms = offsets_ms

    async def run(self) -> None:
        """Look every ten minutes until cancelled."""
        while True:
            await self.erase_due()
            await self._clock.sleep_until(self._clock.now_ns() + LOOK_S * S)

    async def erase_due(self) -> int:
        """Erase what is due, if the clock may be believed; returns how many files."""
        erased, now = 0, self._clock.now_ns()
        while True:
            due = await self._database.read(lambda conn: store.due_segments(conn, now, AT_ONCE))
            if not due:
                return erased
            if not clock_agrees(self._offsets_ms()):
                log.warning("erasure_waits_for_clock", due=len(due))
                return erased
            for one in due:
                await self._erase(one, CLOCK, "time over")
            erased += len(due)

    async def erase(self, who: Identity, session: SessionId, why: str) -> int:
        """Erase a session's recording now; refuses ``recording_now`` while it grows. Returns how many files."""
        check_why(why)
        found = await self._database.read(lambda conn: store.segments(conn, session))
        there = [one for one in found if one.erased_ns is None]
        if any(not one.why for one in there):
            message = "Buổi học đang được ghi, hãy dừng ghi trước. / It is being recorded: switch it off first."
            raise Refused("recording_now", message, 409)
        for one in there:
            await self._erase(one, who.username, why.strip())
        return len(there)

    async def _erase(self, segment: Segment, who: str, why: str) -> None:
        """The file first: an event never stands for one that is still there."""
        path = self._folder(segment.session) / segment.file
        digest = await asyncio.to_thread(_remove, path, segment.digest)
        now = self._clock.now_ns()

        def work(conn: Connection) -> None:
            whose = (segment.session, segment.track, segment.number)
            store.insert_erasure(conn, Erasure(*whose, digest, segment.size, segment.due_ns, now, who, why))
            told = {"digest": digest.hex(), "why": why}
            self._audit.record(conn, who, "recordings.erased", f"{segment.session}/{segment.file}", told)

        await self._database.write(work)
        log.info("recording_erased", session=segment.session, file=segment.file)


def _remove(path: Path, digest: bytes | None) -> bytes:
    """Unlink, and let the disk know before anything is said of it. Returns the digest of what was there."""
    known = digest
    with contextlib.suppress(FileNotFoundError):
        known = known or files.digest_of(path)
        path.unlink()
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        with contextlib.suppress(OSError):
            path.parent.rmdir()
    return known or EMPTY
