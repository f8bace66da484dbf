"""The logs that sites sent: taken in piece by piece, kept for a while, given to whoever may read them."""

from __future__ import annotations

from functools import partial

import structlog

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.orders import store
from orchestrator.storage.engine import Connection, Database
from wire.ids import EnrolmentId, SiteId
from wire.orders import LogPiece, OrderKind

log = structlog.get_logger()

DAY_NS = 24 * 3600 * 10**9
KEEP_NS = 30 * DAY_NS
SWEEP_NS = 3600 * 10**9


class Logbook:
    """Pieces of collected logs, in SQL."""

    def __init__(self, database: Database, clock: Clock, audit: Audit) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit

    def take_piece(
        self, conn: Connection, site: SiteId, _enrolment: EnrolmentId, _sequence: int, piece: LogPiece
    ) -> None:
        """For the record stream: keep a piece of a log that was asked for; refuses `unasked`."""
        order = store.find(conn, piece.order)
        if order is None or order.kind is not OrderKind.COLLECT_LOGS or store.told(conn, order.id, site) is None:
            raise Refused("unasked", "a log that nobody asked for")
        store.keep_piece(conn, site, piece, self._clock.now_ns())

    async def read(self, who: str, order: str, site: str) -> bytes:
        """A site's whole log as gzip; the reading is audited. Raises `Refused` no_log."""

        def work(conn: Connection) -> bytes:
            found = store.log_of(conn, order, site)
            if found is None:
                raise Refused("no_log", "Nhật ký này chưa về đủ hoặc đã xoá. / No such log, or not all of it.", 404)
            self._audit.record(conn, who, "order.log_read", f"{order}/{site}", {"bytes": len(found)})
            return found

        return await self._database.write(work)

    async def sweep(self) -> None:
        """Forget logs after 30 days. Runs until cancelled."""
        while True:
            before_ns = self._clock.now_ns() - KEEP_NS
            dropped = await self._database.write(partial(store.drop_logs, before_ns=before_ns))
            if dropped:
                log.info("logs_dropped", pieces=dropped)
            await self._clock.sleep_until(self._clock.now_ns() + SWEEP_NS)
