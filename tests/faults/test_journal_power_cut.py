"""No acknowledged answer is lost: power cuts, kills, full and failing disks.

The power-cut model: the writer is stopped at a random instant; what the last returned COMMIT had synced stands, and
whatever was written after it (the tail of the WAL, pages of an unfinished checkpoint) is there, torn or gone.
"""

import asyncio
import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from site_agent.exam import ledger
from site_agent.exam.invigilation import ledger as fairness
from site_agent.exam.journal import Journal, JournalRefused
from tests.doubles.eventually import eventually
from tests.doubles.exam_drafts import EXAM, draft, seat
from tests.doubles.janus_server import is_stopped
from tests.doubles.journal_writer import wal_end
from tests.doubles.lost_answers import LostAnswers
from wire.chain import check_chain
from wire.codec import decode_record
from wire.exam_fairness import ExamExtra

PAGE_BYTES = 4096


class Writer:
    """The program that writes, and what it has said so far."""

    def __init__(self, path: Path, first: str) -> None:
        command = [sys.executable, "-m", "tests.doubles.journal_writer", str(path), first]
        self._program = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._program.stdout is not None
        self._pipe = self._program.stdout.fileno()
        os.set_blocking(self._pipe, False)
        self._rest = b""
        self.acked: set[tuple[str, int]] = set()
        self.noted: set[str] = set()
        self.beat = 0
        self.synced = ("-", 0)

    def drain(self) -> None:
        """Take in all that it has said."""
        with contextlib.suppress(BlockingIOError):
            while said := os.read(self._pipe, 1 << 20):
                *lines, self._rest = (self._rest + said).split(b"\n")
                for line in lines:
                    self._take(line.decode().split())

    def _take(self, words: list[str]) -> None:
        match words:
            case ["synced", generation, end]:
                self.synced = (generation, int(end))
            case ["acked", session, seq]:
                self.acked.add((session, int(seq)))
            case ["noted", name]:
                self.noted.add(name)
            case ["beat", turn]:
                self.beat = int(turn)

    async def run_for(self, seconds: float) -> None:
        """Let it write; its pipe must not fill up."""
        await asyncio.sleep(seconds)
        self.drain()

    async def stop(self) -> None:
        """Stop it where it is; afterwards nothing of it moves and all that it said has been heard."""
        self._program.send_signal(signal.SIGSTOP)
        threads = Path(f"/proc/{self._program.pid}/task")
        await eventually(lambda: all(is_stopped(thread) for thread in threads.iterdir()))
        self.drain()

    def go_on(self) -> None:
        self._program.send_signal(signal.SIGCONT)

    async def kill(self) -> None:
        self._program.kill()
        await asyncio.to_thread(self._program.wait)
        self.drain()

    def close(self) -> None:
        assert self._program.stdout is not None
        self._program.stdout.close()


@asynccontextmanager
async def writing(path: Path, first: str) -> AsyncIterator[Writer]:
    writer = Writer(path, first)
    try:
        while len(writer.acked) < 20:
            await writer.run_for(0.01)
        yield writer
    finally:
        await writer.kill()
        writer.close()


def cut(path: Path, copy: Path, before: bytes, synced: tuple[str, int], chance: random.Random) -> None:
    """What a power cut leaves of the stopped writer's files, in `copy`."""
    wal, content = path.with_name(path.name + "-wal"), path.read_bytes()
    generation, _ = wal_end(wal)
    log = bytearray(wal.read_bytes())
    if generation == synced[0]:
        log[synced[1] :] = torn(bytes(log[synced[1] :]), chance)
        content = partly_written(before, content, chance)
    elif chance.random() < 0.5:
        # A new generation has begun after the last COMMIT: its checkpoint is synced, nothing of it counts yet.
        log = bytearray()
    copy.write_bytes(content)
    copy.with_name(copy.name + "-wal").write_bytes(bytes(log))


def torn(tail: bytes, chance: random.Random) -> bytes:
    match chance.randrange(3):
        case 0:
            return tail[: chance.randrange(len(tail) + 1)]
        case 1:
            return bytes(len(tail))
        case _:
            return b"".join(
                tail[at : at + 512] if chance.random() < 0.5 else chance.randbytes(512)
                for at in range(0, len(tail), 512)
            )[: len(tail)]


def partly_written(before: bytes, after: bytes, chance: random.Random) -> bytes:
    """Pages that a checkpoint has moved since `before`, which is of the same WAL generation: each old or new."""
    pages = range(0, min(len(before), len(after)), PAGE_BYTES)
    return b"".join(
        (before if chance.random() < 0.5 else after)[at : at + PAGE_BYTES] for at in pages
    ) + after[len(pages) * PAGE_BYTES :]  # fmt: skip


