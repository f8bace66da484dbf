"""ICE-lite's side of STUN (RFC 8445 §7.3, RFC 8489): decides on one datagram, sends nothing."""

from __future__ import annotations

import struct
from collections.abc import Callable

import msgspec
from aioice import stun

BINDING_REQUEST = 0x0001
MAGIC = 0x2112A442
SIZE_LIMIT = 1280


class Accepted(msgspec.Struct, frozen=True):
    """An authentic binding request: what to send back, whose it is, whether its address is to be used."""

    reply: bytes
    ufrag: str
    nominated: bool


class Dropped(msgspec.Struct, frozen=True):
    """A datagram not worth an answer, and the word to count it under."""

    reason: str


def answer_check(data: bytes, address: tuple[str, int], password: Callable[[str], str | None]) -> Accepted | Dropped:
    """Judge a datagram whose first byte is below 4. ``password`` knows the local ICE password of a local ufrag.

    Nothing unauthentic is ever answered, so the relay cannot be made to reflect traffic.
    """
    if not 20 <= len(data) <= SIZE_LIMIT:
        return Dropped("stun_size")
    kind, _, cookie = struct.unpack_from("!HHI", data)
    if kind != BINDING_REQUEST or cookie != MAGIC:
        return Dropped("stun_not_a_check")
    try:
        message = stun.parse_message(data)
    except (ValueError, struct.error, IndexError, KeyError, TypeError):
        return Dropped("stun_malformed")
    return _judge(message, address, password)


def _judge(
    message: stun.Message, address: tuple[str, int], password: Callable[[str], str | None]
) -> Accepted | Dropped:
    ufrag = str(message.attributes.get("USERNAME", "")).partition(":")[0]
    secret = password(ufrag)
    if secret is None:
        return Dropped("stun_unknown_user")
    key = secret.encode()
    if not message.check_message_integrity(key):
        return Dropped("stun_bad_integrity")
    reply = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, transaction_id=message.transaction_id)
    reply.attributes["XOR-MAPPED-ADDRESS"] = address
    reply.add_message_integrity(key)
    # RFC 8445 §7.3 asks for it; libnice (GStreamer, Janus) drops an answer without.
    reply.add_fingerprint()
    return Accepted(bytes(reply), ufrag, "USE-CANDIDATE" in message.attributes)
