"""The viewers of one live track as arrays: a packet is stamped, sealed and sent to all of them without a Python loop.

Headers, lengths and buffers of all viewers lie side by side, so numpy fills them in a few steps; libsrtp is called
through ``map``; one ``sendmmsg`` carries them off. Nothing is allocated per viewer and packet. The group is built anew
when a viewer comes, goes or moves, which is rare beside hundreds of packets a second.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from typing import Any

import numpy as np
from pylibsrtp import _binding

from orchestrator.media.relay.batch import BUFFER_BYTES, PACKET_LIMIT, Exit, libc, libc_ffi
from orchestrator.media.relay.lane import Lane
from orchestrator.media.relay.rtp import Packet

WORTHWHILE = 6
"""Below so many viewers the plain loop of :mod:`batch` is as cheap."""

_HEADER = np.dtype([("first", "u1"), ("second", "u1"), ("sequence", ">u2"), ("timestamp", ">u4"), ("ssrc", ">u4")])


class LiveGroup:
    """One track's live lanes with their viewers' keys and addresses, as they were when it was built."""

    def __init__(self, exits: Sequence[tuple[Lane, Exit]], descriptor: int) -> None:
        self._descriptor = descriptor
        count = self._count = len(exits)
        lanes = [lane for lane, _ in exits]
        self._second = np.array([lane.payload_type for lane in lanes], np.uint8)
        self._sequences = np.array([lane.shift for lane in lanes], np.uint16)
        self._timestamps = np.array([lane.timestamp_shift for lane in lanes], np.uint32)
        self._buffers = np.zeros((count, BUFFER_BYTES), np.uint8)
        self._headers = self._buffers[:, :12].view(_HEADER)[:, 0]
        self._headers["first"] = 0x80
        self._headers["ssrc"] = [lane.ssrc for lane in lanes]
        self._lengths = np.zeros(count, np.int32)
        self._exits = [way_out for _, way_out in exits]
        """Held, so that the keys outlive the pointers."""
        self._contexts = [way_out.srtp for way_out in self._exits]
        self._packets = _pointers(self._buffers, "void *")
        self._length_pointers = _pointers(self._lengths, "int *")
        self._address(exits)

    def _address(self, exits: Sequence[tuple[Lane, Exit]]) -> None:
        """Lay out ``struct mmsghdr``, ``struct iovec`` and the socket addresses."""
        count = self._count
        names = b"".join(way_out.sockaddr for _, way_out in exits)
        self._names = libc_ffi.new("char[]", names)
        self._vectors = np.zeros((count, 2), np.uint64)
        self._vectors[:, 0] = self._buffers.ctypes.data + np.arange(count, dtype=np.uint64) * BUFFER_BYTES
        self._messages = libc_ffi.new("struct mmsghdr[]", count)
        width, base = len(names) // count, self._vectors.ctypes.data
        for index in range(count):
            header = self._messages[index].msg_hdr
            header.msg_name, header.msg_namelen = self._names + index * width, width
            header.msg_iov, header.msg_iovlen = libc_ffi.cast("struct iovec *", base + index * 16), 1

    def forward(self, packet: Packet) -> tuple[int, int]:
        """Seal and send to everybody; returns how many went out and how many were dropped."""
        sequence, timestamp, marker, payload = packet
        size = 12 + len(payload)
        if size > PACKET_LIMIT:
            return 0, self._count
        headers = self._headers
        headers["second"] = self._second | marker
        headers["sequence"] = self._sequences + np.uint16(sequence)
        headers["timestamp"] = self._timestamps + np.uint32(timestamp)
        self._buffers[:, 12:size] = np.frombuffer(payload, np.uint8)
        self._lengths[:] = size
        faults = list(map(_binding.lib.srtp_protect, self._contexts, self._packets, self._length_pointers))
        if any(faults):
            # Nothing may leave in clear: a packet that could not be sealed goes out empty.
            self._lengths[np.array(faults) != 0] = 0
        self._vectors[:, 1] = self._lengths
        return self._send()

    def _send(self) -> tuple[int, int]:
        start, end = 0, self._count
        while start < end:
            count = libc.sendmmsg(self._descriptor, self._messages + start, end - start, 0)
            if count > 0:
                start += count
            elif libc_ffi.errno in {errno.EAGAIN, errno.ENOBUFS}:
                return start, end - start
            elif libc_ffi.errno != errno.EINTR:
                # One viewer's address cannot be reached; the others' can.
                return self._skip(start)
        return end, 0

    def _skip(self, broken: int) -> tuple[int, int]:
        sent, start = broken, broken + 1
        while start < self._count:
            count = libc.sendmmsg(self._descriptor, self._messages + start, self._count - start, 0)
            sent += max(0, count)
            start += max(1, count)
        return sent, self._count - sent


def _pointers(array: Any, kind: str) -> list[Any]:
    """A C pointer to each row of an array; valid as long as the array."""
    base, stride = array.ctypes.data, array.strides[0]
    return [_binding.ffi.cast(kind, base + index * stride) for index in range(len(array))]
