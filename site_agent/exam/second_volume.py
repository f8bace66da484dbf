"""Keeps the second copy going: finds a volume, catches up, follows every group, and comes back when it was gone.

Whatever the volume does, the exam goes on: a copy that fails or takes too long is dropped with a word, and looked for
again. Only what is followed within a group is on both volumes before a candidate sees ✓.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import structlog

from site_agent.exam.group import JournalRefused
from site_agent.exam.journal import Journal
from site_agent.exam.second_copy import MOST_ROWS, SUFFIX, CopyFile, CopyRefused, Marks, Rows, is_ahead, lacking

WITHIN_S = 0.5
"""How long a group waits for its copy. A stick that stalls longer is dropped."""
LOOK_EVERY_S = 5.0
FOLDER = "diemcau-second-copy"

log = structlog.get_logger()


class CopyState(StrEnum):
    """What becomes of the second copy; the last three are for a person to look at."""

    NONE = "none"
    CATCHING_UP = "catching_up"
    KEPT = "kept"
    LOST = "lost"
    AHEAD = "ahead"
    REFUSED = "refused"


class AppendOnly(Protocol):
    """A copy that is open: `CopyFile`."""

    @property
    def marks(self) -> Marks: ...

    def append(self, rows: Rows) -> None: ...

    def close(self) -> None: ...


class _Scribe:
    """A thread that writes one copy, so that a volume that hangs hangs nobody else."""

    def __init__(self, copy: AppendOnly) -> None:
        self.copy = copy
        self._work: queue.SimpleQueue[tuple[Callable[[], None], queue.SimpleQueue[OSError | None]] | None] = (
            queue.SimpleQueue()
        )
        self._thread = threading.Thread(target=self._run, name="second copy", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether it still has the file open."""
        return self._thread.is_alive()

    def run(self, work: Callable[[], None], within_s: float) -> bool:
        """Do it there; False if it failed or is not done in time."""
        done: queue.SimpleQueue[OSError | None] = queue.SimpleQueue()
        self._work.put((work, done))
        try:
            return done.get(timeout=within_s) is None
        except queue.Empty:
            return False

    def end(self) -> None:
        """Close the file once whatever hangs there is through."""
        self._work.put(None)

    def _run(self) -> None:
        while (asked := self._work.get()) is not None:
            work, done = asked
            try:
                work()
            except OSError as fault:
                done.put(fault)
            else:
                done.put(None)
        self.copy.close()


class SecondVolume:
    """One for the life of the agent. `find`: the folder to copy to now, or None."""

    def __init__(
        self,
        journal: Journal,
        key: bytes,
        find: Callable[[], Path | None],
        *,
        within_s: float = WITHIN_S,
        open_copy: Callable[[Path, str, bytes], AppendOnly] = CopyFile,
    ) -> None:
        self.state = CopyState.NONE
        self.folder: Path | None = None
        self._journal = journal
        self._key = key
        self._find = find
        self._within_s = within_s
        self._open_copy = open_copy
        self._scribe: _Scribe | None = None
        self._leaving: _Scribe | None = None

    async def run(self) -> None:
        """Look after the copy until cancelled."""
        try:
            while True:
                await self.look()
                await asyncio.sleep(LOOK_EVERY_S)
        finally:
            self.stop()

    def stop(self) -> None:
        """Let go of the copy."""
        self._journal.copy_to(None)
        if self._scribe is not None:
            self._scribe.end()
            self._scribe, self._leaving = None, self._scribe

    async def look(self) -> None:
        """Join a copy if there is none; harmless while there is one."""
        folder = await asyncio.to_thread(self._find)
        if self._scribe is not None and self.state is CopyState.KEPT and folder == self.folder:
            return
        self.stop()
        if folder is None:
            self._become(CopyState.LOST if self.folder is not None else CopyState.NONE)
            return
        if self._leaving is not None and self._leaving.busy:
            self._become(CopyState.LOST)
            return  # a write that hung may still come through: two must not write one file
        self.folder = folder
        try:
            await self._join(folder)
        except OSError as fault:
            log.warning("second_copy_lost", reason=type(fault).__name__)
            self._become(CopyState.LOST)
        except CopyRefused as refused:
            log.error("second_copy_refused", code=refused.code)
            self._become(CopyState.AHEAD if refused.code == "ahead" else CopyState.REFUSED)
        except JournalRefused as refused:
            log.warning("second_copy_waits", code=refused.code)

    async def _join(self, folder: Path) -> None:
        path = folder / f"{self._journal.id}{SUFFIX}"
        copy = await asyncio.to_thread(self._open_copy, path, self._journal.id, self._key)
        self._become(CopyState.CATCHING_UP)
        self._scribe = _Scribe(copy)
        if await self._journal.alongside(lambda conn: is_ahead(conn, copy.marks)):
            raise CopyRefused("ahead", "the copy has rows that the journal has lost")
        while (rows := await self._journal.alongside(lambda conn: lacking(conn, copy.marks))) is not None:
            await asyncio.to_thread(copy.append, rows)
            if rows.count < MOST_ROWS:
                break
        self._become(CopyState.KEPT)
        self._journal.copy_to(self)

    def follow(self, conn: sqlite3.Connection) -> None:
        """In the journal's thread: write what is new within the group's time, or give the copy up."""
        scribe = self._scribe
        if scribe is None or self.state is not CopyState.KEPT:
            return
        try:
            rows = lacking(conn, scribe.copy.marks, 1 << 20)
        except sqlite3.Error:
            self._give_up()
            return
        if rows is not None and not scribe.run(lambda: scribe.copy.append(rows), self._within_s):
            self._give_up()

    def _give_up(self) -> None:
        self._journal.copy_to(None)
        self._become(CopyState.LOST)

    def _become(self, state: CopyState) -> None:
        if state is not self.state:
            self.state = state
            log.info("second_copy", state=state.value)
