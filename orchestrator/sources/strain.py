"""Whether converting a source is more than its process can do. Pure."""

from __future__ import annotations

from collections import deque

from orchestrator.media.sources.job import State, Told

WINDOW_S = 10.0
ENOUGH_S = 5.0
SKIPPED = 10
"""Pictures left out within the window."""
SHARE = 0.97
"""Of one core: decoding and encoding have one thread each, and this is where they begin to fall behind."""


class Strain:
    """Looks at what one source's process tells."""

    def __init__(self) -> None:
        self._heard: deque[tuple[float, int, float]] = deque()
        """When, pictures left out so far, processor seconds so far."""

    def hear(self, told: Told, now_s: float) -> None:
        """The newest word; ``now_s`` monotonic."""
        if told.state is not State.RUNNING or told.passes:
            self._heard.clear()
            return
        if self._heard and (told.skipped < self._heard[-1][1] or told.cpu_s < self._heard[-1][2]):
            self._heard.clear()  # another process
        self._heard.append((now_s, told.skipped, told.cpu_s))
        while now_s - self._heard[0][0] > WINDOW_S:
            self._heard.popleft()

    @property
    def too_much(self) -> bool:
        """Whether the last while was too much for it."""
        if len(self._heard) < 2:
            return False
        (began, skipped, cpu_s), (now, skipped_now, cpu_now_s) = self._heard[0], self._heard[-1]
        busy = now - began >= ENOUGH_S and (cpu_now_s - cpu_s) / (now - began) > SHARE
        return skipped_now - skipped >= SKIPPED or busy
