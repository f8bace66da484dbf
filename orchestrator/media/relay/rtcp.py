"""RTCP (RFC 3550 §6, RFC 4585, RFC 5104): what the relay reads from compounds and writes into them."""

from __future__ import annotations

import struct
from collections.abc import Iterable

import msgspec

SR, RR, SDES, BYE, RTPFB, PSFB = 200, 201, 202, 203, 205, 206
NACK, PLI, FIR, APPLICATION = 1, 1, 4, 15
NACK_LIMIT = 512
LONGEST_TRIP = 60 << 16
"""In 1/65536 s; what is older, or of the future, is no answer to a report of this session."""


class SenderReport(msgspec.Struct, frozen=True):
    """``ntp`` in seconds since 1900 as a fraction, ``ntp_middle`` its middle 32 bits for reports about it."""

    ssrc: int
    ntp: float
    ntp_middle: int
    timestamp: int


class LossReport(msgspec.Struct, frozen=True):
    """What a receiver says of one source."""

    ssrc: int
    fraction_lost: int
    """In 1/256."""
    lost: int
    jitter: int
    """In the media's clock."""
    last_report: int = 0
    """The middle of the NTP time of the last sender report that it had; 0 when it had none."""
    delay: int = 0
    """Since then, in 1/65536 s."""

    def round_trip(self, ntp: float) -> tuple[float, float] | None:
        """Seconds, and how long ago the trip began, when the report came at ``ntp`` (RFC 3550 §6.4.1)."""
        if not self.last_report:
            return None
        ago = (int(ntp * 65536) - self.last_report) % (1 << 32)
        # A clock that goes slightly faster there makes a short trip seem to end before it began.
        return (max(0, ago - self.delay) / 65536, ago / 65536) if ago < LONGEST_TRIP else None


class Missing(msgspec.Struct, frozen=True):
    """Sequence numbers that a receiver asks for again."""

    ssrc: int
    sequences: list[int]


class KeyframeWanted(msgspec.Struct, frozen=True):
    """PLI or FIR."""

    ssrc: int


class Estimate(msgspec.Struct, frozen=True):
    """REMB (draft-alvestrand-rmcat-remb): what a receiver's line takes, all its sources together."""

    bits_per_s: int


class Goodbye(msgspec.Struct, frozen=True):
    """BYE."""

    ssrcs: list[int]


Report = SenderReport | LossReport | Missing | KeyframeWanted | Estimate | Goodbye


def parse(data: bytes) -> list[Report]:
    """Read a compound; stops silently at the first malformed part."""
    reports: list[Report] = []
    at = 0
    while at + 4 <= len(data) and len(reports) < 64:
        first, kind, words = struct.unpack_from("!BBH", data, at)
        end = at + 4 + 4 * words
        if first >> 6 != 2 or end > len(data):
            break
        reports += _one(kind, first & 0x1F, data[at + 4 : end])
        at = end
    return reports


def _one(kind: int, count: int, body: bytes) -> list[Report]:
    if kind == SR and len(body) >= 24:
        ssrc, seconds, fraction, timestamp = struct.unpack_from("!IIII", body)
        middle = (seconds & 0xFFFF) << 16 | fraction >> 16
        report = SenderReport(ssrc, seconds + fraction / (1 << 32), middle, timestamp)
        return [report, *_blocks(count, body[24:])]
    if kind == RR and len(body) >= 4:
        return list(_blocks(count, body[4:]))
    if kind == BYE and len(body) >= 4 * count:
        return [Goodbye(list(struct.unpack_from(f"!{count}I", body)))]
    return _feedback(kind, count, body)


def _feedback(kind: int, count: int, body: bytes) -> list[Report]:
    if kind == RTPFB and count == NACK and len(body) >= 12:
        return [Missing(int.from_bytes(body[4:8], "big"), _nacked(body[8:]))]
    if kind == PSFB and count == PLI and len(body) >= 8:
        return [KeyframeWanted(int.from_bytes(body[4:8], "big"))]
    if kind == PSFB and count == FIR and len(body) >= 16:
        return [KeyframeWanted(int.from_bytes(body[8:12], "big"))]
    if kind == PSFB and count == APPLICATION and len(body) >= 16 and body[8:12] == b"REMB":
        packed = int.from_bytes(body[13:16], "big")
        return [Estimate((packed & 0x3FFFF) << (packed >> 18))]
    return []


