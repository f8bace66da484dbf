"""Paces those who come: so many connect at a time, the others wait in line, so that a storm holds up nobody's packets.

A handshake costs milliseconds of the one thread that also forwards packets. Two hundred at once would be one pause of a
second for everybody; in line they are many short ones, and the first is in before the last is begun.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

Leave = Callable[[], None]


class LineFull(Exception):
    """So many wait already that another would wait in vain; ``what`` is full, as of :class:`Full`."""

    what = "line"


class Turnstile:
    """``slots`` at a time, each for ``hold_s`` at most: who is slow to connect does so beside the next."""

    def __init__(self, slots: int, hold_s: float, line: int) -> None:
        self._free = slots
        self._hold_s = hold_s
        self._line = line
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def enter(self) -> Leave:
        """Wait for a turn; call what is returned when connected or given up. Raises :class:`LineFull`."""
        if self._free:
            self._free -= 1
            return self._taken()
        if len(self._waiting) >= self._line:
            raise LineFull(self._line)
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._next()
            raise
        return self._taken()

    def _taken(self) -> Leave:
        left = False

        def leave() -> None:
            nonlocal left
            if not left:
                left = True
                timer.cancel()
                self._next()

        timer = asyncio.get_running_loop().call_later(self._hold_s, leave)
        return leave

    def _next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
