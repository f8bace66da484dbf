"""The database: transactions as plain functions, run off the event loop.

SQLite has one connection in one thread (WAL, ``synchronous=FULL``: a commit that returned survives a power cut; one
connection because of the WAL-reset bug of SQLite 3.7.0 to 3.51.2, and so one program, which a lock file sees to).
PostgreSQL gets a small pool.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from orchestrator.storage import after_commit
from orchestrator.storage.lock import DatabaseLock

T = TypeVar("T")
Connection = sa.Connection
"""A transaction in progress; services pass it on and leave SQL to their store."""
Work = Callable[[Connection], T]

POSTGRES_THREADS = 8


class Database:
    """Runs units of work, each in one transaction. Made by :meth:`open`; end it with :meth:`close`."""

    def __init__(self, engine: sa.Engine, threads: int, lock: DatabaseLock | None = None) -> None:
        after_commit.watch_savepoints(engine)
        self._engine = engine
        self._lock = lock
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="database")

    @classmethod
    async def open(cls, url: str) -> Database:
        """Connect to ``url`` (``sqlite:///path`` or ``postgresql+…``) and bring the schema up to date.

        Raises :class:`orchestrator.storage.lock.DatabaseTaken` when another program has the SQLite file open.
        """
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            database = cls(_sqlite(url), 1, _locked(parsed.database))
        else:
            database = cls(sa.create_engine(url, hide_parameters=True), POSTGRES_THREADS)
        try:
            await database._in_thread(database._migrate)
        except BaseException:
            await database.close()
            raise
        return database

    async def write(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction; when this returns, what it wrote is durable.

        What ``work`` gave to :func:`orchestrator.storage.after_commit.after_commit` is called by then.
        """
        return await self._in_thread(lambda: self._run(work))

    async def read(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction that writes nothing."""
        return await self._in_thread(lambda: self._run(work))

    async def scrub(self) -> None:
        """Overwrite what was deleted: SQLite's write-ahead log still holds it until it is folded back and cut off.

        Deleted content of the file itself is zeroed at once (``secure_delete``). PostgreSQL does both in its own time.
        """
        if self._engine.dialect.name == "sqlite":
            await self._in_thread(self._fold_back)

    def _fold_back(self) -> None:
        raw = self._engine.raw_connection()
        try:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            raw.close()

    async def close(self) -> None:
        """Finish what is queued, then close all connections."""
        await self._in_thread(self._engine.dispose)
        self._threads.shutdown(wait=False)
        if self._lock is not None:
            self._lock.release()

    def _run(self, work: Work[T]) -> T:
        with self._engine.begin() as connection:
            after_commit.begin(connection)
            done = work(connection)
            told = after_commit.take(connection)
        after_commit.call(told)
        return done

    def _migrate(self) -> None:
        from orchestrator.storage.migrate import upgrade

        with self._engine.begin() as connection:
            upgrade(connection)

    async def _in_thread(self, call: Callable[[], T]) -> T:
        # Shielded: a cancelled request must not leave its caller guessing while the transaction goes on.
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._threads, call))


def _locked(file: str | None) -> DatabaseLock | None:
    if not file or file == ":memory:":
        return None
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    return DatabaseLock(Path(file))


def _sqlite(url: str) -> sa.Engine:
    # Faults are logged: no name, PIN or hash may stand in them.
    engine = sa.create_engine(
        url, poolclass=sa.pool.StaticPool, connect_args={"check_same_thread": False}, hide_parameters=True
    )

    @sa.event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: the driver would begin too late for a read
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=5000",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
