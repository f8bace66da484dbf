"""Writes answers to a journal as fast as it acknowledges them, as a program of its own: to be stopped or killed.

`python -m tests.doubles.journal_writer FILE FIRST` writes to stdout, unbuffered, one line each:
`synced <generation> <end>` after each COMMIT: the WAL's salt and how many bytes of that generation are on the disk;
`acked <session> <client_seq>` once the journal has acknowledged an answer;
`noted <id>` once a grant of extra time is kept, and `beat <n>` once a sign of life is.
"""

import asyncio
import os
import sqlite3
import struct
import sys
from pathlib import Path

from site_agent.exam import ledger
from site_agent.exam.invigilation import ledger as fairness
from site_agent.exam.invigilation.allowance import Note
from site_agent.exam.journal import Journal
from site_agent.exam.window import Anchor
from tests.doubles.exam_drafts import EXAM, draft, seat
from wire.exam_fairness import Cause, ExamExtra, Grant

_WAL_HEADER, _FRAME_HEADER = 32, 24
_CHECKPOINT_BYTES = 200_000
CANDIDATES = 8


def wal_end(wal: Path) -> tuple[str, int]:
    """The WAL's generation (its salts) and the end of its last frame, by SQLite's file format, section 4."""
    content = wal.read_bytes() if wal.exists() else b""
    if len(content) < _WAL_HEADER:
        return "-", 0
    page_bytes = struct.unpack(">I", content[8:12])[0]
    salts = content[16:24]
    end, step = _WAL_HEADER, _FRAME_HEADER + page_bytes
    while len(content) >= end + step and content[end + 8 : end + 16] == salts:
        end += step
    return salts.hex(), end


class TellingConnection(sqlite3.Connection):
    """Tells how far the WAL is on the disk whenever a COMMIT has returned."""

    wal = Path()

    def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:
        """As the original."""
        cursor = super().execute(sql, *parameters)  # type: ignore[arg-type]
        if sql == "COMMIT":
            generation, end = wal_end(self.wal)
            say(f"synced {generation} {end}")
            if end > _CHECKPOINT_BYTES:
                super().execute("PRAGMA wal_checkpoint(PASSIVE)")
        return cursor


def say(line: str) -> None:
    """Past every buffer of this program."""
    os.write(1, line.encode() + b"\n")


def connect(path: Path) -> sqlite3.Connection:
    """The journal's own connection, telling. SQLite's own checkpoint would run inside COMMIT, after the sync and before
    it can be told; the writer checkpoints itself instead, early, so that a cut often falls into one."""
    TellingConnection.wal = path.with_name(path.name + "-wal")
    conn = ledger.connect(path, factory=TellingConnection)
    conn.execute("PRAGMA wal_autocheckpoint=0")
    return conn


async def candidate(journal: Journal, number: str, session: str) -> None:
    """Answers for ever."""
    begun = await seat(journal, session, number)
    seq = 0
    while True:
        seq += 1
        answer = draft(seq, f"i{seq % 50}", f"o{seq % 4}", candidate=number, session=session, epoch=begun.epoch)
        await journal.append(answer)
        say(f"acked {session} {seq}")


async def invigilator(journal: Journal, first: str) -> None:
    """Extra time and signs of life for ever."""
    await journal.alongside(fairness.prepare)
    turn = 0
    while True:
        turn += 1
        grant = Grant(id=f"{first}-{turn}", candidate=None, seconds=60, cause=Cause.POWER, who="Lò Thị Hà", at_ns=turn)
        note, at = Note(ExamExtra(exam=EXAM, grant=grant)), Anchor(turn, first, turn, turn)
        await journal.alongside(lambda conn, note=note: fairness.add(conn, note), grows=True)  # type: ignore[misc]
        say(f"noted {grant.id}")
        await journal.alongside(lambda conn, at=at: fairness.beat(conn, EXAM, at))  # type: ignore[misc]
        say(f"beat {turn}")


async def main(path: Path, first: str) -> None:
    """Until killed."""
    journal = Journal(path, connect)
    await journal.start()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(invigilator(journal, first))
        for place in range(CANDIDATES):
            tasks.create_task(candidate(journal, f"SBD{place:03d}", f"{first}-{place}"))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
