"""Stream tokens."""

from __future__ import annotations

import base64

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.media.tokens import BadToken, Right, Seat, StreamToken, public_key, public_text, sign, verify

KEY = Ed25519PrivateKey.generate()
TOKEN = StreamToken("ses-1", "ses-1-lecture", Right.VIEW, "site-9", 1000)


def test_a_signed_token_says_what_was_signed() -> None:
    assert verify(sign(TOKEN, KEY), KEY.public_key(), now_ns=999) == TOKEN


def test_a_token_is_good_until_it_expires() -> None:
    text = sign(TOKEN, KEY)
    with pytest.raises(BadToken) as refused:
        verify(text, KEY.public_key(), now_ns=1000)
    assert refused.value.code == "token_expired"
    assert verify(text, KEY.public_key(), now_ns=None) == TOKEN


def test_another_centres_token_is_forged() -> None:
    with pytest.raises(BadToken) as refused:
        verify(sign(TOKEN, Ed25519PrivateKey.generate()), KEY.public_key(), now_ns=0)
    assert refused.value.code == "token_forged"


@given(st.integers(0, 200), st.integers(0, 255))
def test_no_byte_of_a_token_may_change(place: int, value: int) -> None:
    text = sign(TOKEN, KEY)
    at = place % len(text)
    changed = text[:at] + chr(value) + text[at + 1 :]
    try:
        assert verify(changed, KEY.public_key(), now_ns=0) == TOKEN
    except BadToken:
        return


@given(st.text(max_size=200))
def test_garbage_is_no_token(text: str) -> None:
    with pytest.raises(BadToken):
        verify(text, KEY.public_key(), now_ns=0)


def test_the_public_key_travels_as_text() -> None:
    assert public_key(public_text(KEY.public_key())) == KEY.public_key()
    for text in ("", "abc", "!" * 43):
        with pytest.raises(ValueError):
            public_key(text)


def test_a_token_without_a_seat_is_the_lecturers_and_reads_as_before() -> None:
    old = sign(TOKEN, KEY)
    assert b"seat" not in base64.urlsafe_b64decode(old.partition(".")[0] + "==")
    assert verify(old, KEY.public_key(), now_ns=0).seat is Seat.LECTURER
    slate = msgspec.structs.replace(TOKEN, seat=Seat.SLATE)
    assert verify(sign(slate, KEY), KEY.public_key(), now_ns=0).seat is Seat.SLATE
