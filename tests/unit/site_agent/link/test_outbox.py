"""The outbox keeps what it was given, in order, and says clearly when it cannot."""

import asyncio
import random
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from site_agent.link.outbox import Outbox, OutboxRefused
from wire.codec import ProtocolError, decode_record, encode_record
from wire.ids import RollCallId
from wire.messages import MAX_BATCH_BYTES, DeclaredCount, Record, RollCallCount

PICTURE = random.Random(1).randbytes(200_000)


def declared(number: int) -> DeclaredCount:
    return DeclaredCount(roll_call=None, number=number, at_ns=1)


def pictured(size: int) -> Record:
    return counted(bytes(size))


def counted(picture: bytes) -> RollCallCount:
    return RollCallCount(
        roll_call=RollCallId("roll-1"),
        nonce=bytes(16),
        lo_ns=1,
        hi_ns=2,
        count=3,
        minimum=3,
        maximum=3,
        frames_used=1,
        quality=1.0,
        reason="",
        evidence=b"",
        signature=b"",
        picture=picture,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite3"


@pytest_asyncio.fixture
async def outbox(path: Path) -> AsyncIterator[Outbox]:
    outbox = await Outbox.open(path, keep_bytes=100)
    yield outbox
    await outbox.close()


async def test_numbers_begin_at_one_and_follow_one_another(outbox: Outbox) -> None:
    assert await outbox.append(declared(1)) == 1
    assert await outbox.append_many([declared(2), declared(3)]) == [2, 3]
    assert await outbox.append_many([]) == []
    assert outbox.depth == 3


async def test_a_batch_holds_what_follows_a_number(outbox: Outbox) -> None:
    await outbox.append_many([declared(number) for number in range(1, 101)])
    batch = await outbox.batch(10)
    assert batch is not None
    assert (batch.first, batch.last) == (11, 74)
    assert batch.bodies[0] == encode_record(declared(11))
    assert await outbox.batch(100) is None


async def test_a_batch_is_bounded_in_bytes_but_never_empty(outbox: Outbox) -> None:
    await outbox.append_many([pictured(300_000), pictured(200_000), pictured(100_000)])
    for after, count in ((0, 1), (1, 1), (2, 1)):
        batch = await outbox.batch(after)
        assert batch is not None
        assert len(batch.bodies) == count
    assert MAX_BATCH_BYTES < 300_000


async def test_what_was_appended_is_there_after_a_restart(path: Path) -> None:
    outbox = await Outbox.open(path)
    await outbox.append_many([declared(1), declared(2)])
    await outbox.committed(1)
    before = outbox.marks
    await outbox.close()
    again = await Outbox.open(path)
    assert again.marks == before
    assert await again.append(declared(3)) == 3
    await again.close()


async def test_what_was_appended_is_synced_when_the_call_returns(outbox: Outbox, path: Path) -> None:
    await outbox.append(declared(7))
    reader = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        assert reader.execute("SELECT count(*) FROM record").fetchone() == (1,)
        assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    finally:
        reader.close()


async def test_many_appends_at_once_get_different_numbers(outbox: Outbox) -> None:
    numbers = await asyncio.gather(*(outbox.append(declared(number)) for number in range(50)))
    assert sorted(numbers) == list(range(1, 51))


async def test_committed_records_are_dropped_from_the_oldest_once_they_take_too_much(outbox: Outbox) -> None:
    await outbox.append_many([declared(number) for number in range(50)])
    await outbox.committed(40)
    assert outbox.depth == 10
    assert 1 < outbox.marks.oldest <= 40
    batch = await outbox.batch(40)
    assert batch is not None
    assert batch.first == 41


def on_disk(path: Path) -> list[str]:
    """Files beside the outbox that hold something of the picture."""
    parts = [PICTURE[at : at + 64] for at in range(0, len(PICTURE), 5_000)]
    files = {file.name: file.read_bytes() for file in path.parent.glob(f"{path.name}*")}
    return sorted(name for name, octets in files.items() if any(part in octets for part in parts))


async def test_a_picture_leaves_the_disk_once_the_centre_has_it_and_its_count_stays(path: Path) -> None:
    outbox = await Outbox.open(path)
    await outbox.append_many([declared(1), counted(PICTURE), declared(2), counted(PICTURE)])
    await outbox.committed(1)
    assert on_disk(path) != []
    await outbox.committed(3)
    await outbox.committed(4)
    assert on_disk(path) == []
    await outbox.committed(0)
    batch = await outbox.batch(0)
    assert batch is not None
    light = msgspec.structs.replace(counted(PICTURE), picture=None, let_go=True)
    assert [decode_record(body) for body in batch.bodies] == [declared(1), light, declared(2), light]
    await outbox.close()
    assert on_disk(path) == []


async def test_a_picture_that_the_centre_has_not_stays_whole(path: Path) -> None:
    outbox = await Outbox.open(path)
    await outbox.append_many([counted(PICTURE), counted(PICTURE)])
    await outbox.committed(1)
    batch = await outbox.batch(1)
    assert batch is not None
    assert decode_record(batch.bodies[0]) == counted(PICTURE)
    await outbox.close()


async def test_pictures_that_an_older_version_kept_go_when_it_is_opened(path: Path) -> None:
    outbox = await Outbox.open(path)
    await outbox.append_many([counted(PICTURE), counted(PICTURE)])
    await outbox.close()
    with closing(sqlite3.connect(path)) as older:
        older.execute("UPDATE stream SET committed = 1")
        older.commit()
    again = await Outbox.open(path)
    batch = await again.batch(0)
    assert batch is not None
    assert [getattr(decode_record(body), "picture", None) for body in batch.bodies] == [None, PICTURE]
    await again.committed(2)
    assert on_disk(path) == []
    await again.close()


async def test_a_disk_without_room_keeps_a_picture_until_there_is_some_and_holds_up_nothing(path: Path) -> None:
    outbox = await Outbox.open(path)
    await outbox.append(counted(PICTURE))
    with closing(sqlite3.connect(path)) as disk:
        disk.execute("CREATE TRIGGER full BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'full'); END")
        await outbox.committed(1)
        assert outbox.marks.committed == 1
        assert on_disk(path) != []
        disk.execute("DROP TRIGGER full")
    await outbox.append(declared(1))
    await outbox.committed(2)
    assert on_disk(path) == []
    await outbox.close()


async def test_a_centre_that_lost_some_may_ask_from_an_earlier_number(path: Path) -> None:
    outbox = await Outbox.open(path)
    told: list[int] = []
    outbox.on_committed(told.append)
    await outbox.append_many([declared(number) for number in range(1, 11)])
    await outbox.committed(10)
    await outbox.committed(4)
    batch = await outbox.batch(4)
    assert batch is not None
    assert (batch.first, batch.last) == (5, 10)
    assert outbox.depth == 6
    assert told == [10, 4]
    await outbox.close()


async def test_an_old_copy_of_the_file_goes_on_under_a_new_stream(path: Path) -> None:
    outbox = await Outbox.open(path)
    await outbox.append_many([declared(1), declared(2)])
    await outbox.committed(1)
    stream = outbox.marks.stream
    await outbox.committed(9)
    assert outbox.marks.stream != stream
    assert (outbox.marks.last, outbox.marks.committed, outbox.marks.oldest) == (2, 1, 2)
    await outbox.close()


async def test_listeners_hear_of_each_append(outbox: Outbox) -> None:
    heard: list[int] = []
    outbox.on_appended(lambda: heard.append(outbox.marks.last))
    await outbox.append_many([declared(1), declared(2)])
    await outbox.append(declared(3))
    assert heard == [2, 3]


async def test_a_full_disk_is_said_and_nothing_is_half_written(path: Path) -> None:
    outbox = await Outbox.open(path, most_bytes=100_000)
    await outbox.append(declared(1))
    with pytest.raises(OutboxRefused) as refused:
        await outbox.append_many([pictured(60_000), pictured(60_000)])
    assert refused.value.code == "disk_full"
    assert outbox.depth == 1
    assert await outbox.append(declared(2)) == 2
    await outbox.close()


async def test_a_folder_that_cannot_be_written_is_said() -> None:
    with pytest.raises(OutboxRefused) as refused:
        await Outbox.open(Path("/proc/outbox.sqlite3"))
    assert refused.value.code == "read_only"


async def test_a_damaged_file_is_said(path: Path) -> None:
    path.write_bytes(b"this is not a database, however long one looks at it" * 20)
    with pytest.raises(OutboxRefused) as refused:
        await Outbox.open(path)
    assert refused.value.code == "disk_error"


async def test_a_record_too_large_is_refused_before_it_is_numbered(outbox: Outbox) -> None:
    with pytest.raises(ProtocolError):
        await outbox.append(pictured(600_000))
    assert outbox.depth == 0


async def test_a_second_process_is_refused(outbox: Outbox, path: Path) -> None:
    script = (
        "import asyncio, pathlib, sys\n"
        "from site_agent.link.outbox import Outbox, OutboxRefused\n"
        "try:\n"
        "    asyncio.run(Outbox.open(pathlib.Path(sys.argv[1])))\n"
        "except OutboxRefused as refused:\n"
        "    print(refused.code)\n"
    )
    second = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
    )
    assert second.stdout.strip() == "taken"
