"""Whether a camera still shows its room: people and light change, walls do not."""

import cv2
import numpy as np
import pytest

from site_agent.camera.frames import Frame, to_grey
from site_agent.camera.view import compare

WIDTH, HEIGHT = 640, 360


def room(seed: int) -> Frame:
    """Furniture of a room: boxes and lines on a wall that grows darker to one side."""
    dice = np.random.default_rng(seed)
    frame = np.full((HEIGHT, WIDTH, 3), 150, dtype=np.uint8)
    for _ in range(40):
        x, y = int(dice.integers(WIDTH)), int(dice.integers(HEIGHT))
        w, h = int(dice.integers(20, 120)), int(dice.integers(20, 90))
        cv2.rectangle(frame, (x, y), (x + w, y + h), [int(each) for each in dice.integers(30, 220, 3)], -1)
    return frame


def later(frame: Frame, seed: int = 9, *, light: float = 1.0, across: int = 0) -> Frame:
    """The same room on another day: people before a third of it, other light, a trembling sensor."""
    dice = np.random.default_rng(seed)
    changed = frame.astype(np.float32)
    for _ in range(14):
        x, y = int(dice.integers(WIDTH - 60)), int(dice.integers(HEIGHT // 3, HEIGHT - 80))
        cv2.ellipse(
            changed, (x + 30, y + 40), (30, 40), 0, 0, 360, [float(each) for each in dice.integers(20, 200, 3)], -1
        )
    moved = cv2.warpAffine(changed, np.asarray([[1, 0, across], [0, 1, 0]], dtype=np.float32), (WIDTH, HEIGHT))
    return np.asarray(np.clip(moved * light + dice.normal(0, 4, moved.shape), 0, 255), dtype=np.uint8)


@pytest.mark.parametrize("light", [0.4, 1.0, 1.4])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_people_and_light_change_and_it_is_the_same_room(seed: int, light: float) -> None:
    view = compare(to_grey(later(room(seed), light=light)), to_grey(room(seed)))
    assert view.is_same, view
    assert not view.is_moved, view


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_room_or_a_wall_is_not_it(seed: int) -> None:
    reference = to_grey(room(seed))
    wall = np.clip(np.linspace(90, 170, WIDTH) + np.random.default_rng(1).normal(0, 4, (HEIGHT, WIDTH)), 0, 255)
    for other in (room(seed + 10), np.dstack([wall.astype(np.uint8)] * 3)):
        assert not compare(to_grey(later(other)), reference).is_same


@pytest.mark.parametrize("across", [60, -120, 200])
def test_a_camera_that_was_pushed_says_how_far(across: int) -> None:
    view = compare(to_grey(later(room(4), across=across)), to_grey(room(4)))
    assert view.is_same
    assert view.is_moved
    assert view.across == pytest.approx(across / WIDTH, abs=0.01)


def test_a_camera_of_other_shape_is_compared_all_the_same() -> None:
    taller = np.asarray(cv2.resize(later(room(5)), (640, 480)), dtype=np.uint8)
    assert compare(to_grey(taller), to_grey(room(5))).is_same


def test_a_picture_of_nothing_is_no_room() -> None:
    grey = to_grey(np.full((HEIGHT, WIDTH, 3), 90, dtype=np.uint8))
    assert not compare(grey, grey).is_same
