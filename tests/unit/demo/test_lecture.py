from pathlib import Path

import av
import pytest
from PIL import ImageChops

from demo.lecture import LectureSettings, lecture_file
from demo.recorded import AUDIO_CLOCK, VIDEO_CLOCK, RecordedLecture, Reel
from demo.slides import SlidePainter, writable

SMALL = LectureSettings(width=320, height=180, seconds=6)
IDR, SEQUENCE_PARAMETERS = 5, 7


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lecture")


def unit_types(payload: bytes) -> set[int]:
    """Types of the NAL units after each start code (H.264 §7.3.1)."""
    return {part[0] & 0x1F for part in payload.split(b"\x00\x00\x01")[1:]}


def test_a_lecture_is_made_once(folder: Path) -> None:
    first = lecture_file(folder, SMALL)
    made_ns = first.stat().st_mtime_ns
    assert lecture_file(folder, SMALL) == first
    assert first.stat().st_mtime_ns == made_ns
    assert [path.name for path in folder.iterdir()] == [first.name]


def test_other_settings_are_another_file() -> None:
    assert LectureSettings(fps=12).digest() != LectureSettings().digest()


def test_the_picture_is_constrained_baseline_with_a_keyframe_every_two_seconds(folder: Path) -> None:
    path = lecture_file(folder, SMALL)
    with av.open(str(path)) as container:
        assert container.streams.video[0].codec_context.profile == "Constrained Baseline"
    reel = RecordedLecture.read(path).video
    keys = [at for at, payload in reel.packets if IDR in unit_types(payload)]
    assert keys == [0, 2 * VIDEO_CLOCK, 4 * VIDEO_CLOCK]
    assert all(SEQUENCE_PARAMETERS in unit_types(payload) for at, payload in reel.packets if at in keys)


def test_picture_and_sound_are_equally_long(folder: Path) -> None:
    lecture = RecordedLecture.read(lecture_file(folder, SMALL))
    assert lecture.video.length / VIDEO_CLOCK == lecture.audio.length / AUDIO_CLOCK == 6
    assert len(lecture.video.packets) == 90


@pytest.mark.parametrize("seconds", [0, 4, 10])
def test_a_loop_whose_sound_would_end_elsewhere_is_refused(seconds: int) -> None:
    with pytest.raises(ValueError, match="seconds"):
        LectureSettings(seconds=seconds)


def test_timestamps_grow_evenly_over_the_seam() -> None:
    reel = Reel(((0, b"a"), (10, b"b")), 20, 90_000)
    assert [reel.at(number) for number in range(5)] == [(0, b"a"), (10, b"b"), (20, b"a"), (30, b"b"), (40, b"a")]


def test_the_slides_move_from_frame_to_frame() -> None:
    painter = SlidePainter(320, 180, 15, 4, "Cô Lan")
    assert ImageChops.difference(painter.frame(0), painter.frame(1)).getbbox() is not None
    assert ImageChops.difference(painter.frame(0), painter.frame(40)).getbbox() is not None


def test_without_a_vietnamese_font_the_marks_are_left_out() -> None:
    assert writable("Đổi mới đánh giá", None) == "Doi moi danh gia"
    assert writable("Đổi mới", "NotoSans-Bold.ttf") == "Đổi mới"
