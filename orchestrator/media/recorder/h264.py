"""H.264 out of RTP (RFC 6184: single units, STAP-A, FU-A) into whole pictures, and what a file must know of them.
Pure."""

from __future__ import annotations

import msgspec

from orchestrator.media.recorder.mp4 import H264Head
from orchestrator.media.recorder.reorder import Ordered

SLICE, IDR, SEI, SPS, PPS, DELIMITER = 1, 5, 6, 7, 8, 9
STAP_A, FU_A = 24, 28
PICTURE_LIMIT = 4 << 20
"""A picture larger than this is not one."""


class Picture(msgspec.Struct, frozen=True):
    """One access unit. ``units`` without start codes; ``key`` when decoding can begin here; ``sps`` and ``pps`` are
    those that came with it, empty when none did."""

    timestamp: int
    units: list[bytes]
    key: bool
    sps: bytes
    pps: bytes

    def sample(self) -> bytes:
        """As ISO/IEC 14496-15 stores it: each unit after its length in four bytes."""
        return b"".join(len(unit).to_bytes(4, "big") + unit for unit in self.units)

    def head(self) -> H264Head | None:
        """What the head of a file that begins with it says; None without its parameter sets."""
        size = geometry(self.sps) if self.sps and self.pps else None
        return H264Head(self.sps, self.pps, size.width, size.height) if size is not None else None


class Pictures:
    """Gathers packets in order into pictures. A picture that lacks a packet is let go, and with it all that follow
    until the next key picture, because they build on it."""

    def __init__(self) -> None:
        self._timestamp: int | None = None
        self._units: list[bytes] = []
        self._fragment: bytearray | None = None
        self._size = 0
        self._broken = False
        self.waits_for_key = True
        self.let_go = 0

    def add(self, ordered: Ordered) -> list[Picture]:
        """The pictures that this packet completes: with its marker its own, with a new timestamp the one before."""
        done: list[Picture] = []
        packet = ordered.packet
        if ordered.gap:
            self._damage(packet.timestamp)
        if packet.timestamp != self._timestamp:
            done += self._finish()
            self._timestamp = packet.timestamp
            self._broken = ordered.gap
        if packet.payload:
            self._payload(packet.payload)
        if packet.marker:
            done += self._finish()
        return done

    def _damage(self, timestamp: int) -> None:
        """Packets are missing before this one: of the picture in hand, or of one that never came."""
        self._broken = True
        self._fragment = None
        if timestamp != self._timestamp:
            self.waits_for_key = True

    def _payload(self, payload: bytes) -> None:
        self._size += len(payload)
        if self._size > PICTURE_LIMIT:
            self._broken = True
            self._units.clear()
            return
        kind = payload[0] & 0x1F
        if kind == FU_A:
            self._fragmented(payload)
        elif kind == STAP_A:
            self._aggregated(payload)
        elif 1 <= kind <= 23:
            self._units.append(payload)

    def _fragmented(self, payload: bytes) -> None:
        """RFC 6184 §5.8."""
        if len(payload) < 3:
            return
        head = payload[1]
        if head & 0x80:
            self._fragment = bytearray(((payload[0] & 0xE0) | (head & 0x1F),))
        if self._fragment is None:
            self._broken = True
            return
        self._fragment += payload[2:]
        if head & 0x40:
            self._units.append(bytes(self._fragment))
            self._fragment = None

    def _aggregated(self, payload: bytes) -> None:
        """RFC 6184 §5.7.1."""
        at = 1
        while at + 2 < len(payload):
            size = int.from_bytes(payload[at : at + 2], "big")
            unit = payload[at + 2 : at + 2 + size]
            if len(unit) == size and size:
                self._units.append(unit)
            at += 2 + size

    def _finish(self) -> list[Picture]:
        units, broken = self._units, self._broken or self._fragment is not None
        timestamp = self._timestamp
        self._units, self._fragment, self._size, self._broken, self._timestamp = [], None, 0, False, None
        coded = [unit for unit in units if unit[0] & 0x1F in {SLICE, IDR}]
        if timestamp is None or not units:
            if broken:
                self.waits_for_key = True
            return []
        key = bool(coded) and all(unit[0] & 0x1F == IDR for unit in coded)
        if broken or not coded or (self.waits_for_key and not key):
            self.let_go += 1
            self.waits_for_key = self.waits_for_key or broken or bool(coded)
            return []
        self.waits_for_key = False
        sps = next((unit for unit in units if unit[0] & 0x1F == SPS), b"")
        pps = next((unit for unit in units if unit[0] & 0x1F == PPS), b"")
        return [Picture(timestamp, [unit for unit in units if unit[0] & 0x1F != DELIMITER], key, sps, pps)]


class Geometry(msgspec.Struct, frozen=True):
    """What a sequence parameter set says of the pictures."""

    width: int
    height: int


def geometry(sps: bytes) -> Geometry | None:
    """Read a sequence parameter set (ITU-T H.264 §7.3.2.1.1); None when it cannot be read."""
    try:
        return _geometry(_Bits(_unescaped(sps[1:])))
    except (IndexError, ValueError):
        return None


def _unescaped(raw: bytes) -> bytes:
    """Without the emulation prevention bytes (§7.4.1)."""
    return raw.replace(b"\0\0\x03", b"\0\0")


class _Bits:
    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def one(self) -> int:
        value = self._raw[self._at >> 3] >> (7 - (self._at & 7)) & 1
        self._at += 1
        return value

    def many(self, count: int) -> int:
        value = 0
        for _ in range(count):
            value = value << 1 | self.one()
        return value

    def unsigned(self) -> int:
        """ue(v), §9.1."""
        zeros = 0
        while not self.one():
            zeros += 1
            if zeros > 31:
                raise ValueError("not an Exp-Golomb code")
        return (1 << zeros) - 1 + self.many(zeros)

    def signed(self) -> int:
        code = self.unsigned()
        return (code + 1) // 2 if code & 1 else -(code // 2)


_HIGH = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138})


def _geometry(bits: _Bits) -> Geometry | None:
    profile = bits.many(8)
    bits.many(16)
    bits.unsigned()
    chroma = 1
    if profile in _HIGH:
        chroma = bits.unsigned()
        if chroma == 3:
            bits.one()
        bits.unsigned()
        bits.unsigned()
        bits.one()
        if bits.one():
            return None  # scaling matrices: no encoder of a lecture sends any, and 4:2:0 baseline has none
    bits.unsigned()
    order = bits.unsigned()
    if order == 0:
        bits.unsigned()
    elif order == 1:
        bits.one()
        bits.signed()
        bits.signed()
        for _ in range(min(bits.unsigned(), 255)):
            bits.signed()
    bits.unsigned()
    bits.one()
    across, down = bits.unsigned() + 1, bits.unsigned() + 1
    frames_only = bits.one()
    if not frames_only:
        bits.one()
    bits.one()
    left = right = top = bottom = 0
    if bits.one():
        left, right, top, bottom = (bits.unsigned() for _ in range(4))
    step_x, step_y = (1, 1) if chroma in (0, 3) else (2, 2 if chroma == 1 else 1)
    step_y *= 2 - frames_only
    width = across * 16 - step_x * (left + right)
    height = (2 - frames_only) * down * 16 - step_y * (top + bottom)
    return Geometry(width, height) if 0 < width <= 16384 and 0 < height <= 16384 else None
