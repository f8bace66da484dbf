"""Three viewers put before the judge of the weak line: good ones pass, and whoever's picture stands still does not."""

from __future__ import annotations

import pytest

from tests.bench.simulcast_judging import Encoded, Line, Seen, tell

NARROWED, LIFTED, ENDED, TOP = 12, 42, 82, 360
MADE = Encoded(120, 820)
"""Ten a second."""


def line(name: str, *, weak: bool = False, still: range = range(0), counted: bool = False) -> Line:
    """Ten pictures a second but in the seconds of ``still``; ``counted``: that getStats calls it a freeze."""
    told, frames, gap, freezes = Line(name), 0, 0.1, 0
    for at in range(ENDED + 1):
        gap = gap + 1 if at in still else 0.1
        frames += 0 if at in still else 10
        freezes += counted and at in still
        lower = weak and NARROWED + 3 <= at < LIFTED + 12
        told.rows.append((float(at), Seen(180 if lower else TOP, frames, freezes, 0.0, 0, gap)))
    return told


def missed(*lines: Line, encoded: Encoded = MADE) -> list[str]:
    return [goal for goal, reached in tell(lines, encoded, NARROWED, LIFTED, TOP).items() if not reached]


def test_a_day_as_it_should_be_is_reached() -> None:
    assert missed(line("weak", weak=True), line("good"), line("good")) == []


def test_a_weak_line_whose_picture_stands_still_is_missed_though_get_stats_counts_no_freeze() -> None:
    still = line("weak", weak=True, still=range(25, 43))
    assert missed(still, line("good"), line("good")) == [
        "the weak line has at least 80% of the others' pictures",
        "the weak line is never 1 s without a picture from then on",
    ]
    short = line("weak", weak=True, still=range(30, 32))
    assert missed(short, line("good"), line("good")) == ["the weak line is never 1 s without a picture from then on"]


def test_a_freeze_that_is_counted_is_missed() -> None:
    frozen = line("weak", weak=True, still=range(30, 31), counted=True)
    assert "no freeze on the weak line from then on" in missed(frozen, line("good"), line("good"))


def test_a_weak_line_that_never_plays_again_is_missed() -> None:
    dark = line("weak", weak=True, still=range(LIFTED + 15, ENDED + 1))
    assert missed(dark, line("good"), line("good")) == ["the weak line plays to the end"]


@pytest.mark.parametrize("still", [range(20, 40), range(60, 83)])
def test_a_good_line_that_stands_still_is_missed(still: range) -> None:
    assert {
        "the others have at least 80% of the lecturer's pictures",
        "the others are never 1 s without a picture",
    } <= set(missed(line("weak", weak=True), line("good", still=still), line("good")))


def test_what_was_not_seen_is_not_reached() -> None:
    never = line("weak")
    assert {"lower within 10 s", "up again within 30 s"} <= set(missed(never, line("good"), line("good")))
    assert not any(tell([Line("weak"), Line("good")], Encoded(0, 0), NARROWED, LIFTED, TOP).values())
    everything_fell = [line("weak", weak=True), line("good", weak=True), line("good")]
    assert missed(*everything_fell) == ["the others stay at the top"]


def test_a_line_that_was_low_all_the_time_did_not_go_down() -> None:
    low = line("weak")
    low.rows = [(at, Seen(180, seen.frames, 0, 0.0, 0, 0.1)) for at, seen in low.rows]
    assert "the weak line has the full size before" in missed(low, line("good"), line("good"))
