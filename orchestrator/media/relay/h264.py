"""Finds the start of a decodable picture in H.264 payloads (RFC 6184 §5.4 to §5.8), without decoding."""

from __future__ import annotations

IDR, SPS, PPS = 5, 7, 8
STAP_A, FU_A = 24, 28
SEED = frozenset({IDR, SPS})


def opens_picture(payload: bytes) -> bool:
    """Whether the packet holds an SPS or the start of an IDR picture: everything before it may be forgotten.

    An aggregation packet (STAP-A) is searched, a fragment (FU-A) counts when it is the first.
    """
    if len(payload) < 2:
        return False
    kind = payload[0] & 0x1F
    if kind == FU_A:
        return bool(payload[1] & 0x80) and payload[1] & 0x1F in SEED
    if kind == STAP_A:
        return any(unit in SEED for unit in _aggregated(payload))
    return kind in SEED


def _aggregated(payload: bytes) -> list[int]:
    kinds, at = [], 1
    while at + 2 < len(payload):
        size = int.from_bytes(payload[at : at + 2], "big")
        kinds.append(payload[at + 2] & 0x1F)
        at += 2 + size
    return kinds
