"""Lines of the chat in the site's own file. Plain functions over its one connection."""

from __future__ import annotations

import sqlite3

import msgspec

KEEP_LINES = 500
_SCHEMA = """
CREATE TABLE IF NOT EXISTS chat(
    place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, mine INTEGER NOT NULL, said_by TEXT NOT NULL,
    text TEXT NOT NULL, at_ns INTEGER NOT NULL, sequence INTEGER, delivered INTEGER NOT NULL, seen INTEGER NOT NULL
) STRICT;
"""


class Line(msgspec.Struct, frozen=True):
    """A line. `mine`: this desk wrote it; `delivered`: the centre has it; `place` orders the lines of this site."""

    place: int
    id: str
    mine: bool
    said_by: str
    text: str
    at_ns: int
    delivered: bool
    seen: bool


def prepare(conn: sqlite3.Connection) -> None:
    """Make the table of a new file."""
    conn.execute(_SCHEMA)


def add_theirs(conn: sqlite3.Connection, name: str, said_by: str, text: str, at_ns: int) -> bool:
    """Keep a line of an operator; False when it is known."""
    return _add(conn, name, said_by, text, at_ns, mine=False)


def add_mine(conn: sqlite3.Connection, name: str, text: str, at_ns: int) -> bool:
    """Keep a line of this desk; False when it is known."""
    return _add(conn, name, "", text, at_ns, mine=True)


def _add(conn: sqlite3.Connection, name: str, said_by: str, text: str, at_ns: int, *, mine: bool) -> bool:
    made = conn.execute(
        "INSERT OR IGNORE INTO chat(id, mine, said_by, text, at_ns, delivered, seen) VALUES (?,?,?,?,?,?,?)",
        (name, mine, said_by, text, at_ns, not mine, mine),
    )
    conn.execute("DELETE FROM chat WHERE place <= (SELECT max(place) FROM chat) - ?", (KEEP_LINES,))
    return made.rowcount == 1


def unsent(conn: sqlite3.Connection) -> list[Line]:
    """Lines of this desk that are not in the outbox yet."""
    return [_line(row) for row in conn.execute(f"{_SELECT} WHERE mine = 1 AND sequence IS NULL ORDER BY place")]


def sent(conn: sqlite3.Connection, name: str, sequence: int) -> None:
    """A line stands in the outbox under this number."""
    conn.execute("UPDATE chat SET sequence = ? WHERE id = ?", (sequence, name))


def committed(conn: sqlite3.Connection, through: int) -> bool:
    """The centre has the outbox through this number; whether a mark changed."""
    moved = conn.execute("UPDATE chat SET delivered = 1 WHERE delivered = 0 AND sequence <= ?", (through,))
    return moved.rowcount > 0


def seen(conn: sqlite3.Connection, through: int) -> None:
    """Somebody at this desk read the lines up to this place."""
    conn.execute("UPDATE chat SET seen = 1 WHERE seen = 0 AND place <= ?", (through,))


def newest(conn: sqlite3.Connection, limit: int) -> list[Line]:
    """The last lines, the oldest first."""
    rows = conn.execute(f"{_SELECT} ORDER BY place DESC LIMIT ?", (limit,)).fetchall()
    return [_line(row) for row in reversed(rows)]


def unread(conn: sqlite3.Connection) -> int:
    """Lines of operators that nobody has read."""
    (number,) = conn.execute("SELECT count(*) FROM chat WHERE seen = 0").fetchone()
    return int(number)


_SELECT = "SELECT place, id, mine, said_by, text, at_ns, delivered, seen FROM chat"


def _line(row: tuple[int, str, int, str, str, int, int, int]) -> Line:
    place, name, mine, said_by, text, at_ns, delivered, read = row
    return Line(place, name, bool(mine), said_by, text, at_ns, bool(delivered), bool(read))
