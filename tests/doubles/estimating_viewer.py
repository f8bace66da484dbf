"""A viewer's line and its receiver's estimate as a model: a bottleneck with a queue, and REMB as browsers make it.

After draft-ietf-rmcat-gcc §5: while delay does not grow, the estimate grows by 8 % a second, up to one and a half times
what comes in; when delay grows for a fifth of a second, it is set to 0.85 of what came in, unless it is below already.
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestrator.media.relay.choice import AUDIO_BPS, Choice, Line, Size

STEP_S = 0.02
JUDGE_EVERY, REMB_EVERY, REPORT_EVERY = 12, 20, 50
"""In steps."""
QUEUE_S = 0.48
"""What the bottleneck's queue holds, as time."""
DELAY_GROWS_S = 0.004
"""In one step: beyond it the receiver notices."""


class EstimatingViewer:
    """Runs one choice against a line of ``capacity`` bit/s that the test changes."""

    def __init__(self, sizes: Sequence[Size], capacity: float, *, padded: bool = True) -> None:
        self.choice = Choice()
        self.sizes = list(sizes)
        self.capacity = capacity
        self.padded = padded
        self.now = 100.0
        self.delay = 0.0
        self.worst_delay = 0.0
        self.lost = 0.0
        self.heights: list[tuple[float, int | None]] = []
        """Every layer with the time since when it was chosen."""
        self._steps = 0
        self._estimate = 1.2 * self._sent()
        self._told: tuple[int, float] | None = None
        self._growing = 0
        self._arrived = 0.0
        self._sent_since = self._lost_since = 0.0
        self._loss = 0.0

    def _sent(self) -> float:
        layer = self.choice.layer
        picture = next((one.bps for one in self.sizes if one.layer == layer), 0)
        return AUDIO_BPS + picture + self.choice.padding_bps

    def run(self, seconds: float) -> None:
        """Let time pass."""
        for _ in range(round(seconds / STEP_S)):
            self._step()

    def _step(self) -> None:
        self._steps += 1
        self.now += STEP_S
        sent = self._sent()
        before = self.delay
        backlog = max(0.0, self.delay * self.capacity + (sent - self.capacity) * STEP_S)
        lost = max(0.0, backlog - QUEUE_S * self.capacity)
        self.delay = (backlog - lost) / self.capacity
        arrived = min(self.capacity, sent + before * self.capacity / STEP_S)
        self._arrived += 0.1 * (arrived - self._arrived)
        self._sent_since += sent * STEP_S
        self._lost_since += lost
        self.lost += lost
        self.worst_delay = max(self.worst_delay, self.delay)
        full = self.delay > 0.9 * QUEUE_S
        self._growing = self._growing + 1 if self.delay > before + DELAY_GROWS_S / 10 or full else 0
        if self._growing >= 10:
            self._estimate = min(self._estimate, 0.85 * self._arrived)
        elif self.delay == 0.0:
            self._estimate = max(self._estimate, min(self._estimate * 1.08**STEP_S, 1.5 * self._arrived + 10_000))
        self._tell()

    def _tell(self) -> None:
        if self._steps % REMB_EVERY == 0:
            self._told = (round(self._estimate), self.now)
        if self._steps % REPORT_EVERY == 0:
            self._loss = self._lost_since / self._sent_since if self._sent_since else 0.0
            self._sent_since = self._lost_since = 0.0
        if self._steps % JUDGE_EVERY:
            return
        bps, at = self._told or (None, 0.0)
        line = Line(bps, at, self._loss)
        self.choice.judge(line, self.sizes, self.now, pinned=None, may_try=True, padded=self.padded)
        if not self.heights or self.heights[-1][1] != self.choice.layer:
            self.heights.append((self.now, self.choice.layer))

    def time_of(self, layer: int | None, since: float) -> float | None:
        """Seconds from ``since`` until that layer was chosen."""
        return next((at - since for at, one in self.heights if at >= since and one == layer), None)
