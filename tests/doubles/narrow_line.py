"""A weak line for media: an UDP proxy whose way to the viewer is a token bucket with a bounded queue."""

from __future__ import annotations

import asyncio
from collections import deque

Address = tuple[str, int]
HEADERS_BYTES = 28
"""IPv4 and UDP, which the line carries too."""
BURST_BYTES = 3000


class NarrowLine:
    """Viewers send to ``port`` and reach the relay from a port of their own. ``bps`` None: as wide as loopback.

    Beyond ``queue_bytes`` a datagram is dropped, as a router's queue does; both directions are counted.
    """

    def __init__(self, relay: Address, *, queue_bytes: int = 24_000) -> None:
        self._relay = relay
        self._queue_bytes = queue_bytes
        self.bps: int | None = None
        self.dropped = 0
        self.carried = 0
        self.port = 0
        self._door: asyncio.DatagramTransport | None = None
        self._sides: dict[Address, asyncio.DatagramTransport] = {}
        self._queue: deque[tuple[bytes, Address]] = deque()
        self._waiting_bytes = 0
        self._free_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> NarrowLine:
        loop = asyncio.get_running_loop()
        self._door, _ = await loop.create_datagram_endpoint(lambda: _Door(self), ("127.0.0.1", 0))
        self.port = self._door.get_extra_info("sockname")[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        for one in (self._door, *self._sides.values()):
            if one is not None:
                one.close()

    def up(self, data: bytes, viewer: Address) -> None:
        """From a viewer to the relay; that way is wide."""
        side = self._sides.get(viewer)
        if side is not None:
            side.sendto(data)
        else:
            asyncio.get_running_loop().create_task(self._open(data, viewer))

    async def _open(self, data: bytes, viewer: Address) -> None:
        loop = asyncio.get_running_loop()
        side, _ = await loop.create_datagram_endpoint(lambda: _Side(self, viewer), remote_addr=self._relay)
        if viewer in self._sides:
            side.close()
        else:
            self._sides[viewer] = side
        self._sides[viewer].sendto(data)

    def down(self, data: bytes, viewer: Address) -> None:
        """From the relay to a viewer, through the bucket."""
        if self._waiting_bytes + len(data) > self._queue_bytes:
            self.dropped += 1
            return
        self._queue.append((data, viewer))
        self._waiting_bytes += len(data)
        if self._timer is None:
            self._drain()

    def _drain(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        while self._queue:
            wait = self._free_at - loop.time()
            if self.bps is not None and wait > 0:
                self._timer = loop.call_later(wait, self._drain)
                return
            data, viewer = self._queue.popleft()
            self._waiting_bytes -= len(data)
            self.carried += 1
            if self.bps is not None:
                earliest = loop.time() - BURST_BYTES * 8 / self.bps
                self._free_at = max(self._free_at, earliest) + (len(data) + HEADERS_BYTES) * 8 / self.bps
            if self._door is not None:
                self._door.sendto(data, viewer)


class _Door(asyncio.DatagramProtocol):
    def __init__(self, line: NarrowLine) -> None:
        self._line = line

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._line.up(data, addr)


class _Side(asyncio.DatagramProtocol):
    def __init__(self, line: NarrowLine, viewer: Address) -> None:
        self._line = line
        self._viewer = viewer

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._line.down(data, self._viewer)
