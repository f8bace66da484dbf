"""H.264 byte streams: units, parameter sets, keyframes (ITU-T H.264 §7.3 and Annex B)."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

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


class ParameterSets(msgspec.Struct, frozen=True):
    """SPS and PPS of a stream as NAL units, and what the first ones say (§7.3.2.1.1, §7.3.2.2)."""

    sequence: tuple[bytes, ...]
    picture: tuple[bytes, ...]
    length_size: int
    """Of each unit's length in an access unit; 0 when the stream is Annex B already."""

    @property
    def profile(self) -> int:
        return self.sequence[0][1]

    @property
    def constraints(self) -> int:
        """constraint_set0_flag is the highest bit."""
        return self.sequence[0][2]

    @property
    def slice_groups(self) -> int:
        """num_slice_groups_minus1 + 1 of the first PPS."""
        bits = _Bits(self.picture[0][1:])
        bits.golomb()  # pic_parameter_set_id
        bits.golomb()  # seq_parameter_set_id
        bits.take(2)  # entropy_coding_mode_flag, bottom_field_pic_order_in_frame_present_flag
        return bits.golomb() + 1

    def annex_b(self, access_unit: bytes) -> bytes:
        """The access unit as Annex B without delimiters and filler, these sets before an IDR picture that has none.
        Raises :class:`ValueError` when its lengths are wrong."""
        found = units(access_unit) if self.length_size == 0 else lengthened(access_unit, self.length_size)
        kept = [unit for unit in found if kind(unit) not in {DELIMITER, FILLER}]
        kinds = {kind(unit) for unit in kept}
        if IDR in kinds and SPS not in kinds:
            kept = [*self.sequence, *self.picture, *kept]
        return joined(kept)


def parameter_sets(extradata: bytes) -> ParameterSets | None:
    """From an AVCDecoderConfigurationRecord (ISO 14496-15 §5.3.3.1) or Annex B; None when a set is missing."""
    if extradata[:1] == b"\x01" and len(extradata) > 6:
        sequence, at = _counted(extradata, 6, extradata[5] & 0x1F)
        picture, _ = _counted(extradata, at + 1, extradata[at] if at < len(extradata) else 0)
        length_size = (extradata[4] & 3) + 1
    else:
        found = list(units(extradata))
        sequence = [unit for unit in found if kind(unit) == SPS]
        picture = [unit for unit in found if kind(unit) == PPS]
        length_size = 0
    if not sequence or not picture or len(sequence[0]) < 4 or len(picture[0]) < 2:
        return None
    return ParameterSets(tuple(sequence), tuple(picture), length_size)


def _counted(record: bytes, at: int, count: int) -> tuple[list[bytes], int]:
    found = []
    for _ in range(count):
        size = int.from_bytes(record[at : at + 2], "big")
        unit = record[at + 2 : at + 2 + size]
        if len(unit) == size and unit:
            found.append(unit)
        at += 2 + size
    return found, at


class _Bits:
    """Reads bits from the highest on; zeros beyond the end."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def take(self, count: int) -> int:
        value = 0
        for _ in range(count):
            byte = self._content[self._at >> 3] if self._at >> 3 < len(self._content) else 0
            value = value << 1 | byte >> (7 - self._at & 7) & 1
            self._at += 1
        return value

    def golomb(self) -> int:
        """ue(v) (§9.1)."""
        zeros = 0
        while zeros < 31 and self.take(1) == 0:
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)
