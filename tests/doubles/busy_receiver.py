"""A viewer's computer that is busy by turns, and a lecturer's that sends its pictures unevenly, as seen on two cores.

While it is busy, a receiver takes its own lateness for a queue several times a second, so that its estimate falls to
0.85 of what came in, or stands for many seconds if it is below already (seen: 204 kbit/s for 12 s while 230 came in).
"""

from __future__ import annotations

import random

CALM_S, BUSY_S = 10.0, 10.0
"""Means of how long each lasts."""
MISTAKES_S = 3.0
"""A second, while busy."""
SHARE_S = 0.5


class BusyReceiver:
    """All chance of one run, drawn from ``seed``. Times in seconds."""

    def __init__(self, seed: int, *, busy_s: float = BUSY_S) -> None:
        self._chance = random.Random(seed)
        self._busy_s = busy_s
        self._busy = self._chance.random() < busy_s / (busy_s + CALM_S)
        self._turns_at = self._left()
        self._share = 0.8
        self._shared_at = 0.0

    def _left(self) -> float:
        return self._chance.expovariate(1 / (self._busy_s if self._busy else CALM_S))

    def mistakes(self, seconds: float) -> bool:
        """Let time pass; whether it takes itself for a line that is too weak meanwhile."""
        self._turns_at -= seconds
        if self._turns_at <= 0:
            self._busy = not self._busy
            self._turns_at = self._left()
        return self._busy and self._chance.random() < MISTAKES_S * seconds

    def late_s(self) -> float:
        """By how much a report's round trip is longer than the line makes it."""
        if self._busy and self._chance.random() < 0.003:
            return 0.15
        return self._chance.expovariate(1 / (0.015 if self._busy else 0.003))

    def share(self, now: float) -> float:
        """Which part of its nominal rate the lecturer sends."""
        if now - self._shared_at > SHARE_S:
            self._shared_at = now
            self._share = min(1.1, max(0.5, self._share + self._chance.uniform(-0.25, 0.25)))
        return self._share
