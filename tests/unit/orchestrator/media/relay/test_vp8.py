"""VP8 payloads: keyframes found, numbers continued."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.media.relay.vp8 import Continuity, numbers, opens_picture

KEY, DELTA = b"\x10\x02\x00\x9d\x01\x2a", b"\x11\x02\x00"
"""First bytes of a frame: the lowest bit is the inverse key frame flag."""


def payload(picture: int, layer: int, body: bytes = DELTA, *, start: bool = True) -> bytes:
    return (
        bytes((0x80 | (0x10 if start else 0), 0xE0)) + (0x8000 | picture).to_bytes(2, "big") + bytes((layer, 0)) + body
    )


def test_a_keyframe_is_found_at_its_start_only() -> None:
    assert opens_picture(payload(7, 1, KEY))
    assert opens_picture(b"\x10" + KEY)
    assert opens_picture(b"\x90\x80\x05" + KEY)
    assert not opens_picture(payload(7, 1, DELTA))
    assert not opens_picture(payload(7, 1, KEY, start=False))
    assert not opens_picture(b"\x11" + KEY)
    assert not opens_picture(b"\x90\x80")


def test_numbers_go_on_when_the_source_changes() -> None:
    stream = Continuity()
    assert stream.placed(payload(32_766, 255)) == payload(1, 1)
    assert stream.placed(payload(32_767, 0)) == payload(2, 2)
    assert stream.placed(payload(0, 1)) == payload(3, 3)
    stream.new_source()
    assert stream.placed(payload(5000, 17, KEY)) == payload(4, 4, KEY)
    assert stream.placed(payload(5000, 17, DELTA, start=False)) == payload(4, 4, DELTA, start=False)
    assert stream.placed(payload(5001, 18)) == payload(5, 5)
    stream.new_source()
    assert stream.placed(payload(9, 9)) == payload(6, 6)


def test_a_late_packet_of_an_older_picture_keeps_its_number() -> None:
    stream = Continuity()
    stream.new_source()
    for picture in (100, 102):
        stream.placed(payload(picture, 0))
    assert stream.placed(payload(101, 0)) == payload(2, 1)
    assert stream.placed(payload(103, 0)) == payload(4, 1)


@given(st.binary(max_size=12))
def test_garbage_is_passed_without_harm(data: bytes) -> None:
    assert opens_picture(data) in {True, False}
    stream = Continuity()
    stream.new_source()
    assert len(stream.placed(data)) == len(data)
    found = numbers(data)
    assert found is None or found.body_at <= len(data)