async def kept_in(path: Path) -> set[tuple[str, int]]:
    """Session and number of every answer that a journal's file holds; each candidate's chain must be whole."""
    journal = Journal(path)
    await journal.start()
    past = await journal.past()
    await journal.stop()
    for number in {entry.event.candidate for entry in past.entries}:
        check_chain((e.event, e.prev, e.hash) for e in past.entries if e.event.candidate == number)
    return {(entry.event.session, entry.event.client_seq) for entry in past.entries}


async def check_fairness(path: Path, noted: set[str], beat: int) -> None:
    """Each grant stands with its record for the province: both or neither."""
    journal = Journal(path)
    await journal.start()
    notes = [note.record for note in await journal.alongside(fairness.notes)]
    bodies = [decode_record(body) for _, body in await journal.bodies(0, 1 << 20)]
    last = await journal.alongside(fairness.beats)
    await journal.stop()
    kept = {note.grant.id for note in notes if isinstance(note, ExamExtra)}
    assert not noted - kept
    assert kept == {record.grant.id for record in bodies if isinstance(record, ExamExtra)}
    assert beat == 0 or last[EXAM].mono_ns >= beat


async def test_no_acknowledged_answer_is_missing_after_a_power_cut(tmp_path: Path, count_lost: LostAnswers) -> None:
    chance = random.Random(20261121)
    path = tmp_path / "journal.sqlite3"
    generations, missing = set[str](), set[tuple[str, int]]()
    async with writing(path, "s") as writer:
        before, began = path.read_bytes(), writer.synced[0]
        for turn in range(400):
            if turn >= 40 and len(generations) > 3 and len(writer.acked) > 200 and len(writer.noted) > 20:
                break
            await writer.run_for(chance.uniform(0.002, 0.08))
            await writer.stop()
            if writer.synced[0] != began:
                before, began = path.read_bytes(), writer.synced[0]
            generations.add(began)
            copy = tmp_path / f"cut-{turn}.sqlite3"
            cut(path, copy, before, writer.synced, chance)
            missing |= writer.acked - await kept_in(copy)
            await check_fairness(copy, writer.noted, writer.beat)
            writer.go_on()
    assert len(generations) > 3
    assert len(writer.acked) > 200
    assert len(writer.noted) > 20
    # Counted once each, however many of the cuts it was checked in; lost if it was missing after any.
    count_lost(writer.acked, writer.acked - missing)


async def test_no_acknowledged_answer_is_missing_after_a_kill(tmp_path: Path, count_lost: LostAnswers) -> None:
    chance = random.Random(7)
    path = tmp_path / "journal.sqlite3"
    acked, missing = set[tuple[str, int]](), set[tuple[str, int]]()
    for turn in range(6):
        async with writing(path, f"s{turn}") as writer:
            await writer.run_for(chance.uniform(0.0, 0.1))
            await writer.kill()
            acked |= writer.acked
        missing |= acked - await kept_in(path)
    count_lost(acked, acked - missing)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


async def test_a_full_disk_is_told_and_nothing_is_acknowledged_until_there_is_room(
    small_disk: Path, count_lost: LostAnswers
) -> None:
    journal = Journal(small_disk / "journal.sqlite3")
    await journal.start()
    await seat(journal)
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(300 * 1024))
    acked = await until_refused(journal, "disk_full")
    assert acked > 0
    ballast.unlink()
    again = await journal.append(draft(acked + 1))
    assert not again.repeated
    await journal.stop()
    count_lost({("s1", seq) for seq in range(1, acked + 2)}, await kept_in(small_disk / "journal.sqlite3"))


async def until_refused(journal: Journal, code: str) -> int:
    for acked in range(5000):
        try:
            await journal.append(draft(acked + 1))
        except JournalRefused as refused:
            return acked if refused.code == code else -1
    return -1


class FailingConnection(sqlite3.Connection):
    """A disk whose sync fails while `broken`."""

    broken = False

    def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:
        """As the original, but COMMIT fails."""
        if sql == "COMMIT" and FailingConnection.broken:
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(sql, *parameters)  # type: ignore[arg-type]


async def test_a_sync_that_fails_acknowledges_nobody_of_its_group(tmp_path: Path, count_lost: LostAnswers) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = Journal(path, lambda at: ledger.connect(at, factory=FailingConnection))
    await journal.start()
    await seat(journal)
    await journal.append(draft(1))
    FailingConnection.broken = True
    group = await asyncio.gather(*(journal.append(draft(seq)) for seq in range(2, 10)), return_exceptions=True)
    FailingConnection.broken = False
    assert all(isinstance(one, JournalRefused) and one.code == "disk_error" for one in group)
    written = await asyncio.gather(*(journal.append(draft(seq)) for seq in range(2, 10)))
    assert not any(one.repeated for one in written)
    await journal.stop()
    count_lost({("s1", seq) for seq in range(1, 10)}, await kept_in(path))
