"""VP8 payloads (RFC 7741): where a decodable picture begins, and numbers of pictures that go on, whoever sends them.

What leaves :class:`Continuity` has its numbers at one place: 15 bits of the picture's after the two bytes of flags, the
base layer's (TL0PICIDX) behind it. So a viewer's own numbers are written over them without reading the payload again.
"""

from __future__ import annotations

from typing import NamedTuple

from orchestrator.media.relay.rtp import ahead

PICTURES, NARROW, LAYERS = 1 << 15, 1 << 7, 1 << 8
PICTURE_AT, LAYER_AT = 2, 4
UNNUMBERED, PICTURE_ONLY, WITH_LAYER = range(3)
"""Which numbers a payload has; only of VP8 any."""


class Numbers(NamedTuple):
    """Where the payload descriptor holds its numbers; ``None`` where it has none (§4.2)."""

    picture_at: int | None
    wide: bool
    """A picture number of 15 bits, otherwise of 7."""
    layer_at: int | None
    body_at: int


def numbers(payload: bytes) -> Numbers | None:
    """Read the payload descriptor; ``None`` when it is cut short."""
    size = len(payload)
    if not size:
        return None
    if not payload[0] & 0x80:
        return Numbers(None, False, None, 1)
    if size < 2:
        return None
    flags, at = payload[1], 2
    picture_at = layer_at = None
    wide = False
    if flags & 0x80:
        if at >= size:
            return None
        picture_at, wide = at, bool(payload[at] & 0x80)
        at += 2 if wide else 1
    if flags & 0x40:
        layer_at = at
        at += 1
    if flags & 0x30:
        at += 1
    return Numbers(picture_at, wide, layer_at, at) if at <= size else None


def opens_picture(payload: bytes) -> bool:
    """Whether the packet begins a keyframe: start of the first partition, and the frame header's P bit 0 (§4.3)."""
    if not payload or payload[0] & 0x17 != 0x10:
        return False
    found = numbers(payload)
    return found is not None and found.body_at < len(payload) and not payload[found.body_at] & 0x01


def picture_size(payload: bytes) -> tuple[int, int] | None:
    """Width and height from the first packet of a keyframe (RFC 6386 §9.1), else ``None``."""
    found = numbers(payload) if opens_picture(payload) else None
    head = payload[found.body_at : found.body_at + 10] if found is not None else b""
    return frame_size(head)


def frame_size(frame: bytes) -> tuple[int, int] | None:
    """The same of a frame without its payload descriptor."""
    if len(frame) < 10 or frame[0] & 0x01 or frame[3:6] != b"\x9d\x01\x2a":
        return None
    size = int.from_bytes(frame[6:8], "little") & 0x3FFF, int.from_bytes(frame[8:10], "little") & 0x3FFF
    return size if min(size) > 0 else None


class Continuity:
    """Goes on counting pictures and base layers where the source before left off."""

    def __init__(self) -> None:
        self.picture = self.layer = 0
        """The newest that were given."""
        self._theirs: tuple[int, int] | None = None
        """The same in the source's own count."""

    def new_source(self) -> None:
        """The next packets count from somewhere else."""
        self._theirs = None

    def placed(self, payload: bytes) -> tuple[bytes, int]:
        """The payload with the stream's own numbers, and which it has.

        A source may begin with 7 bits and go on with 15 (§4.2): its count is followed in what it sends.
        """
        found = numbers(payload)
        if found is None or found.picture_at is None or found.body_at >= len(payload):
            return payload, UNNUMBERED
        picture = _picture(payload, found)
        layer = payload[found.layer_at] if found.layer_at is not None else None
        steps = climbed = 1
        if self._theirs is not None:
            span = PICTURES if found.wide else NARROW
            steps = ahead(picture, self._theirs[0] % span, span)
            climbed = ahead(layer, self._theirs[1], LAYERS) if layer is not None else 0
        placed, base = (self.picture + steps) % PICTURES, (self.layer + climbed) % LAYERS
        if steps > 0:
            theirs = layer if layer is not None else self._theirs[1] if self._theirs is not None else 0
            self.picture, self.layer, self._theirs = placed, base, (picture, theirs)
        return _written(payload, found, placed, base), PICTURE_ONLY if layer is None else WITH_LAYER


def read(payload: bytes) -> tuple[int, int]:
    """The numbers of a payload that :class:`Continuity` placed; the second is of no meaning if it has none."""
    return int.from_bytes(payload[PICTURE_AT:LAYER_AT], "big") % PICTURES, payload[LAYER_AT]


def shifted(payload: bytes, has: int, pictures: int, layers: int) -> bytes:
    """A placed payload with other numbers. ``has``: what :meth:`Continuity.placed` said of it."""
    picture, layer = read(payload)
    changed = bytearray(payload)
    changed[PICTURE_AT:LAYER_AT] = (0x8000 | (picture + pictures) % PICTURES).to_bytes(2, "big")
    if has == WITH_LAYER:
        changed[LAYER_AT] = (layer + layers) % LAYERS
    return bytes(changed)


def _picture(payload: bytes, found: Numbers) -> int:
    at = found.picture_at or 0
    return (payload[at] & 0x7F) << 8 | payload[at + 1] if found.wide else payload[at] & 0x7F


def _written(payload: bytes, found: Numbers, picture: int, layer: int) -> bytes:
    changed = bytearray(payload)
    changed[PICTURE_AT : LAYER_AT if found.wide else LAYER_AT - 1] = (0x8000 | picture).to_bytes(2, "big")
    if found.layer_at is not None:
        changed[LAYER_AT] = layer
    return bytes(changed)
