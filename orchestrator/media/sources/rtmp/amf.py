"""AMF 0 as RTMP's commands use it (Adobe "Action Message Format AMF 0", 2007), within bounds."""

from __future__ import annotations

import struct

Value = float | bool | str | None | dict[str, "Value"] | list["Value"]

NUMBER, BOOLEAN, STRING, OBJECT, NULL, UNDEFINED, ECMA_ARRAY, OBJECT_END, STRICT_ARRAY, DATE, LONG_STRING = (
    0, 1, 2, 3, 5, 6, 8, 9, 10, 11, 12,
)  # fmt: skip
_PLAIN = frozenset({NUMBER, BOOLEAN, STRING, LONG_STRING, DATE, NULL, UNDEFINED})
DEEPEST = 6
MOST = 256
"""Values in one object or array."""


class Malformed(Exception):
    """Bytes that are not AMF 0, or more of them than anybody needs."""


def read(content: bytes) -> list[Value]:
    """All values of a command. Raises :class:`Malformed`."""
    reader = _Reader(content)
    values = []
    while reader.left:
        values.append(reader.value(0))
        if len(values) > MOST:
            raise Malformed("too many values")
    return values


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._content) - self._at

    def _take(self, count: int) -> bytes:
        if count > self.left:
            raise Malformed("it ends too early")
        self._at += count
        return self._content[self._at - count : self._at]

    def _text(self, count: int) -> str:
        return self._take(count).decode("utf-8", "replace")

    def value(self, depth: int) -> Value:
        kind = self._take(1)[0]
        if kind in _PLAIN:
            return self._plain(kind)
        if depth >= DEEPEST:
            raise Malformed("too deep")
        if kind == STRICT_ARRAY:
            return self._array(int.from_bytes(self._take(4), "big"), depth)
        if kind == ECMA_ARRAY:
            self._take(4)  # a hint only: the end is marked
        elif kind != OBJECT:
            raise Malformed("an unknown kind of value")
        return self._object(depth)

    def _plain(self, kind: int) -> Value:
        value: Value = None
        if kind == NUMBER:
            value = float(struct.unpack(">d", self._take(8))[0])
        elif kind == BOOLEAN:
            value = self._take(1) != b"\0"
        elif kind == STRING:
            value = self._text(int.from_bytes(self._take(2), "big"))
        elif kind == LONG_STRING:
            value = self._text(int.from_bytes(self._take(4), "big"))
        elif kind == DATE:
            value = float(struct.unpack(">d", self._take(10)[:8])[0])
        return value

    def _array(self, count: int, depth: int) -> Value:
        if count > MOST:
            raise Malformed("too many values")
        return [self.value(depth + 1) for _ in range(count)]

    def _object(self, depth: int) -> Value:
        found: dict[str, Value] = {}
        while len(found) <= MOST:
            name = self._text(int.from_bytes(self._take(2), "big"))
            if not name:
                if self._take(1)[0] != OBJECT_END:
                    raise Malformed("an object without an end")
                return found
            found[name] = self.value(depth + 1)
        raise Malformed("too many values")


def write(*values: Value) -> bytes:
    """Values one after another."""
    return b"".join(_written(value) for value in values)


def _written(value: Value) -> bytes:
    if value is None:
        return bytes([NULL])
    if isinstance(value, bool):
        return bytes([BOOLEAN, value])
    if isinstance(value, int | float):
        return bytes([NUMBER]) + struct.pack(">d", value)
    if isinstance(value, str):
        return bytes([STRING]) + _name(value)
    if isinstance(value, list):
        return bytes([STRICT_ARRAY]) + len(value).to_bytes(4, "big") + write(*value)
    pairs = b"".join(_name(name) + _written(one) for name, one in value.items())
    return bytes([OBJECT]) + pairs + b"\0\0" + bytes([OBJECT_END])


def _name(text: str) -> bytes:
    raw = text.encode()[:65535]
    return len(raw).to_bytes(2, "big") + raw
