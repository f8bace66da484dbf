"""The file in which this site remembers orders and its chat: SQLite, one connection in one thread, synced each time.

Nothing is done that cannot be remembered: an order that cannot be written down here is not carried out.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import structlog

from site_agent.orders import chatbook, ledger

log = structlog.get_logger()

T = TypeVar("T")


class OrderFile:
    """Made by `open`; `close` when done."""

    def __init__(self, connection: sqlite3.Connection, thread: ThreadPoolExecutor) -> None:
        self._connection = connection
        self._thread = thread

    @classmethod
    async def open(cls, path: Path) -> OrderFile:
        """Open or make the file; one that is damaged is put aside, for the agent must start. Raises `OSError`."""
        thread = ThreadPoolExecutor(1, thread_name_prefix="orders")
        try:
            connection = await asyncio.get_running_loop().run_in_executor(thread, _opened, path)
        except BaseException:
            thread.shutdown(wait=False)
            raise
        return cls(connection, thread)

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` in one transaction; durable on return. Raises `sqlite3.Error` with nothing written."""
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, self._in_one, work))

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._connection.close)
        self._thread.shutdown(wait=False)

    def _in_one(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            done = work(connection)
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        return done


_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _connected(path)
    except sqlite3.DatabaseError as fault:
        # A file that is locked or a disk that is full is no damage: what was done must not be forgotten for it.
        if (getattr(fault, "sqlite_errorcode", 0) & 0xFF) not in _DAMAGED:
            raise OSError(f"{path}: {fault}") from fault
        log.exception("orders_file_damaged")
        for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
            if each.exists():
                each.replace(each.with_name(f"{each.name}.damaged"))
        return _connected(path)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=2000"):
            connection.execute(f"PRAGMA {pragma}")
        ledger.prepare(connection)
        chatbook.prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection
