"""Orders in the site's own file: taken, begun, ended. Plain functions over its one connection."""

from __future__ import annotations

import sqlite3

import msgspec

from wire.ids import OrderId
from wire.orders import OrderAnswer, OrderKind, SiteOrder

KEEP_NS = 24 * 3600 * 10**9
"""An order cannot come again after its end; it is remembered so much longer for clocks that disagree."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS orders(
    place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body BLOB NOT NULL, until_ns INTEGER NOT NULL,
    begun INTEGER NOT NULL DEFAULT 0, withdrawn INTEGER NOT NULL DEFAULT 0, answer BLOB
) STRICT;
"""


class Kept(msgspec.Struct, frozen=True):
    """An order as it is remembered. `begun`: what it asks may have happened already."""

    order: SiteOrder
    begun: bool = False
    withdrawn: bool = False
    answer: OrderAnswer | None = None


def prepare(conn: sqlite3.Connection) -> None:
    """Make the table of a new file."""
    conn.execute(_SCHEMA)


def take(conn: sqlite3.Connection, order: SiteOrder, now_ns: int | None) -> bool:
    """Remember an order; False when it is known. What ended a day ago is forgotten, if it is known what time it is."""
    if now_ns is not None:
        forgotten = "DELETE FROM orders WHERE answer IS NOT NULL AND until_ns < ? AND id <> ?"
        conn.execute(forgotten, (now_ns - KEEP_NS, order.id))
    made = conn.execute(
        "INSERT OR IGNORE INTO orders(id, body, until_ns) VALUES (?,?,?)",
        (order.id, msgspec.msgpack.encode(order), order.until_ns),
    )
    return made.rowcount == 1


def begin(conn: sqlite3.Connection, order: OrderId) -> None:
    """What it asks may happen from now on."""
    conn.execute("UPDATE orders SET begun = 1 WHERE id = ?", (order,))


def end(conn: sqlite3.Connection, answer: OrderAnswer) -> None:
    """It is answered."""
    conn.execute("UPDATE orders SET answer = ? WHERE id = ?", (msgspec.msgpack.encode(answer), answer.order))


def withdraw(conn: sqlite3.Connection, order: OrderId) -> None:
    """The centre took it back."""
    conn.execute("UPDATE orders SET withdrawn = 1 WHERE id = ?", (order,))


def unanswered(conn: sqlite3.Connection) -> list[Kept]:
    """What is not answered yet, the oldest first."""
    return [_kept(row) for row in conn.execute(f"{_SELECT} WHERE answer IS NULL ORDER BY place")]


def notices(conn: sqlite3.Connection, now_ns: int) -> list[SiteOrder]:
    """Notices that were shown and are to be shown still."""
    rows = conn.execute(
        f"{_SELECT} WHERE answer IS NOT NULL AND withdrawn = 0 AND until_ns > ? ORDER BY place", (now_ns,)
    )
    return [kept.order for kept in map(_kept, rows) if kept.order.kind == OrderKind.NOTICE]


_SELECT = "SELECT body, begun, withdrawn, answer FROM orders"


def _kept(row: tuple[bytes, int, int, bytes | None]) -> Kept:
    body, begun, withdrawn, answer = row
    return Kept(
        msgspec.msgpack.decode(body, type=SiteOrder),
        bool(begun),
        bool(withdrawn),
        msgspec.msgpack.decode(answer, type=OrderAnswer) if answer is not None else None,
    )
