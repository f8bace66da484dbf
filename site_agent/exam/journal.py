"""The journal: nothing is acknowledged before it is on the disk, nothing on it is ever changed.

One thread owns the one connection. It takes whatever waits, at most 64 pieces of work, writes them in one transaction
with one sync (group commit: no answer waits for company, and a slow disk is asked less often), then resolves them all.
When the disk refuses, every piece of that transaction is refused and nothing is acknowledged; the page keeps its copy
and sends it again.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from site_agent.exam import ledger
from site_agent.exam.ledger import Connect, Fed, Opening, Session
from site_agent.exam.sitting import Draft, Entry, Sitting
from wire.chain import EventKind
from wire.ids import ExamId
from wire.messages import ExamClosed, ExamOpened

GROUP = 64
MAX_WAITING = 4096

T = TypeVar("T")
_Work = Callable[[sqlite3.Connection], T]

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


class Written(msgspec.Struct, frozen=True):
    """What became of a draft: the entry on the disk; `repeated`: it had been there before."""

    entry: Entry
    repeated: bool = False


class Past(msgspec.Struct, frozen=True):
    """What the file holds at start."""

    sessions: list[Session]
    openings: list[Opening]
    entries: list[Entry]


class _Job:
    __slots__ = ("done", "error", "result", "work")

    def __init__(self, work: _Work[Any], done: "asyncio.Future[Any]") -> None:
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


class Journal:
    """Append-only journal of one site. `written` hears of each new entry, in order, in the event loop, before the page
    that brought it does, and also when that page has gone."""

    def __init__(self, path: Path, connect: Connect = ledger.connect) -> None:
        self.written: Callable[[Entry], None] = _nobody
        self.grown: Callable[[], None] = _nothing
        self._path = path
        self._connect = connect
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._sittings: dict[tuple[str, str], Sitting] = {}
        self._conflicts: set[tuple[str, int]] = set()
        self._fresh: list[Entry] = []
        self._more = False

    async def start(self) -> None:
        """Open the file and take its lock; raises `JournalRefused`."""
        self._loop = asyncio.get_running_loop()
        opened = self._loop.create_future()
        self._thread = threading.Thread(target=self._run, args=(opened,), name="journal", daemon=True)
        self._thread.start()
        await opened

    async def stop(self) -> None:
        """Write what waits, close the file."""
        if self._thread is not None:
            self._jobs.put(None)
            await asyncio.to_thread(self._thread.join)
            self._thread = None

    # --- what the exam asks ----------------------------------------------------------------------------------------

    async def past(self) -> Past:
        """Everything the file holds, to go on after a restart."""

        def work(conn: sqlite3.Connection) -> Past:
            openings = ledger.openings(conn)
            known = ledger.sessions(conn)
            exams = dict.fromkeys([s.exam for s in known])
            return Past(known, openings, [e for exam in exams for e in ledger.entries(conn, exam)])

        return await self._write(work)

    async def begin(self, session: Session, draft: Draft) -> tuple[Session, Written]:
        """Keep a new session and the sign-in it begins with; the epoch is the candidate's next."""

        def work(conn: sqlite3.Connection) -> tuple[Session, Written]:
            state = self._sitting(conn, draft)
            numbered = msgspec.structs.replace(session, epoch=state.epoch + 1)
            ledger.insert_session(conn, numbered)
            entry = self._add(conn, state, msgspec.structs.replace(draft, epoch=numbered.epoch), draft.kind)
            return numbered, Written(entry)

        return await self._write(work)

    async def begin_silently(self, session: Session) -> Session:
        """Keep a session of a candidate who has handed in: it may look, and adds nothing to the chain."""

        def work(conn: sqlite3.Connection) -> Session:
            epoch = max((s.epoch for s in ledger.sessions(conn) if s.candidate == session.candidate), default=0) + 1
            numbered = msgspec.structs.replace(session, epoch=epoch)
            ledger.insert_session(conn, numbered)
            return numbered

        return await self._write(work)

    async def append(self, draft: Draft) -> Written:
        """Write an answer or a hand-in; returns once it is durable. The same key with the same content gives the
        entry that stands; with other content a CONFLICT event, and the first content stands."""
        return await self._write(lambda conn: self._append(conn, draft))

    async def mark(self, drafts: list[Draft]) -> None:
        """Write the desk's own marks (OPEN, CLOSE) into the chains that still need them."""

        def work(conn: sqlite3.Connection) -> None:
            for draft in drafts:
                state = self._sitting(conn, draft)
                if state.needs(draft.kind):
                    self._add(conn, state, draft, draft.kind)

        await self._write(work)

    async def open_window(self, opening: Opening, record: ExamOpened) -> bool:
        """Keep the opening, once; False if the window had opened before."""

        def work(conn: sqlite3.Connection) -> bool:
            fresh = ledger.insert_opening(conn, opening)
            if fresh:
                ledger.insert_record(conn, opening.exam, record)
                self._more = True
            return fresh

        return await self._write(work)

    async def close_window(self, exam: ExamId, at_ns: int) -> bool:
        """Keep the close, once."""

        def work(conn: sqlite3.Connection) -> bool:
            fresh = ledger.close_window(conn, exam, at_ns)
            if fresh:
                ledger.insert_record(conn, exam, ExamClosed(exam=exam, at_ns=at_ns))
                self._more = True
            return fresh

        return await self._write(work)

    async def bodies(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        """(row, record for the centre) after row `after`, at most `limit`."""
        return await self._write(lambda conn: ledger.bodies(conn, after, limit))

    async def note_fed(self, fed: Fed) -> None:
        """Keep how far the rows have been handed on."""
        await self._write(lambda conn: ledger.note_fed(conn, fed))

    async def fed(self) -> list[Fed]:
        """How far the rows have been handed on, as often as it was noted."""
        return await self._write(ledger.fed)

    # --- in the journal's thread -----------------------------------------------------------------------------------

    def _append(self, conn: sqlite3.Connection, draft: Draft) -> Written:
        state = self._sitting(conn, draft)
        known = ledger.find(conn, draft.session, draft.client_seq)
        if known is None:
            return Written(self._add(conn, state, draft, state.verdict(draft)))
        if _says_the_same(known, draft):
            return Written(known, repeated=True)
        key = (draft.session, draft.client_seq)
        if key in self._conflicts:
            return Written(known, repeated=True)
        entry = self._add(conn, state, draft, EventKind.CONFLICT)
        self._conflicts.add(key)
        return Written(entry)

    def _add(self, conn: sqlite3.Connection, state: Sitting, draft: Draft, kind: EventKind) -> Entry:
        entry = ledger.insert_event(conn, state, draft, kind)
        state.take(entry)
        self._fresh.append(entry)
        self._more = True
        return entry

    def _sitting(self, conn: sqlite3.Connection, draft: Draft) -> Sitting:
        key = (draft.exam, draft.candidate)
        if key not in self._sittings:
            self._sittings[key] = ledger.sitting(conn, *key)
        return self._sittings[key]

    async def _write(self, work: _Work[T]) -> T:
        if self._thread is None or self._jobs.qsize() >= MAX_WAITING:
            raise JournalRefused("busy", "the journal does not keep up" if self._thread else "the journal is closed")
        done: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put(_Job(work, done))
        return await done

    def _run(self, opened: "asyncio.Future[None]") -> None:
        try:
            conn = self._connect(self._path)
            ledger.prepare(conn)
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
        """Wait for work, then take all that is there, up to a group; True when the journal is to stop after it."""
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
                job.result = job.work(conn)
            conn.execute("COMMIT")
        except Exception as error:  # told to every waiting page: in one transaction all stands or nothing
            self._undo(conn)
            for job in batch:
                job.error = _refused(error) if isinstance(error, sqlite3.Error) else error
        fresh, self._fresh = self._fresh, []
        more, self._more = self._more, False
        self._loop.call_soon_threadsafe(self._settle, fresh, batch, more)

    def _settle(self, fresh: list[Entry], batch: list[_Job], more: bool) -> None:  # noqa: FBT001
        for entry in fresh:
            self.written(entry)
        if more:
            self.grown()
        for job in batch:
            job.settle()

    def _undo(self, conn: sqlite3.Connection) -> None:
        self._sittings.clear()
        self._conflicts.clear()
        self._fresh.clear()
        self._more = False
        if conn.in_transaction:
            try:
                conn.execute("ROLLBACK")
            except sqlite3.Error:
                # SQLite has rolled back by itself (SQLITE_FULL, SQLITE_IOERR): there is nothing left to undo.
                return


def _nobody(_: Entry) -> None:
    """Who hears of new entries before someone listens."""


def _nothing() -> None:
    """Who hears of new rows before someone listens."""


def _says_the_same(known: Entry, draft: Draft) -> bool:
    """Whether a page's key stands for this content; what the journal made of it (LATE, ASIDE) does not matter."""
    event = known.event
    if event.kind in (EventKind.LATE, EventKind.ASIDE):
        return (event.item, event.option) == (draft.item, draft.option)
    return (event.kind, event.item, event.option) == (draft.kind, draft.item, draft.option)


def _refused(error: sqlite3.Error) -> JournalRefused:
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    return JournalRefused(_FAULTS.get(primary or 0, "disk_error"), str(error))
