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


def test_another_way_through_the_network_is_taken_for_a_queue_only_for_a_while() -> None:
    delay = told((1.0, 0.01), (1.2, 0.2), (1.4, 0.2))
    assert delay.grown()
    delay.observe(0.2, 1.6 + KEPT_S)
    assert delay.calm(1.4)
