"""When a queue stands on the way to a viewer."""

from __future__ import annotations

import pytest

from orchestrator.media.relay.delay import FRESH_S, GREW_S, KEPT_S, Delay

LONG = GREW_S + 0.011


def told(*trips: tuple[float, float]) -> Delay:
    delay = Delay()
    for at, seconds in trips:
        delay.observe(seconds, at)
    return delay


@pytest.mark.parametrize(
    ("trips", "grown"),
    [
        ([], False),
        ([(1.0, 0.5)], False),
        ([(1.0, 0.01), (1.2, 0.05)], False),
        ([(1.0, 0.01), (1.2, LONG)], False),
        ([(1.0, 0.01), (1.2, LONG), (1.4, LONG)], True),
        ([(1.0, 0.01), (1.2, LONG), (1.4, 0.01), (1.6, LONG)], False),
        ([(1.0, 0.01), (2.0, LONG)], True),
    ],
    ids=["nothing", "one", "a little", "once", "twice", "now and then", "once, and trips are rare"],
)
def test_a_queue_stands_when_two_trips_have_waited_or_one_of_few(trips: list[tuple[float, float]], grown: bool) -> None:
    assert told(*trips).grown() is grown


def test_the_newest_trip_says_whether_it_is_calm_and_only_of_what_came_before_it() -> None:
    delay = told((1.0, 0.01), (1.2, 0.02))
    assert delay.calm(1.1)
    assert not delay.calm(1.2)
    delay.observe(LONG, 1.4)
    assert not delay.calm(1.1)


def test_a_trip_told_again_is_not_another() -> None:
    delay = told((1.0, 0.01), (1.2, LONG), (1.2, LONG), (1.1, LONG))
    assert not delay.grown()


def test_old_trips_say_nothing_of_now() -> None:
    delay = told((1.0, 0.01))
    assert delay.told(1.0 + FRESH_S)
    assert not delay.told(1.01 + FRESH_S)
    assert not Delay().told(0.0)


def idle(*seconds: float) -> Delay:
    """Trips of each second while nothing is tried; the next begins at ``len(seconds)``."""
    delay = Delay()
    for at, one in enumerate(seconds):
        delay.observe(one, float(at), idle=True)
    return delay


def test_one_trip_that_is_too_short_makes_no_other_a_queue() -> None:
    delay = idle(*[0.2] * 9, 0.0)
    delay.observe(0.21, 10.0)
    delay.observe(0.21, 10.2)
    assert delay.calm(10.0)


def test_trips_as_long_as_they_are_while_nothing_is_tried_have_met_no_queue() -> None:
    delay = idle(*[0.01, 0.01, 0.13] * 4)
    for n in range(5):
        delay.observe(0.15, 12 + n / 5)
    assert not delay.grown()
    assert delay.calm(12.5)


def test_however_long_trips_are_before_a_queue_is_seen_before_a_bottleneck_drops() -> None:
    delay = idle(*[0.01, 0.4] * 6)
    delay.observe(0.01, 12.0)
    for n in range(1, 4):
        assert not delay.grown()
        delay.observe(0.18, 12 + n / 5)
    assert delay.grown()


def test_two_trips_that_are_far_longer_are_a_queue_wherever_single_ones_come_late() -> None:
    delay = told((1.0, 0.01), (1.2, LONG), (1.4, 0.01), (1.6, 0.15), (1.8, 0.15))
    assert delay.grown()


def test_where_single_trips_come_late_three_in_a_row_are_a_queue() -> None:
    delay = told((1.0, 0.01), (1.2, LONG), (1.4, 0.01), (1.6, LONG), (1.8, LONG))
    assert not delay.grown()
    delay.observe(LONG, 2.0)
    assert delay.grown()


def test_what_was_usual_before_a_change_is_forgotten() -> None:
    delay = idle(*[0.01, 0.3] * 6)
    delay.changed()
    for n in range(3):
        delay.observe(0.01 if n == 0 else LONG, 12 + n / 5)
    assert delay.grown()


def test_another_way_through_the_network_is_taken_for_a_queue_only_for_a_while() -> None:
    delay = told((1.0, 0.01), (1.2, 0.2), (1.4, 0.2))
    assert delay.grown()
    delay.observe(0.2, 1.6 + KEPT_S)
    assert delay.calm(1.4)
