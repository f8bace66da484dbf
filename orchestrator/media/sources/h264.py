"""H.264 byte streams: units, parameter sets, keyframes (ITU-T H.264 §7.3 and Annex B)."""

from __future__ import annotations

from collections.abc import Iterator

SLICE, IDR, SPS, PPS, DELIMITER, FILLER = 1, 5, 7, 8, 9, 12
START = b"\x00\x00\x00\x01"


def units(annex_b: bytes) -> Iterator[bytes]:
    """The NAL units between start codes, without them (Annex B.1)."""
    at = annex_b.find(b"\x00\x00\x01")
    while at >= 0:
        begin = at + 3
        at = annex_b.find(b"\x00\x00\x01", begin)
        unit = annex_b[begin : at if at >= 0 else len(annex_b)].rstrip(b"\x00")
        if unit:
            yield unit


def lengthened(access_unit: bytes, length_size: int) -> Iterator[bytes]:
    """The NAL units of an access unit as MP4 and RTMP carry it (ISO 14496-15 §5.3.2): each after its length of
    ``length_size`` bytes. Raises :class:`ValueError` when a length points beyond the end."""
    at = 0
    while at < len(access_unit):
        begin = at + length_size
        at = begin + int.from_bytes(access_unit[at:begin], "big")
        if begin > len(access_unit) or at > len(access_unit):
            raise ValueError("a NAL unit is longer than its access unit")
        if at > begin:
            yield access_unit[begin:at]


def joined(parts: Iterator[bytes] | list[bytes]) -> bytes:
    """NAL units as Annex B."""
    return b"".join(START + part for part in parts)


def kind(unit: bytes) -> int:
    """nal_unit_type (§7.3.1)."""
    return unit[0] & 0x1F


def is_keyframe(annex_b: bytes) -> bool:
    """Whether decoding may begin with this access unit: it holds an IDR picture."""
    return any(kind(unit) == IDR for unit in units(annex_b))
