"""Bus, Leases and Board within one process."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from orchestrator.live.inbox import Inbox
from orchestrator.live.port import Event

Monotonic = Callable[[], float]


class MemoryBus:
    """Delivers to bounded inboxes; a full inbox loses events and its owner is told."""

    def __init__(self) -> None:
        self._inboxes: set[Inbox] = set()

    async def publish(self, event: Event) -> None:
        for inbox in self._inboxes:
            inbox.offer(event)

    @asynccontextmanager
    async def subscribe(self, *types: type[Event]) -> AsyncIterator[AsyncIterator[Event]]:
        inbox = Inbox(types or (Event,))
        self._inboxes.add(inbox)
        try:
            yield inbox.events()
        finally:
            self._inboxes.discard(inbox)


@dataclass
class _Lease:
    owner: str
    token: int
    until: float


class MemoryLeases:
    """Leases by name; an expired one is free."""

    def __init__(self, monotonic: Monotonic = time.monotonic) -> None:
        self._monotonic = monotonic
        self._held: dict[str, _Lease] = {}
        self._tokens: dict[str, int] = {}

    async def acquire(self, name: str, owner: str, ttl_s: float) -> int | None:
        now = self._monotonic()
        lease = self._held.get(name)
        if lease is not None and lease.until > now and lease.owner != owner:
            return None
        if lease is None or lease.until <= now:
            self._tokens[name] = self._tokens.get(name, 0) + 1
            lease = _Lease(owner, self._tokens[name], now)
            self._held[name] = lease
        lease.until = now + ttl_s
        return lease.token

    async def release(self, name: str, owner: str) -> None:
        lease = self._held.get(name)
        if lease is not None and lease.owner == owner:
            del self._held[name]


class MemoryBoard:
    """A dictionary whose entries expire."""

    def __init__(self, monotonic: Monotonic = time.monotonic) -> None:
        self._monotonic = monotonic
        self._values: dict[str, tuple[bytes, float]] = {}

    async def put(self, key: str, value: bytes, ttl_s: float) -> None:
        self._values[key] = (value, self._monotonic() + ttl_s)

    async def get(self, key: str) -> bytes | None:
        value, until = self._values.get(key, (b"", 0.0))
        if until > self._monotonic():
            return value
        self._values.pop(key, None)
        return None

    async def items(self, prefix: str) -> dict[str, bytes]:
        now = self._monotonic()
        self._values = {key: kept for key, kept in self._values.items() if kept[1] > now}
        return {key: value for key, (value, _) in self._values.items() if key.startswith(prefix)}

    async def drop(self, key: str) -> None:
        self._values.pop(key, None)
