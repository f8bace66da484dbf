"""RTP header extensions (RFC 8285): agreed by URI, written from a prebuilt block, read by number.

The relay reads ``mid``, ``rid``, ``repaired-rid`` and the number across all sources of publishers, and writes
``abs-send-time`` and ``mid`` to viewers.
A viewer's block is built once; only the three bytes of the time are written per packet, always at the same place.
"""

from __future__ import annotations

from collections.abc import Mapping

ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"

TRANSPORT_SEQUENCE = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

FROM_PUBLISHER = (MID, RID, REPAIRED_RID)
ONE_BYTE = 0xBEDE
NUMBERS = range(1, 15)
"""Those of one-byte headers (RFC 8285 §4.2)."""
TIME_AT = 17
"""Where the time stands in a packet without CSRCs: it is the first element of the block."""
VALUE_LIMIT = 16


def agree(offered: Mapping[str, int], wanted: tuple[str, ...]) -> dict[str, int]:
    """The offered extensions that the relay speaks, with the offer's numbers."""
    return {uri: offered[uri] for uri in wanted if offered.get(uri) in NUMBERS}


def block(agreed: Mapping[str, int], mid: str) -> bytes:
    """The extension as it follows the fixed header, its time left empty; nothing when nothing was agreed."""
    elements = b""
    if ABS_SEND_TIME in agreed:
        elements += bytes((agreed[ABS_SEND_TIME] << 4 | 2, 0, 0, 0))
    value = mid.encode()
    if MID in agreed and 0 < len(value) <= VALUE_LIMIT:
        elements += bytes((agreed[MID] << 4 | (len(value) - 1),)) + value
    if not elements:
        return b""
    elements += bytes(-len(elements) % 4)
    return ONE_BYTE.to_bytes(2, "big") + (len(elements) // 4).to_bytes(2, "big") + elements


def send_time(now: float) -> bytes:
    """Seconds as 6.18 fixed point in 24 bits (abs-send-time)."""
    return (int(now * (1 << 18)) & 0xFFFFFF).to_bytes(3, "big")


def find(extension: bytes, number: int) -> bytes | None:
    """The element ``number`` of a packet's extension (with its four-byte head); ``None`` when it is not there.

    Both forms are read: one-byte heads (RFC 8285 §4.2) and two-byte heads (§4.3).
    """
    if len(extension) < 4:
        return None
    profile = int.from_bytes(extension[:2], "big")
    if profile == ONE_BYTE:
        return _one_byte(extension, number)
    return _two_bytes(extension, number) if profile >> 4 == 0x100 else None


def _one_byte(extension: bytes, number: int) -> bytes | None:
    at, end = 4, len(extension)
    while at < end:
        head = extension[at]
        if head == 0:
            at += 1
            continue
        if head >> 4 == 15:
            return None
        size = (head & 0x0F) + 1
        if head >> 4 == number:
            return extension[at + 1 : at + 1 + size] if at + 1 + size <= end else None
        at += 1 + size
    return None


def _two_bytes(extension: bytes, number: int) -> bytes | None:
    at, end = 4, len(extension)
    while at + 1 < end:
        head, size = extension[at], extension[at + 1]
        if head == 0:
            at += 1
            continue
        if head == number:
            return extension[at + 2 : at + 2 + size] if at + 2 + size <= end else None
        at += 2 + size
    return None
