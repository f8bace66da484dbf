"""The journal's file: SQLite, one row a record, rows only ever added. Plain functions over one connection.

`record.body` is the very record that goes to the centre (`wire.messages.Record`), so what was hashed, what was kept and
what was sent are the same bytes. (`session`, `client_seq`) is unique: a page that says a thing twice has said it once.
"""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from site_agent.exam.sitting import Draft, Entry, Sitting
from site_agent.exam.window import Anchor
from wire.chain import GENESIS, EventKind, JournalEvent, next_hash
from wire.codec import decode_record, encode_record
from wire.exam_home import Seat, chain_on
from wire.ids import Assurance, ExamId, new_id
from wire.messages import ExamArchived, ExamEvent, Record

Connect = Callable[[Path], sqlite3.Connection]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record(
  row INTEGER PRIMARY KEY,
  body BLOB NOT NULL,
  exam TEXT NOT NULL,
  candidate TEXT, cand_seq INTEGER, epoch INTEGER,
  session TEXT, client_seq INTEGER,
  UNIQUE(session, client_seq)) STRICT;
CREATE INDEX IF NOT EXISTS record_of ON record(exam, candidate, cand_seq);
CREATE TABLE IF NOT EXISTS session(
  session TEXT PRIMARY KEY, exam TEXT NOT NULL, candidate TEXT NOT NULL,
  epoch INTEGER NOT NULL, key TEXT NOT NULL, assurance TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS session_of ON session(exam, candidate);
CREATE TABLE IF NOT EXISTS window(
  exam TEXT PRIMARY KEY, opened BLOB NOT NULL, lo_ns INTEGER NOT NULL, hi_ns INTEGER NOT NULL,
  closed_ns INTEGER) STRICT;
CREATE TABLE IF NOT EXISTS fed(stream TEXT NOT NULL, row INTEGER NOT NULL, sequence INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS journal(one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS seed(exam TEXT NOT NULL, candidate TEXT NOT NULL, row INTEGER NOT NULL,
  gone INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS archived(exam TEXT PRIMARY KEY, digest BLOB NOT NULL) STRICT;
"""
KEEP_FED = 64
"""How many notes of `note_fed` are kept."""


class Session(msgspec.Struct, frozen=True):
    """A page's right to write for one candidate. Only the highest `epoch` of a candidate is live."""

    session: str
    exam: ExamId
    candidate: str
    epoch: int
    key: str
    assurance: Assurance


class Opening(msgspec.Struct, frozen=True):
    """When a window opened at this site, and when it closed (None: not yet)."""

    exam: ExamId
    opened: Anchor
    lo_ns: int
    hi_ns: int
    closed_ns: int | None = None


class Seed(msgspec.Struct, frozen=True):
    """What a candidate had written elsewhere; it stands between row `row` of this journal and the next. `gone`: the
    candidate has left for another site, and nothing was brought."""

    exam: str
    row: int
    gone: bool
    seat: Seat


class Tip(msgspec.Struct, frozen=True):
    """The end of an exam's chain over all its events in this journal (`wire.exam_home`)."""

    places: int = 0
    chain: bytes = GENESIS

    def after(self, event_hash: bytes) -> "Tip":
        """With one more event."""
        return Tip(self.places + 1, chain_on(self.chain, event_hash))


class Fed(msgspec.Struct, frozen=True):
    """Rows up to `row` are in the stream `stream` up to its number `sequence`."""

    stream: str
    row: int
    sequence: int


def connect(path: Path, factory: type[sqlite3.Connection] = sqlite3.Connection) -> sqlite3.Connection:
    """Open the file for one connection alone: SQLite before 3.51.3 may damage a WAL that two connections reset
    (the WAL-reset bug), and a second agent on the same computer must not write here."""
    conn = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=1.0, factory=factory)
    try:
        _make_durable(conn)
    except BaseException:
        conn.close()  # else its part of the lock would keep out the next attempt
        raise
    return conn


def _make_durable(conn: sqlite3.Connection) -> None:
    conn.execute("PRAGMA locking_mode=EXCLUSIVE")
    mode = conn.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    conn.execute("PRAGMA synchronous=FULL")
    level = conn.execute("PRAGMA synchronous").fetchone()[0]
    if (mode, level) != ("wal", 2):
        raise sqlite3.OperationalError(f"the disk gives {mode}/{level}, not wal/full")


def prepare(conn: sqlite3.Connection) -> str:
    """Make the tables of a new file; take and keep the lock; returns the journal's id."""
    conn.executescript(_SCHEMA)
    conn.execute("BEGIN IMMEDIATE")
    conn.execute("INSERT OR IGNORE INTO journal VALUES (1, ?)", (new_id("journal"),))
    conn.execute("COMMIT")
    return journal_id(conn)


def journal_id(conn: sqlite3.Connection) -> str:
    """The id under which this journal numbers its events."""
    return str(conn.execute("SELECT id FROM journal").fetchone()[0])


def find(conn: sqlite3.Connection, session: str, client_seq: int) -> Entry | None:
    """The entry under a page's key."""
    rows = conn.execute(
        "SELECT row, body, epoch FROM record WHERE session=? AND client_seq=?", (session, client_seq)
    ).fetchall()
    return _entry(*rows[0]) if rows else None


def sitting(conn: sqlite3.Connection, exam: str, candidate: str) -> Sitting:
    """A candidate's state, folded from the file."""
    state = Sitting()
    waiting = seeds(conn, exam, candidate)
    for entry in entries(conn, exam, candidate):
        while waiting and waiting[0].row < entry.row:
            _go_on(state, waiting.pop(0))
        state.take(entry)
    for seed in waiting:
        _go_on(state, seed)
    return state


def _go_on(state: Sitting, seed: Seed) -> None:
    if not seed.gone:
        state.go_on(seed.seat)


def insert_seed(conn: sqlite3.Connection, exam: str, seat: Seat, *, gone: bool = False) -> Seed:
    """Keep what a candidate brings along from elsewhere, or that they have left; what is written here follows on it."""
    row = conn.execute("SELECT coalesce(max(row), 0) FROM record").fetchone()[0]
    conn.execute("INSERT INTO seed VALUES (?,?,?,?,?)", (exam, seat.number, row, gone, msgspec.msgpack.encode(seat)))
    return Seed(exam, row, gone, seat)


def seeds(conn: sqlite3.Connection, exam: str, candidate: str | None = None) -> list[Seed]:
    """What candidates of an exam brought along, in order."""
    query = "SELECT row, gone, body FROM seed WHERE exam=?"
    found = (
        conn.execute(query + " ORDER BY rowid", (exam,))
        if candidate is None
        else conn.execute(query + " AND candidate=? ORDER BY rowid", (exam, candidate))
    )
    return [
        Seed(exam, row, bool(gone), msgspec.msgpack.decode(body, type=Seat)) for row, gone, body in found.fetchall()
    ]


def entries(conn: sqlite3.Connection, exam: str, candidate: str | None = None) -> Iterator[Entry]:
    """The events of an exam, or of one candidate, in order."""
    query = "SELECT row, body, epoch FROM record WHERE exam=? AND candidate IS NOT NULL"
    if candidate is None:
        return (_entry(*row) for row in conn.execute(query + " ORDER BY row", (exam,)).fetchall())
    found = conn.execute(query + " AND candidate=? ORDER BY row", (exam, candidate)).fetchall()
    return (_entry(*row) for row in found)


def tip(conn: sqlite3.Connection, exam: str) -> Tip:
    """The end of an exam's chain, folded from the file."""
    found = Tip()
    for entry in entries(conn, exam):
        found = found.after(entry.hash)
    return found


def insert_event(
    conn: sqlite3.Connection, state: Sitting, draft: Draft, kind: EventKind, journal: str, place: int
) -> Entry:
    """Chain `draft` to the candidate's events and add it as event number `place` of the exam in this journal.

    A CONFLICT shares its key with the earlier event and is therefore not found by it; the desk's own marks (OPEN,
    CLOSE) have no key.
    """
    event = JournalEvent(
        draft.exam, draft.candidate, state.length + 1, kind, draft.item, draft.option,
        draft.at_ns, draft.bound_ms, draft.session, draft.client_seq,
    )  # fmt: skip
    hashed = next_hash(state.head, event)
    fields = {name: getattr(event, name) for name in JournalEvent.__struct_fields__}
    body = encode_record(ExamEvent(**fields, prev=state.head, hash=hashed, journal=journal, place=place))
    keyless = kind is EventKind.CONFLICT or not draft.session
    key = (None, None) if keyless else (draft.session, draft.client_seq)
    done = conn.execute(
        "INSERT INTO record(body, exam, candidate, cand_seq, epoch, session, client_seq) VALUES (?,?,?,?,?,?,?)",
        (body, draft.exam, draft.candidate, event.cand_seq, draft.epoch, *key),
    )
    return Entry(done.lastrowid or 0, event, draft.epoch, state.head, hashed)


def insert_record(conn: sqlite3.Connection, exam: str, record: Record) -> int:
    """Add a record that belongs to no candidate; returns its row."""
    return conn.execute("INSERT INTO record(body, exam) VALUES (?,?)", (encode_record(record), exam)).lastrowid or 0


def bodies(conn: sqlite3.Connection, after: int, limit: int) -> list[tuple[int, bytes]]:
    """(row, record) that follow row `after`."""
    return conn.execute("SELECT row, body FROM record WHERE row>? ORDER BY row LIMIT ?", (after, limit)).fetchall()


def insert_session(conn: sqlite3.Connection, session: Session) -> None:
    """Keep a session, so that it survives the agent."""
    conn.execute("INSERT INTO session VALUES (?,?,?,?,?,?)", msgspec.structs.astuple(session))


def sessions(conn: sqlite3.Connection, exam: str, candidate: str | None = None) -> list[Session]:
    """All sessions ever begun for an exam, or by one candidate of it."""
    query = "SELECT session, exam, candidate, epoch, key, assurance FROM session WHERE exam=?"
    found = (
        conn.execute(query + " ORDER BY rowid", (exam,))
        if candidate is None
        else conn.execute(query + " AND candidate=? ORDER BY rowid", (exam, candidate))
    )
    return [msgspec.convert(dict(zip(Session.__struct_fields__, row, strict=True)), Session) for row in found]


def insert_opening(conn: sqlite3.Connection, opening: Opening) -> bool:
    """Keep when a window opened; False and no change if it had opened already."""
    done = conn.execute(
        "INSERT OR IGNORE INTO window(exam, opened, lo_ns, hi_ns) VALUES (?,?,?,?)",
        (opening.exam, msgspec.msgpack.encode(opening.opened), opening.lo_ns, opening.hi_ns),
    )
    return done.rowcount == 1


def close_window(conn: sqlite3.Connection, exam: str, at_ns: int) -> bool:
    """Keep when a window closed; False and no change if it had closed already."""
    done = conn.execute("UPDATE window SET closed_ns=? WHERE exam=? AND closed_ns IS NULL", (at_ns, exam))
    return done.rowcount == 1


def openings(conn: sqlite3.Connection) -> list[Opening]:
    """All windows that ever opened here."""
    found = conn.execute("SELECT exam, opened, lo_ns, hi_ns, closed_ns FROM window").fetchall()
    return [Opening(exam, msgspec.msgpack.decode(at, type=Anchor), *rest) for exam, at, *rest in found]


def note_fed(conn: sqlite3.Connection, fed: Fed) -> None:
    """Keep how far the rows have been handed on; of older notes only the newest."""
    conn.execute("INSERT INTO fed VALUES (?,?,?)", msgspec.structs.astuple(fed))
    conn.execute("DELETE FROM fed WHERE rowid <= (SELECT max(rowid) FROM fed) - ?", (KEEP_FED,))


def exams(conn: sqlite3.Connection) -> list[ExamId]:
    """The exams that anything here is of, but for archived ones."""
    found = conn.execute(
        "SELECT exam FROM record UNION SELECT exam FROM session UNION SELECT exam FROM window UNION "
        "SELECT exam FROM seed EXCEPT SELECT exam FROM archived ORDER BY exam"
    )
    return [ExamId(exam) for (exam,) in found.fetchall()]


def fed(conn: sqlite3.Connection) -> list[Fed]:
    """All that `note_fed` has kept, in order."""
    return [Fed(*row) for row in conn.execute("SELECT stream, row, sequence FROM fed ORDER BY rowid").fetchall()]


def _entry(row: int, body: bytes, epoch: int) -> Entry:
    record = decode_record(body)
    if not isinstance(record, ExamEvent):
        raise TypeError(f"row {row} is no candidate's event")
    event = JournalEvent(*(getattr(record, name) for name in JournalEvent.__struct_fields__))
    return Entry(row, event, epoch, record.prev, record.hash)


def archive_rows(conn: sqlite3.Connection, exam: str) -> list[tuple[int, bytes]]:
    """(row, record) of everything of an exam, in order."""
    return conn.execute("SELECT row, body FROM record WHERE exam=? ORDER BY row", (exam,)).fetchall()


def drop_archived(conn: sqlite3.Connection, exam: str, digest: bytes, record: Record) -> None:
    """Leave of an exam only the record that it has been archived."""
    row = insert_record(conn, exam, record)
    conn.execute("INSERT OR REPLACE INTO archived VALUES (?,?)", (exam, digest))
    _thin(conn, exam, row)


def thin_archived(conn: sqlite3.Connection) -> None:
    """Drop again what a restored journal has of exams that were archived."""
    for exam in archived(conn):
        found = conn.execute("SELECT row, body FROM record WHERE exam=? ORDER BY row DESC", (exam,))
        row = next((row for row, body in found if isinstance(decode_record(body), ExamArchived)), None)
        if row is not None:
            _thin(conn, exam, row)


def _thin(conn: sqlite3.Connection, exam: str, before: int) -> None:
    """No row number may come twice, for the second copy goes by them: a table's newest row stays, without what it
    said."""
    conn.execute("DELETE FROM record WHERE exam=? AND row<?", (exam, before))
    for table, empty in (("session", "candidate='', key=''"), ("seed", "candidate='', body=x''")):
        conn.execute(f"DELETE FROM {table} WHERE exam=? AND rowid<(SELECT max(rowid) FROM {table})", (exam,))
        conn.execute(f"UPDATE {table} SET {empty} WHERE exam=?", (exam,))


def archived(conn: sqlite3.Connection) -> list[ExamId]:
    """The exams that have been packed away."""
    return [ExamId(exam) for (exam,) in conn.execute("SELECT exam FROM archived").fetchall()]
