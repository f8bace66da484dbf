"""Who is on air, for everything that may send and be ordered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.media.port import AirOrder, Want
from orchestrator.media.relay.air import judge
from orchestrator.media.tokens import Seat

L, B, S = Seat.LECTURER, Seat.STANDBY, Seat.SLATE
AUTO, ARMED = AirOrder(), AirOrder(standby_armed=True)


@pytest.mark.parametrize(
    ("sending", "order", "before", "seat", "why"),
    [
        ({L, B, S}, AUTO, None, L, "preferred"),
        ({B, S}, AUTO, L, S, "lecturer_silent"),
        ({B, S}, ARMED, L, B, "lecturer_silent"),
        ({S}, ARMED, B, S, "lecturer_silent"),
        ({L, B, S}, ARMED, B, B, "standby_kept"),
        ({L, B, S}, ARMED, S, L, "preferred"),
        ({L, B, S}, AirOrder(standby_armed=True, auto_return=True), B, L, "preferred"),
        ({L, B, S}, AUTO, B, L, "preferred"),
        ({L, S}, ARMED, B, L, "preferred"),
        ({L, B, S}, AirOrder(Want.LECTURER, standby_armed=True), B, L, "ordered"),
        ({L, B, S}, AirOrder(Want.STANDBY), L, B, "ordered"),
        ({L, B, S}, AirOrder(Want.SLATE), L, S, "ordered"),
        ({L, S}, AirOrder(Want.STANDBY), L, L, "ordered_silent"),
        ({S}, AirOrder(Want.LECTURER), L, S, "ordered_silent"),
        ({B, S}, AirOrder(Want.LECTURER, standby_armed=True), L, B, "ordered_silent"),
        (set(), AirOrder(Want.SLATE), L, None, "nobody_sends"),
        ({B}, AUTO, L, None, "nobody_sends"),
    ],
)
def test_the_seat_on_air(sending: set[Seat], order: AirOrder, before: Seat | None, seat: Seat | None, why: str) -> None:
    verdict = judge(sending, order, before)
    assert (verdict.seat, verdict.why) == (seat, why)


@given(
    st.sets(st.sampled_from(Seat)),
    st.builds(AirOrder, st.sampled_from(Want), st.booleans(), st.booleans()),
    st.sampled_from([None, *Seat]),
)
def test_only_those_who_send_are_on_air_and_the_choice_stands(
    sending: set[Seat], order: AirOrder, before: Seat | None
) -> None:
    verdict = judge(sending, order, before)
    assert verdict.seat is None or verdict.seat in sending
    assert judge(sending, order, verdict.seat).seat is verdict.seat
