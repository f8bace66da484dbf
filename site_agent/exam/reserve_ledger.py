"""What the journal's file keeps beside the events: windows of the reserve paper, openings that are known better now.

Plain functions over the journal's one connection; every record that goes to the centre is added as `ledger` adds it.
"""

import sqlite3

import msgspec

from site_agent.exam.ledger import Opening, insert_record
from site_agent.exam.window import Anchor
from wire.ids import ExamId
from wire.messages import ExamClosed, ExamOpened, ExamSwitched

_SCHEMA = """
CREATE TABLE IF NOT EXISTS reserve_window(
  exam TEXT PRIMARY KEY, at_ns INTEGER NOT NULL, opened BLOB, lo_ns INTEGER, hi_ns INTEGER, closed_ns INTEGER) STRICT
"""


def turn(conn: sqlite3.Connection, record: ExamSwitched) -> bool:
    """Keep that the site sits the reserve paper; False and no change if it did."""
    conn.execute(_SCHEMA)
    done = conn.execute("INSERT OR IGNORE INTO reserve_window(exam, at_ns) VALUES (?,?)", (record.exam, record.at_ns))
    if done.rowcount == 1:
        insert_record(conn, record.exam, record)
    return done.rowcount == 1


def open_window(conn: sqlite3.Connection, opening: Opening, record: ExamOpened) -> bool:
    """Keep when the reserve paper opened, once."""
    done = conn.execute(
        "UPDATE reserve_window SET opened=?, lo_ns=?, hi_ns=? WHERE exam=? AND opened IS NULL",
        (msgspec.msgpack.encode(opening.opened), opening.lo_ns, opening.hi_ns, opening.exam),
    )
    if done.rowcount == 1:
        insert_record(conn, opening.exam, record)
    return done.rowcount == 1


def close_window(conn: sqlite3.Connection, exam: ExamId, at_ns: int) -> bool:
    """Keep when the reserve paper closed, once."""
    done = conn.execute("UPDATE reserve_window SET closed_ns=? WHERE exam=? AND closed_ns IS NULL", (at_ns, exam))
    if done.rowcount == 1:
        insert_record(conn, exam, ExamClosed(exam=exam, at_ns=at_ns))
    return done.rowcount == 1


def opening(conn: sqlite3.Connection, exam: ExamId) -> Opening | None:
    """When the reserve paper opened here; None: it did not yet."""
    conn.execute(_SCHEMA)
    chosen = "SELECT opened, lo_ns, hi_ns, closed_ns FROM reserve_window WHERE exam=? AND opened IS NOT NULL"
    row = conn.execute(chosen, (exam,)).fetchone()
    return None if row is None else Opening(exam, msgspec.msgpack.decode(row[0], type=Anchor), *row[1:])


def narrow(conn: sqlite3.Connection, known: Opening, record: ExamOpened, *, reserve: bool) -> None:
    """Keep that an opening is known better, and tell the centre."""
    where = "reserve_window" if reserve else "window"
    conn.execute(f"UPDATE {where} SET lo_ns=?, hi_ns=? WHERE exam=?", (known.lo_ns, known.hi_ns, known.exam))
    insert_record(conn, known.exam, record)
