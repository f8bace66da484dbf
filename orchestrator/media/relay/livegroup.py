"""The viewers of one live track as arrays: a packet is stamped, sealed and sent to all of them without a Python loop.

Headers, lengths and buffers of all viewers lie side by side, so numpy fills them in a few steps; libsrtp is called
through ``map``; one ``sendmmsg`` carries them off. Nothing is allocated per viewer and packet. The group is built anew
when a viewer comes, goes or moves, which is rare beside hundreds of packets a second.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from pylibsrtp import _binding

from orchestrator.media.relay.batch import BUFFER_BYTES, PACKET_LIMIT, Exit, libc, libc_ffi
from orchestrator.media.relay.extensions import TIME_AT, send_time
from orchestrator.media.relay.lane import Lane
from orchestrator.media.relay.rtp import Packet
from orchestrator.media.relay.vp8 import LAYER_AT, PICTURE_AT, WITH_LAYER, read

WORTHWHILE = 6
"""Below so many viewers the plain loop of :mod:`batch` is as cheap."""

_HEADER = np.dtype([("first", "u1"), ("second", "u1"), ("sequence", ">u2"), ("timestamp", ">u4"), ("ssrc", ">u4")])


class _Band:
    """Neighbouring viewers whose packets have the same header extensions; ``rows`` begin where their packets do."""

    def __init__(self, rows: Any, lanes: Sequence[Lane]) -> None:
        self._second = np.array([lane.payload_type for lane in lanes], np.uint8)
        self._sequences = np.array([lane.shift for lane in lanes], np.uint16)
        self._timestamps = np.array([lane.timestamp_shift for lane in lanes], np.uint32)
        self._headers = rows[:, :12].view(_HEADER)[:, 0]
        extension = lanes[0].extension
        self._headers["first"] = 0x90 if extension else 0x80
        self._headers["ssrc"] = [lane.ssrc for lane in lanes]
        rows[:, 12 : 12 + len(extension)] = [list(lane.extension) for lane in lanes]
        self._times = rows[:, TIME_AT : TIME_AT + 3] if lanes[0].timed else None

    def stamp(self, packet: Packet, sent_at: Any) -> None:
        """Write what differs from packet to packet."""
        headers = self._headers
        headers["second"] = self._second | packet.marker
        headers["sequence"] = self._sequences + np.uint16(packet.sequence)
        headers["timestamp"] = self._timestamps + np.uint32(packet.timestamp)
        if self._times is not None:
            self._times[:] = sent_at


class _Numbers:
    """The viewers' own numbers of pictures (VP8), over those of the track; ``rows`` begin where their payloads do."""

    def __init__(self, rows: Any, lanes: Sequence[Lane]) -> None:
        self._picture_shifts = np.array([lane.picture_shift for lane in lanes], np.uint16)
        self._layer_shifts = np.array([lane.layer_shift for lane in lanes], np.uint8)
        self._pictures = rows[:, PICTURE_AT:LAYER_AT].view(">u2")[:, 0]
        self._layers = rows[:, LAYER_AT]

    def write(self, packet: Packet) -> None:
        """Their numbers of 15 bits, with the bit before that says so (RFC 7741 §4.2)."""
        picture, layer = read(packet.payload)
        self._pictures[:] = (self._picture_shifts + np.uint16(picture)) | np.uint16(0x8000)
        if packet.numbered == WITH_LAYER:
            self._layers[:] = self._layer_shifts + np.uint8(layer)


def _counts(lane: Lane) -> bool:
    return bool(lane.picture_shift or lane.layer_shift)


