import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pytest

from site_agent.exam import ledger, reserve_ledger
from site_agent.exam.invigilation import ledger as fairness
from site_agent.exam.invigilation.allowance import Note
from site_agent.exam.journal import Journal
from site_agent.exam.ledger import Opening, Session
from site_agent.exam.second_copy import (
    SUFFIX,
    CopyFile,
    CopyRefused,
    Marks,
    Rows,
    copy_key,
    journal_of,
    read_copy,
    restore,
)
from site_agent.exam.second_volume import CopyState, SecondVolume
from site_agent.exam.volumes import mounted, second_folder
from site_agent.exam.window import anchor
from tests.doubles.centre_time import reading
from tests.doubles.exam_drafts import EXAM, draft, seat
from wire.chain import EventKind, check_chain
from wire.exam_fairness import Cause, ExamExtra, Grant
from wire.exam_home import Seat
from wire.ids import Assurance, ClockState, ExamId
from wire.messages import ExamArchived, ExamOpened, ExamSwitched

KEY = copy_key(b"s" * 32)
NEXT = ExamId("exam-2")
OPENED = ExamOpened(exam=EXAM, lo_ns=49, hi_ns=51, clock=ClockState.SYNCED)


class Stick:
    """A volume that a test plugs in and pulls out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plugged = True

    def find(self) -> Path | None:
        return self.folder if self.plugged else None


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    opened = Journal(tmp_path / "journal.sqlite3")
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
def stick(tmp_path: Path) -> Stick:
    folder = tmp_path / "stick"
    folder.mkdir()
    return Stick(folder)


def restored(tmp_path: Path, stick: Stick) -> sqlite3.Connection:
    conn = ledger.connect(tmp_path / "restored.sqlite3")
    ledger.prepare(conn)
    (copy,) = stick.folder.glob(f"*{SUFFIX}")
    restore(conn, copy, KEY)
    return conn


def rows_of(conn: sqlite3.Connection) -> list[list[object]]:
    return [conn.execute(f"SELECT * FROM {table}").fetchall() for table in ("record", "session", "window", "seed")]


async def test_a_journal_whose_file_is_gone_comes_back_from_the_copy_with_the_same_hashes(
    journal: Journal, stick: Stick, tmp_path: Path
) -> None:
    """The second copy joins late, follows, and holds every acknowledged answer when the main file is lost."""
    await seat(journal)
    for seq in range(1, 700):
        await journal.append(draft(seq, f"i{seq % 50}"))
    second = SecondVolume(journal, KEY, stick.find)
    await second.look()
    assert second.state.value == CopyState.KEPT.value
    await journal.open_window(Opening(EXAM, anchor(reading(50)), 49, 51), OPENED)
    acked = [await journal.append(draft(seq, f"i{seq % 50}")) for seq in range(700, 720)]
    await journal.close_window(EXAM, 90)
    before = await journal.past()
    everything = await journal.alongside(rows_of)
    name = journal.id
    second.stop()
    await journal.stop()
    for file in tmp_path.glob("journal.sqlite3*"):
        file.unlink()
    conn = restored(tmp_path, stick)
    assert rows_of(conn) == everything
    assert ledger.journal_id(conn) == name
    conn.close()
    again = Journal(tmp_path / "restored.sqlite3")
    await again.start()
    after = await again.past()
    assert (after.entries, after.sessions, after.openings) == (before.entries, before.sessions, before.openings)
    assert after.entries[-1].hash == acked[-1].entry.hash
    check_chain((entry.event, entry.prev, entry.hash) for entry in after.entries)
    following = await again.append(draft(720))
    assert following.entry.prev == acked[-1].entry.hash
    await again.stop()


async def test_what_is_acknowledged_is_on_the_copy_by_then(journal: Journal, stick: Stick) -> None:
    await seat(journal)
    second = SecondVolume(journal, KEY, stick.find)
    await second.look()
    (copy,) = stick.folder.glob(f"*{SUFFIX}")
    for seq in range(1, 20):
        await journal.append(draft(seq))
        assert sum(len(rows.grown["record"]) for rows in read_copy(copy, KEY)) == seq + 1
    second.stop()


async def test_a_stick_that_is_pulled_out_stops_nothing_and_catches_up_when_it_is_back(
    journal: Journal, stick: Stick, tmp_path: Path
) -> None:
    await seat(journal)
    second = SecondVolume(journal, KEY, stick.find)
    await second.look()
    await journal.append(draft(1))
    stick.plugged = False
    await second.look()
    assert second.state.value == CopyState.LOST.value
    await journal.append(draft(2, "i2"))
    stick.plugged = True
    for _ in range(200):
        await second.look()
        if second.state is CopyState.KEPT:
            break
    await journal.append(draft(3, "i3"))
    assert rows_of(restored(tmp_path, stick)) == await journal.alongside(rows_of)
    second.stop()


async def test_extra_time_signs_of_life_and_the_reserve_window_come_back_too(
    journal: Journal, stick: Stick, tmp_path: Path
) -> None:
    """Their tables appear when the copy has long begun."""
    await seat(journal)
    second = SecondVolume(journal, KEY, stick.find)
    await second.look()
    await journal.append(draft(1))
    await journal.alongside(fairness.prepare)
    grant = Grant(id="credit-1", candidate="SBD001", seconds=300, cause=Cause.ILLNESS, who="Lò Thị Hà", at_ns=60)
    note = Note(ExamExtra(exam=EXAM, grant=grant))
    await journal.alongside(lambda conn: fairness.add(conn, note), grows=True)
    for at in (60, 62):
        await journal.alongside(lambda conn, at=at: fairness.beat(conn, EXAM, anchor(reading(at))))  # type: ignore[misc]
    turned = ExamSwitched(exam=EXAM, at_ns=63, by_code=False)
    await journal.alongside(lambda conn: reserve_ledger.turn(conn, turned))
    opening = Opening(EXAM, anchor(reading(70)), 69, 71)
    await journal.alongside(lambda conn: reserve_ledger.open_window(conn, opening, OPENED))
    whole = await journal.alongside(rows_of)
    second.stop()
    conn = restored(tmp_path, stick)
    assert rows_of(conn) == whole
    assert fairness.notes(conn) == [note]
    assert fairness.beats(conn) == {EXAM: anchor(reading(62))}
    assert reserve_ledger.opening(conn, EXAM) == opening
    conn.close()


async def test_what_follows_an_archived_exam_is_on_the_copy_before_and_after_a_restart(
    journal: Journal, stick: Stick, tmp_path: Path
) -> None:
    """The archive drops sessions and seeds; whoever begins afterwards must not get the number of one that the copy has
    already, or it lacks their session, and is taken for ahead at the next start."""
    second = SecondVolume(journal, KEY, stick.find)
    await second.look()
    for number in ("SBD001", "SBD002", "SBD003"):
        await journal.seat(EXAM, [Seat(number=number, head=b"h" * 32, length=3)])
        await seat(journal, f"old-{number}", number)
    await journal.append(draft(1, session="old-SBD003", candidate="SBD003"))
    await journal.archive(EXAM, b"d" * 32, ExamArchived(exam=EXAM, journal=journal.id, places=4, digest=b"d" * 32))
    await begin_next(journal, "new-1")
    second.stop()
    again = SecondVolume(journal, KEY, stick.find)
    await again.look()
    assert again.state.value == CopyState.KEPT.value
    await begin_next(journal, "new-2")
    past = await journal.past()
    again.stop()
    conn = restored(tmp_path, stick)
    assert (ledger.archived(conn), ledger.exams(conn)) == ([EXAM], [NEXT])
    assert [session.session for session in ledger.sessions(conn, NEXT)] == ["new-1", "new-2"]
    assert (list(ledger.entries(conn, NEXT)), ledger.seeds(conn, NEXT)) == (past.entries, past.seeds)
    assert len(past.seeds) == 2
    assert await journal.bodies(0, 100) == ledger.bodies(conn, 0, 100)
    conn.close()


async def test_an_archived_exam_leaves_no_name_and_no_key_behind(journal: Journal) -> None:
    await journal.seat(EXAM, [Seat(number="SBD001", head=b"h" * 32, length=3)])
    await seat(journal)
    await journal.archive(EXAM, b"d" * 32, ExamArchived(exam=EXAM, journal=journal.id, places=1, digest=b"d" * 32))
    _, sessions, _, seeds = await journal.alongside(rows_of)
    assert (len(sessions), len(seeds)) == (1, 1)
    assert not any(word in repr((sessions, seeds)) for word in ("SBD001", "0f0f", "hhhh"))


async def begin_next(journal: Journal, session: str) -> None:
    """Somebody signs in to the exam after the archived one, is brought, and answers."""
    number = f"TS-{session}"
    await journal.seat(NEXT, [Seat(number=number, head=b"h" * 32, length=2)])
    sign_in = draft(0, candidate=number, session=session, kind=EventKind.SIGN_IN)
    begun = Session(session, NEXT, number, 0, "0f" * 32, Assurance.PIN)
    await journal.begin(begun, msgspec.structs.replace(sign_in, exam=NEXT))
    answer = draft(1, candidate=number, session=session)
    await journal.append(msgspec.structs.replace(answer, exam=NEXT))


class BadCopy:
    """A volume that takes the first frame and then goes wrong."""

    def __init__(self, path: Path, journal: str, key: bytes, wrong: Callable[[], object]) -> None:
        self._copy = CopyFile(path, journal, key)
        self._wrong = wrong
        self._good = 1

    @property
    def marks(self) -> Marks:
        return self._copy.marks

    def append(self, rows: Rows) -> None:
        self._good -= 1
        if self._good < 0:
            self._wrong()
        self._copy.append(rows)

    def close(self) -> None:
        self._copy.close()


HANGING = threading.Event()


def full() -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("wrong", [full, HANGING.wait])
async def test_a_copy_that_fails_or_hangs_is_dropped_and_the_answer_is_acknowledged(
    journal: Journal, stick: Stick, wrong: Callable[[], object]
) -> None:
    HANGING.clear()
    await seat(journal)
    second = SecondVolume(
        journal, KEY, stick.find, open_copy=lambda path, journal, key: BadCopy(path, journal, key, wrong), within_s=0.05
    )
    await second.look()
    assert second.state.value == CopyState.KEPT.value
    written = await journal.append(draft(1))
    assert not written.repeated
    assert second.state.value == CopyState.LOST.value
    HANGING.set()
    await journal.append(draft(2, "i2"))
    second.stop()


async def test_a_copy_with_a_torn_tail_is_cut_and_goes_on(journal: Journal, stick: Stick, tmp_path: Path) -> None:
    await seat(journal)
    await journal.append(draft(1))
    second = SecondVolume(journal, KEY, stick.find)
    await second.look()
    await journal.append(draft(2, "i2"))
    second.stop()
    (copy,) = stick.folder.glob(f"*{SUFFIX}")
    whole = copy.read_bytes()
    for cut in (1, 7, 30):
        copy.write_bytes(whole[:-cut])
        again = SecondVolume(journal, KEY, stick.find)
        await again.look()
        assert again.state.value == CopyState.KEPT.value
        again.stop()
    assert rows_of(restored(tmp_path, stick)) == await journal.alongside(rows_of)


async def test_a_journal_that_lost_its_tail_says_so_and_gets_it_back(
    journal: Journal, stick: Stick, tmp_path: Path
) -> None:
    await seat(journal)
    second = SecondVolume(journal, KEY, stick.find)
    await second.look()
    for seq in range(1, 5):
        await journal.append(draft(seq, f"i{seq}"))
    whole = await journal.alongside(rows_of)
    second.stop()
    await journal.alongside(lambda conn: conn.execute("DELETE FROM record WHERE row > 3"))
    again = SecondVolume(journal, KEY, stick.find)
    await again.look()
    assert again.state.value == CopyState.AHEAD.value
    again.stop()
    await journal.stop()
    conn = ledger.connect(tmp_path / "journal.sqlite3")
    assert restore(conn, next(stick.folder.glob(f"*{SUFFIX}")), KEY) == 2
    assert rows_of(conn) == whole
    conn.close()


async def test_a_strangers_copy_and_a_full_journal_are_refused(journal: Journal, stick: Stick, tmp_path: Path) -> None:
    await seat(journal)
    second = SecondVolume(journal, KEY, stick.find)
    await second.look()
    second.stop()
    (copy,) = stick.folder.glob(f"*{SUFFIX}")
    assert journal_of(copy) == journal.id
    conn = ledger.connect(tmp_path / "other.sqlite3")
    ledger.prepare(conn)
    with pytest.raises(CopyRefused) as refused:
        restore(conn, copy, copy_key(b"x" * 32))
    assert refused.value.code == "other_site"
    conn.execute("INSERT INTO record(body, exam) VALUES (x'00', 'exam')")
    with pytest.raises(CopyRefused) as refused:
        restore(conn, copy, KEY)
    assert refused.value.code == "not_empty"
    conn.close()
    copy.write_bytes(b"something else")
    with pytest.raises(CopyRefused) as refused:
        journal_of(copy)
    assert refused.value.code == "not_a_copy"


async def test_nothing_of_an_answer_can_be_read_on_a_lost_stick(journal: Journal, stick: Stick) -> None:
    await seat(journal)
    second = SecondVolume(journal, KEY, stick.find)
    await second.look()
    await journal.append(draft(1, "item-canary", "option-canary"))
    second.stop()
    content = next(stick.folder.glob(f"*{SUFFIX}")).read_bytes()
    assert not any(word in content for word in (b"canary", b"SBD001", b"0f0f0f"))


def test_only_other_writable_volumes_that_people_plug_in_count(tmp_path: Path) -> None:
    volumes = {str(tmp_path): 1, "/media/ann/STICK ONE": 2, "/mnt/same": 1, "/run/media/ann/read-only": 3}
    mounts = [
        "proc /proc proc rw 0 0",
        f"/dev/sda1 {tmp_path} ext4 rw 0 0",
        "/dev/sdb1 /media/ann/STICK\\040ONE vfat rw,nosuid 0 0",
        "/dev/sda1 /mnt/same ext4 rw 0 0",
        "/dev/sdc1 /run/media/ann/read-only vfat ro,nosuid 0 0",
        "broken",
    ]
    seen: list[str] = []

    def device(path: Path) -> int | None:
        seen.append(str(path))
        return volumes.get(str(path))

    assert mounted(mounts, tmp_path, device) == []  # none of them is really there to be written
    assert "/media/ann/STICK ONE" in seen
    assert "/run/media/ann/read-only" not in seen


def test_a_configured_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert second_folder(str(tmp_path / "stick"), tmp_path, "copy") is None
    assert second_folder(str(tmp_path), tmp_path, "copy") == tmp_path
    assert second_folder("off", tmp_path, "copy") is None
