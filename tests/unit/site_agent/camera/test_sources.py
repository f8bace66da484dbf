"""What may stand behind --camera."""

from pathlib import Path

import cv2
import pytest

from site_agent.camera.frames import Frame
from site_agent.camera.sources import SourceKind, SourceLost, open_source, parse_source
from tests.doubles.camera import plain_room


def write(path: Path, frame: Frame) -> None:
    path.write_bytes(cv2.imencode(".png", frame)[1].tobytes())


@pytest.mark.parametrize(
    ("text", "kind"),
    [("0", SourceKind.DEVICE), ("rtsp://10.0.0.9/live", SourceKind.STREAM), ("rooms/a", SourceKind.FILE)],
)
def test_a_source_is_told_by_its_form(text: str, kind: SourceKind) -> None:
    assert parse_source(text).kind is kind


def test_the_shown_name_of_a_stream_carries_no_password() -> None:
    assert parse_source("rtsp://admin:secret@10.0.0.9:554/live?key=1").name == "rtsp://10.0.0.9/live"


def test_a_folder_goes_round_and_sees_new_pictures(tmp_path: Path) -> None:
    write(tmp_path / "a.png", plain_room(1))
    capture = open_source(parse_source(str(tmp_path)))
    capture.grab()
    assert (capture.retrieve() == plain_room(1)).all()
    write(tmp_path / "b.png", plain_room(2))
    seen = []
    for _ in range(2):
        capture.grab()
        seen.append(capture.retrieve())
    assert (seen[0] == plain_room(1)).all()
    assert (seen[1] == plain_room(2)).all()


def test_only_a_marked_folder_is_drawn(tmp_path: Path) -> None:
    write(tmp_path / "a.png", plain_room())
    assert not open_source(parse_source(str(tmp_path))).is_drawn
    (tmp_path / "drawn.json").write_text("{}")
    assert open_source(parse_source(str(tmp_path))).is_drawn


def test_an_empty_folder_and_a_missing_file_are_lost(tmp_path: Path) -> None:
    with pytest.raises(SourceLost):
        open_source(parse_source(str(tmp_path))).grab()
    with pytest.raises(SourceLost):
        open_source(parse_source(str(tmp_path / "none.mp4")))


def test_a_picture_that_is_none_is_lost(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"not a picture")
    capture = open_source(parse_source(str(tmp_path)))
    capture.grab()
    with pytest.raises(SourceLost):
        capture.retrieve()


def test_a_video_starts_again_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "room.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (640, 360))
    for seed in range(3):
        writer.write(plain_room(seed))
    writer.release()
    capture = open_source(parse_source(str(path)))
    for _ in range(7):
        capture.grab()
        assert capture.retrieve().shape == (360, 640, 3)
    capture.close()
