"""What the bench of a lecturer who dies is content with, and what a room says of what it saw."""

from __future__ import annotations

import pytest

from tests.bench.never_dark import LECTURER, RELOADED, SLATE, STANDBY, goals
from tests.doubles.studio_browsers import came_back, in_words

GOOD = {SLATE: 1.3, STANDBY: 0.2, LECTURER: 0.2, RELOADED: 0.8}


def missed(found: dict[str, float], anew: int = 0) -> list[str]:
    return [goal for goal, reached in goals(found, anew).items() if not reached]


def test_a_day_that_is_never_dark_is_reached() -> None:
    assert missed(GOOD) == []


@pytest.mark.parametrize(
    ("what", "seconds", "named"),
    [
        (SLATE, 2.04, "slate within 2 s of the kill"),
        (STANDBY, 2.1, "standby within 2 s of the order"),
        (LECTURER, float("inf"), "the first lecturer back on order"),
        (RELOADED, 3.1, "the lecturer's page, loaded anew, back on air within 3 s"),
    ],
)
def test_what_took_too_long_is_named_and_what_was_never_seen(what: str, seconds: float, named: str) -> None:
    assert missed({**GOOD, what: seconds}) == [named]
    assert missed({step: took for step, took in GOOD.items() if step != what}) == [named]


def test_one_connection_made_anew_is_missed() -> None:
    assert missed(GOOD, anew=1) == ["no room made another connection"]


def test_a_reload_ends_when_the_lecturer_is_seen_again_or_the_picture_moves_again() -> None:
    shown = [10.0, 10.1, 10.2, 10.3, 11.5, 11.6]
    assert came_back([(5.0, "lecturer"), (10.4, "standby"), (11.5, "lecturer")], shown, 10.15) == (10.4, 11.5)
    assert came_back([(5.0, "lecturer")], shown, 10.15) == (10.3, 11.5)
    assert came_back([(5.0, "lecturer")], [9.0, 11.5], 10.0) == (9.0, 11.5)


def test_what_a_room_saw_is_told_with_its_times() -> None:
    assert in_words([(8.5, "slate"), (11.25, "lecturer")], 10.0) == "-1.50 s slate, +1.25 s lecturer"
    assert in_words([(8.5, "slate"), (11.25, "lecturer")], 0.0) == "+0.00 s slate, +2.75 s lecturer"
    assert in_words([], 10.0) == "nothing"
