"""Spans of this site's health in one small SQLite file, so that an outage leaves a trace that a restart keeps.

One connection, used from one thread at a time; WAL with `synchronous=FULL`. An open span's end is where it was last
seen: an agent that is killed loses at most what lies between two marks. Beyond `most` spans the oldest make room, and
the ledger says how many and up to when.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from wire.health import Facet, Span
from wire.ids import new_id

MOST = 2000
"""About 200 kB, and about a day of a screen that changes every 45 s."""
BRIEF_NS = 8 * 10**9
"""A line that was away for less is no outage: nobody at the centre noticed."""
MARGIN_NS = 45 * 10**9
"""The centre may have heard nothing for this long before the site saw that the line was gone."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS span(
  row INTEGER PRIMARY KEY AUTOINCREMENT, facet TEXT NOT NULL, state TEXT NOT NULL,
  from_ns INTEGER NOT NULL, until_ns INTEGER NOT NULL, sure INTEGER NOT NULL,
  open INTEGER NOT NULL, due INTEGER NOT NULL DEFAULT 0, run INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS ledger(
  one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, run INTEGER NOT NULL,
  dropped INTEGER NOT NULL, dropped_until_ns INTEGER NOT NULL) STRICT;
"""


class Lost(msgspec.Struct, frozen=True):
    """How many spans made room for newer ones, and the end of the last of them."""

    spans: int = 0
    until_ns: int = 0


class SpanLedger:
    """Made with the file's path; `close` when done. Raises `sqlite3.Error`."""

    def __init__(self, path: Path, *, most: int = MOST) -> None:
        self._most = most
        self._conn = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=1.0)
        for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
            self._conn.execute(f"PRAGMA {pragma}")
        self._conn.executescript(_SCHEMA)
        with self._conn:
            self._conn.execute("BEGIN IMMEDIATE")
            self._conn.execute("INSERT OR IGNORE INTO ledger VALUES (1, ?, 0, 0, 0)", (new_id("spans"),))
            self._conn.execute("UPDATE ledger SET run = run + 1")
        self.id, self._run = self._conn.execute("SELECT id, run FROM ledger").fetchone()

    def close(self) -> None:
        self._conn.close()

    def resume(self, now: int, *, sure: bool) -> None:
        """Begin after an earlier run: its spans end where they were last seen, and from there the agent was off."""
        with self._conn:
            self._conn.execute("BEGIN IMMEDIATE")
            seen = self._conn.execute("SELECT max(until_ns) FROM span WHERE open = 1").fetchone()[0]
            self._conn.execute("UPDATE span SET open = 0 WHERE open = 1")
            if seen is not None and seen < now:
                self._insert(Facet.AGENT, "off", seen, now, sure=sure, open_=False)

    def look(self, states: Mapping[Facet, str], now: int, *, sure: bool) -> None:
        """Note how things are now: a state that goes on is prolonged, another begins a new span."""
        with self._conn:
            self._conn.execute("BEGIN IMMEDIATE")
            known = dict(self._conn.execute("SELECT facet, state FROM span WHERE open = 1").fetchall())
            # A clock that was set back must not end a span before it began.
            self._conn.execute("UPDATE span SET until_ns = max(from_ns, ?) WHERE open = 1", (now,))
            for facet, state in states.items():
                if known.get(facet) != state:
                    self._conn.execute("UPDATE span SET open = 0 WHERE open = 1 AND facet = ?", (facet,))
                    self._insert(facet, state, now, now, sure=sure, open_=True)
            self._make_room()

    def shift(self, by_ns: int, *, sure: bool) -> None:
        """The clock was corrected: what this run noted by the old one moves along."""
        with self._conn:
            self._conn.execute("BEGIN IMMEDIATE")
            mine = "run = ? AND due = 0"
            self._conn.execute(
                f"UPDATE span SET from_ns = max(0, from_ns + ?) WHERE {mine} AND facet <> 'agent'", (by_ns, self._run)
            )
            self._conn.execute(
                f"UPDATE span SET until_ns = max(from_ns, until_ns + ?), sure = max(sure, ?) WHERE {mine}",
                (by_ns, sure, self._run),
            )

    def settle(self, now: int) -> int:
        """The line is back: whatever falls into time without it is due to be told, the rest the centre has seen.

        Open spans are cut at `now`. Returns how many spans are due.
        """
        with self._conn:
            self._conn.execute("BEGIN IMMEDIATE")
            self._cut(now)
            for since, until in self._away():
                self._conn.execute(
                    "UPDATE span SET due = 1 WHERE open = 0 AND until_ns > ? AND from_ns < ?",
                    (since - MARGIN_NS, until),
                )
            self._conn.execute("DELETE FROM span WHERE open = 0 AND due = 0")
            return int(self._conn.execute("SELECT count(*) FROM span WHERE due = 1").fetchone()[0])

    def due(self, most: int) -> list[Span]:
        """The oldest spans that are to be told."""
        rows = self._conn.execute(
            "SELECT row, facet, state, from_ns, until_ns, sure FROM span WHERE due = 1 ORDER BY row LIMIT ?", (most,)
        )
        return [Span(row, facet, state, since, until, bool(sure)) for row, facet, state, since, until, sure in rows]

    def lost(self) -> Lost:
        return Lost(*self._conn.execute("SELECT dropped, dropped_until_ns FROM ledger").fetchone())

    def told(self, spans: Sequence[Span], lost: Lost) -> None:
        """Let go of spans that are in the outbox, and of the note about those that were lost."""
        with self._conn:
            self._conn.execute("BEGIN IMMEDIATE")
            self._conn.executemany("DELETE FROM span WHERE row = ?", [(span.row,) for span in spans])
            if lost.spans:
                self._conn.execute("UPDATE ledger SET dropped = dropped - ?", (lost.spans,))

    def _cut(self, now: int) -> None:
        for facet, state, sure in self._conn.execute("SELECT facet, state, sure FROM span WHERE open = 1").fetchall():
            self._conn.execute(
                "UPDATE span SET open = 0, until_ns = max(from_ns, ?) WHERE open = 1 AND facet = ?", (now, facet)
            )
            self._insert(facet, state, now, now, sure=bool(sure), open_=True)

    def _away(self) -> list[tuple[int, int]]:
        return self._conn.execute(
            "SELECT from_ns, until_ns FROM span WHERE open = 0 AND due = 0 AND until_ns - from_ns >= ?"
            " AND ((facet = 'line' AND state <> 'up') OR facet = 'agent')",
            (BRIEF_NS,),
        ).fetchall()

    def _insert(self, facet: str, state: str, since: int, until: int, *, sure: bool, open_: bool) -> None:
        self._conn.execute(
            "INSERT INTO span(facet, state, from_ns, until_ns, sure, open, run) VALUES (?,?,?,?,?,?,?)",
            (facet, state, since, until, sure, open_, self._run),
        )

    def _make_room(self) -> None:
        over = self._conn.execute("SELECT count(*) FROM span").fetchone()[0] - self._most
        if over <= 0:
            return
        oldest = "SELECT row FROM span WHERE open = 0 ORDER BY until_ns, row LIMIT ?"
        until = self._conn.execute(f"SELECT max(until_ns) FROM span WHERE row IN ({oldest})", (over,)).fetchone()[0]
        gone = self._conn.execute(f"DELETE FROM span WHERE row IN ({oldest})", (over,)).rowcount
        if gone:
            self._conn.execute(
                "UPDATE ledger SET dropped = dropped + ?, dropped_until_ns = max(dropped_until_ns, ?)", (gone, until)
            )
