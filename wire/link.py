"""One end of a link between the centre and a site, without I/O: numbering, acknowledging, resuming.

A `Link` lives as long as both boots do and survives any number of connections. Reliable messages are numbered
1, 2, 3, … and kept until the peer acknowledges them; after a break each side says how many it has received and the
other sends the rest again. Within one connection the transport keeps order, so a gap can only be a faulty peer.
Transient messages carry number 0 and are never kept. Time (`now`, seconds on any monotonic clock) is an argument.
"""

from collections import deque
from collections.abc import Callable
from typing import Annotated, Generic, TypeVar

import msgspec

from wire.codec import ProtocolError, encode
from wire.messages import MAX_FRAME_BYTES, TRANSIENT, Message
from wire.unreadable import UNREADABLE

WINDOW_MESSAGES = 256
WINDOW_BYTES = 16 << 20
ACK_EVERY = 16
ACK_AFTER_S = 1.0
FRAME_OVERHEAD_BYTES = 32

_In = TypeVar("_In")
_Counter = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
_NOTHING = b"\xc0"


class Frame(msgspec.Struct, frozen=True, array_like=True):
    """What one WebSocket message carries: `seq` 0 = transient, `ack` = last reliable number received, body or nil."""

    seq: _Counter
    ack: _Counter
    body: msgspec.Raw


_decoder = msgspec.msgpack.Decoder(Frame)
_encoder = msgspec.msgpack.Encoder()


class LinkFull(Exception):
    """The peer has acknowledged too little: 256 messages or 16 MiB wait already."""


class Link(Generic[_In]):
    """State of one end. `decode` turns a body into a message this end may receive, or raises `ProtocolError`."""

    def __init__(
        self, decode: Callable[[msgspec.Raw], _In], *, window: int = WINDOW_MESSAGES, window_bytes: int = WINDOW_BYTES
    ) -> None:
        self._decode = decode
        self._window = window
        self._window_bytes = window_bytes
        self._kept: deque[bytes] = deque()
        self._kept_bytes = 0
        self._acked = 0
        self._sent = 0
        self._received = 0
        self._ack_told = 0
        self._ack_owed_since: float | None = None

    @property
    def received(self) -> int:
        """Number of the last reliable message received."""
        return self._received

    @property
    def waiting(self) -> int:
        """Reliable messages the peer has not acknowledged."""
        return len(self._kept)

    def connected(self, peer_received: int) -> None:
        """Begin a connection on which the peer says it has `peer_received` of our messages; the rest is sent again."""
        if not self._acked <= peer_received <= self._sent:
            raise ProtocolError("bad_ack", f"peer has {peer_received}, we know {self._acked}…{self._sent}")
        self._drop_through(peer_received)
        self._sent = peer_received
        self._ack_told = self._received
        self._ack_owed_since = None

    def queue(self, message: Message) -> None:
        """Keep a reliable message for `next_frame`; raise `LinkFull`, or `ProtocolError` too_large."""
        body = encode(message, MAX_FRAME_BYTES - FRAME_OVERHEAD_BYTES)
        if len(self._kept) >= self._window or self._kept_bytes + len(body) > self._window_bytes:
            raise LinkFull(f"{len(self._kept)} messages, {self._kept_bytes} bytes wait")
        self._kept.append(body)
        self._kept_bytes += len(body)

    def next_frame(self, now: float) -> bytes | None:
        """Return the next reliable frame, else an acknowledgement if one is due, else None."""
        if self._sent - self._acked < len(self._kept):
            body = self._kept[self._sent - self._acked]
            self._sent += 1
            return self._frame(self._sent, body)
        if self._ack_is_due(now):
            return self._frame(0, _NOTHING)
        return None

    def transient(self, message: Message) -> bytes:
        """Return the frame of a message that is not kept; raise `ProtocolError` too_large."""
        return self._frame(0, encode(message, MAX_FRAME_BYTES - FRAME_OVERHEAD_BYTES))

    def ack_due_at(self) -> float | None:
        """Return when `next_frame` should be asked for an acknowledgement, or None if nothing is owed."""
        return None if self._ack_owed_since is None else self._ack_owed_since + ACK_AFTER_S

    def receive(self, octets: bytes, now: float) -> _In | None:
        """Return the message of a frame, or None for a duplicate or a bare acknowledgement; raise `ProtocolError`."""
        frame = _open(octets)
        if frame.ack > self._sent:
            raise ProtocolError("bad_ack", f"{frame.ack} acknowledged, {self._sent} sent")
        if frame.seq > self._received + 1:
            raise ProtocolError("gap", f"{frame.seq} came after {self._received}")
        if 0 < frame.seq <= self._received:
            self._drop_through(frame.ack)
            self._owe_ack(now)
            return None
        message = None if frame.seq == 0 and bytes(frame.body) == _NOTHING else self._decoded(frame)
        self._drop_through(frame.ack)
        if frame.seq:
            self._received = frame.seq
            self._owe_ack(now)
        return message

    def _decoded(self, frame: Frame) -> _In:
        message = self._decode(frame.body)
        if frame.seq and isinstance(message, TRANSIENT):
            raise ProtocolError("malformed", f"{type(message).__name__} is never numbered")
        return message

    def _drop_through(self, ack: int) -> None:
        while self._acked < ack:
            self._kept_bytes -= len(self._kept.popleft())
            self._acked += 1

    def _owe_ack(self, now: float) -> None:
        if self._ack_owed_since is None:
            self._ack_owed_since = now

    def _ack_is_due(self, now: float) -> bool:
        if self._ack_owed_since is None:
            return False
        return self._received - self._ack_told >= ACK_EVERY or now >= self._ack_owed_since + ACK_AFTER_S

    def _frame(self, seq: int, body: bytes) -> bytes:
        self._ack_told = self._received
        self._ack_owed_since = None
        return _encoder.encode(Frame(seq, self._received, msgspec.Raw(body)))


def _open(octets: bytes) -> Frame:
    if len(octets) > MAX_FRAME_BYTES:
        raise ProtocolError("too_large", f"{len(octets)} bytes, at most {MAX_FRAME_BYTES}")
    try:
        return _decoder.decode(octets)
    except UNREADABLE as error:
        raise ProtocolError("malformed", f"not a frame: {error}") from error