class LiveGroup:
    """One track's live lanes with their viewers' keys and addresses, as they were when it was built.

    The payload lies at the same place in every row; the packet before it begins earlier where it has extensions.
    """

    def __init__(self, exits: Sequence[tuple[Lane, Exit]], descriptor: int) -> None:
        self._descriptor = descriptor
        exits = sorted(exits, key=lambda one: (len(one[0].extension), one[0].timed))
        count = self._count = len(exits)
        lanes = [lane for lane, _ in exits]
        heads = np.array([12 + len(lane.extension) for lane in lanes], np.int32)
        self._heads, self._payload_at = heads, int(heads.max())
        self._buffers = np.zeros((count, BUFFER_BYTES), np.uint8)
        self._starts = (self._payload_at - heads).astype(np.uint64)
        self._bands = [
            _Band(self._buffers[start:end, int(self._starts[start]) :], lanes[start:end])
            for start, end in _runs([(len(lane.extension), lane.timed) for lane in lanes])
        ]
        self._lengths = np.zeros(count, np.int32)
        self._exits = [way_out for _, way_out in exits]
        """Held, so that the keys outlive the pointers."""
        self._contexts = [way_out.srtp for way_out in self._exits]
        rows = self._buffers.ctypes.data + np.arange(count, dtype=np.uint64) * BUFFER_BYTES + self._starts
        self._rows: list[int] = rows.tolist()
        self._packets = [_binding.ffi.cast("void *", one) for one in self._rows]
        self._length_pointers = _pointers(self._lengths, "int *")
        self._numbers = _Numbers(self._buffers[:, self._payload_at :], lanes) if any(map(_counts, lanes)) else None
        self._address(exits)

    def _address(self, exits: Sequence[tuple[Lane, Exit]]) -> None:
        """Lay out ``struct mmsghdr``, ``struct iovec`` and the socket addresses."""
        count = self._count
        names = b"".join(way_out.sockaddr for _, way_out in exits)
        self._names = libc_ffi.new("char[]", names)
        self._vectors = np.zeros((count, 2), np.uint64)
        self._vectors[:, 0] = self._rows
        self._messages = libc_ffi.new("struct mmsghdr[]", count)
        width, base = len(names) // count, self._vectors.ctypes.data
        for index in range(count):
            header = self._messages[index].msg_hdr
            header.msg_name, header.msg_namelen = self._names + index * width, width
            header.msg_iov, header.msg_iovlen = libc_ffi.cast("struct iovec *", base + index * 16), 1

    def forward(self, packet: Packet) -> tuple[int, int]:
        """Seal and send to everybody; returns how many went out and how many were dropped: not taken, or not sealed."""
        payload = packet.payload
        size = len(payload)
        if size > PACKET_LIMIT:
            return 0, self._count
        sent_at = np.frombuffer(send_time(time.monotonic()), np.uint8)
        for band in self._bands:
            band.stamp(packet, sent_at)
        self._buffers[:, self._payload_at : self._payload_at + size] = np.frombuffer(payload, np.uint8)
        if packet.numbered and self._numbers is not None:
            self._numbers.write(packet)
        np.add(self._heads, size, out=self._lengths)
        faults = list(map(_binding.lib.srtp_protect, self._contexts, self._packets, self._length_pointers))
        self._vectors[:, 1] = self._lengths
        return self._send_sealed(faults) if any(faults) else self._send(0, self._count)

    def _send_sealed(self, faults: list[int]) -> tuple[int, int]:
        """Nothing may leave in clear: past those whose packet could not be sealed."""
        sent = dropped = 0
        for start, end in _runs([bool(one) for one in faults]):
            out = (0, end - start) if faults[start] else self._send(start, end)
            sent, dropped = sent + out[0], dropped + out[1]
        return sent, dropped

    def _send(self, begin: int, end: int) -> tuple[int, int]:
        start = begin
        while start < end:
            count = libc.sendmmsg(self._descriptor, self._messages + start, end - start, 0)
            if count > 0:
                start += count
            elif libc_ffi.errno in {errno.EAGAIN, errno.ENOBUFS}:
                return start - begin, end - start
            elif libc_ffi.errno != errno.EINTR:
                # One viewer's address cannot be reached; the others' can.
                sent = start - begin + self._skip(start + 1, end)
                return sent, end - begin - sent
        return end - begin, 0

    def _skip(self, start: int, end: int) -> int:
        sent = 0
        while start < end:
            count = libc.sendmmsg(self._descriptor, self._messages + start, end - start, 0)
            sent += max(0, count)
            start += max(1, count)
        return sent


def _runs(keys: Sequence[object]) -> list[tuple[int, int]]:
    """Where runs of equal keys begin and end."""
    edges = [0, *(index for index in range(1, len(keys)) if keys[index] != keys[index - 1]), len(keys)]
    return list(pairwise(edges))


def _pointers(array: Any, kind: str) -> list[Any]:
    """A C pointer to each row of an array; valid as long as the array."""
    base, stride = array.ctypes.data, array.strides[0]
    return [_binding.ffi.cast(kind, base + index * stride) for index in range(len(array))]
