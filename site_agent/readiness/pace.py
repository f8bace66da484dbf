"""When something is looked at again, and when a change is worth a record: pure, in seconds of one steady clock."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from enum import StrEnum

import msgspec

from wire.readiness import Check, CheckName, CheckState

RECORDS_AT_ONCE = 12
RECORD_EVERY_S = 300.0
SETTLE_S = 4.0
"""What changes together is told together."""
AGAIN_S = 4 * 3600.0
"""What stays the same is told again this often: at the centre a certificate grows old within a day."""
MEND_S = 10.0
"""How soon a look that found a fault is taken again, so that a repair turns green under the teacher's eyes."""


class Weight(StrEnum):
    """LIGHT looks at any time. HEAVY ones (disk, counting, line) wait while a lecture or an exam runs."""

    LIGHT = "light"
    HEAVY = "heavy"


Look = Callable[[], Awaitable[list[Check]]]
Gist = tuple[CheckState, str, str]


class Probe(msgspec.Struct, frozen=True):
    """One look and the checks that it gives; what it does not return stays as it was. ``asked`` is the same look when
    somebody asked for it and waits, ``aloud`` where it may make a sound. ``mend_s``: how soon again when one of its
    checks is weak or bad. ``apart``: it mostly waits, and others may look meanwhile."""

    names: tuple[CheckName, ...]
    look: Look
    every_s: float
    weight: Weight = Weight.LIGHT
    mend_s: float = MEND_S
    asked: Look | None = None
    aloud: Look | None = None
    apart: bool = False

    def work(self, *, asked: bool, loud: bool) -> Look:
        """How to look."""
        quiet = (self.asked if asked else None) or self.look
        return (self.aloud if loud else None) or quiet


class Rounds:
    """Which looks are due."""

    def __init__(self, probes: Iterable[Probe]) -> None:
        self._due = {probe.names: (probe, 0.0) for probe in probes}

    def due(self, now_s: float, *, busy: bool) -> list[Probe]:
        """Those whose time has come, in their order."""
        return [
            probe for probe, at_s in self._due.values() if at_s <= now_s and not (busy and probe.weight is Weight.HEAVY)
        ]

    def looked(self, probe: Probe, now_s: float, *, faulty: bool) -> None:
        """It was looked at: when again."""
        self._due[probe.names] = (probe, now_s + (min(probe.every_s, probe.mend_s) if faulty else probe.every_s))

    def hurry(self, names: Iterable[CheckName], now_s: float) -> None:
        """Look at these as soon as may be."""
        wanted = set(names)
        for key, (probe, at_s) in self._due.items():
            if wanted & set(key):
                self._due[key] = (probe, min(at_s, now_s))


class Records:
    """Whether a change is told now: after it has settled, and not more often than the budget allows."""

    def __init__(self, now_s: float) -> None:
        self._told: Mapping[CheckName, Gist] = {}
        self._seen: Mapping[CheckName, Gist] = {}
        self._changed_s = now_s
        self._left = float(RECORDS_AT_ONCE)
        self._at_s = self._told_s = now_s

    def due(self, checks: Iterable[Check], now_s: float) -> bool:
        """Whether to tell these checks now."""
        gist = gist_of(checks)
        if gist != self._seen:
            self._seen, self._changed_s = gist, now_s
        self._left = min(RECORDS_AT_ONCE, self._left + (now_s - self._at_s) / RECORD_EVERY_S)
        self._at_s = now_s
        changed = gist != self._told and now_s - self._changed_s >= SETTLE_S
        return (changed or now_s - self._told_s >= AGAIN_S) and self._left >= 1

    def told(self, checks: Iterable[Check]) -> None:
        """They are on their way."""
        self._told = gist_of(checks)
        self._told_s = self._at_s
        self._left = max(0.0, self._left - 1)


def gist_of(checks: Iterable[Check]) -> dict[CheckName, Gist]:
    """What of the checks makes a record: states, reasons and the desk's address, which slips are printed with; not the
    figures, which always change a little."""
    return {check.name: (check.state, check.reason, check.desk) for check in checks}
