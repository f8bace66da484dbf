"""A burst that was kept is counted as a roll call counts one: what single pictures cannot show is named."""

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from site_agent.camera.boxes import Box
from site_agent.camera.count import count_kept_burst, main
from site_agent.camera.frames import Frame
from site_agent.camera.gate import Fault
from site_agent.camera.kept_burst import MOST_PICTURES, NoBurst, read_burst
from site_agent.camera.room import Room
from tests.doubles.camera import plain_room

FACE, PASSER_BY = Box(10, 20, 30, 40, 0.9), Box(500, 20, 30, 40, 0.9)
BLACK: Frame = np.zeros((360, 640, 3), dtype=np.uint8)


class Seen:
    """One who sits in every picture, and one who walks by in the first."""

    def __init__(self) -> None:
        self._pictures = 0

    def detect(self, frame: Frame) -> list[Box]:
        self._pictures += 1
        return [FACE, PASSER_BY] if self._pictures == 1 else [FACE]


def folder_of(folder: Path, frames: Sequence[Frame]) -> Path:
    folder.mkdir()
    for place, frame in enumerate(frames):
        (folder / f"{place:03d}.png").write_bytes(cv2.imencode(".png", frame)[1].tobytes())
    return folder


def rooms(number: int) -> list[Frame]:
    return [plain_room(seed) for seed in range(number)]


def test_a_folder_is_one_count_by_seat_voting(tmp_path: Path) -> None:
    seen = count_kept_burst(folder_of(tmp_path / "loạt ảnh", rooms(5)), Seen(), Room())
    assert (seen.count, seen.minimum, seen.maximum, seen.frames_used, seen.reason) == (1, 1, 2, 5, None)
    assert (seen.quality, seen.boxes) == (1.0, [(10, 20, 30, 40, 0.9)])


def test_a_camera_that_gives_one_picture_over_and_over_is_frozen(tmp_path: Path) -> None:
    seen = count_kept_burst(folder_of(tmp_path / "burst", [plain_room()] * 4), Seen(), Room())
    assert (seen.count, seen.reason) == (None, Fault.FROZEN)
    assert [each.reason for each in seen.frames] == [None] * 4


def test_what_the_gate_said_of_each_picture_is_told(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "burst", [*rooms(4), BLACK])
    (folder / "005.jpg").write_bytes(b"half a pict")
    (folder / "drawn.json").write_text("{}")
    seen = count_kept_burst(folder, Seen(), Room())
    assert (seen.count, seen.frames_used, seen.quality) == (1, 4, 0.667)
    told = [(each.image, each.reason) for each in seen.frames]
    assert told[3:] == [("003.png", None), ("004.png", Fault.DARK), ("005.jpg", Fault.UNREADABLE)]


def test_a_burst_that_is_mostly_dark_is_not_counted(tmp_path: Path) -> None:
    seen = count_kept_burst(folder_of(tmp_path / "burst", [*rooms(1), BLACK, BLACK]), Seen(), Room())
    assert (seen.count, seen.reason) == (None, Fault.DARK)


def test_a_burst_that_is_mostly_unreadable_says_so(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "burst", rooms(1))
    for name in ("1.jpg", "2.jpg"):
        (folder / name).write_bytes(b"half a pict")
    assert count_kept_burst(folder, Seen(), Room()).reason is Fault.UNREADABLE


def test_without_a_model_a_burst_has_no_number(tmp_path: Path) -> None:
    assert count_kept_burst(folder_of(tmp_path / "burst", rooms(3)), None, Room()).reason is Fault.NO_MODEL


def test_what_is_no_burst_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "note.txt").write_text("not a folder")
    many = folder_of(tmp_path / "many", [BLACK] * (MOST_PICTURES + 1))
    for path in (tmp_path / "none", tmp_path / "empty", tmp_path / "note.txt", many):
        with pytest.raises(NoBurst):
            read_burst(path)


def test_the_command_names_a_frozen_camera_beside_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frozen = folder_of(tmp_path / "burst", [plain_room()] * 3)
    assert main([str(frozen / "000.png"), "--burst", str(frozen), "--json"]) == 0
    picture, burst = json.loads(capsys.readouterr().out)
    assert picture["reason"] is None
    assert (burst["burst"], burst["count"], burst["reason"]) == (str(frozen), None, "frozen")
    assert main(["--burst", str(frozen)]) == 0
    assert "(frozen; 3 pictures)" in capsys.readouterr().out


def test_the_command_says_by_its_exit_code_that_there_was_no_burst(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--burst", str(tmp_path / "none")]) == 1
    assert "cannot read the burst" in capsys.readouterr().err
    with pytest.raises(SystemExit) as exit_:
        main([])
    assert exit_.value.code == 2
