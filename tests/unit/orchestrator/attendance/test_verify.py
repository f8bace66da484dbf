"""What verification finds in counts that were changed, lost, repeated or erased."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from orchestrator.attendance.verify.model import (
    Erased,
    KeptCount,
    Numbers,
    SiteVerdict,
    Trouble,
    picture_digest,
    verify_all,
)
from tests.doubles.sworn_counts import SwornRoom
from wire.ids import RollCallId, SessionId, SiteId
from wire.messages import RollCallCount, RollCallOrder

SITE = SiteId("site-a")
PICTURE = b"jpeg"


def order(place: int, session: str = "session-1") -> RollCallOrder:
    return RollCallOrder(
        roll_call=RollCallId(f"roll-{place}"),
        session=SessionId(session),
        nonce=bytes([place]) * 16,
        at_ns=place * 10**12,
        frames=10,
        span_ms=10_000,
    )


def kept(asked: RollCallOrder, record: RollCallCount, erased: Erased | None = None, site: SiteId = SITE) -> KeptCount:
    return KeptCount(
        site=site,
        roll_call=asked.roll_call,
        session=asked.session,
        at_ns=asked.at_ns,
        nonce=asked.nonce,
        evidence=record.evidence,
        signature=record.signature,
        numbers=Numbers(
            count=record.count,
            minimum=record.minimum,
            maximum=record.maximum,
            frames_used=record.frames_used,
            quality=round(record.quality * 1000),
            reason=record.reason,
            lo_ns=record.lo_ns,
            hi_ns=record.hi_ns,
        ),
        picture=None if erased else picture_digest(record.picture),
        erased=erased,
    )


@pytest.fixture
def room(tmp_path: Path) -> SwornRoom:
    return SwornRoom(tmp_path, SITE)


@pytest.fixture
def three(room: SwornRoom) -> list[KeptCount]:
    """Three roll calls as they should be; the second has a picture."""
    orders = [order(place) for place in (1, 2, 3)]
    return [kept(each, room.count(each, 20, PICTURE if each is orders[1] else None)) for each in orders]


def look(found: list[KeptCount], *rooms: SwornRoom, session: str | None = None) -> SiteVerdict:
    (verdict,) = verify_all(found, {SITE: [room.public for room in rooms]}, SessionId(session) if session else None)
    return verdict


def troubles(verdict: SiteVerdict) -> list[tuple[str, Trouble]]:
    return [(fault.roll_call, fault.trouble) for fault in verdict.faults]


def test_what_was_sworn_and_kept_holds(room: SwornRoom, three: list[KeptCount]) -> None:
    assert look(three, room) == SiteVerdict(SITE, counts=3, signed=3, computers=1, pictures=1, erased=0, faults=())


def test_a_changed_number_shows(room: SwornRoom, three: list[KeptCount]) -> None:
    assert three[1].numbers is not None
    numbers = msgspec.structs.replace(three[1].numbers, count=25)
    three[1] = msgspec.structs.replace(three[1], numbers=numbers)
    assert troubles(look(three, room)) == [("roll-2", Trouble.CONTENT)]


def test_another_key_or_changed_evidence_shows_and_breaks_the_chain(
    room: SwornRoom, three: list[KeptCount], tmp_path: Path
) -> None:
    assert {trouble for _, trouble in troubles(look(three, SwornRoom(tmp_path, SITE, 9)))} == {Trouble.SIGNATURE}
    three[1] = msgspec.structs.replace(three[1], evidence=three[1].evidence[:-1] + b"\x00")
    assert troubles(look(three, room)) == [("roll-2", Trouble.SIGNATURE), ("roll-3", Trouble.GAP)]


def test_a_count_that_was_taken_away_leaves_a_gap(room: SwornRoom, three: list[KeptCount]) -> None:
    del three[1]
    assert troubles(look(three, room)) == [("roll-3", Trouble.GAP)]


def test_two_counts_on_one_predecessor_are_a_fork(room: SwornRoom, three: list[KeptCount], tmp_path: Path) -> None:
    copied = SwornRoom(tmp_path / "copy", SITE)
    (tmp_path / "copy").mkdir()
    asked = order(4)
    three.append(kept(asked, copied.count(asked, 9)))
    assert troubles(look(three, room)) == [("roll-1", Trouble.FORK), ("roll-4", Trouble.FORK)]


def test_evidence_that_came_again_keeps_the_chain_whole(room: SwornRoom) -> None:
    asked, next_one = order(1), order(2)
    first, again, after = room.count(asked, 20), room.count(asked, 21), room.count(next_one, 20)
    repeated = msgspec.structs.replace(kept(asked, again), numbers=None)
    assert look([kept(asked, first), repeated, kept(next_one, after)], room).faults == ()
    assert troubles(look([kept(asked, first), kept(next_one, after)], room)) == [("roll-2", Trouble.GAP)]


def test_a_replaced_computer_begins_a_chain_of_its_own(room: SwornRoom, three: list[KeptCount], tmp_path: Path) -> None:
    new = SwornRoom(tmp_path, SITE, 2)
    asked = order(4)
    three.append(kept(asked, new.count(asked, 20)))
    verdict = look(three, room, new)
    assert (verdict.computers, verdict.faults) == (2, ())


def test_a_count_sworn_for_another_site_shows(tmp_path: Path, room: SwornRoom) -> None:
    asked = order(1)
    stranger = SwornRoom(tmp_path, SiteId("site-b"), 1)
    assert troubles(look([kept(asked, stranger.count(asked, 20))], room)) == [("roll-1", Trouble.OTHER_SITE)]


def test_a_picture_that_is_gone_or_another_shows(room: SwornRoom, three: list[KeptCount]) -> None:
    gone = msgspec.structs.replace(three[1], picture=None)
    assert troubles(look([three[0], gone, three[2]], room)) == [("roll-2", Trouble.PICTURE_MISSING)]
    other = msgspec.structs.replace(three[1], picture=picture_digest(b"another"))
    assert troubles(look([three[0], other, three[2]], room)) == [("roll-2", Trouble.PICTURE)]


def test_an_erased_picture_is_proven_by_its_digest(room: SwornRoom) -> None:
    asked = order(1)
    record = room.count(asked, 20, PICTURE)
    right = picture_digest(PICTURE)
    assert right is not None
    erased = Erased(right, due_ns=5, at_ns=6, by_clock=True)
    verdict = look([kept(asked, record, erased)], room)
    assert (verdict.erased, verdict.pictures, verdict.faults) == (1, 0, ())
    early = look([kept(asked, record, msgspec.structs.replace(erased, at_ns=4))], room)
    assert troubles(early) == [("roll-1", Trouble.ERASED_EARLY)]
    wrong = look([kept(asked, record, msgspec.structs.replace(erased, digest=bytes(32)))], room)
    assert troubles(wrong) == [("roll-1", Trouble.ERASURE)]


def test_one_session_is_told_of_while_the_chain_goes_through_all(room: SwornRoom) -> None:
    first, second = order(1, "session-1"), order(2, "session-2")
    found = [kept(first, room.count(first, 20)), kept(second, room.count(second, 20))]
    verdict = look(found, room, session="session-2")
    assert (verdict.counts, verdict.signed, verdict.faults) == (1, 1, ())
