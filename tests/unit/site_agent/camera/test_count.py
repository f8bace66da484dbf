"""The command that counts pictures."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from site_agent.camera.boxes import Box
from site_agent.camera.count import count_picture, main
from site_agent.camera.frames import Frame
from site_agent.camera.gate import Fault
from site_agent.camera.room import Room
from tests.doubles.camera import plain_room

LEFT_HALF = Room(((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))


class Seen:
    """A detector that sees the same faces in every picture."""

    def __init__(self, *boxes: Box) -> None:
        self._boxes = list(boxes)

    def detect(self, frame: Frame) -> list[Box]:
        return self._boxes


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "phòng học.png"
    path.write_bytes(cv2.imencode(".png", plain_room())[1].tobytes())
    return path


def test_sure_faces_among_the_seats_are_counted(picture: Path) -> None:
    faces = Seen(Box(10, 20, 30, 40, 0.9), Box(100, 20, 30, 40, 0.4), Box(500, 20, 30, 40, 0.8))
    seen = count_picture(picture, faces, LEFT_HALF)
    assert (seen.count, seen.boxes, seen.confidence, seen.reason) == (1, [(10, 20, 30, 40, 0.9)], 0.9, None)


def test_an_empty_room_is_as_sure_as_its_faintest_hint_is_faint(picture: Path) -> None:
    assert count_picture(picture, Seen(), Room()).confidence == 0.7
    assert count_picture(picture, Seen(Box(1, 1, 9, 9, 0.55)), Room()).confidence == 0.45


def test_without_a_model_there_is_no_number(picture: Path) -> None:
    assert count_picture(picture, None, Room()).reason is Fault.NO_MODEL


def test_a_missing_picture_is_unreadable(tmp_path: Path) -> None:
    seen = count_picture(tmp_path / "none.jpg", Seen(), Room())
    assert (seen.count, seen.reason) == (None, Fault.UNREADABLE)


def test_the_command_prints_one_json_array(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    black = tmp_path / "black.png"
    black.write_bytes(cv2.imencode(".png", np.zeros((360, 640, 3), dtype=np.uint8))[1].tobytes())
    assert main([str(black), "--json"]) == 0
    (seen,) = json.loads(capsys.readouterr().out)
    assert set(seen) == {"image", "count", "boxes", "confidence", "reason", "ms"}
    assert (seen["count"], seen["boxes"], seen["reason"]) == (None, [], "dark")


def test_the_command_says_by_its_exit_code_that_a_picture_was_unreadable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "none.jpg")]) == 1
    assert "unreadable" in capsys.readouterr().out


def test_a_bad_room_file_is_wrong_usage(picture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main([str(picture), "--room", str(picture)])
    assert exit_.value.code == 2
    assert "phòng học.png" in capsys.readouterr().err
