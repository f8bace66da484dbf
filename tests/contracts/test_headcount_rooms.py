"""How well rooms are counted: photographs counted by hand where they are at hand, drawn rooms always."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from demo.room import CAPACITY, DrawnRoom, write_room
from site_agent.camera.count import count_picture
from site_agent.camera.detector import FaceDetector, load_detector
from site_agent.camera.frames import Frame, read_picture
from site_agent.camera.gate import Fault
from site_agent.camera.headcount import count_burst
from site_agent.camera.room import Room
from site_agent.camera.sources import open_source, parse_source

ROOMS = Path(__file__).resolve().parents[3] / "shared" / "data" / "rooms"
WORST_MEAN_ERROR = 0.07
# The television on the left wall of this room shows a speaker; its polygon is everything right of it.
SEATS = {"e02_skylight": Room(((0.1, 0.0), (1.0, 0.0), (1.0, 1.0), (0.1, 1.0)))}


@pytest.fixture(scope="module")
def detector() -> FaceDetector:
    return load_detector()


def photographs(view: str) -> dict[str, int]:
    """Heads in each photograph of a view; empty where the photographs are not at hand."""
    truth = ROOMS / "ground_truth.json"
    if not truth.is_file():
        return {}
    photos = json.loads(truth.read_text(encoding="utf-8"))["photos"]
    return {name: photo["n_heads"] for name, photo in photos.items() if photo["view"] == view}


def counted(detector: FaceDetector, name: str) -> int | None:
    return count_picture(ROOMS / f"{name}.jpg", detector, SEATS.get(name, Room())).count


def drawn(people: int, frames: int, seed: int = 1) -> list[Frame]:
    room = DrawnRoom(people, seed)
    return [np.ascontiguousarray(np.asarray(room.frame(index))[:, :, ::-1]) for index in range(frames)]


def test_rooms_that_face_the_camera_are_within_seven_percent(detector: FaceDetector) -> None:
    errors = []
    for name, heads in photographs("FRONT").items():
        number = counted(detector, name)
        assert number is not None
        errors.append(abs(number - heads) / heads)
        print(f"{name}: {number} of {heads}, {errors[-1]:.1%} off")  # noqa: T201
    assert sum(errors) <= WORST_MEAN_ERROR * len(errors)


def test_empty_rooms_are_zero(detector: FaceDetector) -> None:
    assert {name: counted(detector, name) for name in photographs("EMPTY")} == photographs("EMPTY")


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


def black(frame: Frame) -> Frame:
    return np.zeros_like(frame)


def covered(frame: Frame) -> Frame:
    """A hand on the lens: one grey with sensor noise."""
    noise = np.random.default_rng(0).normal(70, 3, frame.shape)
    return np.asarray(noise, dtype=np.uint8)


@pytest.mark.parametrize(("spoil", "fault"), [(black, Fault.DARK), (covered, Fault.COVERED)])
def test_a_spoiled_room_has_a_reason_and_no_number(
    detector: FaceDetector, spoil: Callable[[Frame], Frame], fault: Fault
) -> None:
    tally = count_burst([spoil(frame) for frame in drawn(21, frames=3)], detector, Room())
    assert (tally.count, tally.reason) == (None, fault)


def test_a_camera_that_repeats_one_picture_has_a_reason_and_no_number(detector: FaceDetector) -> None:
    tally = count_burst(drawn(21, frames=1) * 4, detector, Room())
    assert (tally.count, tally.reason) == (None, Fault.FROZEN)


def test_a_room_has_no_more_seats_than_it_has() -> None:
    for people in (-1, CAPACITY + 1):
        with pytest.raises(ValueError, match="seats 0 to 40"):
            DrawnRoom(people)
