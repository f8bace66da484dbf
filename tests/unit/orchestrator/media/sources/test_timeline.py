"""A source's time never goes back."""

from __future__ import annotations

from orchestrator.media.sources.timeline import Lag, Timeline


def test_a_source_begins_when_it_comes_and_keeps_its_own_distances() -> None:
    line = Timeline()
    assert line.place(1000.0, 2.0) == 2.0
    assert round(line.place(1000.5, 9.0), 6) == 2.5


def test_a_leap_is_a_new_part_that_follows_the_old_one() -> None:
    line = Timeline()
    line.place(1000.0, 2.0)
    line.place(1001.0, 3.0)
    assert line.place(5.0, 3.1) == 3.1
    assert round(line.place(4.98, 3.1), 6) == 3.08


def test_a_seam_never_goes_back() -> None:
    line = Timeline()
    line.place(0.0, 0.0)
    line.place(1.0, 0.9)
    line.seam()
    assert line.place(0.0, 0.95) > 1.0


def test_lateness_is_counted_from_the_best_of_the_last_while() -> None:
    lag = Lag()
    assert lag.over(0.2, 0.0) == 0.0
    assert round(lag.over(0.9, 1.0), 6) == 0.7
    for now in range(2, 80):
        lag.over(0.9, now)
    assert lag.over(0.9, 80) == 0.0
