"""The relay's one UDP port."""

from __future__ import annotations

import asyncio
import fcntl
import socket
import struct
import time
from collections.abc import Callable

import pylibsrtp

from orchestrator.media.relay.batch import MAPPED, Batch, pack_address
from orchestrator.media.relay.lane import Lane
from orchestrator.media.relay.livegroup import LiveGroup
from orchestrator.media.relay.peer import Address, Peer
from orchestrator.media.relay.rtp import Packet

BUFFER_BYTES = 16 << 20
DRAIN = 256
"""Datagrams read in one go before other work of the loop has its turn."""
SO_SNDBUFFORCE, SO_RCVBUFFORCE = 32, 33
SO_MEMINFO, MEMINFO_DROPS = 55, 8
"""Linux: nine counts of a socket's memory, of 32 bits each, and which of them is the datagrams dropped."""
MEMINFO = struct.Struct("9I")
SIOCGSTAMPNS = 0x8907
STAMP = struct.Struct("@ll")
"""Linux: seconds and nanoseconds."""


class UdpPort:
    """Reads in bulk, sends single datagrams at once and forwarded packets in batches.

    Bound to ``::`` it speaks IPv6 and IPv4 on one socket; addresses of IPv4 are told and taken as such.
    """

    def __init__(self, host: str, number: int) -> None:
        self._six = ":" in host
        self._socket = socket.socket(socket.AF_INET6 if self._six else socket.AF_INET, socket.SOCK_DGRAM)
        if self._six:
            self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(host != "::"))
        self._socket.setblocking(False)
        for force, polite in ((SO_SNDBUFFORCE, socket.SO_SNDBUF), (SO_RCVBUFFORCE, socket.SO_RCVBUF)):
            _enlarge(self._socket, force, polite)
        self._socket.bind((host, number))
        self.number: int = self._socket.getsockname()[1]
        self.batch = Batch(self._socket)
        self._take: Callable[[bytes, Address], None] | None = None
        self.blocked = 0
        self._stamp = bytearray(STAMP.size)

    def on_datagram(self, take: Callable[[bytes, Address], None]) -> None:
        """Have ``take`` called for each datagram once :meth:`start` is called."""
        self._take = take

    def pack(self, address: Address) -> bytes:
        """The address as the batches need it."""
        return pack_address(address, six=self._six)

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.add_reader(self._socket, self._readable)

    def stop(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.remove_reader(self._socket)
        self._socket.close()

    def _readable(self) -> None:
        take, receive = self._take, self._socket.recvfrom
        if take is None:
            return
        for _ in range(DRAIN):
            try:
                data, address = receive(2048)
            except (BlockingIOError, InterruptedError):
                break
            except OSError:
                # An ICMP error of an earlier datagram (RFC 1122 §4.1.3.3): of no interest here.
                continue
            there = address[0]
            take(data, (there[7:] if there.startswith(MAPPED) else there, address[1]))
        self.batch.flush()

    def send(self, data: bytes, address: Address) -> None:
        """One datagram now; dropped and counted when the socket is full."""
        if self._six and ":" not in address[0]:
            address = (MAPPED + address[0], address[1])
        try:
            self._socket.sendto(data, address)
        except OSError:
            self.blocked += 1

    def forward(self, packet: Packet, exits: list[tuple[Lane, Peer]]) -> None:
        """Queue a packet for viewers; :meth:`flush` sends it."""
        self.batch.forward(packet, exits)

    def group(self, exits: list[tuple[Lane, Peer]]) -> LiveGroup:
        """The viewers of a live track, ready for :meth:`forward_group`."""
        return LiveGroup(exits, self.batch.descriptor)

    def forward_group(self, packet: Packet, group: LiveGroup) -> None:
        """Send a packet to a whole group now, after whatever waits: order is kept."""
        self.batch.flush()
        sent, dropped = group.forward(packet)
        self.batch.sent += sent
        self.batch.dropped += dropped

    def report(self, peer: Peer, compound: bytes) -> None:
        """Seal and send RTCP."""
        if peer.keys is None or peer.address is None:
            return
        try:
            sealed = peer.keys.outbound.protect_rtcp(compound)
        except (pylibsrtp.Error, ValueError):
            self.batch.unsealed += 1
            return
        self.send(sealed, peer.address)

    def flush(self) -> None:
        self.batch.flush()

    def arrived(self) -> float:
        """When the system took the datagram that was read last, in seconds since 1970: a loop that was busy meanwhile
        makes it no later. Where the system does not tell it is now."""
        try:
            fcntl.ioctl(self.batch.descriptor, SIOCGSTAMPNS, self._stamp)
        except OSError:
            return time.time()
        seconds, nanoseconds = STAMP.unpack(self._stamp)
        return float(seconds + nanoseconds / 1_000_000_000)

    def unread(self) -> int:
        """Datagrams that the system dropped before they were read, because they came faster; 0 where it does not
        tell (the count is Linux's, since 4.12)."""
        try:
            return int(
                MEMINFO.unpack(self._socket.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, MEMINFO.size))[MEMINFO_DROPS]
            )
        except (OSError, struct.error):
            return 0


def _enlarge(sock: socket.socket, force: int, polite: int) -> None:
    """Ask for a large buffer: beyond the system's limit where we may (CAP_NET_ADMIN), within it otherwise."""
    try:
        sock.setsockopt(socket.SOL_SOCKET, force, BUFFER_BYTES)
    except OSError:
        sock.setsockopt(socket.SOL_SOCKET, polite, BUFFER_BYTES)
