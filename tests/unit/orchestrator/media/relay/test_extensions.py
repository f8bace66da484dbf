"""Header extensions, written and read."""

from __future__ import annotations

from aiortc import rtp
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.media.relay.extensions import ABS_SEND_TIME, MID, RID, TIME_AT, agree, block, find, send_time

TWO_BYTES = b"\x10\x00\x00\x02" + b"\x07\x03hi!\x00\x20\x01" + b"x" + bytes(3)


def test_only_what_both_speak_is_agreed_under_the_offers_number() -> None:
    offered = {ABS_SEND_TIME: 3, "urn:unknown": 4, MID: 15}
    assert agree(offered, (ABS_SEND_TIME, MID, RID)) == {ABS_SEND_TIME: 3}


def test_a_block_is_read_by_others_as_it_was_meant() -> None:
    written = block({ABS_SEND_TIME: 3, MID: 9}, "video1")
    extensions = dict(rtp.unpack_header_extensions(0xBEDE, written[4:]))
    assert extensions == {3: bytes(3), 9: b"video1"}
    assert len(written) % 4 == 0
    assert 12 + written.index(bytes(3), 5) == TIME_AT


def test_a_viewer_who_agreed_to_nothing_gets_no_extension() -> None:
    assert block({}, "0") == b""
    assert block({MID: 4}, "") == b""


def test_time_is_told_in_24_bits_of_which_18_are_a_fraction() -> None:
    assert send_time(1.5) == (0x60000).to_bytes(3, "big")
    assert send_time(64.25) == send_time(0.25)


@given(st.dictionaries(st.integers(1, 14), st.binary(min_size=1, max_size=16), max_size=8))
def test_every_element_of_a_one_byte_block_is_found(elements: dict[int, bytes]) -> None:
    profile, value = rtp.pack_header_extensions(list(elements.items()))
    raw = profile.to_bytes(2, "big") + (len(value) // 4).to_bytes(2, "big") + value
    for number in range(1, 15):
        assert find(raw, number) == elements.get(number)


def test_two_byte_heads_are_read_too() -> None:
    assert (find(TWO_BYTES, 7), find(TWO_BYTES, 32), find(TWO_BYTES, 5)) == (b"hi!", b"x", None)


@given(st.binary(max_size=40), st.integers(1, 255), st.sampled_from([b"", b"\xbe\xde\x00\x09", b"\x10\x00\x00\x09"]))
def test_garbage_is_read_without_harm(data: bytes, number: int, head: bytes) -> None:
    found = find(head + data, number)
    assert found is None or found in data
