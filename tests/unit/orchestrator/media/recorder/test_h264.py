"""Pictures out of RTP, and what a file must know of them."""

from __future__ import annotations

from orchestrator.media.recorder.h264 import Geometry, Picture, Pictures, geometry
from orchestrator.media.recorder.reorder import Ordered
from orchestrator.media.relay.rtp import Arrival
from tests.doubles.rtp_lecture import PPS, SPS, packets_of

IDR, SLICE = b"\x65" + b"k" * 3000, b"\x41" + b"p" * 900


def fed(pictures: Pictures, packets: list[bytes], timestamp: int, *, gap: bool = False) -> list[Picture]:
    found: list[Picture] = []
    for index, payload in enumerate(packets):
        marker = 0x80 if index == len(packets) - 1 else 0
        found += pictures.add(Ordered(Arrival(102, marker, 0, timestamp, 1, payload), gap and index == 0))
    return found


def test_single_units_aggregates_and_fragments_become_one_picture() -> None:
    (picture,) = fed(Pictures(), packets_of([SPS, PPS, IDR]), 3000)
    assert picture.key
    assert (picture.sps, picture.pps, picture.units) == (SPS, PPS, [SPS, PPS, IDR])
    assert picture.sample().startswith(len(SPS).to_bytes(4, "big") + SPS)


def test_nothing_is_given_before_the_first_key_picture() -> None:
    pictures = Pictures()
    assert fed(pictures, packets_of([SLICE]), 0) == []
    assert pictures.waits_for_key
    assert len(fed(pictures, packets_of([SPS, PPS, IDR]), 3000)) == 1
    assert len(fed(pictures, packets_of([SLICE]), 6000)) == 1


def test_a_torn_picture_and_all_that_build_on_it_are_let_go() -> None:
    pictures = Pictures()
    fed(pictures, packets_of([SPS, PPS, IDR]), 0)
    torn = packets_of([b"\x41" + b"p" * 4000])
    assert fed(pictures, torn[:1], 3000) == []
    assert fed(pictures, torn[2:], 3000, gap=True) == []
    assert fed(pictures, packets_of([SLICE]), 6000) == []
    assert pictures.waits_for_key
    (picture,) = fed(pictures, packets_of([SPS, PPS, IDR]), 9000)
    assert picture.key


def test_a_picture_that_never_came_is_noticed() -> None:
    pictures = Pictures()
    fed(pictures, packets_of([SPS, PPS, IDR]), 0)
    assert fed(pictures, packets_of([SLICE]), 6000, gap=True) == []
    assert pictures.waits_for_key


def test_rubbish_is_nothing() -> None:
    pictures = Pictures()
    for payload in (b"\x00", b"\x18\x00", b"\x18\xff\xff\x41", b"\x1c", b"\x1c\x45x", b"\x7e\x00\x00"):
        assert fed(pictures, [payload], 0) == []


def test_the_size_of_a_picture_is_read() -> None:
    assert geometry(SPS) == Geometry(320, 180)
    assert geometry(b"\x67") is None
    assert geometry(b"\x67\x42\x00\x1f" + b"\x00" * 40) is None
