"""Reads a picture's width and height from the start of a keyframe, without decoding (ITU-T H.264 §7.3.2.1.1)."""

from __future__ import annotations

from collections.abc import Iterator

SPS, STAP_A = 7, 24
HIGH_PROFILES = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})


def picture_size(payload: bytes) -> tuple[int, int] | None:
    """Width and height when the RTP payload (RFC 6184) holds a sequence parameter set, else ``None``."""
    for unit in _units(payload):
        if unit and unit[0] & 0x1F == SPS:
            try:
                return _of_parameters(_Bits(unit[1:].replace(b"\0\0\3", b"\0\0")))
            except IndexError:
                return None
    return None


def _units(payload: bytes) -> Iterator[bytes]:
    if not payload or payload[0] & 0x1F != STAP_A:
        yield payload
        return
    at = 1
    while at + 2 < len(payload):
        size = int.from_bytes(payload[at : at + 2], "big")
        yield payload[at + 2 : at + 2 + size]
        at += 2 + size


class _Bits:
    """A bit reader; beyond the end it raises :class:`IndexError`."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def bits(self, count: int) -> int:
        value = 0
        for _ in range(count):
            byte = self._data[self._at >> 3]
            value = value << 1 | byte >> (7 - (self._at & 7)) & 1
            self._at += 1
        return value

    def number(self) -> int:
        """Exp-Golomb (§9.1), at most 31 bits."""
        zeros = 0
        while not self.bits(1):
            zeros += 1
            if zeros > 31:
                raise IndexError
        return (1 << zeros) - 1 + self.bits(zeros)

    def signed(self) -> int:
        value = self.number()
        return (value + 1) // 2 if value & 1 else -(value // 2)


def _of_parameters(read: _Bits) -> tuple[int, int] | None:
    profile = read.bits(8)
    read.bits(16)
    read.number()
    chroma = _high(read) if profile in HIGH_PROFILES else 1
    read.number()
    _order_count(read)
    read.number()
    read.bits(1)
    width, height = read.number() + 1, read.number() + 1
    frames_only = read.bits(1)
    if not frames_only:
        read.bits(1)
    read.bits(1)
    left = right = top = bottom = 0
    if read.bits(1):
        left, right, top, bottom = (read.number() for _ in range(4))
    across = 2 if chroma in {1, 2} else 1
    down = (2 if chroma == 1 else 1) * (2 - frames_only)
    size = (width * 16 - across * (left + right), (2 - frames_only) * height * 16 - down * (top + bottom))
    return size if min(size) > 0 and max(size) <= 16384 else None


def _high(read: _Bits) -> int:
    chroma = read.number()
    if chroma == 3:
        read.bits(1)
    read.number()
    read.number()
    read.bits(1)
    if read.bits(1):
        for index in range(8 if chroma != 3 else 12):
            if read.bits(1):
                _skip_scaling(read, 16 if index < 6 else 64)
    return chroma


def _skip_scaling(read: _Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + read.signed()) % 256
        last = following or last


def _order_count(read: _Bits) -> None:
    kind = read.number()
    if kind == 0:
        read.number()
    elif kind == 1:
        read.bits(1)
        read.signed()
        read.signed()
        for _ in range(min(read.number(), 255)):
            read.signed()
