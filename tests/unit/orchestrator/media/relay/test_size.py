"""Reading a picture's size from real parameter sets."""

from __future__ import annotations

import fractions

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.media.relay.size import picture_size


def parameters(width: int, height: int, profile: str) -> bytes:
    """What x264 writes for such pictures."""
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base = fractions.Fraction(1, 30)
    encoder.options = {"profile": profile, "preset": "ultrafast"}
    frame = av.VideoFrame.from_ndarray(np.zeros((height * 3 // 2, width), np.uint8), "yuv420p")
    data = b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])
    units = data.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")
    return next(unit for unit in units if unit and unit[0] & 0x1F == 7)


@pytest.mark.parametrize(
    ("width", "height", "profile"),
    [(1280, 720, "baseline"), (640, 360, "baseline"), (426, 240, "baseline"), (1920, 1080, "high"), (160, 90, "main")],
)
def test_the_size_stands_in_the_parameter_set(width: int, height: int, profile: str) -> None:
    unit = parameters(width, height, profile)
    assert picture_size(unit) == (width, height)
    assert picture_size(b"\x78" + len(unit).to_bytes(2, "big") + unit) == (width, height)


def test_other_packets_tell_no_size() -> None:
    for payload in (b"", b"\x65\x88", b"\x78\x00", b"\x67", b"\x67\x42\xe0"):
        assert picture_size(payload) is None


@given(st.binary(max_size=60))
def test_garbage_tells_no_impossible_size(data: bytes) -> None:
    size = picture_size(b"\x67" + data)
    assert size is None or 0 < min(size) <= max(size) <= 16384
