"""Centre time: one anchor (UTC + monotonic) per process, so that a stepped wall clock changes nothing."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Centre time in nanoseconds since the Unix epoch."""

    def now_ns(self) -> int: ...

    async def sleep_until(self, at_ns: int) -> None:
        """Return at or just after ``at_ns``; at once when it has passed."""
        ...


class CentreClock:
    """The wall clock as it was when the process started, carried on by a monotonic one. Processes that the centre
    starts go by its ``anchor``, whatever the wall clock was set to meanwhile: the monotonic clock is one for all."""

    def __init__(self, anchor: str = "") -> None:
        """Raises :class:`ValueError` for an anchor that is none."""
        self._anchor_ns = int(anchor) if anchor else time.time_ns() - time.monotonic_ns()

    @property
    def anchor(self) -> str:
        """What a process started by this one is to be told."""
        return str(self._anchor_ns)

    def now_ns(self) -> int:
        return self._anchor_ns + time.monotonic_ns()

    async def sleep_until(self, at_ns: int) -> None:
        await asyncio.sleep(max(0, at_ns - self.now_ns()) / 1e9)
