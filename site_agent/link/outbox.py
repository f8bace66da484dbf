"""What a site must get to the centre, through any outage: a numbered stream in one SQLite file.

`append` returns when the record is synced to the disk. Committed records stay for a while (64 MiB of them), because a
centre restored from a backup asks again from an earlier number. Pictures of a room do not: the centre erases them by
its rule and proves it, so the site must not keep another copy; of a committed count everything else stays. One
connection in one thread, WAL, `synchronous=FULL`: the WAL-reset fault of SQLite 3.7.0 to 3.51.2 needs two connections.
A second process is refused by a lock file.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import msgspec
import structlog

from site_agent.link.lock import FileLock, Taken
from wire.codec import ProtocolError, decode_record, encode_record
from wire.ids import new_id
from wire.messages import MAX_BATCH_BYTES, MAX_BATCH_RECORDS, Record, RollCallCount
from wire.rollcall import without_picture

log = structlog.get_logger()

KEEP_COMMITTED_BYTES = 64 << 20
MOST_BYTES = 16 << 30

_T = TypeVar("_T")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (sequence INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS stream (
    one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, last INTEGER NOT NULL, committed INTEGER NOT NULL
);
"""
_FAULTS = {sqlite3.SQLITE_FULL: "disk_full", sqlite3.SQLITE_READONLY: "read_only"}


class OutboxRefused(Exception):
    """Nothing was written. `code`: `disk_full`, `read_only`, `taken` (by another process), `disk_error`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Batch(msgspec.Struct, frozen=True):
    """Consecutive records beginning with number `first`."""

    first: int
    bodies: list[bytes]

    @property
    def last(self) -> int:
        """Number of the last record."""
        return self.first + len(self.bodies) - 1


class Marks(msgspec.Struct, frozen=True):
    """How far the stream reaches: its id, the last number given, the last one committed, the oldest still here."""

    stream: str
    last: int
    committed: int
    oldest: int


class Outbox:
    """Made by `open`; `close` when done. All methods belong to the event loop's thread."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        thread: ThreadPoolExecutor,
        lock: FileLock,
        marks: Marks,
        keep_bytes: int = KEEP_COMMITTED_BYTES,
    ) -> None:
        self._connection = connection
        self._thread = thread
        self._lock = lock
        self._marks = marks
        self._keep_bytes = keep_bytes
        self._cleared = 0
        self._listeners: list[Callable[[int], None]] = []
        self._appended: list[Callable[[], None]] = []

    @classmethod
    async def open(
        cls, path: Path, *, keep_bytes: int = KEEP_COMMITTED_BYTES, most_bytes: int = MOST_BYTES
    ) -> "Outbox":
        """Open or make the file; raise `OutboxRefused`. Above `most_bytes` an append is refused as `disk_full`."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(path.with_suffix(".lock"))
        except Taken as error:
            raise OutboxRefused("taken", str(error)) from error
        except OSError as error:
            raise OutboxRefused("read_only", f"{path}: {error.strerror}") from error
        thread = ThreadPoolExecutor(1, thread_name_prefix="outbox")
        try:
            connection, marks = await asyncio.get_running_loop().run_in_executor(thread, _open, path, most_bytes)
            outbox = cls(connection, thread, lock, marks, keep_bytes)
            await asyncio.get_running_loop().run_in_executor(thread, outbox._begin)
        except sqlite3.Error as error:
            thread.shutdown(wait=False)
            lock.release()
            raise _refused(error) from error
        return outbox

    @property
    def marks(self) -> Marks:
        """Where the stream stands."""
        return self._marks

    @property
    def depth(self) -> int:
        """Records the centre has not committed."""
        return self._marks.last - self._marks.committed

    def on_committed(self, listener: Callable[[int], None]) -> None:
        """Call `listener(through)` whenever the centre says how far it has committed; the number may fall."""
        self._listeners.append(listener)

    def on_appended(self, listener: Callable[[], None]) -> None:
        """Call `listener()` after each append."""
        self._appended.append(listener)

    async def append(self, record: Record) -> int:
        """Keep a record; its number, durable on return. Raise `OutboxRefused`, or `ProtocolError` too_large."""
        return (await self.append_many([record]))[0]

    async def append_many(self, records: Sequence[Record]) -> list[int]:
        """Keep records in one transaction; their consecutive numbers, durable on return. All or none."""
        bodies = [encode_record(record) for record in records]
        if not bodies:
            return []
        first = await self._run(lambda: self._insert(bodies))
        for listener in self._appended:
            listener()
        return list(range(first, first + len(bodies)))

    async def batch(self, after: int) -> Batch | None:
        """Return the records that follow number `after`: at most 64 and 256 KiB, but at least one; None at the end."""
        if after >= self._marks.last:
            return None
        return await self._run(lambda: self._select(after))

    async def committed(self, through: int) -> None:
        """Note how far the centre has committed, drop the oldest of what it no longer needs, tell the listeners.

        A centre that has more than was ever numbered here means that this file is an old copy (a restored disk): the
        stream then goes on under a new id, so that no number means two things.
        """
        if through > self._marks.last:
            await self._run(self._begin_stream)
            through = self._marks.committed
        elif through != self._marks.committed:
            await self._run(lambda: self._mark(through))
        for listener in self._listeners:
            listener(through)

    async def close(self) -> None:
        """Finish what waits and close the file."""
        await self._run(self._connection.close)
        self._thread.shutdown(wait=False)
        self._lock.release()

    async def _run(self, work: Callable[[], _T]) -> _T:
        # Shielded: a cancelled caller must not leave a transaction's outcome untold to the marks.
        try:
            return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, work))
        except sqlite3.Error as error:
            raise _refused(error) from error

    def _begin(self) -> None:
        """Finish what a power cut left undone, or an older version of this program never did."""
        (self._cleared,) = self._connection.execute("PRAGMA user_version").fetchone()
        self._clear(self._marks.committed)
        with contextlib.suppress(sqlite3.Error):  # a full disk must not keep the agent from starting
            _scrub(self._connection)

    def _insert(self, bodies: list[bytes]) -> int:
        first = self._marks.last + 1
        last = self._marks.last + len(bodies)
        with _transaction(self._connection) as connection:
            connection.executemany("INSERT INTO record VALUES (?, ?)", enumerate(bodies, first))
            connection.execute("UPDATE stream SET last = ?", (last,))
        self._marks = msgspec.structs.replace(self._marks, last=last)
        return first

    def _select(self, after: int) -> Batch | None:
        rows = self._connection.execute(
            "SELECT sequence, body FROM record WHERE sequence > ? ORDER BY sequence LIMIT ?", (after, MAX_BATCH_RECORDS)
        )
        bodies: list[bytes] = []
        first = size = 0
        for sequence, body in rows:
            size += len(body)
            if bodies and size > MAX_BATCH_BYTES:
                break
            first = first or sequence
            bodies.append(body)
        return Batch(first, bodies) if bodies else None

    def _mark(self, through: int) -> None:
        marks = self._marks
        self._clear(through)
        with _transaction(self._connection) as connection:
            connection.execute("UPDATE stream SET committed = ?", (through,))
            if through > marks.committed:
                connection.execute(_TRIM, (through, self._keep_bytes))
        self._marks = _marks(self._connection)

    def _clear(self, through: int) -> None:
        """A disk that is full keeps the pictures until there is room; the stream goes on meanwhile."""
        if through <= self._cleared:
            return
        try:
            _let_pictures_go(self._connection, self._cleared, through)
        except sqlite3.Error as fault:
            log.warning("pictures_not_let_go", error=str(fault))
        else:
            self._cleared = through

    def _begin_stream(self) -> None:
        with _transaction(self._connection) as connection:
            connection.execute("UPDATE stream SET id = ?", (new_id("stream"),))
            connection.execute("DELETE FROM record WHERE sequence <= ?", (self._marks.committed,))
        self._marks = _marks(self._connection)


def _let_pictures_go(connection: sqlite3.Connection, after: int, through: int) -> None:
    """Take the pictures out of these counts, so that the disk holds nothing of them; the file says through which number
    that is done (`user_version`)."""
    found = connection.execute(
        "SELECT sequence FROM record WHERE sequence > ? AND sequence <= ? AND instr(body, ?) > 0",
        (after, through, RollCallCount.__name__.encode()),
    ).fetchall()
    if not found:
        return
    before = connection.total_changes
    with _transaction(connection):
        for (sequence,) in found:
            (body,) = connection.execute("SELECT body FROM record WHERE sequence = ?", (sequence,)).fetchone()
            if (lighter := _lighter(body)) != body:
                connection.execute("UPDATE record SET body = ? WHERE sequence = ?", (lighter, sequence))
        connection.execute(f"PRAGMA user_version = {through}")
    if connection.total_changes > before:
        _scrub(connection)


def _lighter(body: bytes) -> bytes:
    try:
        record = decode_record(body)
    except ProtocolError as fault:
        # Of another version of this program: it goes with the oldest.
        log.warning("committed_record_unread", code=fault.code)
        return body
    return encode_record(without_picture(record)) if isinstance(record, RollCallCount) else body


def _scrub(connection: sqlite3.Connection) -> None:
    """Overwrite what was let go: SQLite's write-ahead log still holds it until it is folded back and cut off. What is
    freed in the file itself is zeroed at once (`secure_delete`)."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


