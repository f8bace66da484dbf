"""Group commit: one thread owns the one connection of a file and writes whatever waits in one transaction, one sync.

At most 64 pieces of work make a group. A piece that fails by itself is undone by its savepoint and told so alone; when
the disk refuses, the whole group is refused and nothing of it is acknowledged. A second copy, if there is one, gets the
group before anybody is told; a copy that fails or hangs is dropped and never holds up an answer.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from site_agent.exam import ledger
from site_agent.exam.ledger import Connect

GROUP = 64
MAX_WAITING = 4096

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

_FAULTS = {
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_BUSY: "disk_busy",
    sqlite3.SQLITE_LOCKED: "disk_busy",
}


class JournalRefused(Exception):
    """The journal could not write; nothing of it stands. `code`: disk_full, read_only, disk_busy, disk_error, busy."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Keeper(Protocol):
    """Who derives something from what the works write; called in the writer's thread."""

    def so_far(self) -> int:
        """How much news there is."""
        ...

    def forget(self, since: int) -> None:
        """Everything after so much news is undone."""
        ...

    def news(self) -> Callable[[], None]:
        """What to call in the loop now that the group is on the disk, before its pages are told."""
        ...


class Copy(Protocol):
    """The second copy."""

    def follow(self, conn: sqlite3.Connection) -> None:
        """Write what is new; never raises, and gives up by itself after a while."""
        ...


class _Job:
    __slots__ = ("done", "error", "result", "work")

    def __init__(self, work: Work[Any], done: "asyncio.Future[Any]") -> None:
        self.work = work
        self.done = done
        self.result: Any = None
        self.error: Exception | None = None

    def settle(self) -> None:
        if self.done.cancelled():
            return
        if self.error is not None:
            self.done.set_exception(self.error)
        else:
            self.done.set_result(self.result)


class GroupWriter:
    """The thread of one file."""

    def __init__(self, path: Path, connect: Connect, keeper: Keeper) -> None:
        self.copy: Copy | None = None
        self.journal_id = ""
        self._path = path
        self._connect = connect
        self._keeper = keeper
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    async def start(self) -> None:
        """Open the file and take its lock; raises `JournalRefused`."""
        self._loop = asyncio.get_running_loop()
        opened: asyncio.Future[None] = self._loop.create_future()
        self._thread = threading.Thread(target=self._run, args=(opened,), name="journal", daemon=True)
        self._thread.start()
        await opened

    async def stop(self) -> None:
        """Write what waits, close the file."""
        if self._thread is not None:
            self._jobs.put(None)
            await asyncio.to_thread(self._thread.join)
            self._thread = None

    async def write(self, work: Work[T]) -> T:
        """Run `work` in the next group; durable on return. Raises `JournalRefused`, or what `work` raises."""
        if self._thread is None or self._jobs.qsize() >= MAX_WAITING:
            raise JournalRefused("busy", "the journal does not keep up" if self._thread else "the journal is closed")
        done: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put(_Job(work, done))
        return await done

    # --- in the thread ---------------------------------------------------------------------------------------------

    def _run(self, opened: "asyncio.Future[None]") -> None:
        try:
            conn = self._connect(self._path)
            try:
                self.journal_id = ledger.prepare(conn)
            except BaseException:
                conn.close()
                raise
        except sqlite3.Error as error:
            self._loop.call_soon_threadsafe(opened.set_exception, _refused(error))
            return
        self._loop.call_soon_threadsafe(opened.set_result, None)
        last = False
        while not last:
            batch, last = self._waiting()
            if batch:
                self._commit(conn, batch)
        conn.close()

    def _waiting(self) -> tuple[list[_Job], bool]:
        """Wait for work, then take all that is there, up to a group; True when the file is to be closed after it."""
        batch: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            batch.append(job)
            if len(batch) == GROUP:
                return batch, False
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return batch, False
        return batch, True

    def _commit(self, conn: sqlite3.Connection, batch: list[_Job]) -> None:
        try:
            conn.execute("BEGIN IMMEDIATE")
            for job in batch:
                self._take(conn, job)
            conn.execute("COMMIT")
        except sqlite3.Error as error:  # told to every waiting page: of what the disk refuses nothing stands
            self._undo(conn)
            for job in batch:
                job.error = _refused(error)
        else:
            if self.copy is not None:
                self.copy.follow(conn)
        self._loop.call_soon_threadsafe(_settle, self._keeper.news(), batch)

    def _take(self, conn: sqlite3.Connection, job: _Job) -> None:
        since = self._keeper.so_far()
        conn.execute("SAVEPOINT job")
        try:
            job.result = job.work(conn)
        except (sqlite3.OperationalError, sqlite3.DatabaseError) as error:
            if not isinstance(error, (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError)):
                raise
            self._take_back(conn, job, since, _refused(error))
        except Exception as error:
            self._take_back(conn, job, since, error)
        else:
            conn.execute("RELEASE job")

    def _take_back(self, conn: sqlite3.Connection, job: _Job, since: int, error: Exception) -> None:
        """One piece of work was wrong in itself: the others of its group stand."""
        conn.execute("ROLLBACK TO job")
        conn.execute("RELEASE job")
        self._keeper.forget(since)
        job.error = error

    def _undo(self, conn: sqlite3.Connection) -> None:
        self._keeper.forget(0)
        if conn.in_transaction:
            try:
                conn.execute("ROLLBACK")
            except sqlite3.Error:
                # SQLite has rolled back by itself (SQLITE_FULL, SQLITE_IOERR): there is nothing left to undo.
                return


def _settle(news: Callable[[], None], batch: list[_Job]) -> None:
    news()
    for job in batch:
        job.settle()


def _refused(error: sqlite3.Error) -> JournalRefused:
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    return JournalRefused(_FAULTS.get(primary or 0, "disk_error"), str(error))
