"""Moments of a day on the line of what was recorded of it."""

from __future__ import annotations

import pytest

from orchestrator.errors import Refused
from orchestrator.recordings.model import RecordingRule, Segment, check_rule, check_why, on_line
from wire.ids import SessionId

S = 10**9


def segment(number: int, at_s: int, starts_s: int, ends_s: int) -> Segment:
    span = (starts_s * 90000, ends_s * 90000)
    return Segment(SessionId("s"), "lecture", number, f"{number}.mp4", at_s * S, *span, 1, 320, 180, 30)


LINE = [segment(1, 100, 0, 60), segment(2, 1000, 60, 90)]


@pytest.mark.parametrize(
    ("at_s", "place_s"),
    [(90, 0), (100, 0), (130, 30), (200, 60), (999, 60), (1010, 70), (1031, 90), (1061, None)],
)
def test_where_a_moment_stands(at_s: int, place_s: int | None) -> None:
    assert on_line(LINE, at_s * S) == (None if place_s is None else place_s * 90000)


def test_nothing_recorded_has_no_places() -> None:
    assert on_line([], 5 * S) is None


def test_a_recording_is_due_when_its_days_are_over() -> None:
    assert LINE[0].due_ns == 100 * S + 30 * 24 * 3600 * S


def test_a_rule_that_cannot_hold_is_refused() -> None:
    for days in (0, 3651):
        with pytest.raises(Refused, match="bad_rule"):
            check_rule(RecordingRule(keep_days=days))
    check_rule(RecordingRule(record=False, keep_days=1))


def test_nothing_is_erased_without_a_reason() -> None:
    for why in ("", "  ", "x" * 501):
        with pytest.raises(Refused, match="no_reason"):
            check_why(why)
