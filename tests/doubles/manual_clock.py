"""Centre time that moves only when a test says so."""

import asyncio

START_NS = 1_800_000_000 * 10**9
SECOND_NS = 10**9


class ManualClock:
    """A `Clock` whose sleepers wake when the test advances past their hour."""

    def __init__(self, now_ns: int = START_NS) -> None:
        self._now_ns = now_ns
        self._moved = asyncio.Event()

    def now_ns(self) -> int:
        return self._now_ns

    async def sleep_until(self, at_ns: int) -> None:
        while self._now_ns < at_ns:
            await self._moved.wait()

    def advance(self, seconds: float) -> None:
        """Move time forward and wake whoever waited for it."""
        self._now_ns += round(seconds * SECOND_NS)
        self._moved.set()
        self._moved = asyncio.Event()
