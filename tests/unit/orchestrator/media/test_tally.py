"""Counts of processes that come and go, added up."""

from __future__ import annotations

from orchestrator.media.tally import Tally


def test_a_count_that_begins_anew_takes_nothing_back() -> None:
    tally = Tally()
    totals = []
    for who, count in (("a", 5), ("a", 5), ("b", 2), ("a", 9), ("a", 0), ("a", 3)):
        tally.hear(who, count)
        totals.append(tally.total)
    assert totals == [5, 5, 7, 11, 11, 14]


def test_who_was_forgotten_begins_at_nought() -> None:
    tally = Tally()
    tally.hear("a", 5)
    tally.forget("a")
    tally.forget("b")
    tally.hear("a", 6)
    assert tally.total == 11
