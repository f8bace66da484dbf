"""Holds the clock still before an opening: fixes taken on a loaded line in the last minute would only make it worse."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Protocol

from site_agent.exam.hall import Hall
from site_agent.exam.window import BEFORE_OPENING
from wire.ids import ClockState, ExamId

LOOK_S = 0.5
SECOND_NS = 10**9


class Freezable(Protocol):
    """The clock discipline, as far as the exam holds it."""

    @property
    def state(self) -> ClockState: ...

    def now_ns(self) -> int: ...

    def freeze(self) -> None: ...

    def thaw(self) -> None: ...


def holds_still(halls: Iterable[Hall], now_ns: int) -> bool:
    """Whether some exam is within its release lead before T0, or past T0 and not yet open within its late cap."""
    return any(
        -hall.held.manifest.plan.late_cap_s * SECOND_NS
        <= hall.held.manifest.t0_ns - now_ns
        <= hall.held.manifest.plan.release_lead_s * SECOND_NS
        for hall in halls
        if hall.window.phase in BEFORE_OPENING
    )


async def hold_clock(clock: Freezable, halls: Mapping[ExamId, Hall]) -> None:
    """Freeze and thaw as the exams come and go. A clock that knows nothing is never held. Runs until cancelled.

    Begun anew it says at once what holds: the run before may have ended while the clock was frozen."""
    frozen: bool | None = None
    while True:
        hold = clock.state is not ClockState.BLIND and holds_still(halls.values(), clock.now_ns())
        if hold != frozen:
            (clock.freeze if hold else clock.thaw)()
            frozen = hold
        await asyncio.sleep(LOOK_S)
