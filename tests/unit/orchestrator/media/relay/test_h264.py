"""Finding keyframes in H.264 payloads."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.media.relay.h264 import opens_picture


def aggregate(*units: bytes) -> bytes:
    return b"\x78" + b"".join(len(unit).to_bytes(2, "big") + unit for unit in units)


def test_parameter_sets_and_idr_pictures_open_a_picture() -> None:
    assert opens_picture(b"\x67\x42\xe0\x1f")
    assert opens_picture(b"\x65\x88")
    assert opens_picture(aggregate(b"\x67\x42", b"\x68\xce"))
    assert opens_picture(aggregate(b"\x06\x01", b"\x65\x88"))
    assert opens_picture(b"\x7c\x85\x00")


def test_other_units_do_not() -> None:
    assert not opens_picture(b"\x41\x9a")
    assert not opens_picture(b"\x68\xce")
    assert not opens_picture(aggregate(b"\x06\x01", b"\x41\x9a"))


def test_only_the_first_fragment_opens() -> None:
    assert not opens_picture(b"\x7c\x05\x00")
    assert not opens_picture(b"\x7c\x45\x00")
    assert not opens_picture(b"\x7c\x81\x00")


@given(st.binary(max_size=60))
def test_any_payload_is_judged(payload: bytes) -> None:
    assert opens_picture(payload) in {True, False}
    assert opens_picture(b"\x78" + payload) in {True, False}
