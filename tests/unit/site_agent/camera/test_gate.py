"""A picture in which nobody can be counted has a reason, never a zero."""

import cv2
import numpy as np
import pytest

from site_agent.camera.frames import Frame, to_grey
from site_agent.camera.gate import Fault, covered_share, is_frozen, judge
from tests.doubles.camera import plain_room


def grey_frame(level: int, noise: float = 0.0) -> Frame:
    pixels = np.random.default_rng(5).normal(level, noise, (360, 640, 3)) if noise else np.full((360, 640, 3), level)
    return np.clip(pixels, 0, 255).astype(np.uint8)


def defocused(frame: Frame) -> Frame:
    return np.asarray(cv2.GaussianBlur(frame, (0, 0), 16), dtype=np.uint8)


def test_a_sharp_lit_room_passes() -> None:
    assert judge(plain_room()) is None


@pytest.mark.parametrize(
    ("frame", "fault"),
    [
        (grey_frame(0), Fault.DARK),
        (grey_frame(8, noise=4), Fault.DARK),
        (grey_frame(128), Fault.COVERED),
        (grey_frame(255), Fault.COVERED),
        (grey_frame(90, noise=4), Fault.COVERED),
        (defocused(plain_room()), Fault.BLURRED),
    ],
)
def test_a_faulty_picture_is_named(frame: Frame, fault: Fault) -> None:
    assert judge(frame) is fault


def test_a_dim_room_still_passes() -> None:
    assert judge((plain_room() * 0.3).astype(np.uint8)) is None


def test_half_a_covered_lens_shows_against_the_reference_only() -> None:
    room = plain_room()
    half = room.copy()
    half[:, :320] = 70
    assert judge(half) is None
    assert judge(half, to_grey(room)) is Fault.PARTLY_COVERED


def test_an_uncovered_lens_matches_its_reference() -> None:
    assert covered_share(to_grey(plain_room(1)), to_grey(plain_room(2))) == 0.0


def test_a_reference_that_shows_nothing_covers_nothing() -> None:
    assert covered_share(to_grey(plain_room()), to_grey(grey_frame(128))) == 0.0


def test_one_picture_over_and_over_is_frozen() -> None:
    assert is_frozen([plain_room()] * 3)


def test_different_pictures_are_not_frozen() -> None:
    assert not is_frozen([plain_room(), plain_room(), plain_room(1)])


def test_two_equal_pictures_are_too_few_to_say() -> None:
    assert not is_frozen([plain_room()])
