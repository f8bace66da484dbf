"""Files of fragments: read through, repaired at any cut, joined and served in stretches."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path

import av
import pytest

from orchestrator.media.recorder.take import Take
from orchestrator.recordings.files import Whole, alone, digest_of, joined, repair, scan
from tests.doubles.rtp_lecture import KeptFiles, RtpLecture
from tests.doubles.vp8_lecture import Vp8Encoder, Vp8Lecture


@pytest.fixture
def written(tmp_path: Path) -> list[Path]:
    """Three files of four seconds each."""
    kept = KeptFiles()
    take = Take(kept, starts=0, segment_s=4, wall=lambda: 0.0)
    now = 0.0
    for at, kind, packet in RtpLecture(key_every=30).between(0, 12):
        now = at
        take.packet(kind, packet, now)
        take.tick(now)
    take.finish("stopped")
    paths = [tmp_path / f"lecture-{number:04d}.mp4" for number in (1, 2, 3)]
    for path, head, body in zip(paths, kept.heads, kept.bodies, strict=True):
        path.write_bytes(head + body)
    return paths


def read(whole: Whole) -> bytes:
    """All of it in odd stretches."""
    found = bytearray()
    while stretch := whole.read(len(found), 4099):
        found += stretch
    return bytes(found)


def times(content: bytes) -> list[float]:
    with av.open(io.BytesIO(content), "r") as container:
        return [
            float(each.pts * each.time_base) for each in container.demux(video=0) if each.pts is not None and each.size
        ]


def test_a_file_is_read_through(written: list[Path]) -> None:
    found = scan(written[0])
    assert found.good == written[0].stat().st_size
    assert (found.spots[0].starts, found.spots[0].key) == (0, True)
    assert found.ends == pytest.approx(4 * 90000, abs=4000)
    assert sum(spot.key for spot in found.spots) >= 4


@pytest.mark.parametrize("cut", [1, 7, 100, 1500, 3000])
def test_wherever_a_file_is_cut_it_is_mended_to_its_last_whole_fragment(written: list[Path], cut: int) -> None:
    path = written[0]
    whole = scan(path)
    path.write_bytes(path.read_bytes()[:-cut])
    mended = repair(path)
    assert mended is not None
    assert mended.size == path.stat().st_size
    assert mended.size in {spot.offset + spot.size for spot in whole.spots}
    assert mended.digest == digest_of(path)
    assert len(times(path.read_bytes())) > 100 - cut // 100


def test_a_file_without_a_whole_fragment_is_nothing(written: list[Path]) -> None:
    path = written[0]
    path.write_bytes(path.read_bytes()[: scan(path).head + 40])
    assert repair(path) is None
    assert not path.exists()
    assert repair(path) is None


def test_files_of_another_codec_are_left_out_of_the_joined_one(written: list[Path], tmp_path: Path) -> None:
    kept, now = KeptFiles(), 0.0
    take = Take(kept, starts=12 * 90000, segment_s=300, wall=lambda: 0.0)
    for at, kind, packet in Vp8Lecture().of(Vp8Encoder(64, 48, picture=1, layer=1), 90):
        now = at
        take.packet(kind, packet, now)
        take.tick(now)
    take.finish("stopped")
    other = tmp_path / "lecture-0004.mp4"
    other.write_bytes(kept.heads[0] + kept.bodies[0])
    assert read(joined([(path, path.stat().st_size) for path in [*written, other]])) == read(
        joined([(path, path.stat().st_size) for path in written])
    )
    with av.open(io.BytesIO(read(joined([(other, other.stat().st_size)]))), "r") as container:
        assert [frame.height for frame in container.decode(video=0)] == [48] * 90


def test_joined_files_are_one_with_an_index_and_no_seam(written: list[Path]) -> None:
    whole = joined([(path, path.stat().st_size) for path in written])
    content = read(whole)
    assert len(content) == whole.size
    found = times(content)
    assert len(found) == 360
    assert found == sorted(found)
    assert max(after - before for before, after in pairwise(found)) < 0.04
    with av.open(io.BytesIO(content), "r") as container:
        assert container.duration == pytest.approx(12e6, abs=50_000)
        container.seek(9_000_000)
        assert next(container.demux(video=0)).dts == pytest.approx(8.5 * 90000, abs=0.6 * 90000)


def test_a_file_that_is_taken_alone_begins_at_nought(written: list[Path]) -> None:
    content = read(alone(written[2], written[2].stat().st_size))
    found = times(content)
    assert found[0] == pytest.approx(0, abs=0.05)
    assert len(found) == 120
    assert len(content) == written[2].stat().st_size


def test_only_what_was_there_at_the_look_is_joined(written: list[Path]) -> None:
    size = scan(written[0]).spots[2].offset + 10
    whole = joined([(written[0], size)])
    assert len(times(read(whole))) < 120


def test_nothing_joined_is_nothing() -> None:
    assert joined([]).size == 0
    assert joined([]).read(0, 10) == b""
