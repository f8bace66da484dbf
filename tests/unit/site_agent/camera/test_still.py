"""Faces that never move: told of after several bursts, and never a person who sits."""

from pathlib import Path

import numpy as np

from site_agent.camera.boxes import Box
from site_agent.camera.frames import Frame
from site_agent.camera.still import StillPlaces, still_boxes

PORTRAIT, PERSON = Box(100, 60, 60, 70, 0.9), Box(400, 200, 60, 70, 0.9)


def burst(seed: int, *, sway_px: int = 3, noise: float = 2.5, frames: int = 8, shake_px: int = 0) -> list[Frame]:
    """A lively wall with two faces: one painted on it, one that sways; the camera's noise over all."""
    rng = np.random.default_rng(seed)
    scene = np.random.default_rng(1)
    wall = np.kron(scene.integers(60, 190, (18, 32)), np.ones((20, 20)))
    face = np.kron(scene.integers(20, 235, (10, 10)), np.ones((7, 6)))
    taken = []
    for index in range(frames):
        view = wall.copy()
        view[60:130, 100:160] = face
        aside = round(sway_px * np.sin(index * 1.7 + seed))
        view[200:270, 400 + aside : 460 + aside] = face
        view = np.roll(view, int(rng.integers(-shake_px, shake_px + 1)), axis=1)
        seen = view[:, :, None] + rng.normal(0, noise, (360, 640, 3))
        taken.append(np.asarray(np.clip(seen, 0, 255), dtype=np.uint8))
    return taken


def test_within_a_burst_only_what_moves_no_more_than_the_noise_is_still() -> None:
    for noise in (0.5, 2.5, 6.0):
        assert still_boxes(burst(1, noise=noise), [PORTRAIT, PERSON]) == [PORTRAIT]


def test_a_person_who_sways_by_a_single_pixel_is_not_still() -> None:
    assert PERSON not in still_boxes(burst(1, sway_px=1), [PORTRAIT, PERSON])


def test_a_portrait_is_told_of_in_the_second_burst_and_forgotten_when_it_moves() -> None:
    places = StillPlaces()
    boxes = [PORTRAIT, PERSON]
    assert places.take(burst(1), boxes) == []
    assert places.take(burst(2), boxes) == [PORTRAIT]
    assert places.take(burst(3, shake_px=4), boxes) == []
    assert places.take(burst(4), boxes) == []


def test_a_restart_forgets_no_portrait(tmp_path: Path) -> None:
    path = tmp_path / "room" / "still.json"
    assert StillPlaces(path).take(burst(1), [PORTRAIT, PERSON]) == []
    assert StillPlaces(path).take(burst(2), [PORTRAIT, PERSON]) == [PORTRAIT]
    path.write_bytes(b"half a fi")
    assert StillPlaces(path).take(burst(3), [PORTRAIT, PERSON]) == []


def test_a_person_who_holds_a_pose_for_one_burst_is_not_told_of() -> None:
    places = StillPlaces()
    assert places.take(burst(1, sway_px=0), [PERSON]) == []
    assert places.take(burst(2), [PERSON]) == []
    assert places.take(burst(3, sway_px=0), [PERSON]) == []


def test_a_camera_that_shakes_makes_nobody_still() -> None:
    assert still_boxes(burst(1, shake_px=4), [PORTRAIT, PERSON]) == []


def test_a_picture_or_two_say_nothing() -> None:
    assert still_boxes(burst(1, frames=3), [PORTRAIT]) == []
    assert still_boxes([], []) == []
