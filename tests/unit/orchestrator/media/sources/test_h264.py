"""Byte streams of H.264, cut and joined."""

from __future__ import annotations

import pytest

from orchestrator.media.sources.h264 import is_keyframe, joined, lengthened, units


def test_units_are_found_between_short_and_long_start_codes() -> None:
    assert list(units(b"\x00\x00\x00\x01\x67ab\x00\x00\x01\x68c\x00\x00\x00\x01\x65d")) == [
        b"\x67ab",
        b"\x68c",
        b"\x65d",
    ]


def test_bytes_without_a_start_code_hold_no_unit() -> None:
    assert list(units(b"\x67\x68\x65")) == []


def test_units_with_lengths_become_a_byte_stream() -> None:
    assert (
        joined(lengthened(b"\x00\x00\x00\x02\x65a\x00\x00\x00\x01\x09", 4))
        == b"\x00\x00\x00\x01\x65a\x00\x00\x00\x01\x09"
    )


@pytest.mark.parametrize("cut", [b"\x00\x00\x00\x09\x65", b"\x00\x00\x00", b"\x00\x00\x00\x01\x65\x00"])
def test_a_length_beyond_the_end_is_an_error(cut: bytes) -> None:
    with pytest.raises(ValueError, match="longer"):
        list(lengthened(cut, 4))


def test_only_an_idr_picture_is_a_keyframe() -> None:
    assert is_keyframe(joined([b"\x67s", b"\x68p", b"\x65i"]))
    assert not is_keyframe(joined([b"\x67s", b"\x68p", b"\x41p"]))
