"""A viewer's line and its receiver's estimate as a model: a bottleneck with a queue, and REMB as browsers make it.

After draft-ietf-rmcat-gcc §5: while delay does not grow, the estimate grows by 8 % a second, up to one and a half times
what comes in; when delay grows for a fifth of a second, it is set to 0.85 of what came in, unless it is below already.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from orchestrator.media.relay.choice import Choice
from orchestrator.media.relay.rates import AUDIO_BPS, Line, Size
from tests.doubles.busy_receiver import BusyReceiver
from tests.doubles.jittery_radio import JitteryRadio

STEP_S = 0.02
JUDGE_EVERY, REMB_EVERY, REPORT_EVERY, TRIP_EVERY = 12, 10, 50, 10
"""In steps."""
HOLD_S = 0.5
"""So long a receiver that saw a queue does not let its estimate grow."""
QUEUE_S = 0.48
"""What the bottleneck's queue holds, as time."""
DELAY_GROWS_S = 0.004
"""In one step: beyond it the receiver notices."""


class EstimatingViewer:
    """Runs one choice against a line of ``capacity`` bit/s that the test changes.

    ``trips``: its reports tell round trips. ``busy``: its estimate and its trips are disturbed, its pictures uneven.
    ``radio``: some trips are late.
    """

    def __init__(
        self,
        sizes: Sequence[Size],
        capacity: float,
        *,
        padded: bool = True,
        trips: bool = False,
        busy: BusyReceiver | None = None,
        radio: JitteryRadio | None = None,
    ) -> None:
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
        self._hold_until = 0.0
        self._arrived = 0.0
        self._sent_since = self._lost_since = 0.0
        self._loss = 0.0
        self._trips = trips
        self._under_way: deque[tuple[float, float]] = deque()
        """Round trips: seconds, and when each began."""
        self._answered: tuple[float | None, float] = (None, 0.0)
        self._busy = busy
        self._radio = radio
        self._nominal = list(sizes)
        self._second: deque[float] = deque([1.0], maxlen=round(1 / STEP_S))
        self._peaks: deque[float] = deque([1.0], maxlen=round(5 / STEP_S))

    def _share(self) -> None:
        """The lecturer's pictures take more and less."""
        if self._busy is None:
            return
        self._second.append(self._busy.share(self.now))
        self._peaks.append(sum(self._second) / len(self._second))
        bps, peak = self._peaks[-1], max(self._peaks)
        self.sizes = [Size(one.layer, round(one.bps * bps), round(one.bps * peak)) for one in self._nominal]

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
        self._share()
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
        mistaken = self._busy is not None and self._busy.mistakes(STEP_S)
        if mistaken:
            self._hold_until = self.now + HOLD_S
        if self._growing >= 10 or mistaken:
            self._estimate = min(self._estimate, 0.85 * self._arrived)
        elif self.delay == 0.0 and self.now >= self._hold_until:
            self._estimate = max(self._estimate, min(self._estimate * 1.08**STEP_S, 1.5 * self._arrived + 10_000))
        self._tell()

    def _tell(self) -> None:
        if self._steps % REMB_EVERY == 0:
            self._told = (round(self._estimate), self.now)
            while self._under_way and sum(self._under_way[0]) <= self.now:
                self._answered = self._under_way.popleft()
        if self._steps % REPORT_EVERY == 0:
            self._loss = self._lost_since / self._sent_since if self._sent_since else 0.0
            self._sent_since = self._lost_since = 0.0
        if self._trips and self._steps % (TRIP_EVERY if self.choice.trying else REPORT_EVERY) == 0:
            late = sum(one.late_s() for one in (self._busy, self._radio) if one is not None)
            self._under_way.append((self.delay + late, self.now))
        if self._steps % JUDGE_EVERY:
            return
        bps, at = self._told or (None, 0.0)
        line = Line(bps, at, self._loss, *self._answered)
        self.choice.judge(line, self.sizes, self.now, pinned=None, may_try=True, padded=self.padded)
        if not self.heights or self.heights[-1][1] != self.choice.layer:
            self.heights.append((self.now, self.choice.layer))

    def time_of(self, layer: int | None, since: float) -> float | None:
        """Seconds from ``since`` until that layer was chosen."""
        return next((at - since for at, one in self.heights if at >= since and one == layer), None)
