"""How far lips were off in ``floor_talk``, and whether what was measured is what it should be: pure.

A picture's age jumps by up to 100 ms from one to the next, because the folder that stands for the camera is looked at
ten times a second; that is the test's camera and not lips. So each beep is compared with the pictures that were on the
screen within half a second of it, by their median. Of these the median and the 95th percentile are judged.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

import msgspec

from tests.bench.quantiles import quantile

LIPS_MS = 80
LONGEST_MS = 1000
"""Of the voice's way: beeps are so far apart."""
AROUND_MS = 500
UNREADABLE_MS = 5000
LEAST_HEARD = 0.8
"""Of the beeps that were said."""


class Moment(msgspec.Struct, frozen=True):
    """``at``: when it was heard or shown, Unix time in ms; ``age``: how long before it was said or taken, in ms."""

    at: float
    age: float


def voices(said: Sequence[float], heard: Sequence[float]) -> list[Moment]:
    """For each beep that was heard, how long before it the newest one was said."""
    found = []
    for ear in heard:
        before = [ear - mouth for mouth in said if 0 <= ear - mouth < LONGEST_MS]
        found += [Moment(ear, min(before))] if before else []
    return found


def lips(voice: Sequence[Moment], pictures: Sequence[Moment]) -> list[float]:
    """Per beep in ms: positive where the picture comes after the voice. A beep without any picture is not in it."""
    offsets = []
    for beep in voice:
        around = [one.age for one in pictures if abs(one.at - beep.at) <= AROUND_MS and one.age < UNREADABLE_MS]
        offsets += [statistics.median(around) - beep.age] if around else []
    return offsets


def spread(values: Sequence[float]) -> dict[str, int]:
    """In whole ms, of at least one value."""
    return {
        "n": len(values),
        "p50": round(quantile(values, 0.5)),
        "p95": round(quantile(values, 0.95)),
        "max": round(max(values)),
    }


def lip_spread(offsets: Sequence[float]) -> dict[str, Any]:
    """``p95``: of the distance, whichever comes first."""
    apart = [abs(one) for one in offsets]
    return {
        "n": len(offsets),
        "median": round(statistics.median(offsets)),
        "p95": round(quantile(apart, 0.95)),
        "max": round(max(apart)),
        "says": "positive: the picture comes after the voice; p95 and max of the distance",
    }


def goals(told: dict[str, Any]) -> dict[str, bool]:
    """What must hold of ``floor_talk``'s figures."""
    off, said, heard = told["lip_offset_ms"], told["beeps_said"], told["voice_mouth_to_ear_ms"]["n"]
    return {
        f"at least {LEAST_HEARD:.0%} of what was said was heard": said > 0 and heard >= LEAST_HEARD * said,
        "each of these beeps had a picture": off["n"] == heard > 0,
        f"lips at most {LIPS_MS} ms off, in the middle": abs(off["median"]) <= LIPS_MS,
        f"lips at most {LIPS_MS} ms off, p95": off["p95"] <= LIPS_MS,
        "silent after it was taken back": told["silent_after_take_back"] is True,
        f"nothing of two sessions crossed ({', '.join(told['crossed']) or 'nothing'})": told["crossed"] == [],
    }
