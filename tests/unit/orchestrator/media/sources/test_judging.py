"""Which pictures pass untouched."""

from __future__ import annotations

import pytest

from orchestrator.media.sources.h264 import ParameterSets, parameter_sets
from orchestrator.media.sources.job import Bounds, Why
from orchestrator.media.sources.judging import Flow, Picture, judge

BOUNDS = Bounds(pass_kbps=1000, keyframe_s=5.0)
ONE_GROUP = b"\x68\xce\x38\x80"
TWO_GROUPS = b"\x68\xc4\x38\x80"


def sets(profile: int, constraints: int, picture: bytes = ONE_GROUP) -> ParameterSets:
    return ParameterSets((bytes([0x67, profile, constraints, 31]),), (picture,), 4)


def shown(found: ParameterSets | None, *, codec: str = "h264", reorders: bool = False, width: int = 1280) -> Picture:
    return Picture(codec, width, 720, reorders, found)


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (shown(sets(66, 0xC0)), Why.NONE),
        (shown(sets(66, 0x00)), Why.NONE),
        (shown(sets(66, 0x00, TWO_GROUPS)), Why.PROFILE),
        (shown(sets(77, 0x80)), Why.NONE),
        (shown(sets(77, 0x00)), Why.PROFILE),
        (shown(sets(100, 0x00)), Why.PROFILE),
        (shown(sets(100, 0x00), reorders=True), Why.B_FRAMES),
        (shown(None, codec="hevc"), Why.CODEC),
        (shown(None), Why.CODEC),
        (shown(sets(66, 0xC0), width=3840), Why.SIZE),
    ],
)
def test_only_what_was_agreed_with_the_rooms_passes(picture: Picture, why: Why) -> None:
    assert judge(picture, BOUNDS) is why


@pytest.mark.parametrize("picture", [shown(sets(66, 0xC0)), shown(None, codec="vp8"), shown(None, codec="hevc")])
def test_where_rooms_see_vp8_nothing_passes(picture: Picture) -> None:
    assert judge(picture, Bounds(video="vp8")) is Why.CENTRE_CODEC


def test_people_read_codec_profile_and_size() -> None:
    assert shown(sets(66, 0xC0)).name == "H.264 Constrained Baseline 1280x720"
    assert shown(None, codec="hevc").name == "H.265 1280x720"


def test_keyframes_that_are_far_apart_end_the_passing() -> None:
    flow = Flow(BOUNDS)
    assert flow.look(0.0, 100, keyframe=True) is Why.NONE
    assert flow.look(5.0, 100, keyframe=False) is Why.NONE
    assert flow.look(5.1, 100, keyframe=False) is Why.KEYFRAMES


def test_too_many_bits_end_the_passing_but_one_large_keyframe_does_not() -> None:
    flow = Flow(BOUNDS)
    assert flow.look(0.0, 400_000, keyframe=True) is Why.NONE
    told = [flow.look(at / 10, 20_000, keyframe=at % 20 == 0) for at in range(1, 60)]
    assert Why.BITRATE in told


def test_pictures_out_of_order_are_b_frames_whatever_the_stream_said() -> None:
    flow = Flow(BOUNDS)
    flow.look(0.08, 100, keyframe=True)
    assert flow.look(0.04, 100, keyframe=False) is Why.B_FRAMES


def test_parameter_sets_are_read_from_both_forms() -> None:
    sps, pps = b"\x67\x42\xc0\x1f\x01", ONE_GROUP
    record = b"\x01\x42\xc0\x1f\xff\xe1\x00\x05" + sps + b"\x01\x00\x04" + pps
    assert parameter_sets(record) == ParameterSets((sps,), (pps,), 4)
    assert parameter_sets(b"\x00\x00\x00\x01" + sps + b"\x00\x00\x01" + pps) == ParameterSets((sps,), (pps,), 0)


@pytest.mark.parametrize("extradata", [b"", b"\x01", b"\x01\x42\xc0\x1f\xff\xe1\x00\x50\x67", b"\x00\x00\x01\x67\x42"])
def test_incomplete_parameter_sets_are_none(extradata: bytes) -> None:
    assert parameter_sets(extradata) is None


def test_a_keyframe_without_parameter_sets_gets_them_and_filler_goes() -> None:
    found = sets(66, 0xC0)
    access_unit = b"\x00\x00\x00\x02\x09\x10\x00\x00\x00\x02\x65\x88\x00\x00\x00\x02\x0c\xff"
    expected = b"".join(b"\x00\x00\x00\x01" + unit for unit in (found.sequence[0], found.picture[0], b"\x65\x88"))
    assert found.annex_b(access_unit) == expected
