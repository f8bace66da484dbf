"""Four numbers side by side: which stands, what must be explained, whose word counts."""

from __future__ import annotations

import pytest

from orchestrator.attendance.model import LATE_NS, Declared, RollCall, SiteCount
from orchestrator.attendance.numbers.model import (
    MINUTE_NS,
    Correction,
    RoomNumbers,
    RoomState,
    SignedIn,
    SignedSources,
    SiteFacts,
    Source,
    by_district,
    check_correction,
    declared_for,
    is_late,
    list_for,
    room_numbers,
    sums,
)
from orchestrator.errors import Refused
from wire.ids import RollCallId, SessionId, SiteId

A = SiteId("site-a")
AT = 10**15
CALL = RollCall(RollCallId("roll-1"), SessionId("session-1"), AT, b"n" * 16, "person", frozenset({A}), tolerance=3)


def counted(people: int | None, lo_ns: int = AT) -> SiteCount:
    return SiteCount(
        CALL.id, A, people, 0, 0, 10, 0.9, "" if people is not None else "dark", lo_ns, lo_ns + 10**10, lo_ns, b"", b"",
        verified=True,
    )  # fmt: skip


def said(number: int, by: str = "site", signed_by: str = "", word: str = "") -> Declared:
    return Declared(CALL.id, A, number, AT + 5, by, signed_by, word)


def room(
    expected: int,
    count: SiteCount | None,
    *declared: Declared,
    signed_in: int | None = None,
    corrected: int | None = None,
    now: int = AT + 1,
) -> RoomNumbers:
    corrections = [] if corrected is None else [Correction(CALL.id, A, corrected, 1, "nhầm", AT, "truchoi")]
    here = None if signed_in is None else SignedIn(signed_in, Source.ROSTER)
    facts = SiteFacts("TH-001", "Trường Tiểu học Hoa Sen", "Huyện Yên Hà", "tieu_hoc", expected)
    return room_numbers(CALL, A, facts, count, declared, here, corrections, now)


def test_numbers_within_the_tolerance_agree() -> None:
    found = room(30, counted(28), said(29), signed_in=27)
    assert (found.state, found.difference, found.number, found.beyond) == (RoomState.AGREED, 3, 28, False)


def test_beyond_the_tolerance_the_room_is_asked() -> None:
    found = room(30, counted(20))
    assert (found.state, found.difference, found.number, found.beyond) == (RoomState.ASKED, 10, 20, True)
    assert room(30, counted(20), said(30)).state is RoomState.ASKED


@pytest.mark.parametrize(
    "declared", [said(30, signed_by="Lê Thị Mai"), said(30, word="8 người ngoài khung hình"), said(30, by="person-op")]
)
def test_a_signed_number_a_word_or_a_telephone_call_explains(declared: Declared) -> None:
    assert room(30, counted(20), declared).state is RoomState.EXPLAINED


def test_the_signed_number_stands_before_the_camera_s_and_a_correction_before_both() -> None:
    signed = said(30, signed_by="Lê Thị Mai")
    assert room(30, counted(28), signed).number == 30
    assert room(30, counted(28), said(30)).number == 28
    found = room(30, counted(28), signed, corrected=25)
    assert (found.number, found.state) == (25, RoomState.CORRECTED)


@pytest.mark.parametrize("later", [said(26), said(26, by="person-op")])
def test_a_signature_holds_against_whatever_is_said_unsigned_after_it(later: Declared) -> None:
    signed = said(30, signed_by="Lê Thị Mai")
    found = room(30, counted(28), signed, later)
    assert (found.number, found.said, found.difference, found.declared) == (30, signed, 2, (signed, later))
    assert sums("", [found]).declared == 30
    assert room(30, counted(20), signed, later).state is RoomState.EXPLAINED


def test_of_two_signed_numbers_the_newer_one_stands() -> None:
    found = room(30, counted(28), said(30, signed_by="Lê Thị Mai"), said(29, signed_by="Lê Thị Mai"), said(5))
    assert (found.number, found.said and found.said.number) == (29, 29)


def test_a_room_without_a_camera_has_the_number_that_was_declared() -> None:
    assert room(30, counted(None), said(29)).number == 29
    assert room(30, None, said(29)).state is RoomState.AGREED
    assert room(0, counted(12)).state is RoomState.AGREED


