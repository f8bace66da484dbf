"""All clocks of this computer, read at one instant."""

import math
import secrets
import sys
import time
from pathlib import Path
from typing import Protocol

from site_agent.exam.window import Reading
from wire.ids import ClockState

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class CentreTime(Protocol):
    """The site's idea of centre time."""

    @property
    def state(self) -> ClockState:
        """How good it is."""

    @property
    def bound_ms(self) -> float | None:
        """The provable error, ms; None when nothing is known."""

    def now_ns(self) -> int:
        """The best estimate, Unix ns."""

    def interval_ns(self) -> tuple[int, int]:
        """What certainly holds the true time."""


class SiteClocks:
    """Centre time beside a monotonic clock that counts sleep (CLOCK_BOOTTIME; QueryPerformanceCounter on Windows)."""

    def __init__(self, centre: CentreTime) -> None:
        self.centre = centre
        # Without a boot id an agent's restart counts as the computer's: elapsed time then goes by centre time.
        self._boot = _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else secrets.token_hex(16)

    def read(self) -> Reading:
        """One reading of everything."""
        bound = self.centre.bound_ms
        return Reading(
            mono_ns=_mono_ns(),
            boot=self._boot,
            wall_ns=time.time_ns(),
            centre_ns=self.centre.now_ns(),
            bound_ms=bound if bound is not None and math.isfinite(bound) else None,
            state=self.centre.state,
        )


def _mono_ns() -> int:
    if sys.platform == "win32":
        return time.perf_counter_ns()
    return time.clock_gettime_ns(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
