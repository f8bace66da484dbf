"""Decoding refuses clearly and encoding keeps to its limits."""

import math
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire.codec import ProtocolError, decode_down, decode_record, decode_up, encode, encode_record
from wire.ids import OrderId, RollCallId, SiteId, new_id
from wire.messages import (
    MAX_RECORD_BYTES,
    DeclaredCount,
    Heartbeat,
    LectureOff,
    OrderSeen,
    RollCallCount,
    ScreenHealth,
)


def code_of(octets: bytes) -> str:
    with pytest.raises(ProtocolError) as refused:
        decode_up(octets)
    return refused.value.code


def outcome(decode: Callable[[bytes], object], octets: bytes) -> str:
    try:
        decode(octets)
    except ProtocolError as refused:
        return refused.code
    return "decoded"


def test_a_message_comes_back_as_it_was() -> None:
    beat = Heartbeat(at_ns=1, agent_version="0.1.0", screen=ScreenHealth(fps=25.0, audio_dbfs=-20.5))
    assert decode_up(encode(beat)) == beat


def test_a_field_of_a_newer_peer_is_passed_over() -> None:
    octets = msgspec.msgpack.encode({"type": "OrderSeen", "order": "o-1", "mood": "good"})
    assert decode_up(octets) == OrderSeen(order=OrderId("o-1"))


def test_an_unknown_message_has_its_own_code() -> None:
    assert code_of(msgspec.msgpack.encode({"type": "Fireworks"})) == "unknown_message"


def test_a_message_in_the_wrong_place_has_its_own_code() -> None:
    assert code_of(encode(LectureOff(session="s"))) == "not_allowed"  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [math.nan, math.inf, -1.0])
def test_a_figure_that_is_no_figure_is_malformed(value: float) -> None:
    assert code_of(encode(Heartbeat(at_ns=1, agent_version="1", load=value))) == "malformed"


def test_a_number_beyond_64_bits_of_sql_is_malformed() -> None:
    assert code_of(encode(Heartbeat(at_ns=2**63, agent_version="1"))) == "malformed"


def test_an_endless_id_is_malformed() -> None:
    assert code_of(encode(OrderSeen(order=OrderId("o" * 41)))) == "malformed"


def test_a_record_above_its_limit_is_not_written() -> None:
    count = RollCallCount(
        roll_call=RollCallId("r"),
        nonce=b"n" * 16,
        lo_ns=0,
        hi_ns=0,
        count=None,
        minimum=0,
        maximum=0,
        frames_used=0,
        quality=0.0,
        reason="dark",
        evidence=b"",
        signature=b"",
        picture=b"p" * MAX_RECORD_BYTES,
    )
    with pytest.raises(ProtocolError, match="at most"):
        encode_record(count)


def test_a_heartbeat_is_not_a_record() -> None:
    with pytest.raises(ProtocolError) as refused:
        decode_record(encode(Heartbeat(at_ns=1, agent_version="1")))
    assert refused.value.code == "not_allowed"


def test_a_record_comes_back_as_it_was() -> None:
    record = DeclaredCount(roll_call=None, number=31, at_ns=5, listed=28)
    assert decode_record(encode_record(record)) == record


def test_a_number_of_an_older_agent_says_nothing_of_the_rooms_list() -> None:
    fields = msgspec.msgpack.decode(encode_record(DeclaredCount(roll_call=None, number=31, at_ns=5, listed=28)))
    assert fields.pop("listed") == 28
    assert decode_record(msgspec.msgpack.encode(fields)) == DeclaredCount(roll_call=None, number=31, at_ns=5)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_octets_decode_or_are_refused(octets: bytes) -> None:
    for decode in (decode_up, decode_down, decode_record):
        assert outcome(decode, octets) in {"decoded", "malformed", "unknown_message", "not_allowed"}


def test_ids_name_their_kind_and_differ() -> None:
    first, second = SiteId(new_id("site")), SiteId(new_id("site"))
    assert first.startswith("site-")
    assert len(first) == 25
    assert first != second
