"""The conversation with an encoder, byte by byte, and with those who are none."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.media.sources.rtmp import amf, flv
from orchestrator.media.sources.rtmp.chunks import Assembler, BadChunks, Message, chunked
from orchestrator.media.sources.rtmp.conversation import Asked, BadRtmp, Conversation, Event, Left, Sent

HELLO = b"\x03" + bytes(1536) + bytes(1536)


def command(*values: amf.Value, stream: int = 0) -> bytes:
    return chunked(Message(20, stream, 0, amf.write(*values)), 3, 128)


CONNECT = command("connect", 1, {"app": "live", "tcUrl": "rtmp://centre/live"})
PUBLISH = command("publish", 5, None, "dc-key", "live", stream=1)


def told(talk: Conversation, content: bytes, step: int) -> list[Event]:
    return [event for at in range(0, len(content), step) for event in talk.take(content[at : at + step])]


@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_an_encoder_asks_with_its_key_however_its_bytes_are_cut(step: int) -> None:
    talk = Conversation()
    assert told(talk, HELLO + CONNECT + command("createStream", 4, None) + PUBLISH, step) == [Asked("live", "dc-key")]
    assert bytes(talk.out[:1]) == b"\x03"
    answers = amf.write("_result", 4, None, 1)
    assert answers in talk.out


def test_nothing_is_sent_on_before_the_key_was_found_good() -> None:
    talk = Conversation()
    picture = chunked(Message(9, 1, 40, b"\x17\x01frame"), 6, 128)
    talk.take(HELLO + CONNECT + PUBLISH)
    assert talk.take(picture) == []
    assert talk.admit() == flv.HEADER
    assert talk.take(picture) == [Sent(flv.tag(Message(9, 1, 40, b"\x17\x01frame")))]
    assert talk.take(command("deleteStream", 6, None, 1)) == [Left()]


def test_a_refusal_says_why() -> None:
    talk = Conversation()
    talk.take(HELLO + CONNECT + PUBLISH)
    talk.refuse("Khoá đã thu hồi.")
    assert "Khoá đã thu hồi.".encode() in talk.out
    assert b"NetStream.Publish.BadName" in talk.out


def test_a_large_window_is_acknowledged() -> None:
    talk = Conversation()
    talk.take(HELLO + CONNECT + PUBLISH)
    talk.admit()
    talk.out.clear()
    picture = chunked(Message(9, 1, 0, bytes(100_000)), 6, 128)
    for _ in range(20):
        talk.take(picture)
    assert talk.out[:1] == b"\x02"


@pytest.mark.parametrize(
    "content",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        HELLO + PUBLISH + PUBLISH,
        HELLO + command("play", 1, None, "x"),
        HELLO + b"\xc5",
        HELLO + b"\x03\x00\x00\x00\xff\xff\xff\x14\x00\x00\x00\x00",
        HELLO + chunked(Message(20, 0, 0, b"\x02\xff\xff"), 3, 128),
        HELLO + b"".join(bytes([0x03 + n]) + bytes(3) + b"\x00\x00\x02\x14" + bytes(4) + b"x\x05" for n in range(40)),
    ],
)
def test_what_is_no_encoder_ends_the_conversation(content: bytes) -> None:
    with pytest.raises(BadRtmp):
        Conversation().take(content)


@given(st.binary(max_size=400), st.integers(1, 50))
def test_any_bytes_are_refused_or_waited_for_but_never_break(content: bytes, step: int) -> None:
    talk = Conversation()
    talk.take(HELLO)
    try:
        told(talk, content, step)
    except BadRtmp:
        return


@given(st.lists(st.binary(max_size=700), min_size=1, max_size=6), st.integers(1, 300), st.integers(0, 1 << 32))
def test_messages_survive_being_cut_into_chunks(contents: list[bytes], size: int, seed: int) -> None:
    at_ms = random.Random(seed).choice([0, 40, 0xFFFFFE])
    messages = [Message(9, 1, at_ms, content) for content in contents]
    assembler = Assembler(10_000)
    assembler.take(chunked(Message(1, 0, 0, size.to_bytes(4, "big")), 2, 128))
    assert [one for message in messages for one in assembler.take(chunked(message, 6, size))] == messages


def test_later_headers_are_shorter_and_their_times_add_up() -> None:
    assembler = Assembler(1000)
    first = b"\x04" + b"\x00\x00\x0a" + b"\x00\x00\x02" + b"\x08" + b"\x01\x00\x00\x00" + b"aa"
    second = b"\x44" + b"\x00\x00\x17" + b"\x00\x00\x01" + b"\x08" + b"b"
    third = b"\x84" + b"\x00\x00\x17" + b"c"
    fourth = b"\xc4" + b"d"
    found = assembler.take(first + second + third + fourth)
    assert [(one.at_ms, one.content) for one in found] == [(10, b"aa"), (33, b"b"), (56, b"c"), (79, b"d")]


def test_a_timestamp_that_is_far_is_read_from_four_bytes() -> None:
    assembler = Assembler(1000)
    chunk = b"\x04" + b"\xff\xff\xff" + b"\x00\x00\x01" + b"\x08" + b"\x01\x00\x00\x00" + b"\x01\x00\x00\x00" + b"a"
    assert assembler.take(chunk) == [Message(8, 1, 1 << 24, b"a")]


def test_a_message_within_another_of_its_stream_is_not_rtmp() -> None:
    assembler = Assembler(1000)
    header = b"\x04" + bytes(3) + b"\x00\x01\x00" + b"\x08" + bytes(4)
    with pytest.raises(BadChunks):
        assembler.take(header + bytes(128) + header + bytes(128))
