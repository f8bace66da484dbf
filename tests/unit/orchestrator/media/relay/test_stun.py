"""ICE-lite's decisions on single datagrams."""

from __future__ import annotations

from aioice import stun
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.media.relay.stun import Accepted, Dropped, answer_check

ADDRESS = ("192.0.2.9", 4000)


def password(ufrag: str) -> str | None:
    return {"mine": "secret"}.get(ufrag)


def check(username: str = "mine:theirs", key: bytes = b"secret", *, nominate: bool = False) -> bytes:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = username
    if nominate:
        message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity(key)
    return bytes(message)


def test_an_authentic_check_is_answered_with_the_address_it_came_from() -> None:
    verdict = answer_check(check(), ADDRESS, password)
    assert isinstance(verdict, Accepted)
    assert (verdict.ufrag, verdict.nominated) == ("mine", False)
    reply = stun.parse_message(verdict.reply)
    assert reply.attributes["XOR-MAPPED-ADDRESS"] == ADDRESS
    assert reply.check_message_integrity(b"secret")


def test_a_nomination_is_told() -> None:
    verdict = answer_check(check(nominate=True), ADDRESS, password)
    assert isinstance(verdict, Accepted)
    assert verdict.nominated


def test_nothing_unauthentic_is_answered() -> None:
    unsigned = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    unsigned.attributes["USERNAME"] = "mine:theirs"
    response = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE)
    for data, reason in (
        (check(key=b"guessed"), "stun_bad_integrity"),
        (check("nobody:theirs"), "stun_unknown_user"),
        (bytes(unsigned), "stun_bad_integrity"),
        (bytes(response), "stun_not_a_check"),
        (check()[:-1], "stun_malformed"),
        (b"\0\1", "stun_size"),
        (b"\0" * 1400, "stun_size"),
    ):
        assert answer_check(data, ADDRESS, password) == Dropped(reason)


@given(st.binary(max_size=200))
def test_garbage_is_dropped(data: bytes) -> None:
    assert isinstance(answer_check(b"\x00\x01" + data, ADDRESS, password), Dropped)


@given(st.data())
def test_a_damaged_check_is_dropped(data: st.DataObject) -> None:
    good = bytearray(check())
    # What follows MESSAGE-INTEGRITY is not authentic and decides nothing (RFC 8489 §14.5).
    at = data.draw(st.integers(0, len(good) - 9))
    good[at] ^= data.draw(st.integers(1, 255))
    assert isinstance(answer_check(bytes(good), ADDRESS, password), Dropped)
