"""The room that a person drew: kept, used at once, and nothing unfit ever stored."""

from pathlib import Path

import numpy as np
import pytest

from site_agent.camera.boxes import Box
from site_agent.camera.frames import Frame
from site_agent.camera.gate import Fault, judge
from site_agent.camera.keeper import FILE, FOLDER, RoomKeeper, Unfit
from tests.doubles.camera import plain_room

SEATS = [(0.1, 0.4), (0.9, 0.4), (0.9, 0.95), (0.1, 0.95)]


def half_covered(frame: Frame) -> Frame:
    """A hand before the left half of the lens."""
    covered = frame.copy()
    covered[:, : frame.shape[1] // 2] = 60
    return covered


def test_what_was_drawn_is_used_at_once_and_after_a_restart(tmp_path: Path) -> None:
    keeper = RoomKeeper(tmp_path)
    portrait, person = Box(300, 20, 40, 40, 0.9), Box(300, 200, 40, 40, 0.9)
    assert keeper.room().holds(portrait, 640, 360)
    keeper.draw(SEATS)
    for room in (keeper.room(), RoomKeeper(tmp_path).room()):
        assert (room.holds(portrait, 640, 360), room.holds(person, 640, 360)) == (False, True)
    keeper.draw([])
    assert keeper.room().holds(portrait, 640, 360)


def test_half_a_covered_lens_shows_against_the_reference_alone(tmp_path: Path) -> None:
    keeper = RoomKeeper(tmp_path)
    frame = plain_room(3)
    assert judge(half_covered(frame), keeper.room().reference) is None
    keeper.refer(frame, 1_000)
    again = RoomKeeper(tmp_path)
    assert again.told.reference_ms == 1_000
    assert judge(frame, again.room().reference) is None
    assert judge(half_covered(frame), again.room().reference) is Fault.PARTLY_COVERED
    again.forget_reference()
    assert judge(half_covered(frame), RoomKeeper(tmp_path).room().reference) is None


def test_a_picture_that_shows_nothing_is_no_reference(tmp_path: Path) -> None:
    keeper = RoomKeeper(tmp_path)
    with pytest.raises(Unfit) as unfit:
        keeper.refer(np.zeros((360, 640, 3), dtype=np.uint8), 1)
    assert (unfit.value.code, keeper.room().reference) == ("dark", None)


def test_the_count_by_hand_gives_the_ratio_until_the_seats_change(tmp_path: Path) -> None:
    keeper = RoomKeeper(tmp_path)
    keeper.calibrate(24, 20, 5_000)
    assert RoomKeeper(tmp_path).room().hand_ratio == pytest.approx(1.2)
    assert "hand=1.20" in keeper.room().settings
    keeper.draw(SEATS)
    assert (keeper.room().hand_ratio, keeper.told.by_hand_ms) == (None, None)


@pytest.mark.parametrize(
    ("corners", "code"),
    [
        (SEATS[:2], "corners"),
        (SEATS * 11, "corners"),
        ([(0.1, 0.1), (1.2, 0.1), (0.5, 0.9)], "outside"),
        ([(0.1, 0.1), (float("nan"), 0.1), (0.5, 0.9)], "outside"),
        ([(0.1, 0.1), (0.11, 0.1), (0.11, 0.11)], "too_small"),
    ],
)
def test_seats_that_nobody_can_sit_in_are_refused(
    tmp_path: Path, corners: list[tuple[float, float]], code: str
) -> None:
    keeper = RoomKeeper(tmp_path)
    keeper.draw(SEATS)
    with pytest.raises(Unfit) as unfit:
        keeper.draw(corners)
    assert unfit.value.code == code
    assert keeper.told.polygon == SEATS


def test_the_evidence_shows_that_the_seats_were_drawn_anew(tmp_path: Path) -> None:
    keeper = RoomKeeper(tmp_path)
    keeper.draw(SEATS)
    before = keeper.room().settings
    keeper.draw([(0.1, 0.5), *SEATS[1:]])
    assert before.startswith(" polygon=4:")
    assert keeper.room().settings != before


def test_a_room_that_cannot_be_read_is_an_undrawn_one(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / FILE).write_bytes(b"{")
    assert RoomKeeper(tmp_path).room().polygon == ()
