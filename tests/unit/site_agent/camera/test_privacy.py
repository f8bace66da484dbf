"""What of a picture may leave: nothing, a picture without a face, or the picture."""

from collections.abc import Iterable

import cv2
import numpy as np
import pytest

from site_agent.camera.boxes import Box
from site_agent.camera.detector import NoModel
from site_agent.camera.frames import Frame, Picture
from site_agent.camera.privacy import MOST_FACE_PX, NEAREST_SHARE, Leaving, prepare, reduce, stricter
from tests.doubles.camera import plain_room
from wire.ids import PicturePolicy

COUNT_ONLY, BLURRED, FULL = PicturePolicy.COUNT_ONLY, PicturePolicy.BLURRED, PicturePolicy.FULL


def no_faces() -> Iterable[Box]:
    return []


def must_not_look() -> Iterable[Box]:
    raise AssertionError("nobody asked for faces")


def no_model() -> Iterable[Box]:
    raise NoModel("missing")


def room(width: int = 1280, height: int = 720) -> Frame:
    return np.asarray(cv2.resize(plain_room(3), (width, height)), dtype=np.uint8)


def left(frame: Frame, policy: PicturePolicy, *, is_drawn: bool = False) -> Leaving | None:
    return prepare(Picture(frame, is_drawn), policy, no_faces, side=1280, most_bytes=384 << 10)


def test_the_stricter_of_two_policies_holds_whoever_names_it() -> None:
    for one in PicturePolicy:
        assert stricter(one, one) is one
        assert stricter(one, COUNT_ONLY) is stricter(COUNT_ONLY, one) is COUNT_ONLY
        assert stricter(one, FULL) is stricter(FULL, one) is one


def test_under_count_only_nobody_even_looks_at_the_picture() -> None:
    assert prepare(Picture(room(), is_drawn=False), COUNT_ONLY, must_not_look, side=1280, most_bytes=1 << 20) is None


def test_a_drawn_room_leaves_whole_whatever_the_policy() -> None:
    for policy in PicturePolicy:
        picture = left(room(), policy, is_drawn=True)
        assert picture is not None
        assert (picture.width, picture.height, picture.policy) == (1280, 720, FULL)


def test_without_a_model_no_blurred_picture_leaves() -> None:
    with pytest.raises(NoModel):
        prepare(Picture(room(), is_drawn=False), BLURRED, no_model, side=1280, most_bytes=1 << 20)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (720, 1280), (1920, 1080), (640, 480), (4000, 300)])
@pytest.mark.parametrize("face", [0, 20, 137, 400, 900])
def test_no_expected_face_is_wider_than_six_pixels(width: int, height: int, face: int) -> None:
    small = reduce(room(width, height), [Box(1, 1, face, face, 0.31)])
    scale = small.shape[1] / width
    assert face * scale <= MOST_FACE_PX
    assert NEAREST_SHARE * max(width, height) * scale <= MOST_FACE_PX


def test_a_person_who_leans_into_the_lens_makes_the_whole_picture_smaller() -> None:
    far, near = reduce(room(), [Box(0, 0, 30, 40, 0.9)]), reduce(room(), [Box(0, 0, 640, 700, 0.4)])
    assert (far.shape[1], near.shape[1]) == (56, 8)


def test_the_picture_is_averaged_and_keeps_no_pixel_by_chance() -> None:
    stripes = np.zeros((720, 1280, 3), dtype=np.uint8)
    stripes[:, ::2] = 255
    small = reduce(stripes, [])
    assert int(small.max()) - int(small.min()) < 12


def test_counted_places_are_painted_and_stay_apart() -> None:
    seats = [Box(100 + 50 * seat, 300, 25, 30, 0.9) for seat in range(6)]
    small = reduce(np.full((720, 1280, 3), 40, dtype=np.uint8), seats, seats)
    painted = (small != 40).any(axis=2)
    row = painted[int(300 * small.shape[0] / 720)]
    assert int(np.diff(row.astype(int)).clip(0).sum()) == 6


def test_a_place_at_the_edge_of_the_picture_is_painted_inside_it() -> None:
    small = reduce(room(), [], [Box(-30, -30, 60, 60, 0.9), Box(1270, 710, 80, 80, 0.9)])
    assert small.shape == (31, 56, 3)


def test_a_full_picture_is_made_smaller_until_it_fits() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (720, 1280, 3), dtype=np.uint8)
    picture = prepare(Picture(noise, is_drawn=False), FULL, must_not_look, side=1280, most_bytes=48 << 10)
    assert picture is not None
    assert len(picture.jpeg) <= 48 << 10
    assert picture.width < 1280


def test_a_picture_that_fits_nowhere_stays() -> None:
    assert prepare(Picture(room(), is_drawn=False), FULL, no_faces, side=1280, most_bytes=200) is None
