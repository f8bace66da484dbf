"""Reading RTP packets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.media.relay.rtp import HEADER, Arrival, ahead, is_rtcp, parse


def test_a_plain_packet_is_read() -> None:
    data = HEADER.pack(0x80, 0x80 | 102, 7, 9000, 42) + b"payload"
    assert parse(data) == Arrival(102, 0x80, 7, 9000, 42, b"payload")


def test_sources_extensions_and_padding_are_no_payload() -> None:
    data = HEADER.pack(0x80 | 0x20 | 0x10 | 2, 111, 7, 9000, 42) + b"srcAsrcB"
    data += b"\xbe\xde\x00\x01abcd" + b"payload" + b"\0\0\3"
    arrival = parse(data)
    assert arrival is not None
    assert arrival.payload == b"payload"


def test_what_is_not_rtp_is_refused() -> None:
    header = HEADER.pack(0x80, 102, 7, 9000, 42)
    for data in (b"", header[:11], b"\x40" + header[1:], b"\xb0" + header[1:] + b"\xbe\xde\x00\x09"):
        assert parse(data) is None
    assert parse(b"\xa0" + header[1:] + b"\xff") is None
    assert parse(b"\xa0" + header[1:] + b"a\0") is None


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    arrival = parse(data)
    assert arrival is None or len(arrival.payload) <= len(data)


def test_control_packets_are_told_from_media() -> None:
    assert is_rtcp(bytes((0x80, 200)))
    assert not is_rtcp(bytes((0x80, 0x80 | 102)))
    assert not is_rtcp(b"\x80")


def test_distance_is_measured_the_short_way_round() -> None:
    assert ahead(2, 65535) == 3
    assert ahead(65535, 2) == -3
    assert ahead(5, 5) == 0
