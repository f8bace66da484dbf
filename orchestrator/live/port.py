"""The port to whatever is live: memory for one process, Redis for several.

``Bus`` tells everyone, ``Leases`` says who owns, ``Board`` shows what is true now.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import msgspec

Event = msgspec.Struct
"""What features tell each other: frozen structs, defined in a feature's ``events.py``, known by their class name."""


class Lagged(Exception):
    """A subscriber was too slow: its inbox overflowed and events were dropped. Rebuild from the source, go on."""


class Bus(Protocol):
    """Events to all subscribers, in order per publisher, at most once."""

    async def publish(self, event: Event) -> None: ...

    def subscribe(self, *types: type[Event]) -> AbstractAsyncContextManager[AsyncIterator[Event]]:
        """Events of these types published after entering. Raises :class:`Lagged` from the iterator on overflow."""
        ...


class Leases(Protocol):
    """Ownership with an expiry. The token grows with each new owner (a fencing token)."""

    async def acquire(self, name: str, owner: str, ttl_s: float) -> int | None:
        """The fencing token, or None while another owner holds it. The same owner renews and keeps its token."""
        ...

    async def release(self, name: str, owner: str) -> None: ...


class Board(Protocol):
    """Values that expire by themselves."""

    async def put(self, key: str, value: bytes, ttl_s: float) -> None: ...

    async def get(self, key: str) -> bytes | None: ...

    async def items(self, prefix: str) -> dict[str, bytes]: ...

    async def drop(self, key: str) -> None: ...
