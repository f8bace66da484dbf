"""Presence of a room over a session, by its stated formula."""

from __future__ import annotations

import pytest

from orchestrator.attendance.numbers.presence import REACH_S, Point, S, Span, presence

HOUR = 3600 * S


def test_counts_near_each_other_share_the_time_between_them_in_halves() -> None:
    found = presence([Point(0, 20), Point(1800 * S, 30)], [Span(0, 1800 * S)], now=HOUR)
    assert found.mean == pytest.approx(25)
    assert (found.coverage, found.gaps) == (1.0, ())


def test_time_weighs_not_the_number_of_counts() -> None:
    points = [Point(0, 40), Point(60 * S, 40), Point(120 * S, 40), Point(1920 * S, 10)]
    found = presence(points, [Span(0, 1920 * S)], now=HOUR)
    assert found.mean == pytest.approx((40 * 1020 + 10 * 900) / 1920)


def test_what_no_count_reaches_is_a_gap() -> None:
    found = presence([Point(HOUR, 30)], [Span(0, 3 * HOUR)], now=0)
    assert found.mean == 30
    assert found.gaps == ((0, HOUR - REACH_S * S), (HOUR + REACH_S * S, 3 * HOUR))
    assert found.coverage == pytest.approx(1 / 3)


def test_a_room_without_a_count_is_one_gap() -> None:
    found = presence([], [Span(0, HOUR)], now=0)
    assert (found.mean, found.coverage, found.gaps) == (None, 0.0, ((0, HOUR),))


def test_breaks_are_no_live_time() -> None:
    live = [Span(0, 600 * S), Span(1200 * S, 1800 * S)]
    found = presence([Point(300 * S, 20), Point(1500 * S, 40)], live, now=HOUR)
    assert found.live_ns == 1200 * S
    assert found.mean == pytest.approx(30)
    assert found.gaps == ()


def test_what_is_still_live_ends_now() -> None:
    found = presence([Point(100 * S, 20)], [Span(0, None)], now=200 * S)
    assert (found.live_ns, found.coverage) == (200 * S, 1.0)


def test_a_session_that_never_began_has_no_presence() -> None:
    assert presence([Point(5, 20)], [], now=10).coverage == 0.0
