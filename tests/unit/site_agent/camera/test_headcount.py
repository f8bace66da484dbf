"""From frames to a number or to the reason why there is none."""

import numpy as np

from site_agent.camera.boxes import Box
from site_agent.camera.frames import Frame
from site_agent.camera.gate import Fault
from site_agent.camera.headcount import count_burst
from site_agent.camera.room import Room
from tests.doubles.camera import plain_room

BLACK = np.zeros((360, 640, 3), dtype=np.uint8)


def face(x: float, score: float = 0.9) -> Box:
    return Box(x, 100, 20, 26, score)


class ScriptedDetector:
    """Finds what its script says, frame after frame."""

    def __init__(self, *frames: list[Box]) -> None:
        self._frames = list(frames)

    def detect(self, frame: Frame) -> list[Box]:
        return self._frames.pop(0)


def burst(frames: int) -> list[Frame]:
    return [plain_room(seed) for seed in range(frames)]


def test_a_steady_room_is_counted_with_full_quality() -> None:
    tally = count_burst(burst(4), ScriptedDetector(*[[face(100), face(200)]] * 4), Room())
    assert (tally.count, tally.minimum, tally.maximum, tally.frames_used) == (2, 2, 2, 4)
    assert (tally.quality, tally.reason) == (1.0, None)


def test_minimum_and_maximum_tell_what_single_frames_saw() -> None:
    frames = [[face(100)], [face(100), face(200)], [face(100), face(200), face(300)], [face(200)]]
    tally = count_burst(burst(4), ScriptedDetector(*frames), Room())
    assert (tally.count, tally.minimum, tally.maximum) == (2, 1, 3)
    assert 0 < tally.quality < 1


def test_an_empty_room_is_a_zero_without_a_reason() -> None:
    tally = count_burst(burst(3), ScriptedDetector([], [], []), Room())
    assert (tally.count, tally.reason, tally.quality) == (0, None, 1.0)


def test_a_faint_face_is_not_a_person() -> None:
    assert count_burst(burst(1), ScriptedDetector([face(100, score=0.59)]), Room()).count == 0


def test_a_face_outside_the_seats_is_not_counted() -> None:
    left_half = Room(((0, 0), (0.5, 0), (0.5, 1), (0, 1)))
    assert count_burst(burst(1), ScriptedDetector([face(100), face(500)]), left_half).count == 1


def test_a_dark_room_is_a_reason_and_not_a_zero() -> None:
    tally = count_burst([BLACK] * 4, ScriptedDetector(), Room())
    assert (tally.count, tally.reason, tally.frames_used) == (None, Fault.DARK, 0)


def test_a_hand_before_the_lens_for_a_moment_lowers_the_quality_only() -> None:
    frames = [*burst(3), BLACK]
    tally = count_burst(frames, ScriptedDetector(*[[face(100)]] * 3), Room())
    assert (tally.count, tally.frames_used, tally.quality) == (1, 3, 0.75)


def test_a_frozen_camera_is_a_reason_even_when_it_shows_people() -> None:
    tally = count_burst([plain_room()] * 5, ScriptedDetector(*[[face(100)]] * 5), Room())
    assert (tally.count, tally.reason) == (None, Fault.FROZEN)


def test_two_equal_pictures_are_enough_to_see_that_a_camera_is_frozen() -> None:
    frames = [plain_room(), plain_room(), BLACK]
    tally = count_burst(frames, ScriptedDetector(*[[face(100)]] * 2), Room(), 3)
    assert (tally.count, tally.reason) == (None, Fault.FROZEN)


def test_no_frames_are_no_picture() -> None:
    assert count_burst([], ScriptedDetector(), Room()).reason is Fault.NO_PICTURE


def test_pictures_that_never_came_count_against_the_burst() -> None:
    tally = count_burst(burst(6), ScriptedDetector(*[[face(100)]] * 6), Room(), 10)
    assert (tally.count, tally.frames_used, tally.quality) == (1, 6, 0.6)
    tally = count_burst(burst(4), ScriptedDetector(*[[face(100)]] * 4), Room(), 10)
    assert (tally.count, tally.reason, tally.quality) == (None, Fault.NO_PICTURE, 0.0)
    tally = count_burst([*burst(2), *[BLACK] * 5], ScriptedDetector(), Room(), 10)
    assert tally.reason is Fault.DARK
