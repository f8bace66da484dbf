"""The second copy of the journal, on another volume: an append-only file of frames, sealed to the site's own secret.

A frame is 4 bytes of length, 4 of CRC-32, and AES-256-GCM (`wire.seal`) of rows, bound to the journal's id and the
frame's number: a torn tail is cut off, a changed or swapped frame does not open, a lost stick tells nothing. What is
copied are the rows of the append-only tables, as they are; tables of a row an exam are copied whole when they change.
"""

import os
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from site_agent.exam.ledger import thin_archived
from wire.seal import SealBroken, seal, unseal
from wire.unreadable import UNREADABLE

SUFFIX = ".copy"
GROWING = ("record", "session", "seed", "fairness")
"""Tables that rows are only added to; those that a journal does not have are passed over."""
WHOLE = ("window", "reserve_window", "alive", "archived")
"""Tables of one row an exam, which changes. Any of them may appear long after the copy began."""
MOST_ROWS = 500
_MAGIC = b"DIEMCAU-COPY-1\n"
_HEAD = 8
_MOST_FRAME = 64 << 20


class CopyRefused(Exception):
    """A file that is no copy of this site's journal, or does not fit the journal. `code`: not_a_copy, other_site,
    damaged, ahead, not_empty."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Rows(msgspec.Struct, frozen=True, array_like=True):
    """What one frame holds: rows (row id first) per growing table, changed small tables whole, CREATE statements of
    tables that no frame before it had."""

    grown: dict[str, list[list[Any]]]
    whole: dict[str, list[list[Any]]]
    schema: list[str] = []

    @property
    def count(self) -> int:
        """Rows of all growing tables."""
        return sum(len(rows) for rows in self.grown.values())


class Marks(msgspec.Struct):
    """How far a copy reaches: the last row id per growing table, the small tables as it has them, CREATE statements."""

    last: dict[str, int]
    whole: dict[str, list[list[Any]]]
    schema: set[str] = set()

    def take(self, rows: Rows) -> None:
        """Note a frame."""
        self.schema |= set(rows.schema)
        self.whole.update(rows.whole)
        for table, grown in rows.grown.items():
            if grown:
                self.last[table] = grown[-1][0]


def new_marks() -> Marks:
    """Of a copy that holds nothing."""
    return Marks({}, {})


def copy_key(site_secret: bytes) -> bytes:
    """The key that the copies of a site are under; a new computer of the same site has it too."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"diemcau second copy v1").derive(site_secret)


def lacking(conn: sqlite3.Connection, marks: Marks, most: int = MOST_ROWS) -> Rows | None:
    """What the journal has and the copy lacks, at most so many rows of each table; None if nothing."""
    tables = _tables(conn)
    grown = {table: _after(conn, table, marks.last.get(table, 0), most) for table in GROWING if table in tables}
    small = {table: _all(conn, table) for table in WHOLE if table in tables}
    whole = {table: rows for table, rows in small.items() if rows != marks.whole.get(table, [])}
    schema = [statement for statement in tables.values() if statement not in marks.schema]
    return Rows(grown, whole, schema) if whole or schema or any(grown.values()) else None


def is_ahead(conn: sqlite3.Connection, marks: Marks) -> bool:
    """Whether the copy has rows that the journal has lost: its disk is an older one."""
    tables = _tables(conn)
    return any(_last(conn, table) < last for table, last in marks.last.items() if table in tables)


def _tables(conn: sqlite3.Connection) -> dict[str, str]:
    found = conn.execute("SELECT name, sql FROM sqlite_master WHERE type='table'").fetchall()
    return {name: sql for name, sql in found if name in (*GROWING, *WHOLE)}


def _after(conn: sqlite3.Connection, table: str, last: int, most: int) -> list[list[Any]]:
    found = conn.execute(f"SELECT rowid, * FROM {table} WHERE rowid>? ORDER BY rowid LIMIT ?", (last, most))
    return [list(row) for row in found.fetchall()]


def _all(conn: sqlite3.Connection, table: str) -> list[list[Any]]:
    return [list(row) for row in conn.execute(f"SELECT * FROM {table} ORDER BY exam")]


def _last(conn: sqlite3.Connection, table: str) -> int:
    return int(conn.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0])


