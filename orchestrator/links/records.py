"""Takes the sites' durable records in: each exactly where its number belongs, applied in the transaction that keeps it.

A number that comes again with the same content is harmless; with other content it is a conflict that somebody must see.
A record that a feature cannot apply is set aside with its reason, so that one bad record never holds up the answers
behind it; a fault of the database fails the whole batch, and the site sends it again. Whatever batches wait are written
in one transaction: at the close of an exam a thousand sites send at once, and each sync of the disk serves them all.
"""

import asyncio
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
from wire.codec import ProtocolError, decode_record, encode_record
from wire.ids import EnrolmentId, SiteId
from wire.messages import Committed, Down, Record, Records, RollCallCount, StreamIs

log = structlog.get_logger()

MOST_TOGETHER = 512
"""Records in one transaction, but at least one batch: others wait for the database meanwhile."""

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


class _Waiting:
    """A batch, and what became of it once it is durable."""

    __slots__ = ("batch", "done")

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.done: tuple[int, list[Trouble]] | None = None


class Intake:
    """Durable records of all sites: `on_record` fills the table, `take` and `announce` are fed by the links."""

    def __init__(self, database: Database, bus: Bus, clock: Clock, send: Callable[[SiteId, Down], bool]) -> None:
        self._database = database
        self._bus = bus
        self._clock = clock
        self._send = send
        self._apply: dict[type[Any], list[Apply]] = {}
        self._waiting: list[_Waiting] = []
        self._turn = asyncio.Lock()

    def on_record(self, kind: type[_R], apply: Callable[[sa.Connection, SiteId, EnrolmentId, int, _R], None]) -> None:
        """Call `apply(conn, site, enrolment, sequence, record)` in the transaction that commits a record.

        It runs in the database thread. `Refused`, or any fault but the database's own, sets the record aside and
        undoes only what this record wrote.
        """
        self._apply.setdefault(kind, []).append(apply)

    def apply_carried(
        self, conn: sa.Connection, site: SiteId, enrolment: EnrolmentId, sequence: int, record: Record
    ) -> None:
        """Apply a record that a person carried here, inside the caller's transaction; raises what a feature raises."""
        with conn.begin_nested():
            for apply in self._apply.get(type(record), ()):
                apply(conn, site, enrolment, sequence, record)

    async def announce(self, site: SiteId, _enrolment: EnrolmentId, stream: StreamIs) -> None:
        """Tell a site that has just linked how far its stream is committed."""
        through = await self.committed(site, stream.stream)
        self._send(site, Committed(stream=stream.stream, through=through))

    async def committed(self, site: SiteId, stream: str) -> int:
        """Return how far a site's stream is committed."""
        return await self._database.read(lambda conn: store.watermark(conn, site, stream))

    async def take(self, site: SiteId, enrolment: EnrolmentId, records: Records) -> None:
        """Commit a batch and then tell the site; raise what the database raises, with nothing kept."""
        through, troubles = await self._durable(Batch(site, enrolment, records))
        self._send(site, Committed(stream=records.stream, through=through))
        for trouble in troubles:
            log.warning("record_trouble", kind=type(trouble).__name__, site=site)
            await self._bus.publish(trouble)

    async def _durable(self, batch: Batch) -> tuple[int, list[Trouble]]:
        """Write the batch with all that wait when its turn comes. Whoever is cancelled meanwhile leaves the others to
        write once more: a repeat is harmless."""
        mine = _Waiting(batch)
        self._waiting.append(mine)
        try:
            async with self._turn:
                if mine.done is None:
                    await self._write(mine)
        finally:
            self._waiting.remove(mine)
        assert mine.done is not None
        return mine.done

    async def _write(self, mine: _Waiting) -> None:
        group = self._group()
        try:
            await self._write_all(group)
        except Exception:
            if group == [mine]:
                raise
            await self._write_all([mine])  # the fault of another's batch is not ours

    def _group(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        size = 0
        for waiting in self._waiting:
            if waiting.done is None:
                size += len(waiting.batch.records.bodies)
                if group and size > MOST_TOGETHER:
                    break
                group.append(waiting)
        return group

    async def _write_all(self, group: list[_Waiting]) -> None:
        now_ns = self._clock.now_ns()
        done = await self._database.write(lambda conn: [self._commit(conn, each.batch, now_ns) for each in group])
        for waiting, outcome in zip(group, done, strict=True):
            waiting.done = outcome

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
        fresh: list[tuple[int, bytes]] = []
        for sequence, body in enumerate(batch.records.bodies, first):
            if sequence > through:
                fresh.append((sequence, body))
            elif (known := kept.get(sequence)) is not None and known != hashlib.sha256(body).digest():
                troubles.append(RecordConflict(site=batch.site, stream=batch.stream, sequence=sequence))
        rows = self._taken(conn, batch, fresh)
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

    def _taken(self, conn: sa.Connection, batch: Batch, fresh: list[tuple[int, bytes]]) -> list[store.Row]:
        """Apply records under one savepoint; if any of them fails, all again with a savepoint each."""
        try:
            with conn.begin_nested():
                return [self._row(conn, batch, sequence, body) for sequence, body in fresh]
        except _DATABASE_FAULTS:
            raise
        except Exception:
            return [self._guarded(conn, batch, sequence, body) for sequence, body in fresh]

    def _guarded(self, conn: sa.Connection, batch: Batch, sequence: int, body: bytes) -> store.Row:
        try:
            with conn.begin_nested():
                return self._row(conn, batch, sequence, body)
        except Refused as refused:
            fault = f"{refused.code}: {refused.message}"
        except _DATABASE_FAULTS:
            raise
        except Exception as error:
            log.exception("record_failed", site=batch.site, sequence=sequence)
            fault = f"fault: {type(error).__name__}"
        return _set_aside(sequence, body, fault)

    def _row(self, conn: sa.Connection, batch: Batch, sequence: int, body: bytes) -> store.Row:
        try:
            record = decode_record(body)
        except ProtocolError as error:
            return _set_aside(sequence, body, f"{error.code}: {error.message}")
        for apply in self._apply.get(type(record), ()):
            apply(conn, batch.site, batch.enrolment, sequence, record)
        return store.Row(sequence, hashlib.sha256(body).digest())


_DATABASE_FAULTS = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.InternalError)


def _set_aside(sequence: int, body: bytes, fault: str) -> store.Row:
    return store.Row(sequence, hashlib.sha256(body).digest(), fault[:200], _without_picture(body))


def _without_picture(body: bytes) -> bytes:
    """What is kept for a person: of a count that could not be taken, no picture, which no rule would ever erase."""
    try:
        record = decode_record(body)
    except ProtocolError:
        return body
    if isinstance(record, RollCallCount) and record.picture is not None:
        return encode_record(msgspec.structs.replace(record, picture=None))
    return body
