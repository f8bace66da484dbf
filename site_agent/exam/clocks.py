"""All clocks of this computer, read at one instant."""

import math
import secrets
import sys
import time
from pathlib import Path
from typing import Protocol

from site_agent.exam.window import Anchor, Reading
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

    @property
    def heard(self) -> bool:
        """Whether the centre was ever heard; until then the best estimate is the wall clock."""

    def now_ns(self) -> int:
        """The best estimate, Unix ns."""

    def interval_ns(self) -> tuple[int, int]:
        """What certainly holds the true time."""


class SiteClocks:
    """Centre time beside a monotonic clock that counts sleep (CLOCK_BOOTTIME; QueryPerformanceCounter on Windows).
    `boot`: the name of this machine start, if not the system's own."""

    def __init__(self, centre: CentreTime, boot: str = "") -> None:
        self.centre = centre
        # Without a boot id an agent's restart counts as the computer's: the time between is then known once the
        # centre's is.
        self._boot = boot or (_BOOT_ID.read_text().strip() if _BOOT_ID.exists() else secrets.token_hex(16))
        self._began_ns = _mono_ns()
        self._earlier: dict[str, int] = {}

    def go_on_from(self, last: Anchor) -> None:
        """Let the monotonic clock of an earlier machine start go on from its last sign of life, from when this program
        began: what lies between is unknown. Clocks that went on in that one go on too."""
        lead_ns = 0 if last.boot == self._boot else last.mono_ns - self._began_ns
        found = {boot: lead_ns + before_ns for boot, before_ns in last.earlier.items()}
        if last.boot != self._boot:
            found[last.boot] = lead_ns
        kept = {boot: max(ns, self._earlier.get(boot, ns)) for boot, ns in found.items() if boot != self._boot}
        self._earlier = self._earlier | kept

    def put_on(self, ns: int) -> None:
        """So much more has passed since the earlier machine starts than their clocks say."""
        self._earlier = {boot: lead_ns + ns for boot, lead_ns in self._earlier.items()}

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
            heard=self.centre.heard,
            earlier=self._earlier,
            began_ns=self._began_ns,
        )


def _mono_ns() -> int:
    if sys.platform == "win32":
        return time.perf_counter_ns()
    return time.clock_gettime_ns(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