class CopyFile:
    """One copy, open for appending. Not for two threads at once."""

    def __init__(self, path: Path, journal: str, key: bytes) -> None:
        """Open or begin it, and cut a torn tail off; raises `OSError` and `CopyRefused`."""
        self.path = path
        self.marks = new_marks()
        self._journal = journal
        self._key = key
        self._frames = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = not path.exists() or path.stat().st_size < len(_MAGIC)
        self._file: IO[bytes] = path.open("wb+" if fresh else "rb+", buffering=0)
        try:
            if fresh:
                self._begin()
            else:
                self._find_end()
        except BaseException:
            self._file.close()
            raise

    def append(self, rows: Rows) -> None:
        """Write and sync; raises `OSError`. The marks follow only what is on the disk."""
        sealed = seal(self._key, msgspec.msgpack.encode(rows), _context(self._journal, self._frames))
        frame = len(sealed).to_bytes(4, "big") + zlib.crc32(sealed).to_bytes(4, "big") + sealed
        written = 0
        while written < len(frame):
            written += self._file.write(frame[written:])
        os.fsync(self._file.fileno())
        self._frames += 1
        self.marks.take(rows)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _begin(self) -> None:
        self._file.write(_MAGIC + _journal_line(self._journal))
        os.fsync(self._file.fileno())
        if os.name == "posix":
            folder = os.open(self.path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)

    def _find_end(self) -> None:
        end = _read_head(self._file)[1]
        for rows, end in _frames(self._file, self._journal, self._key):  # noqa: B007
            self.marks.take(rows)
            self._frames += 1
        self._file.truncate(end)
        self._file.seek(end)


def journal_of(path: Path) -> str:
    """Whose copy a file is; raises `OSError` and `CopyRefused`."""
    with path.open("rb") as file:
        return _read_head(file)[0]


def read_copy(path: Path, key: bytes) -> Iterator[Rows]:
    """The frames of a copy, up to a torn tail; raises `OSError` and `CopyRefused`."""
    with path.open("rb", buffering=0) as file:
        journal, _ = _read_head(file)
        for rows, _ in _frames(file, journal, key):
            yield rows


def restore(conn: sqlite3.Connection, path: Path, key: bytes) -> int:
    """Fill an empty journal (or one that lost its tail) from a copy, in one transaction; returns how many records came.

    Raises `CopyRefused`: `not_empty` when the journal is another one and holds something.
    """
    journal = journal_of(path)
    _check_fits(conn, journal)
    conn.execute("BEGIN IMMEDIATE")
    try:
        conn.execute("UPDATE journal SET id=?", (journal,))
        came = sum(_put(conn, rows) for rows in read_copy(path, key))
        thin_archived(conn)
        conn.execute("COMMIT")
    except BaseException:
        conn.execute("ROLLBACK")
        raise
    return came


def _check_fits(conn: sqlite3.Connection, journal: str) -> None:
    held = str(conn.execute("SELECT id FROM journal").fetchone()[0])
    if held != journal and _last(conn, "record") + _last(conn, "session") > 0:
        raise CopyRefused("not_empty", "this computer has a journal of its own")


def _put(conn: sqlite3.Connection, rows: Rows) -> int:
    for statement in rows.schema:
        conn.execute(statement.replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", 1))
    came = 0
    for table, grown in rows.grown.items():
        last = _last(conn, table) if table in GROWING else 0
        columns = [name for _, name, *_ in conn.execute(f"PRAGMA table_info({table})")]
        named = ["rowid", *columns]
        wanted = [row for row in grown if row[0] > last]
        conn.executemany(f"INSERT INTO {table}({','.join(named)}) VALUES ({','.join('?' * len(named))})", wanted)
        came += len(wanted) if table == "record" else 0
    for table, whole in rows.whole.items():
        for row in whole:
            conn.execute(f"INSERT OR REPLACE INTO {table} VALUES ({','.join('?' * len(row))})", row)
    return came


def _frames(file: IO[bytes], journal: str, key: bytes) -> Iterator[tuple[Rows, int]]:
    """Each whole frame, and where it ends."""
    number = 0
    while True:
        head = file.read(_HEAD)
        length = int.from_bytes(head[:4], "big")
        if len(head) < _HEAD or length > _MOST_FRAME:
            return
        sealed = file.read(length)
        if len(sealed) < length or zlib.crc32(sealed) != int.from_bytes(head[4:], "big"):
            return
        try:
            rows = msgspec.msgpack.decode(unseal(key, sealed, _context(journal, number)), type=Rows)
        except SealBroken as fault:
            code = "other_site" if number == 0 else "damaged"
            raise CopyRefused(code, "the frame does not open with this site's secret") from fault
        except UNREADABLE as fault:
            raise CopyRefused("damaged", str(fault)) from fault
        number += 1
        yield rows, file.tell()


def _read_head(file: IO[bytes]) -> tuple[str, int]:
    if file.read(len(_MAGIC)) != _MAGIC:
        raise CopyRefused("not_a_copy", "this is no copy of a journal")
    length = int.from_bytes(file.read(1), "big")
    journal = file.read(length)
    if length == 0 or len(journal) < length:
        raise CopyRefused("not_a_copy", "the copy is cut short")
    return journal.decode("ascii", "replace"), len(_MAGIC) + 1 + length


def _journal_line(journal: str) -> bytes:
    return bytes([len(journal)]) + journal.encode("ascii")


def _context(journal: str, number: int) -> bytes:
    return b"diemcau second copy v1\0" + journal.encode() + number.to_bytes(8, "big")
