"""The agent's disk and files: what stands after a death between COMMIT and ✓, and what a disk that refuses is told."""

import asyncio
import hashlib
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from site_agent.exam import ledger
from site_agent.exam.journal import Journal, JournalRefused
from site_agent.exam.vault import VaultRefused
from site_agent.exam.window import Phase
from tests.doubles.centre_time import S
from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_desk import running
from tests.doubles.exam_drafts import draft, seat
from tests.doubles.exam_phone import Phone, answer, kept
from tests.doubles.lost_answers import LostAnswers


async def kept_in(path: Path) -> set[tuple[str, int]]:
    """Keys of all answers in a journal's file."""
    journal = Journal(path)
    await journal.start()
    past = await journal.past()
    await journal.stop()
    return {(entry.event.session, entry.event.client_seq) for entry in past.entries}


async def test_an_agent_that_dies_between_commit_and_tick_has_the_answer_and_ticks_it_once_asked_again(
    tmp_path: Path, count_lost: LostAnswers
) -> None:
    path = tmp_path / "journal.sqlite3"
    command = [sys.executable, "-m", "tests.doubles.dying_writer", str(path), "20"]
    died = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=False, timeout=60)
    acked = {("s1", int(line.split()[1])) for line in died.stdout.decode().splitlines()}
    assert died.returncode == -9
    assert len(acked) == 19
    journal = Journal(path)
    await journal.start()
    again = await journal.append(draft(20, "i20"))
    assert again.repeated
    await journal.stop()
    count_lost({*acked, ("s1", 20)}, await kept_in(path))


async def test_a_disk_that_has_become_read_only_is_told_and_ticks_nothing(
    tmp_path: Path, count_lost: LostAnswers
) -> None:
    connections: list[sqlite3.Connection] = []

    def connect(path: Path) -> sqlite3.Connection:
        connections.append(ledger.connect(path))
        return connections[-1]

    journal = Journal(tmp_path / "journal.sqlite3", connect)
    await journal.start()
    await seat(journal)
    acked = {("s1", seq) for seq in range(1, 4) if not (await journal.append(draft(seq))).repeated}
    connections[0].execute("PRAGMA query_only=ON")
    with pytest.raises(JournalRefused) as refused:
        await journal.append(draft(4))
    assert refused.value.code == "read_only"
    connections[0].execute("PRAGMA query_only=OFF")
    assert not (await journal.append(draft(4))).repeated
    await journal.stop()
    count_lost({*acked, ("s1", 4)}, await kept_in(tmp_path / "journal.sqlite3"))


async def test_a_file_held_by_another_program_is_told_at_the_start_and_out_of_reach_afterwards(
    tmp_path: Path, count_lost: LostAnswers
) -> None:
    path = tmp_path / "journal.sqlite3"
    first = Journal(path)
    await first.start()
    await seat(first)
    await first.append(draft(1))
    await first.stop()
    scanner = sqlite3.connect(path, isolation_level=None)
    scanner.execute("BEGIN IMMEDIATE")
    journal = Journal(path)
    with pytest.raises(JournalRefused) as refused:
        await journal.start()
    assert refused.value.code == "disk_busy"
    scanner.execute("ROLLBACK")
    scanner.close()
    journal = Journal(path)
    await journal.start()
    scanner = sqlite3.connect(path, isolation_level=None, timeout=0)
    with pytest.raises(sqlite3.OperationalError):
        scanner.execute("BEGIN IMMEDIATE")
    scanner.close()
    await journal.append(draft(2))
    await journal.stop()
    count_lost({("s1", 1), ("s1", 2)}, await kept_in(path))


async def test_a_plan_of_an_older_version_changes_nothing(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 600 * S)
    async with running(tmp_path, centre) as site:
        old = centre.exam_plan()
        centre.version, centre.t0_ns = 2, centre.t0_ns + 60 * S
        await site.exams.on_plan(centre.exam_plan())
        with pytest.raises(VaultRefused) as refused:
            await site.exams.on_plan(old)
        assert refused.value.code == "older"
        assert site.exams.halls[centre.exam].window.manifest.t0_ns == centre.t0_ns


async def test_a_damaged_paper_is_fetched_again(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 600 * S)
    whole = dict(centre.by_digest)
    centre.by_digest = {digest: blob[:-1] + bytes([blob[-1] ^ 1]) for digest, blob in whole.items()}
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        hall = site.exams.halls[centre.exam]
        await eventually(lambda: centre.fetched > 0)
        assert hall.window.phase == "waiting"
        centre.by_digest = whole
        await eventually(lambda: hall.window.phase is Phase.SEALED)
        assert all(hashlib.sha256(blob).digest() == digest for digest, blob in whole.items())


async def test_a_damaged_wrap_opens_nothing_until_the_plan_comes_whole(tmp_path: Path, count_lost: LostAnswers) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + S // 5)
    plan = centre.exam_plan()
    damaged = {code: wrap[:-1] + bytes([wrap[-1] ^ 1]) for code, wrap in plan.wraps.items()}
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(msgspec.structs.replace(plan, wraps=damaged))
        hall = site.exams.halls[centre.exam]
        await eventually(lambda: hall.window.phase is Phase.SEALED)
        await site.exams.on_release(centre.release())
        assert hall.window.phase == "sealed"
        await site.exams.on_plan(plan)
        await eventually(lambda: hall.window.phase is Phase.OPEN)
        phone = Phone(site.exams)
        seat_taken = await phone.sit(centre, "SBD001")
        for seq, item in enumerate(centre.papers["101"].items, 1):
            await phone.say(**answer(seat_taken, seq, item.id, item.options[0].id))
        count_lost(phone.ticked, await kept(site.journal))
