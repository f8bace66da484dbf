"""VP8 payloads: keyframes found, numbers continued."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.media.relay import vp8
from orchestrator.media.relay.vp8 import Continuity, numbers, opens_picture, picture_size, shifted

KEY, DELTA = b"\x10\x02\x00\x9d\x01\x2a", b"\x11\x02\x00"
"""First bytes of a frame: the lowest bit is the inverse key frame flag."""


def placed(stream: Continuity, sent: bytes) -> bytes:
    return stream.placed(sent)[0]


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
    assert placed(stream, payload(32_766, 255)) == payload(1, 1)
    assert placed(stream, payload(32_767, 0)) == payload(2, 2)
    assert placed(stream, payload(0, 1)) == payload(3, 3)
    stream.new_source()
    assert placed(stream, payload(5000, 17, KEY)) == payload(4, 4, KEY)
    assert placed(stream, payload(5000, 17, DELTA, start=False)) == payload(4, 4, DELTA, start=False)
    assert placed(stream, payload(5001, 18)) == payload(5, 5)
    stream.new_source()
    assert placed(stream, payload(9, 9)) == payload(6, 6)


def test_a_late_packet_of_an_older_picture_keeps_its_number() -> None:
    stream = Continuity()
    stream.new_source()
    for picture in (100, 102):
        placed(stream, payload(picture, 0))
    assert placed(stream, payload(101, 0)) == payload(2, 1)
    assert placed(stream, payload(103, 0)) == payload(4, 1)


def short(picture: int, body: bytes = DELTA) -> bytes:
    return bytes((0x90, 0x80, picture)) + body


def test_a_count_of_7_bits_becomes_one_of_15_whether_it_wraps_or_is_extended() -> None:
    stream = Continuity()
    given = [stream.placed(one) for one in (short(126), short(127), short(0), short(127), short(1))]
    numbered = [int.from_bytes(one[2:4], "big") & 0x7FFF for one, _ in given]
    assert numbered == [1, 2, 3, 2, 4]
    assert {has for _, has in given} == {vp8.PICTURE_ONLY}
    assert all(one[4:] == DELTA and one[2] & 0x80 for one, _ in given)
    stream.new_source()
    wide = [b"\x90\x80" + (0x8000 | picture).to_bytes(2, "big") + DELTA for picture in (32_767, 128)]
    found = [placed(stream, one)[2:4] for one in (wide[0], short(0), short(60), short(120), wide[1])]
    assert [int.from_bytes(one, "big") & 0x7FFF for one in found] == [5, 6, 66, 126, 134]


def test_a_viewers_numbers_take_the_place_of_the_streams() -> None:
    sent, has = Continuity().placed(payload(5, 5, KEY))
    assert shifted(sent, has, 32_767, 255) == payload(0, 0, KEY)
    assert shifted(sent, vp8.PICTURE_ONLY, 3, 7) == payload(4, 1, KEY)


def test_a_pictures_size_stands_in_its_keyframe() -> None:
    head = KEY + (0x4000 | 320).to_bytes(2, "little") + (180).to_bytes(2, "little")
    assert picture_size(payload(1, 1, head)) == (320, 180)
    assert picture_size(payload(1, 1, DELTA + head[3:])) is None
    assert picture_size(payload(1, 1, KEY)) is None


@given(st.binary(max_size=12))
def test_garbage_is_passed_without_harm(data: bytes) -> None:
    assert opens_picture(data) in {True, False}
    assert picture_size(data) is None
    stream = Continuity()
    stream.new_source()
    for _ in range(2):
        changed, has = stream.placed(data)
        assert len(changed) - len(data) in {0, 1}
        if has:
            assert len(shifted(changed, has, 3, 3)) == len(changed)
    found = numbers(data)
    assert found is None or found.body_at <= len(data)