_TRIM = """
DELETE FROM record WHERE sequence <= (
    SELECT coalesce(max(sequence), 0) FROM (
        SELECT sequence, sum(length(body)) OVER (ORDER BY sequence DESC) AS bytes FROM record WHERE sequence <= ?
    ) WHERE bytes > ?
)
"""


class _transaction:
    """BEGIN IMMEDIATE … COMMIT, or ROLLBACK on any fault."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> sqlite3.Connection:
        self._connection.execute("BEGIN IMMEDIATE")
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def _open(path: Path, most_bytes: int) -> tuple[sqlite3.Connection, Marks]:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=True)
    try:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=2000", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")
        (page_size,) = connection.execute("PRAGMA page_size").fetchone()
        connection.execute(f"PRAGMA max_page_count={max(1, most_bytes // page_size)}")
        connection.executescript(_SCHEMA)
        connection.execute("INSERT OR IGNORE INTO stream VALUES (1, ?, 0, 0)", (new_id("stream"),))
        return connection, _marks(connection)
    except BaseException:
        connection.close()
        raise


def _marks(connection: sqlite3.Connection) -> Marks:
    stream, last, committed = connection.execute("SELECT id, last, committed FROM stream").fetchone()
    (oldest,) = connection.execute("SELECT coalesce(min(sequence), ?) FROM record", (last + 1,)).fetchone()
    return Marks(stream, last, committed, oldest)


def _refused(error: sqlite3.Error) -> OutboxRefused:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return OutboxRefused(_FAULTS.get(code, "disk_error"), str(error))
