"""Notes and signs of life in the journal's file. Plain functions over its one connection."""

import sqlite3

import msgspec

from site_agent.exam import ledger as journal_ledger
from site_agent.exam.invigilation.allowance import Note
from site_agent.exam.window import Anchor
from wire.ids import ExamId

_SCHEMA = """
CREATE TABLE IF NOT EXISTS fairness(row INTEGER PRIMARY KEY, exam TEXT NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS alive(exam TEXT PRIMARY KEY, at BLOB NOT NULL) STRICT;
"""


def prepare(conn: sqlite3.Connection) -> None:
    """Make the tables of a new file."""
    for statement in _SCHEMA.split(";"):
        conn.execute(statement)


def add(conn: sqlite3.Connection, note: Note) -> None:
    """Keep a note, and its record on the way to the province: both or neither."""
    exam = note.record.exam
    conn.execute("INSERT INTO fairness(exam, body) VALUES (?,?)", (exam, msgspec.msgpack.encode(note)))
    journal_ledger.insert_record(conn, exam, note.record)


def notes(conn: sqlite3.Connection) -> list[Note]:
    """Everything noted, in order."""
    found = conn.execute("SELECT body FROM fairness ORDER BY row").fetchall()
    return [msgspec.msgpack.decode(body, type=Note) for (body,) in found]


def beat(conn: sqlite3.Connection, exam: ExamId, at: Anchor) -> None:
    """A sign of life while the window is open."""
    conn.execute("INSERT OR REPLACE INTO alive VALUES (?,?)", (exam, msgspec.msgpack.encode(at)))


def beats(conn: sqlite3.Connection) -> dict[ExamId, Anchor]:
    """The last sign of life of each exam."""
    found = conn.execute("SELECT exam, at FROM alive").fetchall()
    return {ExamId(exam): msgspec.msgpack.decode(at, type=Anchor) for exam, at in found}
