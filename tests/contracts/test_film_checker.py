"""What is found in a film before anybody may play it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from orchestrator.media.sources.film_checker import look
from orchestrator.media.sources.film_checking import check_film
from orchestrator.media.sources.job import Bounds, Why
from tests.doubles.films import FFMPEG, HIGH, film

VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "25")
RARE = ("-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "baseline", "-g", "999")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("films") / "good.mp4", seconds=3, size="160x90")


def test_a_film_that_fits_passes_and_its_length_and_sound_are_known(good: Path) -> None:
    looked = look(str(good), Bounds())
    assert (looked.fault, looked.converted, looked.turned) == ("", Why.NONE, False)
    assert looked.length_s == pytest.approx(3.0, abs=0.1)
    assert looked.picture == "H.264 Constrained Baseline 160x90"
    assert looked.sound == "AAC 44100 Hz"


def test_what_must_be_converted_is_told_with_its_reason(tmp_path: Path) -> None:
    high = film(tmp_path / "high.mkv", *HIGH, seconds=2, size="160x90")
    rare = film(tmp_path / "rare.mov", *RARE, seconds=4, size="160x90")
    assert look(str(high), Bounds()).converted is Why.B_FRAMES
    assert look(str(rare), Bounds(keyframe_s=2.0)).converted is Why.KEYFRAMES


def test_a_webm_without_a_length_is_measured(tmp_path: Path) -> None:
    command = [*FFMPEG, "-f", "lavfi", "-i", "testsrc=s=160x90:d=2", *VP9, "-f", "webm", "-live", "1"]
    subprocess.run([*command, str(tmp_path / "page.webm")], check=True, timeout=60)
    looked = look(str(tmp_path / "page.webm"), Bounds())
    assert (looked.fault, looked.converted, looked.sound) == ("", Why.CODEC, "")
    assert looked.length_s == pytest.approx(2.0, abs=0.2)


def test_a_picture_held_upright_is_told(good: Path, tmp_path: Path) -> None:
    turned = tmp_path / "phone.mov"
    command = [*FFMPEG, "-display_rotation", "90", "-i", str(good), "-c", "copy", str(turned)]
    if subprocess.run(command, check=False, timeout=60, stderr=subprocess.DEVNULL).returncode:  # before ffmpeg 6
        command = [*FFMPEG, "-i", str(good), "-c", "copy", "-metadata:s:v:0", "rotate=90", str(turned)]
        subprocess.run(command, check=True, timeout=60)
    assert look(str(turned), Bounds()).turned


def test_what_is_no_film_or_is_damaged_is_named(good: Path, tmp_path: Path) -> None:
    content = good.read_bytes()
    subprocess.run(
        [*FFMPEG, "-i", str(good), "-c", "copy", "-movflags", "+faststart", str(tmp_path / "fast.mp4")], check=True
    )
    fast = (tmp_path / "fast.mp4").read_bytes()
    mute = film(tmp_path / "mute.mp4", "-vn", seconds=2)
    holes = bytearray(content)
    start = holes.find(b"mdat") + 8
    holes[start : start + (len(holes) - start) * 3 // 4] = bytes((len(holes) - start) * 3 // 4)
    for name, made, fault in (
        ("a.mp4", b"%PDF-1.7 " + b"x" * 5000, "unknown"),
        ("b.mp4", b"#EXTM3U\nhttp://127.0.0.1:9/a.ts\n" * 9, "unknown"),
        ("c.mp4", content[: len(content) // 2], "broken"),
        ("d.mp4", fast[: len(fast) // 2], "truncated"),
        ("e.mp4", mute.read_bytes(), "no_picture"),
        ("f.mp4", bytes(holes), "broken"),
    ):
        (tmp_path / name).write_bytes(made)
        assert look(str(tmp_path / name), Bounds()).fault == fault, name


async def test_a_checker_that_dies_hangs_or_garbles_says_too_heavy(good: Path) -> None:
    assert (await check_film(good, Bounds())).converted is Why.NONE
    for program in ("raise SystemExit(1)", "import time; time.sleep(999)", "print('{')"):
        looked = await check_film(good, Bounds(), checker=("python3", "-c", program), wall_s=1.0)
        assert looked.fault == "too_heavy"


async def test_where_rooms_see_vp8_every_film_is_converted(good: Path) -> None:
    looked = await check_film(good, Bounds(video="vp8"))
    assert (looked.fault, looked.converted) == ("", Why.CENTRE_CODEC)
