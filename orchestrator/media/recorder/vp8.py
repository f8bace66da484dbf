"""VP8 out of RTP (RFC 7741) into whole pictures, and what a file must know of them. Pure."""

from __future__ import annotations

import msgspec

from orchestrator.media.recorder.h264 import PICTURE_LIMIT
from orchestrator.media.recorder.mp4 import Vp8Head
from orchestrator.media.recorder.reorder import Ordered
from orchestrator.media.relay.vp8 import frame_size, numbers

START, NOT_FIRST_PARTITION = 0x10, 0x07
"""Of a descriptor's first byte (§4.2)."""


class Picture(msgspec.Struct, frozen=True):
    """One frame (RFC 6386 §9.1); ``key`` when decoding can begin here."""

    timestamp: int
    frame: bytes

    @property
    def key(self) -> bool:
        return not self.frame[0] & 0x01

    def sample(self) -> bytes:
        """As the VP codec binding stores it: the frame as it is."""
        return self.frame

    def head(self) -> Vp8Head | None:
        """What the head of a file that begins with it says; None of one that is no key picture."""
        size = frame_size(self.frame)
        return Vp8Head(*size) if size is not None else None


class Pictures:
    """Gathers packets in order into pictures. A picture that lacks a packet is let go, and with it all that follow
    until the next key picture, because they build on it."""

    def __init__(self) -> None:
        self._timestamp: int | None = None
        self._parts: list[bytes] = []
        self._size = 0
        self._broken = False
        self.waits_for_key = True
        self.let_go = 0

    def add(self, ordered: Ordered) -> list[Picture]:
        """The pictures that this packet completes: with its marker its own, with a new timestamp the one before."""
        done: list[Picture] = []
        packet = ordered.packet
        if ordered.gap:
            # Of the picture in hand, or of one that never came.
            self._broken = True
            self.waits_for_key = self.waits_for_key or packet.timestamp != self._timestamp
        if packet.timestamp != self._timestamp:
            done += self._finish()
            self._timestamp = packet.timestamp
        if packet.payload:
            self._payload(packet.payload)
        if packet.marker:
            done += self._finish()
        return done

    def _payload(self, payload: bytes) -> None:
        found = numbers(payload)
        begins = payload[0] & (START | NOT_FIRST_PARTITION) == START
        self._size += len(payload)
        if found is None or begins is bool(self._parts) or self._size > PICTURE_LIMIT:
            # Cut short, not begun at its beginning, begun twice, or larger than any picture.
            self._broken = True
            return
        self._parts.append(payload[found.body_at :])

    def _finish(self) -> list[Picture]:
        frame, broken, timestamp = b"".join(self._parts), self._broken, self._timestamp
        self._parts, self._size, self._broken, self._timestamp = [], 0, False, None
        if timestamp is None or not frame:
            self.waits_for_key = self.waits_for_key or broken
            return []
        picture = Picture(timestamp, frame)
        if broken or (self.waits_for_key and picture.head() is None):
            self.let_go += 1
            self.waits_for_key = True
            return []
        self.waits_for_key = False
        return [picture]
