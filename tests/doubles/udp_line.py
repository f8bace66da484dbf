"""A bad line for datagrams: an in-process UDP proxy that loses, delays and narrows, each way by itself."""

from __future__ import annotations

import asyncio
import random
import socket
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

HELD = 4096
"""Datagrams on the way in one direction; beyond it they are lost."""
READ = 256


@dataclass
class Way:
    """One direction; change it at any time. ``rate_bps`` None: as wide as the machine; ``queue_s``: what a narrow way
    holds before it loses."""

    loss: float = 0.0
    delay_s: float = 0.0
    rate_bps: float | None = None
    queue_s: float = 0.3
    carried: int = 0
    carried_bytes: int = 0
    """With the headers of IPv4 and UDP."""
    lost: int = 0
    refused: int = 0
    """By the system: the far end has no socket any more."""
    free_at: float = 0.0

    def due(self, size: int, now: float, chance: random.Random) -> float | None:
        """When a datagram comes out; None when it does not."""
        if chance.random() < self.loss:
            self.lost += 1
            return None
        begins = max(now, self.free_at)
        if self.rate_bps is not None:
            if begins - now > self.queue_s:
                self.lost += 1
                return None
            self.free_at = begins = begins + 8 * size / self.rate_bps
        self.carried += 1
        self.carried_bytes += size
        return begins + self.delay_s


@dataclass
class UdpLine:
    """``up`` leads to the target, ``down`` back. ``port`` is where it listens; every caller has a socket of its own
    towards the target, as behind a router."""

    target: tuple[str, int]
    up: Way = field(default_factory=Way)
    down: Way = field(default_factory=Way)
    seed: int = 1
    port: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._loop = asyncio.get_running_loop()
        self._front = _socket()
        self._front.bind(("127.0.0.1", 0))
        self.port = self._front.getsockname()[1]
        self._backs: dict[tuple[str, int], socket.socket] = {}
        self._held: dict[int, deque[tuple[float, socket.socket, bytes, tuple[str, int] | None]]] = {}
        self._waking: set[int] = set()
        self._loop.add_reader(self._front, self._from_callers)

    def _from_callers(self) -> None:
        for _ in range(READ):
            try:
                data, caller = self._front.recvfrom(4096)
            except OSError:
                return
            back = self._backs.get(caller) or self._meet(caller)
            self._carry(self.up, back, data, None)

    def _meet(self, caller: tuple[str, int]) -> socket.socket:
        back = self._backs[caller] = _socket()
        back.connect(self.target)
        self._loop.add_reader(back, self._from_target, back, caller)
        return back

    def _from_target(self, back: socket.socket, caller: tuple[str, int]) -> None:
        for _ in range(READ):
            try:
                data = back.recv(4096)
            except OSError:
                return
            self._carry(self.down, self._front, data, caller)

    def _carry(self, way: Way, out: socket.socket, data: bytes, to: tuple[str, int] | None) -> None:
        due = way.due(len(data) + 28, self._loop.time(), self._chance)
        if due is None:
            return
        held = self._held.setdefault(id(way), deque(maxlen=HELD))
        if len(held) == HELD:
            way.lost += 1
            return
        held.append((due, out, data, to))
        if id(way) not in self._waking:
            self._wake(way, due)

    def _wake(self, way: Way, due: float) -> None:
        self._waking.add(id(way))
        self._loop.call_at(due, self._release, way)

    def _release(self, way: Way) -> None:
        self._waking.discard(id(way))
        held, now = self._held[id(way)], self._loop.time() + 0.0005
        while held and held[0][0] <= now:
            _, out, data, to = held.popleft()
            try:
                if to is None:
                    out.send(data)
                else:
                    out.sendto(data, to)
            except OSError:
                way.refused += 1
        if held and self._front.fileno() >= 0:
            self._wake(way, held[0][0])

    def cut(self) -> None:
        """Nothing passes any more; callers and target hear nothing of it."""
        for one in (self._front, *self._backs.values()):
            self._loop.remove_reader(one)
            one.close()
        for held in self._held.values():
            held.clear()
        self._backs.clear()


def _socket() -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.setblocking(False)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    return one


@contextmanager
def udp_line(
    target: tuple[str, int], up: Way | None = None, down: Way | None = None, seed: int = 1
) -> Iterator[UdpLine]:
    """A line to ``target`` for as long as the block lasts."""
    line = UdpLine(target, up or Way(), down or Way(), seed)
    try:
        yield line
    finally:
        line.cut()