def _blocks(count: int, body: bytes) -> list[LossReport]:
    blocks = []
    for at in range(0, min(count * 24, len(body) - 23), 24):
        ssrc, packed, _, jitter, last_report, delay = struct.unpack_from("!IIIIII", body, at)
        lost = packed & 0xFFFFFF
        lost = lost - (1 << 24) if lost >> 23 else lost
        blocks.append(LossReport(ssrc, packed >> 24, lost, jitter, last_report, delay))
    return blocks


def _nacked(body: bytes) -> list[int]:
    sequences: list[int] = []
    for at in range(0, len(body) - 3, 4):
        first, bits = struct.unpack_from("!HH", body, at)
        sequences.append(first)
        sequences += [(first + 1 + bit) & 0xFFFF for bit in range(16) if bits >> bit & 1]
        if len(sequences) >= NACK_LIMIT:
            break
    return sequences[:NACK_LIMIT]


def _packet(count: int, kind: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def description(ssrc: int, cname: str) -> bytes:
    """SDES with a CNAME: it ties the audio and the video of one viewer together (RFC 3550 §6.5.1)."""
    name = cname.encode()[:255]
    chunk = struct.pack("!IBB", ssrc, 1, len(name)) + name + b"\0"
    return _packet(1, SDES, chunk + b"\0" * (-len(chunk) % 4))


def sender_report(ssrc: int, *, ntp: float, timestamp: int, packets: int, octets: int, cname: str) -> bytes:
    """SR and SDES. ``ntp`` in seconds since 1900."""
    seconds = int(ntp)
    fraction = int((ntp - seconds) * (1 << 32)) & 0xFFFFFFFF
    counters = (packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
    body = struct.pack("!IIIIII", ssrc, seconds & 0xFFFFFFFF, fraction, timestamp, *counters)
    return _packet(0, SR, body) + description(ssrc, cname)


class Block(msgspec.Struct, frozen=True):
    """A report block about a source (RFC 3550 §6.4.1)."""

    ssrc: int
    fraction_lost: int
    lost: int
    highest: int
    jitter: int
    last_report: int
    delay: int


def receiver_report(ssrc: int, blocks: Iterable[Block], cname: str) -> bytes:
    """RR and SDES."""
    body = b"".join(
        struct.pack(
            "!IIIIII",
            one.ssrc,
            (one.fraction_lost & 0xFF) << 24 | (one.lost & 0xFFFFFF),
            one.highest & 0xFFFFFFFF,
            one.jitter & 0xFFFFFFFF,
            one.last_report,
            one.delay & 0xFFFFFFFF,
        )
        for one in blocks
    )
    return _packet(len(body) // 24, RR, struct.pack("!I", ssrc) + body) + description(ssrc, cname)


def keyframe_request(sender: int, ssrc: int) -> bytes:
    """PLI (RFC 4585 §6.3.1)."""
    return _packet(PLI, PSFB, struct.pack("!II", sender, ssrc))


def nack(sender: int, ssrc: int, sequences: list[int]) -> bytes:
    """Generic NACK; ``sequences`` in ascending order."""
    pairs: list[tuple[int, int]] = []
    for sequence in sequences:
        gap = (sequence - pairs[-1][0]) & 0xFFFF if pairs else 0
        if pairs and 1 <= gap <= 16:
            pairs[-1] = (pairs[-1][0], pairs[-1][1] | 1 << (gap - 1))
        else:
            pairs.append((sequence, 0))
    body = b"".join(struct.pack("!HH", first, bits) for first, bits in pairs)
    return _packet(NACK, RTPFB, struct.pack("!II", sender, ssrc) + body)


def bandwidth(sender: int, bits_per_s: int, ssrcs: list[int]) -> bytes:
    """REMB: the most that a publisher should send."""
    exponent, mantissa = 0, bits_per_s
    while mantissa >= 1 << 18:
        mantissa >>= 1
        exponent += 1
    body = struct.pack("!II4sI", sender, 0, b"REMB", len(ssrcs) << 24 | exponent << 18 | mantissa)
    return _packet(APPLICATION, PSFB, body + b"".join(struct.pack("!I", one) for one in ssrcs))
