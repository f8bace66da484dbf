"""Seals and sends one packet to many viewers: SRTP in place, then one ``sendmmsg`` for up to 256 datagrams.

Measured on one core (1.1 kB packets, AEAD_AES_128_GCM): ``Session.protect`` + ``socket.sendto`` 5.0 to 6.2 µs a packet,
libsrtp called in place + ``sendto`` 3.8 to 4.7 µs, in place + ``sendmmsg`` 3.4 µs.
"""

from __future__ import annotations

import errno
import socket
import struct
import time
from collections.abc import Iterable
from typing import Any, Protocol

import cffi  # type: ignore[import-untyped]
from pylibsrtp import _binding

from orchestrator.media.relay.extensions import TIME_AT, send_time
from orchestrator.media.relay.lane import Lane
from orchestrator.media.relay.rtp import HEADER, Packet

CAPACITY = 256
MAPPED = "::ffff:"
"""How IPv4 looks to a socket of IPv6 (RFC 4291 §2.5.5.2)."""
BUFFER_BYTES = 2048
PACKET_LIMIT = 1600
"""The largest payload that is forwarded; WebRTC senders stay below 1,250 bytes."""

libc_ffi = cffi.FFI()
libc_ffi.cdef(
    """
    struct iovec { void *iov_base; size_t iov_len; };
    struct msghdr { void *msg_name; unsigned int msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
                    void *msg_control; size_t msg_controllen; int msg_flags; };
    struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
    int sendmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags);
    """
)
libc = libc_ffi.dlopen(None)


class Exit(Protocol):
    """A viewer as the batch sees it."""

    @property
    def srtp(self) -> Any:
        """libsrtp's outbound session."""
        ...

    @property
    def sockaddr(self) -> bytes:
        """From :func:`pack_address`; empty while the viewer has none."""
        ...


def pack_address(address: tuple[str, int], *, six: bool = False) -> bytes:
    """A ``struct sockaddr`` of an IPv4 or IPv6 address; ``six``: for a socket of IPv6, so that both are alike."""
    host, port = address[0], address[1]
    if six and ":" not in host:
        host = MAPPED + host
    if ":" in host:
        raw = struct.pack("=H", socket.AF_INET6) + struct.pack("!HI", port, 0)
        return raw + socket.inet_pton(socket.AF_INET6, host.partition("%")[0]) + bytes(4)
    raw = struct.pack("=H", socket.AF_INET) + struct.pack("!H", port)
    return raw + socket.inet_aton(host) + bytes(8)


class Batch:
    """Datagrams on their way out of one non-blocking socket. What the socket does not take is dropped and counted."""

    def __init__(self, sock: socket.socket) -> None:
        self.descriptor = sock.fileno()
        self._name_bytes = 28 if sock.family == socket.AF_INET6 else 16
        self._messages = libc_ffi.new("struct mmsghdr[]", CAPACITY)
        self._vectors = libc_ffi.new("struct iovec[]", CAPACITY)
        self._names = libc_ffi.new("char[]", CAPACITY * self._name_bytes)
        self._length = _binding.ffi.new("int *")
        self._slots = [self._slot(index) for index in range(CAPACITY)]
        self._used = 0
        self.sent = 0
        self.dropped = 0
        self.unsealed = 0

    def _slot(self, index: int) -> tuple[Any, memoryview, memoryview, Any]:
        buffer = _binding.ffi.new("char[]", BUFFER_BYTES)
        address = int(_binding.ffi.cast("uintptr_t", buffer))
        self._vectors[index].iov_base = libc_ffi.cast("void *", address)
        header = self._messages[index].msg_hdr
        header.msg_iov, header.msg_iovlen = self._vectors + index, 1
        header.msg_name = self._names + index * self._name_bytes
        header.msg_namelen = self._name_bytes
        start = index * self._name_bytes
        name = memoryview(libc_ffi.buffer(self._names))[start : start + self._name_bytes]
        return buffer, memoryview(_binding.ffi.buffer(buffer)), name, self._vectors[index]

    def forward(self, packet: Packet, exits: Iterable[tuple[Lane, Exit]]) -> None:
        """Seal ``packet`` for each lane and viewer. The hot path: no call, no allocation that can be spared."""
        sequence, timestamp, marker, payload, numbered = packet
        length_of_payload = len(payload)
        if length_of_payload > PACKET_LIMIT:
            self.dropped += 1
            return
        sent_at = send_time(time.monotonic())
        slots, length, protect, pack = self._slots, self._length, _binding.lib.srtp_protect, HEADER.pack_into
        used = self._used
        for lane, way_out in exits:
            if used == CAPACITY:
                self._used = used
                self.flush()
                used = 0
            buffer, view, name, vector = slots[used]
            restamped = lane.restamped
            stamp = restamped.get(timestamp, timestamp) if restamped else timestamp
            pack(
                view,
                0,
                0x90 if lane.extension else 0x80,
                marker | lane.payload_type,
                (sequence + lane.shift) & 0xFFFF,
                (stamp + lane.timestamp_shift) & 0xFFFFFFFF,
                lane.ssrc,
            )
            start = 12
            if lane.extension:
                start += len(lane.extension)
                view[12:start] = lane.extension
                if lane.timed:
                    view[TIME_AT : TIME_AT + 3] = sent_at
            size = start + length_of_payload
            view[start:size] = payload
            if numbered and (lane.picture_shift or lane.layer_shift):
                view[start:size] = lane.content(packet)
            length[0] = size
            if protect(way_out.srtp, buffer, length):
                self.unsealed += 1
                continue
            vector.iov_len = length[0]
            name[:] = way_out.sockaddr
            used += 1
        self._used = used

    def flush(self) -> None:
        """Send what is waiting. A full socket drops the rest, an unreachable viewer only its own."""
        if not self._used:
            return
        start, end, self._used = 0, self._used, 0
        while start < end:
            count = libc.sendmmsg(self.descriptor, self._messages + start, end - start, 0)
            if count > 0:
                self.sent += count
                start += count
                continue
            if libc_ffi.errno in {errno.EAGAIN, errno.ENOBUFS}:
                self.dropped += end - start
                return
            if libc_ffi.errno != errno.EINTR:
                self.dropped += 1
                start += 1
