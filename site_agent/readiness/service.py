"""Looks at everything in its time, keeps what is known, and tells the centre when something changed.

One look at a time: a small computer must not count people, flush its disk and measure its line at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Sequence

import msgspec
import structlog

from site_agent.link.outbox import OutboxRefused
from site_agent.readiness.judging.said import waiting
from site_agent.readiness.pace import Probe, Records, Rounds, Weight
from wire.ids import RehearsalId, new_id
from wire.readiness import Certificate, Check, CheckName, CheckState

log = structlog.get_logger()

TICK_S = 0.5
LIMIT_S = 90.0
"""One look; the line may wait for its turn."""
KEEP_AGAIN_S = 10.0

FAULTY = frozenset({CheckState.BAD, CheckState.WEAK})
TOLD_WHEN_DONE = frozenset({"no_reference"})
"""What the desk tells as soon as a person has done it, so that nobody has to look for it again and again."""

Keep = Callable[[Certificate], Awaitable[object]]
"""Stores a record durably; raises `OutboxRefused`."""


class Readiness:
    """Everything this computer knows of itself. ``busy``: whether a lecture or an exam runs."""

    def __init__(
        self,
        probes: Sequence[Probe],
        *,
        now_ns: Callable[[], int],
        busy: Callable[[], bool],
        keep: Keep,
        agent_version: str,
        platform: str,
        mono_s: Callable[[], float] = time.monotonic,
        tick_s: float = TICK_S,
        limit_s: float = LIMIT_S,
    ) -> None:
        self._probes = probes
        self._now_ns = now_ns
        self._busy = busy
        self._keep = keep
        self._version = agent_version
        self._platform = platform
        self._mono_s = mono_s
        self._tick_s = tick_s
        self._limit_s = limit_s
        self._rounds = Rounds(probes)
        self._records = Records(mono_s())
        self._checks = {name: waiting(name, "not_looked") for probe in probes for name in probe.names}
        self._looked: set[tuple[CheckName, ...]] = set()
        self._one_look = asyncio.Lock()
        self._looking: tuple[CheckName, ...] = ()
        self._keep_not_before_s = 0.0

    @property
    def checks(self) -> list[Check]:
        """What is known now, in the order of `CheckName`."""
        return [self._checks[name] for name in CheckName if name in self._checks]

    def said(self, name: CheckName) -> Check | None:
        """What is known of one of them."""
        return self._checks.get(name)

    @property
    def looking(self) -> tuple[CheckName, ...]:
        """What is being looked at."""
        return self._looking

    @property
    def busy(self) -> bool:
        """Whether a lecture or an exam runs, so that nothing loud or heavy is done."""
        return self._busy()

    def put(self, check: Check) -> None:
        """A check that is not found by looking, such as the simulated start."""
        self._checks[check.name] = msgspec.structs.replace(check, at_ns=max(0, self._now_ns()))

    def drop(self, name: CheckName) -> None:
        """This is not asked any more."""
        self._checks.pop(name, None)

    def hurry(self, *names: CheckName) -> None:
        """Something happened to these: look soon."""
        self._rounds.hurry(names, self._mono_s())

    async def look(self, names: Collection[CheckName] | None = None, *, loud: bool = False) -> None:
        """Look now, at everything or at what gives these checks; loud only while nothing runs that a sound would
        disturb."""
        for probe in self._probes:
            if names is None or set(names) & set(probe.names):
                await self._in_turn(probe, asked=True, loud=loud)

    async def certify(self, rehearsal: RehearsalId | None = None) -> Certificate | None:
        """Put what is known on its way to the centre; None when this computer could not keep it."""
        checks = self.checks
        record = Certificate(
            id=new_id("cert"),
            at_ns=max(0, self._now_ns()),
            rehearsal=rehearsal,
            agent_version=self._version[:40],
            platform=self._platform[:300],
            checks=checks,
        )
        try:
            await self._keep(record)
        except OutboxRefused as fault:
            log.warning("certificate_not_kept", code=fault.code)
            self._keep_not_before_s = self._mono_s() + KEEP_AGAIN_S
            return None
        self._records.told(checks)
        return record

    async def run(self) -> None:
        """Look at what is due and tell what changed, until cancelled."""
        while True:
            for probe in self._rounds.due(self._mono_s(), busy=self._busy()):
                await self._in_turn(probe)
            await self.tell_changes()
            await asyncio.sleep(self._tick_s)

    async def tell_changes(self) -> None:
        """A record, if something changed since the last one; the first only once everything was looked at."""
        now_s = self._mono_s()
        light = {probe.names for probe in self._probes if probe.weight is Weight.LIGHT or not self._busy()}
        if light <= self._looked and now_s >= self._keep_not_before_s and self._records.due(self.checks, now_s):
            await self.certify()

    async def _in_turn(self, probe: Probe, *, asked: bool = False, loud: bool = False) -> None:
        if probe.apart:
            await self._one(probe, asked=asked, loud=loud)
            return
        async with self._one_look:
            await self._one(probe, asked=asked, loud=loud)

    async def _one(self, probe: Probe, *, asked: bool, loud: bool) -> None:
        self._looking += probe.names
        try:
            found = await self._found(probe, asked=asked, loud=loud and not self._busy())
        finally:
            left = list(self._looking)
            for name in probe.names:
                left.remove(name)
            self._looking = tuple(left)
        for check in found:
            # A check that is handed back as it was keeps its moment.
            at_ns = check.at_ns or max(0, self._now_ns())
            self._checks[check.name] = msgspec.structs.replace(check, at_ns=at_ns)
        self._looked.add(probe.names)
        said = [self._checks[name] for name in probe.names]
        faulty = any(check.state in FAULTY and check.reason not in TOLD_WHEN_DONE for check in said)
        self._rounds.looked(probe, self._mono_s(), faulty=faulty)

    async def _found(self, probe: Probe, *, asked: bool, loud: bool) -> list[Check]:
        if self._busy() and probe.weight is Weight.HEAVY:
            return [waiting(name, "not_now") for name in probe.names if self._unknown(name)]
        try:
            async with asyncio.timeout(self._limit_s):
                return await probe.work(asked=asked, loud=loud)()
        except TimeoutError:
            log.warning("look_took_too_long", checks=list(probe.names))
            return [waiting(name, "took_too_long") for name in probe.names]
        except Exception:
            # Whatever a driver does to a look ends that look alone, and is never told as good.
            log.exception("look_failed", checks=list(probe.names))
            return [waiting(name, "probe_failed") for name in probe.names]

    def _unknown(self, name: CheckName) -> bool:
        return self._checks[name].state is CheckState.WAITING
