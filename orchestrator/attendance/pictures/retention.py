"""Erases pictures whose time is over, and those that a person orders to be erased; each leaves an event.

The event holds the digest that the signed evidence of the count carries, so that the evidence stays whole: what is gone
is known, when, why and by whom. The same stands in the audit trail. Nothing is erased by the clock before its time, nor
while the clocks of linked sites do not bear the centre's clock out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import structlog

from orchestrator.access.audit import Audit
from orchestrator.attendance.pictures import store
from orchestrator.attendance.pictures.model import check_why, clock_agrees
from orchestrator.attendance.pictures.store import Kept
from orchestrator.attendance.store import Erasure
from orchestrator.attendance.verify.store import CLOCK
from orchestrator.clock import Clock
from orchestrator.storage.engine import Connection, Database
from orchestrator.web.kit import Identity
from wire.evidence import evidence_digest
from wire.ids import RollCallId

log = structlog.get_logger()

LOOK_S = 600
AT_ONCE = 100
"""Pictures in one transaction: others wait for the database meanwhile."""
S = 10**9


class RetentionState(msgspec.Struct, frozen=True):
    """How the clock of retention stands; ``witnesses``: linked sites whose clocks are known."""

    kept: int
    due: int
    next_due_ms: int | None
    erased: int
    witnesses: int
    clock_agrees: bool


class Retention:
    """``offsets_ms``: centre time − the site's own clock, of every linked site that knows it."""

    def __init__(
        self, database: Database, clock: Clock, audit: Audit, offsets_ms: Callable[[], Sequence[float]]
    ) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._offsets_ms = offsets_ms

    async def state(self) -> RetentionState:
        """For the page."""
        now, offsets = self._clock.now_ns(), self._offsets_ms()

        def work(conn: Connection) -> RetentionState:
            kept, due, next_ns = store.count_kept(conn, now)
            next_ms = None if next_ns is None else next_ns // 1_000_000
            erased = store.count_erasures(conn)
            return RetentionState(kept, due, next_ms, erased, len(offsets), clock_agrees(offsets))

        return await self._database.read(work)

    async def run(self) -> None:
        """Look every ten minutes until cancelled."""
        while True:
            await self.erase_due()
            await self._clock.sleep_until(self._clock.now_ns() + LOOK_S * S)

    async def erase_due(self) -> int:
        """Erase what is due, if the clock may be believed; returns how many."""
        erased, now = 0, self._clock.now_ns()
        while True:
            due = await self._database.read(lambda conn: store.due_pictures(conn, now, AT_ONCE))
            if not due:
                break
            if not clock_agrees(self._offsets_ms()):
                log.warning("erasure_waits_for_clock", due=len(due))
                break
            await self._database.write(lambda conn, due=due: self._erase(conn, due, CLOCK, "time over"))  # type: ignore[misc]
            erased += len(due)
        if erased:
            await self._database.scrub()
            log.info("pictures_erased", pictures=erased)
        return erased

    async def erase_call(self, who: Identity, call: RollCallId, why: str) -> int:
        """Erase every picture of a roll call now, whatever its time; returns how many."""
        check_why(why)
        erased = 0
        while True:
            some = await self._database.read(lambda conn: store.pictures_of(conn, call, AT_ONCE))
            if not some:
                break
            await self._database.write(
                lambda conn, some=some: self._erase(conn, some, who.username, why.strip())  # type: ignore[misc]
            )
            erased += len(some)
        if erased:
            await self._database.scrub()
        return erased

    def _erase(self, conn: Connection, some: Sequence[Kept], who: str, why: str) -> None:
        now = self._clock.now_ns()
        for kept in some:
            digest = evidence_digest(kept.picture)
            store.erase(conn, Erasure(kept.roll_call, kept.site, digest, len(kept.picture), kept.due_ns, now, who, why))
            told = {"digest": digest.hex(), "why": why}
            self._audit.record(conn, who, "attendance.erased", f"{kept.roll_call}/{kept.site}", told)
