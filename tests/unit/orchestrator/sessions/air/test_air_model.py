"""Orders about the air, what the wall says of it, and the record."""

from __future__ import annotations

import pytest

from orchestrator.errors import Refused
from orchestrator.media.port import Want
from orchestrator.sessions.air.model import (
    AirStep,
    Finding,
    OnAir,
    Turn,
    Wish,
    after,
    at_state,
    finding,
    in_break,
    lecturer_lost,
    next_turn,
    wanted,
)
from orchestrator.sessions.model import SessionState

LIVE, BREAK, LOBBY = SessionState.LIVE, SessionState.BREAK, SessionState.LOBBY
NOW = 1_000 * 10**9


def ordered(*steps: AirStep, state: SessionState = LIVE) -> Wish:
    wish = Wish()
    for step in steps:
        wish = after(wish, step, state, "truchoi", None, NOW)
    return wish


def test_putting_the_standby_on_air_arms_it_and_disarming_takes_it_off() -> None:
    wish = ordered(AirStep.STANDBY)
    assert (wish.want, wish.standby_armed, wish.by, wish.version) == (Want.STANDBY, True, "truchoi", 1)
    wish = ordered(AirStep.STANDBY, AirStep.DISARM)
    assert (wish.want, wish.standby_armed) == (Want.AUTO, False)


def test_arming_changes_neither_who_is_wanted_nor_who_ordered_that() -> None:
    wish = after(ordered(AirStep.LECTURER), AirStep.ARM, LIVE, "another", None, NOW)
    assert (wish.want, wish.standby_armed, wish.by) == (Want.LECTURER, True, "truchoi")


def test_a_break_is_the_slates_and_nobody_is_put_on_air_in_it() -> None:
    wish = ordered(AirStep.LECTURER)
    assert (wanted(wish, LIVE), wanted(wish, BREAK)) == (Want.LECTURER, Want.SLATE)
    for step in (AirStep.LECTURER, AirStep.STANDBY, AirStep.AUTO):
        with pytest.raises(Refused) as refused:
            after(wish, step, BREAK, "truchoi", None, NOW)
        assert refused.value.code == "in_break"


def test_a_break_that_ends_takes_its_hour_and_an_ordered_slate_with_it() -> None:
    wish = after(ordered(AirStep.SLATE), AirStep.RESUME_AT, BREAK, "truchoi", NOW + 900 * 10**9, NOW)
    assert wish.resumes_ns == NOW + 900 * 10**9
    back = at_state(wish, BREAK, LIVE)
    assert (back.want, back.resumes_ns, back.version) == (Want.AUTO, None, wish.version + 1)
    assert at_state(wish, LIVE, BREAK) == wish


@pytest.mark.parametrize(
    ("state", "resumes_ns", "code"),
    [
        (LIVE, NOW + 1, "no_break"),
        (BREAK, NOW - 1, "bad_time"),
        (BREAK, NOW + 5 * 3600 * 10**9, "bad_time"),
        (SessionState.ENDED, None, "not_on_screen"),
    ],
)
def test_an_hour_that_cannot_be_is_refused(state: SessionState, resumes_ns: int | None, code: str) -> None:
    with pytest.raises(Refused) as refused:
        after(Wish(), AirStep.RESUME_AT, state, "truchoi", resumes_ns, NOW)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("state", "wish", "air", "spoken", "found"),
    [
        (LIVE, Wish(), OnAir(), True, None),
        (LIVE, Wish(), OnAir(why="relay_down"), True, Finding.NOTHING_ON_AIR),
        (LOBBY, Wish(), OnAir(why="nobody_sends"), False, None),
        (LIVE, Wish(), OnAir(air="lecturer", why="preferred"), True, None),
        (LIVE, Wish(), OnAir(air="slate", why="lecturer_silent"), True, Finding.LECTURER_LOST),
        (LIVE, Wish(), OnAir(air="slate", why="lecturer_silent"), False, Finding.LECTURER_AWAITED),
        (LIVE, Wish(want=Want.SLATE), OnAir(air="slate", why="ordered"), True, Finding.SLATE_ORDERED),
        (LIVE, Wish(), OnAir(air="standby", why="lecturer_silent"), True, Finding.STANDBY_ON_AIR),
        (BREAK, Wish(), OnAir(air="slate", why="ordered"), True, None),
    ],
)
def test_the_wall_says_what_is_amiss(
    state: SessionState, wish: Wish, air: OnAir, spoken: bool, found: Finding | None
) -> None:
    assert finding(state, wish, air, was_on_air=spoken) is found


