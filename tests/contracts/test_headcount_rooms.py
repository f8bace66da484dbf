"""How well rooms are counted: photographs counted by hand where they are at hand, drawn rooms always."""

import json
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from demo.room import CAPACITY, DrawnRoom, write_room
from site_agent.camera.count import count_picture
from site_agent.camera.detector import FaceDetector, load_detector
from site_agent.camera.eyes import load_near_detector
from site_agent.camera.frames import Frame, Picture, read_picture, to_grey
from site_agent.camera.gate import Fault
from site_agent.camera.headcount import count_burst, people_in
from site_agent.camera.privacy import MOST_FACE_PX, prepare
from site_agent.camera.room import Room
from site_agent.camera.sources import open_source, parse_source
from tests.doubles.hand_counted import (
    BELOW_THE_PORTRAITS,
    EMPTY,
    FRONT,
    PORTRAITS,
    ROOMS,
    SEATS,
    Spoil,
    black,
    covered,
    half_covered,
    photographs,
)
from wire.ids import PicturePolicy

WORST_MEAN_ERROR = 0.07


@pytest.fixture(scope="module")
def detector() -> FaceDetector:
    return load_detector()


def heads(view: str) -> dict[str, int]:
    """Heads in each photograph of a view; empty where the photographs are not at hand."""
    return {photo.name: photo.people for photo in photographs() if photo.view == view}


def counted(detector: FaceDetector, name: str) -> int | None:
    return count_picture(ROOMS / f"{name}.jpg", detector, SEATS.get(name, Room())).count


def drawn(people: int, frames: int, seed: int = 1) -> list[Frame]:
    room = DrawnRoom(people, seed)
    return [np.ascontiguousarray(np.asarray(room.frame(index))[:, :, ::-1]) for index in range(frames)]


def test_rooms_that_face_the_camera_are_within_seven_percent(detector: FaceDetector) -> None:
    errors = []
    for name, people in heads(FRONT).items():
        number = counted(detector, name)
        assert number is not None
        errors.append(abs(number - people) / people)
        print(f"{name}: {number} of {people}, {errors[-1]:.1%} off")  # noqa: T201
    assert sum(errors) <= WORST_MEAN_ERROR * len(errors)


def test_empty_rooms_are_zero(detector: FaceDetector) -> None:
    assert {name: counted(detector, name) for name in heads(EMPTY)} == heads(EMPTY)


def test_a_filmed_class_of_four_is_four(detector: FaceDetector) -> None:
    film = ROOMS / "intel_classroom_preview.gif"
    for path in [film] if film.is_file() else []:
        capture = open_source(parse_source(str(path)))
        frames = []
        for _ in range(10):
            capture.grab()
            frames.append(capture.retrieve())
        capture.close()
        tally = count_burst(frames, detector, Room())
        assert (tally.count, tally.minimum, tally.maximum) == (4, 4, 4)


@pytest.mark.parametrize("people", [0, 1, 2, 5, 8, 13, 21, 27, 34, CAPACITY])
def test_a_drawn_room_is_counted_exactly(detector: FaceDetector, people: int) -> None:
    tally = count_burst(drawn(people, frames=3, seed=people + 3), detector, Room())
    assert (tally.count, tally.minimum, tally.maximum, tally.reason) == (people, people, people, None)


def test_a_drawn_room_survives_its_folder(detector: FaceDetector, tmp_path: Path) -> None:
    write_room(tmp_path, 21, frames=2)
    write_room(tmp_path, 9, frames=1)
    assert json.loads((tmp_path / "drawn.json").read_text())["people"] == 9
    assert [path.name for path in sorted(tmp_path.glob("*.jpg"))] == ["frame-000.jpg"]
    assert count_burst([read_picture(tmp_path / "frame-000.jpg")], detector, Room()).count == 9


@pytest.mark.parametrize(
    ("spoil", "fault"), [(black, Fault.DARK), (covered, Fault.COVERED), (half_covered, Fault.PARTLY_COVERED)]
)
def test_a_spoiled_room_has_a_reason_and_no_number(detector: FaceDetector, spoil: Spoil, fault: Fault) -> None:
    frames = drawn(21, frames=3)
    room = Room(reference=to_grey(frames[0]))
    assert count_burst(frames, detector, room).count == 21
    tally = count_burst([spoil(frame) for frame in frames], detector, room)
    assert (tally.count, tally.reason) == (None, fault)


def test_portraits_outside_the_drawn_seats_are_not_counted(detector: FaceDetector) -> None:
    for path in [photo.path for photo in photographs() if photo.name == PORTRAITS]:
        frame = read_picture(path)
        wall = 0.05 * frame.shape[0]
        whole = people_in(frame, detector, Room())
        seated = people_in(frame, detector, BELOW_THE_PORTRAITS)
        assert sum(box.centre[1] < wall for box in whole) == 3
        assert [box for box in whole if box.centre[1] >= wall] == seated


@pytest.mark.parametrize("finds", [True, False])
def test_of_every_hand_marked_face_at_most_six_pixels_leave(detector: FaceDetector, *, finds: bool) -> None:
    """Also when the detector finds nobody at all: it is not what privacy rests on."""
    near = load_near_detector()
    for photo in photographs():
        frame = read_picture(photo.path)
        left = prepare(
            Picture(frame, is_drawn=False),
            PicturePolicy.BLURRED,
            partial(near.detect, frame) if finds else list,
            places=people_in(frame, detector, Room()) if finds else (),
            side=1280,
            most_bytes=384 << 10,
        )
        assert left is not None
        picture = cv2.imdecode(np.frombuffer(left.jpeg, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        assert max(photo.faces, default=0) * picture.shape[1] / frame.shape[1] <= MOST_FACE_PX


def test_a_camera_that_repeats_one_picture_has_a_reason_and_no_number(detector: FaceDetector) -> None:
    tally = count_burst(drawn(21, frames=1) * 4, detector, Room())
    assert (tally.count, tally.reason) == (None, Fault.FROZEN)


def test_a_room_has_no_more_seats_than_it_has() -> None:
    for people in (-1, CAPACITY + 1):
        with pytest.raises(ValueError, match="seats 0 to 40"):
            DrawnRoom(people)
