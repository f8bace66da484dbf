"""Reads transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01) as a publisher does."""

from __future__ import annotations

import struct
from dataclasses import dataclass

RTPFB, FORMAT = 205, 15


@dataclass(frozen=True)
class Told:
    """One feedback: of the numbers from ``base`` on when each came, in units of 250 µs; None of one that did not."""

    sender: int
    source: int
    count: int
    base: int
    came: list[int | None]


def is_feedback(packet: bytes) -> bool:
    """Whether it is one at all."""
    return len(packet) >= 20 and packet[0] & 0x1F == FORMAT and packet[1] == RTPFB


def read(packet: bytes) -> Told:
    """Read one packet; it must end where its last delta ends, but for padding (RFC 3550 §6.4.1)."""
    first, kind, words, sender, source, base, statuses, reference = struct.unpack_from("!BBHIIHHI", packet)
    assert (first & 0xDF, kind, 4 + 4 * words) == (0x80 | FORMAT, RTPFB, len(packet))
    end = len(packet) - (packet[-1] if first & 0x20 else 0)
    assert len(packet) - end < 4
    symbols, at = list[int](), 20
    while len(symbols) < statuses:
        (chunk,) = struct.unpack_from("!H", packet, at)
        symbols += _statuses(chunk)
        at += 2
    tick, came = (reference >> 8) * 256, list[int | None]()
    for symbol in symbols[:statuses]:
        if symbol == 0:
            came.append(None)
            continue
        size = {1: 1, 2: 2}[symbol]
        assert at + size <= end
        tick += int.from_bytes(packet[at : at + size], "big", signed=size == 2)
        at += size
        came.append(tick)
    assert at == end
    return Told(sender, source, reference & 0xFF, base, came)


def _statuses(chunk: int) -> list[int]:
    """§3.1.3 and §3.1.4."""
    if not chunk & 0x8000:
        return [chunk >> 13] * (chunk & 0x1FFF)
    if chunk & 0x4000:
        return [chunk >> shift & 3 for shift in range(12, -1, -2)]
    return [chunk >> shift & 1 for shift in range(13, -1, -1)]
