"""VP8 out of RTP into pictures, and files of them that decode whole."""

from __future__ import annotations

import io
from itertools import pairwise

import av
import pytest

from orchestrator.media.recorder.mp4 import Vp8Head
from orchestrator.media.recorder.reorder import Ordered
from orchestrator.media.recorder.take import VP8, Take
from orchestrator.media.recorder.vp8 import Picture, Pictures
from orchestrator.media.relay.rtp import Arrival
from tests.doubles.rtp_lecture import KeptFiles
from tests.doubles.vp8_lecture import Vp8Encoder, Vp8Lecture

TICKS = 90_000


def fed(
    pictures: Pictures, packets: list[bytes], timestamp: int, *, gap: bool = False, ends: bool = True
) -> list[Picture]:
    found: list[Picture] = []
    for index, payload in enumerate(packets):
        marker = 0x80 if ends and index == len(packets) - 1 else 0
        found += pictures.add(Ordered(Arrival(VP8, marker, 0, timestamp, 1, payload), gap and index == 0))
    return found


def encoder(width: int = 64, height: int = 48) -> Vp8Encoder:
    return Vp8Encoder(width, height, picture=32_760, layer=250)


def test_packets_become_pictures_and_the_first_says_how_large_they_are() -> None:
    pictures, source = Pictures(), encoder()
    (key,) = fed(pictures, source.packets(), 0)
    (after,) = fed(pictures, source.packets(), 3000)
    assert (key.key, key.head(), after.key, after.head()) == (True, Vp8Head(64, 48), False, None)
    assert key.sample()[3:6] == b"\x9d\x01\x2a"


def test_a_torn_picture_and_all_that_build_on_it_are_let_go() -> None:
    pictures, source = Pictures(), encoder()
    fed(pictures, source.packets(), 0)
    torn = source.packets(key=True)
    assert len(torn) > 2
    assert fed(pictures, torn[:1], 3000, ends=False) == []
    assert fed(pictures, torn[2:], 3000, gap=True) == []
    assert fed(pictures, source.packets(), 6000) == []
    assert pictures.waits_for_key
    (picture,) = fed(pictures, source.packets(key=True), 9000, gap=True)
    assert picture.key


def test_a_picture_that_never_came_or_came_without_its_beginning_is_noticed() -> None:
    source = encoder()
    source.packets()
    for packets, gap in ((source.packets(), True), (source.packets(key=True)[1:], False)):
        pictures = Pictures()
        fed(pictures, source.packets(key=True), 0)
        assert fed(pictures, packets, 6000, gap=gap) == []
        assert pictures.waits_for_key


def test_rubbish_is_nothing() -> None:
    pictures = Pictures()
    for payload in (b"", b"\x90", b"\x10", b"\x90\xf0\x80", b"\x10\x00", b"\x10\x00\x00\x00\x9d\x01\x2a", b"\xff" * 9):
        assert fed(pictures, [payload], 0) == []


def decoded(files: KeptFiles, index: int) -> list[tuple[float, int]]:
    """Moment and height of every picture of a file."""
    with av.open(io.BytesIO(files.heads[index] + files.bodies[index]), "r") as container:
        assert [one.codec_context.name for one in container.streams] == ["vp8", "opus"]
        return [(float(frame.time or 0), frame.height) for frame in container.decode(video=0)]


def test_a_lecture_in_vp8_is_written_whole_and_another_size_begins_another_file() -> None:
    files, now = KeptFiles(), 0.0
    take = Take(files, starts=0, segment_s=300, wall=lambda: 3.9e9 + now)
    lecture = Vp8Lecture()
    for at, kind, packet in [*lecture.of(encoder(), 90), *lecture.of(encoder(128, 96), 60)]:
        now = at
        take.packet(kind, packet, now)
        take.tick(now)
    take.finish("stopped")
    assert [(one.width, one.height) for one in files.openings] == [(64, 48), (128, 96)]
    first, second = decoded(files, 0), decoded(files, 1)
    assert [height for _, height in first] == [48] * 90
    assert [height for _, height in second] == [96] * 60
    assert [b[0] - a[0] for a, b in pairwise(first)] == pytest.approx([1 / 30] * 89, abs=1e-3)
    assert second[0][0] == pytest.approx(3.0, abs=0.01)
    assert files.ends == 5 * TICKS