def test_a_room_is_waited_for_until_it_is_too_late() -> None:
    assert room(30, None, now=AT + LATE_NS - 1).state is RoomState.WAITING
    assert room(30, None, now=AT + LATE_NS).state is RoomState.SILENT


def test_a_number_without_a_roll_call_belongs_to_the_one_it_was_given_around() -> None:
    def given(minutes: int) -> Declared:
        return Declared(None, A, minutes, AT + minutes * MINUTE_NS, "site")

    every = [given(minutes) for minutes in (-15, -9, 0, 25, 45, 70)]
    assert [one.number for one in declared_for(CALL, None, every)] == [-9, 0, 25, 45]
    assert [one.number for one in declared_for(CALL, AT + 40 * MINUTE_NS, every)] == [-9, 0, 25]
    named = said(99)
    assert declared_for(CALL, None, [named, given(10)])[-1] == named
    other = Declared(RollCallId("roll-2"), A, 5, AT, "site")
    assert declared_for(CALL, None, [other]) == []


def listing(minutes: int, listed: int | None, roll_call: str = "") -> Declared:
    """What a room told ``minutes`` after the roll call's moment of its list."""
    return Declared(
        RollCallId(roll_call) if roll_call else None, A, 30, AT + minutes * MINUTE_NS, "site", listed=listed
    )


def test_the_list_of_a_roll_call_is_the_one_told_last_with_it_and_a_number_without_one_changes_nothing() -> None:
    own = [listing(1, 300, CALL.id), listing(2, 30, CALL.id), listing(3, None, CALL.id)]
    assert list_for(CALL, own, [listing(-60, 5), *own[:2]]) == own[1]
    assert list_for(CALL, [listing(3, None, CALL.id)], []) is None


def test_one_list_serves_every_roll_call_of_its_session() -> None:
    early, late, later = listing(-90, 25, "roll-0"), listing(50, 28, "roll-2"), listing(120, 29, "roll-2")
    assert list_for(CALL, [], [listing(-100, 250), early, late, later]) == early
    assert list_for(CALL, [], [late, later]) == late


def test_names_ticked_at_the_centre_go_before_the_room_s_list_and_that_before_the_exam() -> None:
    told = listing(5, 28, CALL.id)
    every = SignedSources({A: 29}, {A: [told]}, {A: 27})
    assert every.of(CALL, A, [told]) == SignedIn(29, Source.ROSTER)
    untold = SignedSources({}, {A: [told]}, {A: 27})
    assert untold.of(CALL, A, []) == SignedIn(28, Source.LIST, told.at_ns)
    assert SignedSources({}, {}, {A: 27}).of(CALL, A, []) == SignedIn(27, Source.EXAM)
    assert SignedSources({}, {}, {}).of(CALL, A, [listing(5, None, CALL.id)]) is None


def test_a_list_that_differs_beyond_the_tolerance_is_asked_about() -> None:
    facts = SiteFacts("TH-001", "Trường Tiểu học Hoa Sen", "Huyện Yên Hà", "tieu_hoc", 30)
    known = SignedIn(20, Source.LIST, AT)
    found = room_numbers(CALL, A, facts, counted(29), [said(30)], known, [], AT + 1)
    assert (found.state, found.difference, found.number) == (RoomState.ASKED, 10, 29)


def test_a_count_that_began_after_the_ordered_moment_is_late() -> None:
    assert not is_late(CALL, counted(20, AT - 5))
    assert not is_late(CALL, counted(20, AT + 2 * 10**9))
    assert is_late(CALL, counted(20, AT + 60 * 10**9))


def test_districts_are_summed_and_what_is_not_there_counts_nought() -> None:
    rooms = [room(30, counted(20)), room(10, None)]
    (district,) = by_district(rooms)
    assert (district.name, district.sites, district.answered, district.open) == ("Huyện Yên Hà", 2, 1, 1)
    assert (district.expected, district.camera, district.declared, district.number) == (40, 20, 0, 20)
    assert sums("", []).sites == 0


@pytest.mark.parametrize(("number", "why"), [(-1, "x"), (10_001, "x"), (5, " "), (5, "x" * 501)])
def test_a_correction_needs_a_number_and_a_reason(number: int, why: str) -> None:
    with pytest.raises(Refused):
        check_correction(number, why)
