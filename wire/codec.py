"""Messages to octets and back: msgpack with a limit, and every fault named by a stable code."""

from typing import TypeVar, get_args

import msgspec

from wire.messages import MAX_FRAME_BYTES, MAX_RECORD_BYTES, Down, Message, Record, Up
from wire.unreadable import UNREADABLE

_TAGS = frozenset(kind.__name__ for kind in get_args(Message))
_M = TypeVar("_M", bound=msgspec.Struct)
_T = TypeVar("_T")


class ProtocolError(Exception):
    """A peer broke the link's rules; the link closes with this code.

    Codes: `too_large`, `malformed`, `unknown_message`, `not_allowed`, `gap`, `bad_ack`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class _Tagged(msgspec.Struct):
    type: str = ""


_encoder = msgspec.msgpack.Encoder()
_tagged = msgspec.msgpack.Decoder(_Tagged)


_up: msgspec.msgpack.Decoder[Up] = msgspec.msgpack.Decoder(Up)
_down: msgspec.msgpack.Decoder[Down] = msgspec.msgpack.Decoder(Down)
_record: msgspec.msgpack.Decoder[Record] = msgspec.msgpack.Decoder(Record)


def _decode(decoder: msgspec.msgpack.Decoder[_T], octets: bytes | memoryview, limit: int) -> _T:
    if len(octets) > limit:
        raise ProtocolError("too_large", f"{len(octets)} bytes, at most {limit}")
    try:
        return decoder.decode(octets)
    except UNREADABLE as error:
        raise _why(octets, error) from error


def _why(octets: bytes | memoryview, error: Exception) -> ProtocolError:
    try:
        tag = _tagged.decode(octets).type
    except UNREADABLE:
        return ProtocolError("malformed", f"not a message: {error}")
    if tag not in _TAGS:
        return ProtocolError("unknown_message", f"no message is called {tag[:40]!r}")
    if "Invalid value" in str(error) and str(error).endswith("`$.type`"):
        return ProtocolError("not_allowed", f"{tag} has no place here")
    return ProtocolError("malformed", f"{tag}: {error}")


def encode(message: Message, limit: int = MAX_FRAME_BYTES) -> bytes:
    """Return the message as msgpack; raise `ProtocolError` too_large above `limit` bytes."""
    octets = _encoder.encode(message)
    if len(octets) > limit:
        raise ProtocolError("too_large", f"{type(message).__name__}: {len(octets)} bytes, at most {limit}")
    return octets


def encode_record(record: Record) -> bytes:
    """Return a durable record's bytes, at most `MAX_RECORD_BYTES`."""
    return encode(record, MAX_RECORD_BYTES)


def decode_up(octets: bytes | memoryview) -> Up:
    """Decode what a site may send; raise `ProtocolError`."""
    return _decode(_up, octets, MAX_FRAME_BYTES)


def decode_down(octets: bytes | memoryview) -> Down:
    """Decode what the centre may send; raise `ProtocolError`."""
    return _decode(_down, octets, MAX_FRAME_BYTES)


def decode_record(octets: bytes | memoryview) -> Record:
    """Decode one body of `Records`; raise `ProtocolError`."""
    return _decode(_record, octets, MAX_RECORD_BYTES)


def decode_one(octets: bytes | memoryview, kind: type[_M], limit: int = 16 << 10) -> _M:
    """Decode a handshake message of exactly this kind; raise `ProtocolError`."""
    return _decode(msgspec.msgpack.Decoder(kind), octets, limit)
