"""RTMP's messages out of chunks and into them (Adobe "RTMP Specification 1.0", §5.3), within bounds. Pure."""

from __future__ import annotations

import msgspec

SET_CHUNK_SIZE, ABORT = 1, 2
STREAMS = 32
"""Chunk streams of one connection; encoders use about five."""
LONGEST = 8 << 20
"""Of a message; a larger chunk size changes nothing then."""
FAR = 0xFFFFFF
"""A timestamp field of this value: the real one follows in four bytes."""


class BadChunks(Exception):
    """What came is not RTMP, or larger than anything an encoder sends."""


class Message(msgspec.Struct, frozen=True):
    """``kind`` is the message type id, ``at_ms`` its timestamp."""

    kind: int
    stream: int
    at_ms: int
    content: bytes


class _Half:
    """What is known of one chunk stream: its last header, and the message that is under way."""

    def __init__(self) -> None:
        self.at_ms = 0
        self.delta = 0
        self.length = 0
        self.kind = 0
        self.stream = 0
        self.extended = False
        self.known = False
        self.content = bytearray()


class Assembler:
    """Bytes in, messages out. Set Chunk Size and Abort are obeyed here."""

    def __init__(self, message_limit: int) -> None:
        self.message_limit = message_limit
        self._size = 128
        self._waiting = bytearray()
        self._halves: dict[int, _Half] = {}

    def take(self, content: bytes) -> list[Message]:
        """Messages that are whole now. Raises :class:`BadChunks`."""
        self._waiting += content
        found: list[Message] = []
        at = 0
        while True:
            used, message = self._chunk(at)
            if used == 0:
                break
            at += used
            if message is not None:
                found += self._whole(message)
        del self._waiting[:at]
        return found

    def _whole(self, message: Message) -> list[Message]:
        if message.kind == SET_CHUNK_SIZE:
            size = int.from_bytes(message.content[:4], "big")
            if not 1 <= size <= 0x7FFFFFFF:
                raise BadChunks("a chunk size that cannot be")
            self._size = min(size, LONGEST)
        elif message.kind == ABORT:
            half = self._halves.get(int.from_bytes(message.content[:4], "big"))
            if half is not None:
                half.content.clear()
        else:
            return [message]
        return []

    def _chunk(self, at: int) -> tuple[int, Message | None]:
        """One chunk: how many bytes it has (0: not whole yet), and the message that it ends."""
        waiting, begin = self._waiting, at
        if len(waiting) < at + 1:
            return 0, None
        form, number = waiting[at] >> 6, waiting[at] & 0x3F
        at += 1
        if number < 2:
            extra = number + 1
            if len(waiting) < at + extra:
                return 0, None
            number = 64 + int.from_bytes(waiting[at : at + extra], "little")
            at += extra
        size = (11, 7, 3, 0)[form]
        half = self._half(number, form)
        if len(waiting) < at + size:
            return 0, None
        header = bytes(waiting[at : at + size])
        at += size
        extended = int.from_bytes(header[:3], "big") == FAR if form < 3 else half.extended
        stamp = int.from_bytes(header[:3], "big") if form < 3 else half.delta
        if extended:
            if len(waiting) < at + 4:
                return 0, None
            stamp = int.from_bytes(waiting[at : at + 4], "big")
            at += 4
        length = int.from_bytes(header[3:6], "big") if form < 2 else half.length
        if length > self.message_limit:
            raise BadChunks("a message that is too long")
        take = min(self._size, length - len(half.content))
        if len(waiting) < at + take:
            return 0, None
        if not half.content:
            self._begin(half, form, header, stamp, extended=extended)
        half.content += waiting[at : at + take]
        message = None
        if len(half.content) >= half.length:
            message = Message(half.kind, half.stream, half.at_ms, bytes(half.content))
            half.content.clear()
        return at + take - begin, message

    def _half(self, number: int, form: int) -> _Half:
        half = self._halves.get(number)
        if half is None:
            if len(self._halves) >= STREAMS:
                raise BadChunks("too many chunk streams")
            half = self._halves[number] = _Half()
        if form != 0 and not half.known and not half.content:
            raise BadChunks("a chunk that continues nothing")
        if form != 3 and half.content:
            raise BadChunks("a message within another")
        return half

    def _begin(self, half: _Half, form: int, header: bytes, stamp: int, *, extended: bool) -> None:
        half.extended = extended
        half.known = True
        if form < 2:
            half.length = int.from_bytes(header[3:6], "big")
            half.kind = header[6]
        if form == 0:
            half.stream = int.from_bytes(header[7:11], "little")
            half.at_ms, half.delta = stamp, 0
        else:
            half.delta = stamp if form < 3 or not extended else half.delta
            half.at_ms = (half.at_ms + half.delta) & 0xFFFFFFFF


def chunked(message: Message, channel: int, size: int) -> bytes:
    """A message as chunks of at most ``size`` bytes, the first with a whole header."""
    header = bytes([channel]) + min(message.at_ms, FAR).to_bytes(3, "big")
    header += len(message.content).to_bytes(3, "big") + bytes([message.kind]) + message.stream.to_bytes(4, "little")
    parts = [header, message.content[:size]]
    for at in range(size, len(message.content), size):
        parts += [bytes([0xC0 | channel]), message.content[at : at + size]]
    return b"".join(parts)
