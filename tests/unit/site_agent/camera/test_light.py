"""A dim picture is brightened before faces are looked for; a bright one is left as it is."""

import numpy as np

from site_agent.camera.light import BRIGHT, DIM_BELOW, lit
from tests.doubles.camera import plain_room


def brightest(frame: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> float:
    return float(np.percentile(frame, 95))


def test_a_bright_picture_stays_as_it_is() -> None:
    frame = plain_room()
    assert lit(frame) is frame


def test_a_dim_picture_becomes_bright_and_its_noise_smaller() -> None:
    dim = np.asarray(plain_room(2) * 0.15, dtype=np.uint8)
    assert brightest(dim) < DIM_BELOW
    made = lit(dim)
    assert abs(brightest(made) - BRIGHT) < 40
    flat = np.clip(np.random.default_rng(1).normal(20, 5, (360, 640, 3)), 0, 255).astype(np.uint8)
    gain = BRIGHT / brightest(flat)
    assert float(lit(flat).std()) < 0.6 * float(flat.std()) * gain


def test_a_black_picture_is_no_division_by_nought() -> None:
    black = np.zeros((36, 64, 3), dtype=np.uint8)
    assert not lit(black).any()
