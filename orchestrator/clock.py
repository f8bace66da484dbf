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
    """The wall clock as it was when the process started, carried on by a monotonic one."""

    def __init__(self) -> None:
        self._anchor_ns = time.time_ns() - time.monotonic_ns()

    def now_ns(self) -> int:
        return self._anchor_ns + time.monotonic_ns()

    async def sleep_until(self, at_ns: int) -> None:
        await asyncio.sleep(max(0, at_ns - self.now_ns()) / 1e9)
