"""Takes the sites' durable records in: each exactly where its number belongs, applied in the transaction that keeps it.

A number that comes again with the same content is harmless; with other content it is a conflict that somebody must see.
A record that a feature cannot apply is set aside with its reason, so that one bad record never holds up the answers
behind it; a fault of the database fails the whole batch, and the site sends it again.
"""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
import structlog

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.links import store
from orchestrator.links.events import RecordConflict, RecordSetAside, RecordsMissing
from orchestrator.live.port import Bus
from orchestrator.storage.engine import Database
from wire.codec import ProtocolError, decode_record
from wire.ids import EnrolmentId, SiteId
from wire.messages import Committed, Down, Record, Records, StreamIs

log = structlog.get_logger()

Apply = Callable[[sa.Connection, SiteId, EnrolmentId, int, Any], None]
Trouble = RecordConflict | RecordSetAside | RecordsMissing
_R = TypeVar("_R", bound=Record)


class Batch(msgspec.Struct, frozen=True):
    """One `Records` message and who sent it."""

    site: SiteId
    enrolment: EnrolmentId
    records: Records

    @property
    def stream(self) -> str:
        """The stream's id; streams are kept per site, so no site can write into another's."""
        return self.records.stream


class Intake:
    """Durable records of all sites: `on_record` fills the table, `take` and `announce` are fed by the links."""

    def __init__(self, database: Database, bus: Bus, clock: Clock, send: Callable[[SiteId, Down], bool]) -> None:
        self._database = database
        self._bus = bus
        self._clock = clock
        self._send = send
        self._apply: dict[type[Any], list[Apply]] = {}

    def on_record(self, kind: type[_R], apply: Callable[[sa.Connection, SiteId, EnrolmentId, int, _R], None]) -> None:
        """Call `apply(conn, site, enrolment, sequence, record)` in the transaction that commits a record.

        It runs in the database thread. `Refused`, or any fault but the database's own, sets the record aside and
        undoes only what this record wrote.
        """
        self._apply.setdefault(kind, []).append(apply)

    async def announce(self, site: SiteId, _enrolment: EnrolmentId, stream: StreamIs) -> None:
        """Tell a site that has just linked how far its stream is committed."""
        through = await self.committed(site, stream.stream)
        self._send(site, Committed(stream=stream.stream, through=through))

    async def committed(self, site: SiteId, stream: str) -> int:
        """Return how far a site's stream is committed."""
        return await self._database.read(lambda conn: store.watermark(conn, site, stream))

    async def take(self, site: SiteId, enrolment: EnrolmentId, records: Records) -> None:
        """Commit a batch and then tell the site; raise what the database raises, with nothing kept."""
        batch = Batch(site, enrolment, records)
        now_ns = self._clock.now_ns()
        through, troubles = await self._database.write(lambda conn: self._commit(conn, batch, now_ns))
        self._send(site, Committed(stream=records.stream, through=through))
        for trouble in troubles:
            log.warning("record_trouble", kind=type(trouble).__name__, site=site)
            await self._bus.publish(trouble)

    def _commit(self, conn: sa.Connection, batch: Batch, now_ns: int) -> tuple[int, list[Trouble]]:
        troubles: list[Trouble] = []
        before = through = store.watermark(conn, batch.site, batch.stream)
        first = batch.records.first
        if first > through + 1:
            if first != batch.records.oldest:
                return through, troubles  # a gap the site can fill: it goes back to what is committed
            troubles.append(RecordsMissing(site=batch.site, stream=batch.stream, first=through + 1, last=first - 1))
            through = first - 1
        kept = store.digests(conn, batch.site, batch.stream, first, through)
        rows: list[store.Row] = []
        for sequence, body in enumerate(batch.records.bodies, first):
            digest = hashlib.sha256(body).digest()
            if sequence > through:
                rows.append(self._taken(conn, batch, sequence, body, digest))
            elif kept.get(sequence, digest) != digest:
                troubles.append(RecordConflict(site=batch.site, stream=batch.stream, sequence=sequence))
        store.insert_records(conn, batch.site, batch.stream, rows, now_ns)
        troubles += [
            RecordSetAside(site=batch.site, stream=batch.stream, sequence=row.sequence, reason=row.fault)
            for row in rows
            if row.fault is not None
        ]
        through += len(rows)
        if through != before:
            store.set_watermark(conn, batch.site, batch.stream, through)
        return through, troubles

    def _taken(self, conn: sa.Connection, batch: Batch, sequence: int, body: bytes, digest: bytes) -> store.Row:
        fault = self._apply_one(conn, batch, sequence, body)
        return store.Row(sequence, digest) if fault is None else store.Row(sequence, digest, fault[:200], body)

    def _apply_one(self, conn: sa.Connection, batch: Batch, sequence: int, body: bytes) -> str | None:
        try:
            record = decode_record(body)
            with conn.begin_nested():
                for apply in self._apply.get(type(record), ()):
                    apply(conn, batch.site, batch.enrolment, sequence, record)
        except ProtocolError as error:
            return f"{error.code}: {error.message}"
        except Refused as refused:
            return f"{refused.code}: {refused.message}"
        except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.InternalError):
            raise
        except Exception as error:
            log.exception("record_failed", site=batch.site, sequence=sequence)
            return f"fault: {type(error).__name__}"
        return None
