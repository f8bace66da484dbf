"""Forgets once a night what is older than the province keeps it; each night's forgetting is on the audit trail.

As with pictures, nothing goes while the clocks of the linked sites do not bear the centre's own out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from functools import partial

import msgspec
import structlog

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.live.port import Leases
from orchestrator.storage.engine import Connection, Database

log = structlog.get_logger()

S = 10**9
DAY_NS = 24 * 3600 * S
HOUR_NS = 3600 * S
NIGHT_HOUR = 2
"""In Vietnam, where every room of the province sleeps then."""
ZONE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
LOOK_NS = 600 * S
LONGEST_NS = 30 * HOUR_NS
"""A centre that is switched off at night forgets by day."""
AT_ONCE = 500
LEASE, LEASE_S = "retention", 900.0

Forget = Callable[[Connection, int, int], int]
"""(connection, everything before this moment, at most so many): how many rows went."""


class Kept(msgspec.Struct, frozen=True):
    """How long one kind of rows is kept; 0 days: for ever."""

    days: int
    forget: Forget


class Retention:
    """``kinds``: by the name under which the audit trail tells of it; ``clock_agrees``: whether the centre's clock may
    be believed. Of several processes the one with the lease forgets."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        audit: Audit,
        leases: Leases,
        owner: str,
        kinds: Mapping[str, Kept],
        clock_agrees: Callable[[], bool],
    ) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._leases = leases
        self._owner = owner
        self._kinds = kinds
        self._clock_agrees = clock_agrees
        self._done_ns = clock.now_ns()

    async def run(self) -> None:
        """Look every ten minutes until cancelled."""
        while True:
            await self._clock.sleep_until(self._clock.now_ns() + LOOK_NS)
            if is_due(self._clock.now_ns(), self._done_ns):
                await self.night()

    async def night(self) -> int:
        """Forget what is due, if the clock may be believed; how many rows went."""
        if not self._clock_agrees():
            log.warning("forgetting_waits_for_clock")
            return 0
        if await self._leases.acquire(LEASE, self._owner, LEASE_S) is None:
            return 0
        now = self._clock.now_ns()
        gone = 0
        for name, kept in self._kinds.items():
            if kept.days:
                gone += await self._forget(name, kept, now - kept.days * DAY_NS)
        if gone:
            await self._database.scrub()
        self._done_ns = now
        return gone

    async def _forget(self, name: str, kept: Kept, before_ns: int) -> int:
        """In small transactions, each with its word in the trail: nobody waits for the database meanwhile."""
        gone = 0
        while rows := await self._database.write(partial(self._some, name=name, kept=kept, before_ns=before_ns)):
            gone += rows
        if gone:
            log.info("forgotten", kind=name, rows=gone)
        return gone

    def _some(self, conn: Connection, *, name: str, kept: Kept, before_ns: int) -> int:
        rows = kept.forget(conn, before_ns, AT_ONCE)
        if rows:
            told = {"rows": rows, "before_ms": before_ns // 1_000_000, "days": kept.days}
            self._audit.record(conn, "clock", "retention.forgotten", name, told)
        return rows


def is_due(now_ns: int, done_ns: int) -> bool:
    """At night, once; or when the last time is so long ago that this centre does not run at night."""
    since = now_ns - done_ns
    hour = datetime.fromtimestamp(now_ns / S, ZONE).hour
    return since > LONGEST_NS or (hour == NIGHT_HOUR and since > 2 * HOUR_NS)
