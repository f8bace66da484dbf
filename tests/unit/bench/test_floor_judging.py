"""What the bench of the floor is content with: lips that are off now and then are seen, not only in the middle."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bench.floor_judging import Moment, goals, lip_spread, lips, spread, voices

BEEPS = [1000.0 * n for n in range(20)]


def pictures(*, late_ms: float = 60.0, worse_from: int = 20) -> list[Moment]:
    """Ten a second with the camera's jumps; from that second on 200 ms later."""
    return [
        Moment(100.0 * n, 100.0 + late_ms + (n % 3 - 1) * 40 + (200 if n / 10 >= worse_from else 0)) for n in range(200)
    ]


def told(offsets: list[float], **other: Any) -> dict[str, Any]:
    good = {
        "beeps_said": 20,
        "voice_mouth_to_ear_ms": spread([100.0] * 20),
        "lip_offset_ms": lip_spread(offsets),
        "silent_after_take_back": True,
        "crossed": [],
    }
    return {**good, **other}


def missed(figures: dict[str, Any]) -> list[str]:
    return [goal for goal, reached in goals(figures).items() if not reached]


def test_the_cameras_jumps_are_not_lips() -> None:
    voice = voices(BEEPS, [beep + 100 for beep in BEEPS])
    offsets = lips(voice, pictures())
    assert offsets == pytest.approx([60.0] * 20, abs=40)
    assert lip_spread(offsets)["median"] == 60
    assert missed(told(offsets)) == []


def test_lips_that_are_off_for_some_seconds_are_seen_though_the_middle_is_well() -> None:
    voice = voices(BEEPS, [beep + 100 for beep in BEEPS])
    assert missed(told(lips(voice, pictures(worse_from=16)))) == ["lips at most 80 ms off, p95"]
    assert missed(told(lips(voice, pictures(late_ms=-120)))) == [
        "lips at most 80 ms off, in the middle",
        "lips at most 80 ms off, p95",
    ]


def test_a_beep_without_a_picture_and_one_that_was_not_heard_are_seen() -> None:
    voice = voices(BEEPS, [beep + 100 for beep in BEEPS])
    assert len(voices(BEEPS, [beep + 100 for beep in BEEPS[:9]])) == 9
    unread = [Moment(one.at, 60_000.0) for one in pictures() if one.at > 5000]
    assert missed(told(lips(voice, [*pictures()[:50], *unread]))) == ["each of these beeps had a picture"]
    assert missed(told([60.0] * 9, voice_mouth_to_ear_ms=spread([100.0] * 9))) == [
        "at least 80% of what was said was heard"
    ]


def test_what_crossed_is_named() -> None:
    (goal,) = missed(told([60.0] * 20, crossed=["order at DC03"]))
    assert goal == "nothing of two sessions crossed (order at DC03)"
