"""Counts and pictures that a room did not swear to, or that its rule forbids: kept, flagged, never believed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from orchestrator.attendance.model import Burst, RollCall
from orchestrator.attendance.numbers.model import RoomState
from orchestrator.attendance.rules.model import RoomRule
from orchestrator.attendance.verify.model import Trouble
from orchestrator.attendance.verify.service import Verification, verification
from tests.contracts.test_attendance_numbers import OPERATOR, PICTURE, A, B, Hall, hall_in
from tests.doubles.pictures import jpeg
from tests.doubles.sworn_counts import SwornRoom
from wire.evidence import evidence_digest
from wire.ids import PicturePolicy
from wire.messages import RollCallCount
from wire.rollcall import without_picture

WHOLE = jpeg("brown", (1280, 720))


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with hall_in(tmp_path) as hall:
        yield hall


async def verified(hall: Hall) -> Verification:
    return await hall.database.read(lambda conn: verification(conn, hall.audit))


async def troubles(hall: Hall) -> list[Trouble]:
    return [fault.trouble for line in (await verified(hall)).sites for fault in line.verdict.faults]


def forged(hall: Hall, call: RollCall, folder: Path) -> list[RollCallCount]:
    """A count of nine people that the room did not swear to, in every way."""
    order = hall.order_of(call)
    other = msgspec.structs.replace(order, nonce=b"another nonce 16")
    strange, elsewhere = SwornRoom(folder, A, 7), SwornRoom(folder, B, 1)
    honest = SwornRoom(folder / "copy", A, 1).count(order, 20, PICTURE)
    return [
        strange.count(order, 9),
        elsewhere.count(order, 9),
        msgspec.structs.replace(honest, count=9),
        msgspec.structs.replace(honest, picture=jpeg("black", (56, 31))),
        # The nonce that travelled is the ordered one; the one that was signed is not.
        msgspec.structs.replace(SwornRoom(folder / "copy", A, 1).count(other, 9), nonce=order.nonce),
    ]


@pytest.mark.parametrize("how", [0, 1, 2, 3, 4])
async def test_a_count_that_is_not_sworn_stands_for_nothing_and_blocks_no_right_one(
    hall: Hall, tmp_path: Path, how: int
) -> None:
    (tmp_path / "copy").mkdir()
    _session, call = await hall.roll()
    wrong = forged(hall, call, tmp_path)[how]
    await hall.take(A, wrong)
    room = (await hall.numbers.of_call(call.id)).rooms[0]
    assert room.count is not None
    assert (room.count.verified, room.count.sworn, room.number) == (False, None, None)
    assert await hall.audited("attendance.not_sworn") == [f"{call.id}/{A}"]
    assert (await verified(hall)).pictures == 0

    await hall.count(call, A, 29, PICTURE)
    room = (await hall.numbers.of_call(call.id)).rooms[0]
    assert room.count is not None
    assert (room.count.verified, room.number, room.state) == (True, 29, RoomState.AGREED)
    assert hall.attendance.latest(A).count == room.count
    assert await hall.pictures.look(OPERATOR, call.id, A) == PICTURE
    found = await verified(hall)
    assert (found.held, found.pictures) == (False, 1)  # the wrong one is kept, and whoever verifies is told


async def test_a_wrong_count_beside_right_evidence_gives_way_to_the_right_one(hall: Hall) -> None:
    _session, call = await hall.roll()
    right = hall.sworn[A].count(hall.order_of(call), 29)
    for count in (9, 29, 9):
        await hall.take(A, msgspec.structs.replace(right, count=count))
    assert (await hall.numbers.of_call(call.id)).rooms[0].number == 29
    assert await troubles(hall) == []


async def test_a_sworn_count_stands_whatever_comes_after_it(hall: Hall, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    _session, call = await hall.roll()
    await hall.count(call, A, 29)
    for wrong in forged(hall, call, tmp_path):
        await hall.take(A, wrong)
    assert (await hall.numbers.of_call(call.id)).rooms[0].number == 29


async def test_a_blurred_rule_is_kept_by_the_centre_too(hall: Hall, tmp_path: Path) -> None:
    _session, call = await hall.roll()
    hidden = PICTURE + WHOLE * 3
    await hall.count(call, A, 29, WHOLE)
    await hall.count(call, B, 29, hidden)
    erasures = (await hall.pictures.said(call.id)).erasures
    assert {(each.site, each.who, each.why, each.size) for each in erasures} == {
        (A, "centre", "not_blurred", len(WHOLE)),
        (B, "centre", "not_blurred", len(hidden)),
    }
    assert {room.number for room in (await hall.numbers.of_call(call.id)).rooms} == {29}
    found = await verified(hall)
    assert (found.held, found.pictures, found.erased) == (True, 0, 2)
    assert [file.name for file in tmp_path.glob("centre.sqlite3*") if WHOLE[:400] in file.read_bytes()] == []


async def test_a_picture_that_neither_a_restored_centre_nor_the_site_has_is_told_as_erased(hall: Hall) -> None:
    _session, call = await hall.roll()
    sworn = hall.sworn[A].count(hall.order_of(call), 29, PICTURE)
    await hall.take(A, without_picture(sworn))
    await hall.take(B, without_picture(hall.sworn[B].count(hall.order_of(call), 12)))
    (erasure,) = (await hall.pictures.said(call.id)).erasures
    assert (erasure.site, erasure.who, erasure.why) == (A, "site", "let_go")
    assert erasure.digest == evidence_digest(PICTURE)
    assert await hall.audited("attendance.erased") == [f"{call.id}/{A}"]
    found = await verified(hall)
    assert (found.held, found.signed, found.pictures, found.erased) == (True, 2, 0, 1)


async def test_a_picture_that_was_sworn_to_and_did_not_come_is_missing(hall: Hall) -> None:
    _session, call = await hall.roll()
    sworn = hall.sworn[A].count(hall.order_of(call), 29, PICTURE)
    await hall.take(A, msgspec.structs.replace(sworn, picture=None))
    assert await troubles(hall) == [Trouble.PICTURE_MISSING]


async def test_a_whole_picture_is_kept_where_the_rule_says_so(hall: Hall) -> None:
    session = await hall.session(A)
    course = await hall.course(session.id)
    await hall.book.change("kehoach", course, RoomRule(PicturePolicy.FULL, 7, "Phòng", 2))
    call = await hall.attendance.order(OPERATOR, session.id, session.sites, Burst(1000))
    await hall.count(call, A, 29, WHOLE)
    assert await hall.pictures.look(OPERATOR, call.id, A) == WHOLE