def test_the_record_begins_with_the_first_on_air_and_follows_every_change() -> None:
    assert next_turn(None, OnAir(why="nobody_sends"), "", NOW) is None
    first = next_turn(None, OnAir(air="slate", why="lecturer_silent", since_ms=900_000), "", NOW)
    assert first == Turn(1, "slate", "lecturer_silent", "", 900 * 10**9)
    assert next_turn(first, OnAir(air="slate", why="lecturer_silent", since_ms=900_000), "", NOW) is None
    second = next_turn(first, OnAir(air="standby", why="ordered", since_ms=950_000), "truchoi", NOW)
    assert second == Turn(2, "standby", "ordered", "truchoi", 950 * 10**9)
    third = next_turn(second, OnAir(why="relay_down"), "truchoi", NOW)
    assert third == Turn(3, "", "relay_down", "", NOW)


def test_another_reason_for_the_same_seat_holds_from_now_on() -> None:
    first = Turn(1, "standby", "ordered", "truchoi", 900 * 10**9)
    kept = next_turn(first, OnAir(air="standby", why="standby_kept", since_ms=900_000), "", NOW)
    assert kept == Turn(2, "standby", "standby_kept", "", NOW)


def test_a_lecturer_who_is_awaited_at_the_next_keyframe_is_not_yet_a_turn() -> None:
    first = Turn(1, "slate", "lecturer_silent", "", 900 * 10**9)
    assert next_turn(first, OnAir(air="slate", why="preferred", since_ms=900_000), "", NOW) is None


def test_a_slate_until_the_keyframe_of_what_was_ordered_is_nobodys_order_and_no_lecturer_lost() -> None:
    first = Turn(1, "lecturer", "preferred", "", 900 * 10**9)
    awaited = next_turn(first, OnAir(air="slate", why="keyframe_awaited", since_ms=950_000), "truchoi", NOW)
    assert awaited == Turn(2, "slate", "keyframe_awaited", "", 950 * 10**9)
    assert not lecturer_lost(awaited, "lecturer", Want.STANDBY)
    assert lecturer_lost(awaited, "lecturer", Want.AUTO)


def test_a_seat_that_was_gone_between_two_looks_begins_a_turn_anew() -> None:
    first = Turn(1, "lecturer", "preferred", "", 900 * 10**9)
    again = next_turn(first, OnAir(air="lecturer", why="preferred", since_ms=950_000), "", NOW, anew=True)
    assert again == Turn(2, "lecturer", "preferred", "", 950 * 10**9)


def test_turns_never_overlap_whatever_the_relays_clock_says() -> None:
    first = Turn(1, "slate", "lecturer_silent", "", NOW)
    second = next_turn(first, OnAir(air="lecturer", why="preferred", since_ms=10), "", NOW + 5)
    assert second is not None
    assert second.from_ns == NOW
    late = next_turn(first, OnAir(air="lecturer", why="preferred", since_ms=10**9), "", NOW + 5)
    assert late is not None
    assert late.from_ns == NOW + 5


def test_a_slate_that_the_break_put_there_is_nobodys_order() -> None:
    air = OnAir(air="slate", why="ordered")
    assert (in_break(air, BREAK).why, in_break(air, LIVE).why) == ("break", "ordered")
