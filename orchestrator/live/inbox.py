"""A subscriber's bounded inbox, the same behind every Bus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

from orchestrator.live.port import Event, Lagged

INBOX = 4096
"""Events a subscriber may be behind before it is told that it lagged."""


@dataclass(eq=False)
class Inbox:
    """Takes events of some types; when full it drops, and tells its owner so once."""

    types: tuple[type[Event], ...]
    queue: asyncio.Queue[Event | None] = field(default_factory=lambda: asyncio.Queue(INBOX))
    lagged: bool = False

    def offer(self, event: Event) -> None:
        if not isinstance(event, self.types):
            return
        try:
            self.queue.put_nowait(event)
        except asyncio.QueueFull:
            self.lagged = True

    def lag(self) -> None:
        """Events were lost on the way here: the owner is told at once."""
        self.lagged = True
        with suppress(asyncio.QueueFull):
            self.queue.put_nowait(None)

    async def events(self) -> AsyncIterator[Event]:
        while True:
            if self.lagged:
                self.lagged = False
                while not self.queue.empty():
                    self.queue.get_nowait()
                raise Lagged
            event = await self.queue.get()
            if event is not None:
                yield event
