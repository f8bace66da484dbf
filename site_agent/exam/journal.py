"""The journal: nothing is acknowledged before it is on the disk, nothing on it is ever changed.

One thread owns the one connection. It takes whatever waits, at most 64 pieces of work, writes them in one transaction
with one sync (group commit: no answer waits for company, and a slow disk is asked less often), then resolves them all.
When the disk refuses, every piece of that transaction is refused and nothing is acknowledged; the page keeps its copy
and sends it again.
"""

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from site_agent.exam import ledger
from site_agent.exam.group import Copy, GroupWriter, JournalRefused
from site_agent.exam.ledger import Connect, Fed, Opening, Seed, Session, Tip
from site_agent.exam.sitting import Draft, Entry, Sitting
from wire.chain import EventKind
from wire.exam_home import Seat
from wire.ids import ExamId
from wire.messages import ExamArchived, ExamClosed, ExamOpened

__all__ = ["Journal", "JournalRefused", "Past", "Written"]

T = TypeVar("T")
_Work = Callable[[sqlite3.Connection], T]


class Written(msgspec.Struct, frozen=True):
    """What became of a draft: the entry on the disk; `repeated`: it had been there before."""

    entry: Entry
    repeated: bool = False


class Past(msgspec.Struct, frozen=True):
    """What the file holds at start."""

    sessions: list[Session]
    openings: list[Opening]
    entries: list[Entry]
    seeds: list[Seed] = []


