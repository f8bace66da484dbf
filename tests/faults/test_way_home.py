"""Faults on the way home: a school's disk is gone, a candidate moves, batches come from yesterday or from elsewhere,
the centre is set back to an older copy. What showed ✓ is counted against what the centre has in the end."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from orchestrator.storage.engine import Database
from site_agent.exam import ledger
from site_agent.exam.feed import Feed
from site_agent.exam.journal import Journal
from site_agent.exam.second_copy import SUFFIX, copy_key, restore
from site_agent.exam.second_volume import SecondVolume
from site_agent.link.outbox import Outbox
from tests.doubles.eventually import eventually
from tests.doubles.exam_conductor import SITES, T0, S
from tests.doubles.exam_drafts import draft, seat
from tests.doubles.exam_home import HomeCentre, kept_messages, school, way_home
from tests.doubles.lost_answers import LostAnswers
from wire.exam_home import ExamSeats
from wire.ids import EnrolmentId, ItemId, OptionId
from wire.messages import Records

KEY = copy_key(b"s" * 32)
ITEM, OPTION = ItemId("item-1"), OptionId("option-1")


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[HomeCentre]:
    async with way_home(tmp_path) as running:
        yield running


async def test_a_journal_whose_disk_dies_is_whole_again_from_the_second_copy(
    tmp_path: Path, count_lost: LostAnswers
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    journal = Journal(tmp_path / "journal.sqlite3")
    await journal.start()
    await seat(journal)
    second = SecondVolume(journal, KEY, lambda: stick)
    await second.look()
    written = await asyncio.gather(*(journal.append(draft(seq, f"i{seq % 50}")) for seq in range(1, 300)))
    acked = {(one.entry.event.client_seq, one.entry.hash) for one in written}
    second.stop()
    await journal.stop()
    for file in tmp_path.glob("journal.sqlite3*"):
        file.unlink()
    conn = ledger.connect(tmp_path / "journal.sqlite3")
    ledger.prepare(conn)
    restore(conn, next(stick.glob(f"*{SUFFIX}")), KEY)
    conn.close()
    again = Journal(tmp_path / "journal.sqlite3")
    await again.start()
    past = await again.past()
    await again.stop()
    count_lost(acked, {(entry.event.client_seq, entry.hash) for entry in past.entries})


async def test_an_agent_that_restarts_again_and_again_keeps_every_answer(
    tmp_path: Path, count_lost: LostAnswers
) -> None:
    acked: set[int] = set()
    for turn in range(12):
        journal = Journal(tmp_path / "journal.sqlite3")
        await journal.start()
        session = await seat(journal, f"s{turn}")
        written = await journal.append(draft(turn + 1, f"i{turn}", session=session.session, epoch=session.epoch))
        acked.add(written.entry.event.client_seq)
        past = await journal.past()
        await journal.stop()
    count_lost(acked, {entry.event.client_seq for entry in past.entries})


async def test_a_candidate_who_moves_mid_exam_while_the_old_site_is_offline_loses_nothing(
    centre: HomeCentre, tmp_path: Path, count_lost: LostAnswers
) -> None:
    exam = await centre.armed()
    acked: set[tuple[str, int]] = set()
    async with (
        school(centre, tmp_path, exam) as old,
        school(centre, tmp_path, exam, SITES[1], "enr-2") as new,
    ):
        session = await old.sign_in("0001")
        for seq in range(1, 20):
            await old.answer(session, seq, ITEM, OPTION, T0 + seq * S)
            acked.add((session.session, seq))
        await old.upload(8)
        centre.centre.wires.up.discard(SITES[0])
        centre.centre.clock.ns = T0 + 30 * S
        await centre.moving.move("ann", exam.id, "0001", SITES[1])
        (seats,) = [message for _, message in centre.links.sent if isinstance(message, ExamSeats)]
        await new.journal.seat(exam.id, seats.seats)
        there = await new.sign_in("0001", T0 + 40 * S)
        for seq in range(1, 10):
            await new.answer(there, seq, ITEM, OPTION, T0 + 40 * S + seq * S)
            acked.add((there.session, seq))
        await new.upload()
        await old.upload()
        count_lost(acked, await kept_messages(centre))
        assert await centre.deciding.lines(exam.id) == []


async def test_yesterdays_batch_and_another_sites_events_change_nothing_and_are_seen(
    centre: HomeCentre, tmp_path: Path, count_lost: LostAnswers
) -> None:
    exam = await centre.armed()
    async with (
        school(centre, tmp_path, exam) as site,
        school(centre, tmp_path, exam, SITES[1], "enr-2") as other,
    ):
        session = await site.sign_in("0001")
        acked = set()
        for seq in range(1, 10):
            await site.answer(session, seq, ITEM, OPTION, T0 + seq * S)
            acked.add((session.session, seq))
        await site.upload()
        rows = await site.journal.bodies(0, 100)
        before = await kept_messages(centre)
        replayed = Records(stream="stream-1", first=1, bodies=[body for _, body in rows])
        await centre.intake.take(SITES[0], site.identity.enrolment, replayed)
        assert await kept_messages(centre) == before
        assert await centre.deciding.lines(exam.id) == []
        forged = await other.sign_in("0001")
        await other.answer(forged, 1, ITEM, OPTION, T0 + 50 * S)
        stolen = Records(stream="stream-2", first=1, bodies=[body for _, body in await other.journal.bodies(0, 100)])
        await centre.intake.take(SITES[1], EnrolmentId("enr-2"), stolen)
        assert {line.kind for line in await centre.deciding.lines(exam.id)} == {"other_site"}
        count_lost(acked, await kept_messages(centre))


async def test_a_centre_set_back_to_an_older_copy_gets_everything_again(
    centre: HomeCentre, tmp_path: Path, count_lost: LostAnswers
) -> None:
    """The watermark falls, the site sends again from there, the head of before stays true."""
    exam = await centre.armed()
    async with school(centre, tmp_path, exam) as site:
        box = await Outbox.open(tmp_path / "outbox.sqlite3")
        shown: list[int] = []
        feed = Feed(site.journal, box, shown.append)
        feeding = asyncio.get_running_loop().create_task(feed.run())
        session = await site.sign_in("0001")
        acked = set()
        older = tmp_path / "older.sqlite3"
        for seq in range(1, 30):
            await site.answer(session, seq, ITEM, OPTION, T0 + seq * S)
            acked.add((session.session, seq))
            if seq == 10:
                await _pump(centre, box, site.identity.enrolment, seq + 1)
                await _copy(centre.centre.database, older)
        await _pump(centre, box, site.identity.enrolment, 30)
        assert shown[-1] == 30
        await _set_back(centre.centre.database, older)
        through = await centre.intake.committed(SITES[0], box.marks.stream)
        assert through == 11
        await box.committed(through)
        assert shown[-1] == 11
        await _pump(centre, box, site.identity.enrolment, 30)
        assert shown[-1] == 30
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)
        await box.close()
        count_lost(acked, await kept_messages(centre))
        assert await centre.deciding.lines(exam.id) == []


async def _pump(centre: HomeCentre, box: Outbox, enrolment: EnrolmentId, last: int) -> None:
    await eventually(lambda: box.marks.last >= last)
    while (batch := await box.batch(box.marks.committed)) is not None:
        stream = box.marks.stream
        await centre.intake.take(SITES[0], enrolment, Records(stream=stream, first=batch.first, bodies=batch.bodies))
        await box.committed(await centre.intake.committed(SITES[0], stream))


async def _copy(database: Database, to: Path) -> None:
    def work(conn: sa.Connection) -> str:
        return str(conn.engine.url.database)

    path = await database.read(work)
    await database.read(lambda conn: None)
    await asyncio.to_thread(_backup, path, to)


def _backup(path: str, to: Path) -> None:
    for suffix in ("", "-wal"):
        shutil.copyfile(path + suffix, str(to) + suffix)


async def _set_back(database: Database, older: Path) -> None:
    """Put the tables back as they were in the copy: what an operator's restore leaves."""

    def work(conn: sa.Connection) -> None:
        for table in ("exam_event", "record_stream", "record_watermark", "exam_conflict", "exam_head"):
            conn.exec_driver_sql(f"DELETE FROM {table}")
            conn.exec_driver_sql(f"INSERT INTO {table} SELECT * FROM older.{table}")

    def attach(conn: sa.Connection) -> None:
        conn.exec_driver_sql("COMMIT")
        conn.exec_driver_sql(f"ATTACH '{older}' AS older")
        conn.exec_driver_sql("BEGIN IMMEDIATE")

    await database.write(attach)
    await database.write(work)
