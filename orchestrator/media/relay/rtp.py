"""RTP packets (RFC 3550 §5.1) as the relay sees them, and arithmetic on wrapping numbers."""

from __future__ import annotations

import struct
from typing import NamedTuple

HEADER = struct.Struct("!BBHII")
SEQUENCES = 1 << 16
TIMESTAMPS = 1 << 32


class Arrival(NamedTuple):
    """A parsed packet. ``marker`` is 0 or 0x80, ready to be or-ed with a payload type."""

    payload_type: int
    marker: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    extension: bytes = b""
    """With its four-byte head (RFC 3550 §5.3.1)."""
    repaired: bool = False
    """Came as RTX."""


class Packet(NamedTuple):
    """A packet on a stream's own continuous numbering."""

    sequence: int
    timestamp: int
    marker: int
    payload: bytes
    numbered: int = 0
    """Which numbers its payload holds that each viewer may have otherwise (:mod:`vp8`)."""


def is_rtcp(data: bytes) -> bool:
    """RFC 5761 §4."""
    return len(data) >= 2 and 192 <= data[1] <= 223


def parse(data: bytes) -> Arrival | None:
    """Read a packet without CSRCs and padding in its payload; ``None`` when it is not RTP."""
    size = len(data)
    if size < 12:
        return None
    first, second, sequence, timestamp, ssrc = HEADER.unpack_from(data)
    if first >> 6 != 2:
        return None
    start, end, extension = 12 + 4 * (first & 0x0F), size, b""
    if first & 0x10:
        if size < start + 4:
            return None
        head = start
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
        extension = data[head:start]
    if first & 0x20:
        end -= data[-1]
        if data[-1] == 0:
            return None
    if start > end:
        return None
    return Arrival(second & 0x7F, second & 0x80, sequence, timestamp, ssrc, data[start:end], extension)


def ahead(a: int, b: int, modulus: int = SEQUENCES) -> int:
    """How far ``a`` is ahead of ``b`` on a circle; negative when behind."""
    distance = (a - b) % modulus
    return distance - modulus if distance >= modulus >> 1 else distance
