"""What is to be told only of a transaction that stands: callbacks that a rollback, also of a savepoint, forgets."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
import structlog

log = structlog.get_logger()

Callback = Callable[[], None]

_KEPT = "after_commit"


class _Kept:
    """Callbacks of the transaction in progress, and how many there were at each open savepoint."""

    def __init__(self) -> None:
        self.callbacks: list[Callback] = []
        self.savepoints: list[int] = []


def after_commit(conn: sa.Connection, callback: Callback) -> None:
    """Call ``callback`` in the database thread once the unit of work that ``conn`` belongs to is durable.

    It must be quick and must not fail; nothing can be undone by then. Never called when the unit of work, or the
    savepoint in which this was asked, is rolled back.
    """
    _kept(conn).callbacks.append(callback)


def begin(conn: sa.Connection) -> None:
    """A unit of work begins; what one before it left over on this connection is forgotten."""
    conn.info[_KEPT] = _Kept()


def take(conn: sa.Connection) -> list[Callback]:
    """The callbacks of the unit of work, for :func:`call` after its commit."""
    callbacks = _kept(conn).callbacks
    del conn.info[_KEPT]
    return callbacks


def call(callbacks: list[Callback]) -> None:
    """Call all of them. The work stands: a fault of one is logged and keeps neither the others nor the caller."""
    for callback in callbacks:
        try:
            callback()
        except Exception:
            log.exception("after_commit_failed")


def watch_savepoints(engine: sa.Engine) -> None:
    """Forget, on each rollback to a savepoint, what was asked after it. Savepoints are ``with conn.begin_nested()``
    blocks, so the one that ends is the newest (SQLAlchemy names them only after this event)."""

    @sa.event.listens_for(engine, "savepoint")
    def set_(conn: sa.Connection, _name: str | None) -> None:
        if _KEPT in conn.info:
            kept = _kept(conn)
            kept.savepoints.append(len(kept.callbacks))

    @sa.event.listens_for(engine, "rollback_savepoint")
    def rolled_back(conn: sa.Connection, _name: str, _context: None) -> None:
        if _KEPT in conn.info:
            kept = _kept(conn)
            del kept.callbacks[kept.savepoints.pop() :]

    @sa.event.listens_for(engine, "release_savepoint")
    def released(conn: sa.Connection, _name: str, _context: None) -> None:
        if _KEPT in conn.info:
            _kept(conn).savepoints.pop()


def _kept(conn: sa.Connection) -> _Kept:
    kept: _Kept | None = conn.info.get(_KEPT)
    if kept is None:
        raise RuntimeError("not in a unit of work of Database.write")
    return kept
