"""A room file says where people sit and how the room looks."""

from pathlib import Path

import cv2
import pytest

from site_agent.camera.boxes import Box
from site_agent.camera.room import Room, RoomFault, is_inside, load_room
from tests.doubles.camera import plain_room

SQUARE = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))


def test_the_middle_of_a_box_decides_whether_it_sits_in_the_room() -> None:
    room = Room(SQUARE)
    assert room.holds(Box(40, 40, 20, 20, 0.9), 100, 100)
    assert not room.holds(Box(0, 0, 20, 20, 0.9), 100, 100)


def test_a_room_without_a_polygon_holds_everything() -> None:
    assert Room().holds(Box(0, 0, 1, 1, 0.9), 100, 100)


def test_a_bay_of_the_polygon_lies_outside() -> None:
    arrow = ((0.0, 0.0), (1.0, 0.0), (0.5, 0.4), (1.0, 1.0), (0.0, 1.0))
    assert is_inside((0.2, 0.5), arrow)
    assert not is_inside((0.9, 0.5), arrow)


def test_a_room_file_brings_polygon_reference_and_ratio(tmp_path: Path) -> None:
    (tmp_path / "day.png").write_bytes(cv2.imencode(".png", plain_room())[1].tobytes())
    file = tmp_path / "room.json"
    file.write_text('{"polygon": [[0,0],[1,0],[1,1]], "reference": "day.png", "by_hand": 30, "by_camera": 24}')
    room = load_room(file)
    assert list(room.polygon) == [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]
    assert room.reference is not None
    assert room.hand_ratio == pytest.approx(1.25)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"polygons": []}', '{"polygon": [[0,0],[1,1]]}', '{"reference": "none.png"}']
)
def test_an_unusable_room_file_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "room.json"
    file.write_text(text)
    with pytest.raises(RoomFault, match=r"room\.json"):
        load_room(file)
