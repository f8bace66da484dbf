"""A journal that dies between a COMMIT and telling anybody: ``python -m tests.doubles.dying_writer FILE ANSWERS``.

It says each answer's number on stdout before it asks for it, and kills itself as soon as the transaction with the last
one is on the disk.
"""

import asyncio
import os
import signal
import sqlite3
import sys
from pathlib import Path

from site_agent.exam import ledger
from site_agent.exam.journal import Journal
from tests.doubles.exam_drafts import draft, seat


class DyingConnection(sqlite3.Connection):
    """Dies right after a COMMIT once `armed`."""

    armed = False

    def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:
        """As the original."""
        done = super().execute(sql, *parameters)  # type: ignore[arg-type]
        if sql == "COMMIT" and DyingConnection.armed:
            os.kill(os.getpid(), signal.SIGKILL)
        return done


async def main(path: Path, answers: int) -> None:
    """Answer, and die with the last answer."""
    journal = Journal(path, lambda at: ledger.connect(at, factory=DyingConnection))
    await journal.start()
    begun = await seat(journal)
    for seq in range(1, answers):
        await journal.append(draft(seq, f"i{seq}", epoch=begun.epoch))
        os.write(1, f"acked {seq}\n".encode())
    DyingConnection.armed = True
    await journal.append(draft(answers, f"i{answers}", epoch=begun.epoch))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