class Journal:
    """Append-only journal of one site. `written` hears of each new entry, in order, in the event loop, before the page
    that brought it does, and also when that page has gone."""

    def __init__(self, path: Path, connect: Connect = ledger.connect) -> None:
        self.written: Callable[[Entry], None] = _nobody
        self.grown: Callable[[], None] = _nothing
        self.path = path
        self._writer = GroupWriter(path, connect, self)
        self._sittings: dict[tuple[str, str], Sitting] = {}
        self._tips: dict[str, Tip] = {}
        self._conflicts: set[tuple[str, int]] = set()
        self._fresh: list[Entry] = []
        self._more = False

    @property
    def id(self) -> str:
        """The id under which this file numbers its events; known once started."""
        return self._writer.journal_id

    async def start(self) -> None:
        """Open the file and take its lock; raises `JournalRefused`."""
        await self._writer.start()

    async def stop(self) -> None:
        """Write what waits, close the file."""
        await self._writer.stop()

    def copy_to(self, copy: Copy | None) -> None:
        """Let a second copy follow from the next group on; None: go on without."""
        self._writer.copy = copy

    # --- what the exam asks ----------------------------------------------------------------------------------------

    async def past(self, only: ExamId | None = None) -> Past:
        """What the file holds of one exam, or of every one that is not archived, to go on after a restart."""

        def work(conn: sqlite3.Connection) -> Past:
            exams = [exam for exam in ledger.exams(conn) if only in (None, exam)]
            sessions = [session for exam in exams for session in ledger.sessions(conn, exam)]
            entries = [entry for exam in exams for entry in ledger.entries(conn, exam)]
            return Past(
                sessions, ledger.openings(conn), entries, [seed for exam in exams for seed in ledger.seeds(conn, exam)]
            )

        return await self._write(work)

    async def tip(self, exam: ExamId) -> Tip:
        """The end of the exam's chain over all its events here."""
        return await self._write(lambda conn: self._tip(conn, exam))

    async def seat(self, exam: ExamId, seats: list[Seat], *, gone: bool = False) -> list[Seed]:
        """Keep what candidates had written elsewhere, or that they have gone there; what is here already is not kept
        twice. Returns what is new."""

        def work(conn: sqlite3.Connection) -> list[Seed]:
            kept = []
            for seat in seats:
                last = ledger.seeds(conn, exam, seat.number)[-1:]
                if not last or (last[0].seat.arrival, last[0].gone) != (0 if gone else seat.arrival, gone):
                    kept.append(ledger.insert_seed(conn, exam, seat, gone=gone))
                    self._sittings.pop((exam, seat.number), None)
            return kept

        return await self._write(work)

    async def begin(self, session: Session, draft: Draft) -> tuple[Session, Written]:
        """Keep a new session and the sign-in it begins with; the epoch is the candidate's next."""

        def work(conn: sqlite3.Connection) -> tuple[Session, Written]:
            state = self._sitting(conn, draft)
            numbered = msgspec.structs.replace(session, epoch=state.epoch + 1)
            ledger.insert_session(conn, numbered)
            entry = self._add(conn, state, msgspec.structs.replace(draft, epoch=numbered.epoch), draft.kind)
            return numbered, Written(entry)

        return await self._write(work)

    async def begin_silently(self, session: Session) -> Session:
        """Keep a session of a candidate who has handed in: it may look, and adds nothing to the chain."""

        def work(conn: sqlite3.Connection) -> Session:
            epoch = max((s.epoch for s in ledger.sessions(conn, session.exam, session.candidate)), default=0) + 1
            numbered = msgspec.structs.replace(session, epoch=epoch)
            ledger.insert_session(conn, numbered)
            return numbered

        return await self._write(work)

    async def append(self, draft: Draft) -> Written:
        """Write an answer or a hand-in; returns once it is durable. The same key with the same content gives the
        entry that stands; with other content a CONFLICT event, and the first content stands."""
        return await self._write(lambda conn: self._append(conn, draft))

    async def mark(self, drafts: list[Draft]) -> None:
        """Write the desk's own marks (OPEN, CLOSE) into the chains that still need them."""

        def work(conn: sqlite3.Connection) -> None:
            for draft in drafts:
                state = self._sitting(conn, draft)
                if state.needs(draft.kind):
                    self._add(conn, state, draft, draft.kind)

        await self._write(work)

    async def open_window(self, opening: Opening, record: ExamOpened) -> bool:
        """Keep the opening, once; False if the window had opened before."""

        def work(conn: sqlite3.Connection) -> bool:
            fresh = ledger.insert_opening(conn, opening)
            if fresh:
                ledger.insert_record(conn, opening.exam, record)
                self._more = True
            return fresh

        return await self._write(work)

    async def close_window(self, exam: ExamId, at_ns: int) -> bool:
        """Keep the close, once."""

        def work(conn: sqlite3.Connection) -> bool:
            fresh = ledger.close_window(conn, exam, at_ns)
            if fresh:
                ledger.insert_record(conn, exam, ExamClosed(exam=exam, at_ns=at_ns))
                self._more = True
            return fresh

        return await self._write(work)

    async def alongside(self, work: _Work[T], *, grows: bool = False) -> T:
        """Other work of the exam in this file (`invigilation.ledger`), in one transaction with whatever else waits;
        `grows`: it adds a record for the centre. Raises `JournalRefused`."""

        def whole(conn: sqlite3.Connection) -> T:
            done = work(conn)
            self._more = self._more or grows
            return done

        return await self._write(whole)

    async def archive(self, exam: ExamId, digest: bytes, record: ExamArchived) -> None:
        """Leave of an exam that lies in an archive file with this SHA-256 only the word of it."""

        def work(conn: sqlite3.Connection) -> None:
            ledger.drop_archived(conn, exam, digest, record)
            self._sittings = {key: state for key, state in self._sittings.items() if key[0] != exam}
            self._tips.pop(exam, None)
            self._more = True

        await self._write(work)

    async def bodies(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        """(row, record for the centre) after row `after`, at most `limit`."""
        return await self._write(lambda conn: ledger.bodies(conn, after, limit))

    async def note_fed(self, fed: Fed) -> None:
        """Keep how far the rows have been handed on."""
        await self._write(lambda conn: ledger.note_fed(conn, fed))

    async def fed(self) -> list[Fed]:
        """How far the rows have been handed on, as often as it was noted."""
        return await self._write(ledger.fed)

    # --- in the journal's thread -----------------------------------------------------------------------------------

    def _append(self, conn: sqlite3.Connection, draft: Draft) -> Written:
        state = self._sitting(conn, draft)
        known = ledger.find(conn, draft.session, draft.client_seq)
        if known is None:
            return Written(self._add(conn, state, draft, state.verdict(draft)))
        if _says_the_same(known, draft):
            return Written(known, repeated=True)
        key = (draft.session, draft.client_seq)
        if key in self._conflicts:
            return Written(known, repeated=True)
        entry = self._add(conn, state, draft, EventKind.CONFLICT)
        self._conflicts.add(key)
        return Written(entry)

    def _add(self, conn: sqlite3.Connection, state: Sitting, draft: Draft, kind: EventKind) -> Entry:
        tip = self._tip(conn, draft.exam)
        entry = ledger.insert_event(conn, state, draft, kind, self.id, tip.places + 1)
        self._tips[draft.exam] = tip.after(entry.hash)
        state.take(entry)
        self._fresh.append(entry)
        self._more = True
        return entry

    def _tip(self, conn: sqlite3.Connection, exam: str) -> Tip:
        if exam not in self._tips:
            self._tips[exam] = ledger.tip(conn, exam)
        return self._tips[exam]

    def _sitting(self, conn: sqlite3.Connection, draft: Draft) -> Sitting:
        key = (draft.exam, draft.candidate)
        if key not in self._sittings:
            self._sittings[key] = ledger.sitting(conn, *key)
        return self._sittings[key]

    async def _write(self, work: _Work[T]) -> T:
        return await self._writer.write(work)

    # --- what the writer asks --------------------------------------------------------------------------------------

    def so_far(self) -> int:
        """How much news there is."""
        return len(self._fresh)

    def forget(self, since: int) -> None:
        """What was written after so much news has been undone: nothing that was derived from it may stay."""
        self._sittings.clear()
        self._tips.clear()
        self._conflicts.clear()
        del self._fresh[since:]

    def news(self) -> Callable[[], None]:
        """Take the news of a group that is on the disk."""
        fresh, self._fresh = self._fresh, []
        more, self._more = self._more, False
        return partial(self._tell, fresh, more=more)

    def _tell(self, fresh: list[Entry], *, more: bool) -> None:
        for entry in fresh:
            self.written(entry)
        if more:
            self.grown()


def _nobody(_: Entry) -> None:
    """Who hears of new entries before someone listens."""


def _nothing() -> None:
    """Who hears of new rows before someone listens."""


def _says_the_same(known: Entry, draft: Draft) -> bool:
    """Whether a page's key stands for this content; what the journal made of it (LATE, ASIDE) does not matter."""
    event = known.event
    if event.kind in (EventKind.LATE, EventKind.ASIDE):
        return (event.item, event.option) == (draft.item, draft.option)
    return (event.kind, event.item, event.option) == (draft.kind, draft.item, draft.option)
