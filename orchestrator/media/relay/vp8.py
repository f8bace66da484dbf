"""VP8 payloads (RFC 7741): where a decodable picture begins, and picture numbers that go on when the source changes."""

from __future__ import annotations

from typing import NamedTuple

PICTURES, LAYERS = 1 << 15, 1 << 8


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


class Continuity:
    """Goes on counting pictures and base layers where the source before left off."""

    def __init__(self) -> None:
        self._picture = self._layer = 0
        self._shifts: tuple[int, int] | None = None

    def new_source(self) -> None:
        """The next packets count from somewhere else."""
        self._shifts = None

    def placed(self, payload: bytes) -> bytes:
        """The payload with the stream's own numbers."""
        found = numbers(payload)
        if found is None or found.picture_at is None:
            return payload
        picture = _picture(payload, found)
        layer = payload[found.layer_at] if found.layer_at is not None else 0
        if self._shifts is None:
            self._shifts = ((self._picture + 1 - picture) % PICTURES, (self._layer + 1 - layer) % LAYERS)
        picture = (picture + self._shifts[0]) % (PICTURES if found.wide else 128)
        layer = (layer + self._shifts[1]) % LAYERS
        if (picture - self._picture) % PICTURES < PICTURES // 2:
            self._picture, self._layer = picture, layer
        return payload if self._shifts == (0, 0) else _written(payload, found, picture, layer)


def _picture(payload: bytes, found: Numbers) -> int:
    at = found.picture_at or 0
    return (payload[at] & 0x7F) << 8 | payload[at + 1] if found.wide else payload[at] & 0x7F


def _written(payload: bytes, found: Numbers, picture: int, layer: int) -> bytes:
    changed = bytearray(payload)
    if found.picture_at is not None:
        if found.wide:
            changed[found.picture_at : found.picture_at + 2] = (0x8000 | picture).to_bytes(2, "big")
        else:
            changed[found.picture_at] = picture & 0x7F
    if found.layer_at is not None:
        changed[found.layer_at] = layer
    return bytes(changed)
