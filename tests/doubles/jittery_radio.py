"""Radio (4G, VSAT, a school's Wi-Fi) that delivers a part of its packets late though nothing queues."""

from __future__ import annotations

import random

LATE_S = (0.1, 0.15)


class JitteryRadio:
    """All chance of one run, drawn from ``seed``; ``part`` of the trips, from 0 to 1, are late. Times in seconds."""

    def __init__(self, seed: int, part: float) -> None:
        self._chance = random.Random(seed)
        self._part = part

    def late_s(self) -> float:
        """By how much a report's round trip is longer than the line makes it."""
        late = self._chance.uniform(*LATE_S) if self._chance.random() < self._part else 0.0
        return late + self._chance.expovariate(1 / 0.005)
