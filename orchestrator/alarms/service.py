"""Runs the alarms in time: looks once a second, writes what happened, then shows it. One process does, by a lease."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

import msgspec
import structlog

from orchestrator.access.audit import Audit
from orchestrator.alarms import duty, planned, rules, store
from orchestrator.alarms.duty import Taking
from orchestrator.alarms.journal import OF_ALARM, CentreStarted, LogEvent, RulesChanged, WorkEnded, WorkPlanned
from orchestrator.alarms.judging import Outlook, step
from orchestrator.alarms.model import Acknowledged, Alarm, AlarmEvent, Alarms, Cause, Trouble, applied, standing
from orchestrator.alarms.observing import Bad, Key, Seen, Track, observed
from orchestrator.alarms.planned import Held, Work
from orchestrator.alarms.report import Log
from orchestrator.alarms.rules import Rules, S
from orchestrator.alarms.store import Connection, Past
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.live.port import Leases
from orchestrator.storage.engine import Database
from wire.ids import SiteId, new_id

log = structlog.get_logger()

LOOK_S = 1.0
LEASE, LEASE_S = "alarms", 10.0
REMEMBERED_NS = 3600 * S
"""How long an alarm that is over is remembered."""
OWED_NS = 31 * 86_400 * S
"""How long if somebody was told of it and not of its end: through hours of rest, and while a channel fails."""


class Sources(Protocol):
    """Where the alarms look. Answers come from memory."""

    def seen(self) -> Sequence[Seen] | None:
        """Every site that may be missed; None while nothing is known yet."""
        ...

    def parts(self) -> Collection[tuple[Trouble, str, int]]:
        """What is wrong with the centre itself: trouble, part, severity."""
        ...


class Standing(msgspec.Struct, frozen=True):
    """What there is to show: alarms that stand, work that is on or to come, the sites that it holds back now."""

    alarms: list[Alarm]
    works: list[Work]
    held: Held
    version: int
    rules: Rules


Show = Callable[[Standing], None]


class AlarmWatch:
    """The one writer of alarms."""

    def __init__(
        self, database: Database, clock: Clock, leases: Leases, audit: Audit, sources: Sources, owner: str
    ) -> None:
        self._database = database
        self._clock = clock
        self._leases = leases
        self._audit = audit
        self._sources = sources
        self._owner = owner
        self._started_ns = clock.now_ns()
        self._turn = asyncio.Lock()
        self._alarms: dict[str, Alarm] = {}
        self._memory: dict[Key, Track] = {}
        self._parts: dict[tuple[Trouble, str], Bad] = {}
        self._weak: dict[str, int] = {}
        self._works: list[Work] = []
        self._held = Held()
        self._version, self._rules = 0, Rules()
        self._seq = 0
        """The newest line of the log that is known here."""
        self._leading = False
        self.show: Show = lambda _standing: None

    # --- life ------------------------------------------------------------------------------------------------------

    async def watch(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """One look: what is found, what happens, what is shown."""
        async with self._turn:
            leads = await self._leases.acquire(LEASE, self._owner, LEASE_S) is not None
            if not leads or not self._leading or await self._others_wrote():
                await self._read(owed=leads)
            if leads and not self._leading:
                await self._write([("", CentreStarted(len(standing(self._alarms))))])
            self._leading = leads
            if leads:
                await self._step()
            self.show(self.standing())

    async def _read(self, *, owed: bool) -> None:
        """Take up what stands in the database; ``owed``: also what channels have still to tell the end of."""
        now = self._clock.now_ns()

        def work(conn: Connection) -> tuple[dict[str, Alarm], list[Work], tuple[int, Rules]]:
            self._seq = store.newest(conn)
            alarms = store.load(conn, now - REMEMBERED_NS)
            if owed:
                alarms = store.owed(conn, now - OWED_NS) | alarms
            return alarms, store.works(conn, now - planned.LONGEST_NS), store.newest_rules(conn)

        self._alarms, self._works, (self._version, self._rules) = await self._database.read(work)

    async def _others_wrote(self) -> bool:
        """Whoever leads looks at the sites alone, but any process may be asked by a person."""
        return await self._database.read(store.newest) != self._seq

    def _append(self, conn: Connection, events: Sequence[tuple[str, LogEvent]], now: int) -> None:
        """In the database's thread and within a turn. Lines of others in between leave `_seq` where it is, so that the
        next look reads them."""
        before, after = store.append(conn, events, now)
        if before == self._seq:
            self._seq = after

    async def _step(self) -> None:
        now = self._clock.now_ns()
        seen = self._sources.seen()
        if seen is None:
            return
        self._memory = observed(self._memory, seen, self._rules.flapping, now)
        self._works = [work for work in self._works if now - work.over_ns < planned.LONGEST_NS]
        self._held = planned.held(self._works, [(one.site, one.where) for one in seen], now)
        failing = {(trouble, part): severity for trouble, part, severity in self._sources.parts()}
        self._parts = {key: self._parts.get(key, Bad(now, severity)) for key, severity in failing.items()}
        outlook = Outlook(seen, self._memory, self._held, self._started_ns, self._parts)
        stepped = step(self._alarms, outlook, self._weak, self._rules, now, lambda: new_id("alarm"))
        self._weak = stepped.weak
        await self._happen([*stepped.events, *duty.duties(stepped.alarms, stepped.events, self._rules, now)], now)

    async def _happen(self, events: Sequence[AlarmEvent], now: int) -> None:
        """Write first: what is not in the log has not happened."""
        if events:
            await self._write([("", event) for event in events], now)
        for event in events:
            self._alarms = applied(self._alarms, event, now)
        self._alarms = {id_: each for id_, each in self._alarms.items() if _remembered(each, now)}

    async def _write(self, events: Sequence[tuple[str, LogEvent]], now: int | None = None) -> None:
        at = self._clock.now_ns() if now is None else now
        await self._database.write(lambda conn: self._append(conn, events, at))

    # --- asked -----------------------------------------------------------------------------------------------------

    def standing(self) -> Standing:
        """What there is to show now."""
        now = self._clock.now_ns()
        open_ = [work for work in self._works if work.over_ns > now]
        return Standing(standing(self._alarms), open_, self._held, self._version, self._rules)

    @property
    def leading(self) -> bool:
        """Whether this process is the one that writes."""
        return self._leading

    @property
    def alarms(self) -> Alarms:
        """Those that stand, that ended within the hour, and whose end may still have to be told."""
        return self._alarms

    async def log(self, from_ns: int, until_ns: int, sites: Collection[SiteId] | None = None) -> Log:
        """The log of a time, of all or of these sites, the alarms that it is about, and who was ever under them."""

        def work(conn: Connection) -> Log:
            found, cut = store.entries(conn, from_ns, until_ns, sites)
            about = {entry.event.alarm for entry in found if isinstance(entry.event, OF_ALARM)}
            return Log(found, store.causes(conn, about), store.members(conn, about), cut)

        return await self._database.read(work)

    async def of_site(self, site: SiteId, limit: int) -> list[Past]:
        """The alarms that a site was ever under, the newest first."""
        return await self._database.read(lambda conn: store.of_site(conn, site, limit))

    # --- done by people ----------------------------------------------------------------------------------------------

    async def acknowledge(self, by: str, name: str, alarm: str, how: Taking) -> None:
        """Somebody takes an alarm. Refuses as `duty.acknowledge` does."""

        def take(alarms: Alarms, now: int) -> Acknowledged:
            return duty.acknowledge(alarms, alarm, by, name, how, now)

        await self._do(by, "alarms.taken", alarm, take)

    async def withdraw(self, by: str, alarm: str) -> None:
        """Somebody gives an alarm back. Refuses as `duty.withdraw` does."""
        await self._do(by, "alarms.given_back", alarm, lambda alarms, now: duty.withdraw(alarms, alarm, by, now))

    async def _do(self, who: str, deed: str, alarm: str, decided: Callable[[Alarms, int], AlarmEvent]) -> None:
        """What a person does to an alarm is decided by the log, in the transaction that adds to it: whoever was faster,
        in this process or another, has been heard by then."""

        def work(conn: Connection) -> AlarmEvent:
            event = decided(store.one(conn, alarm), now)
            self._append(conn, [(who, event)], now)
            detail = {"instead_of": event.instead_of} if isinstance(event, Acknowledged) and event.instead_of else {}
            self._audit.record(conn, who, deed, alarm, detail)
            return event

        async with self._turn:
            now = self._clock.now_ns()
            self._alarms = applied(self._alarms, await self._database.write(work), now)
            self.show(self.standing())

    async def plan_work(self, by: str, cause: Cause, from_ns: int, until_ns: int, why: str) -> Work:
        """A window in which alarms of these sites are held back. Refuses as `planned.check` does."""
        async with self._turn:
            now = self._clock.now_ns()
            work = Work(new_id("work"), cause, from_ns, until_ns, by, why.strip())
            planned.check(work, now)

            def write(conn: Connection) -> None:
                store.put_work(conn, work)
                event = WorkPlanned(work.id, cause, from_ns, until_ns, work.why)
                self._append(conn, [(by, event)], now)
                self._audit.record(conn, by, "alarms.work", work.id, {"scope": cause.scope, "name": cause.name})

            await self._database.write(write)
            self._works = [*self._works, work]
            return work

    async def end_work(self, by: str, work: str) -> None:
        """End it before its time. Refuses `no_work`."""
        async with self._turn:
            now = self._clock.now_ns()
            found = next((each for each in self._works if each.id == work), None)

            def write(conn: Connection) -> None:
                if found is None or not store.end_work(conn, work, now):
                    raise Refused("no_work", "Không có công việc này. / No such work.", 404)
                self._append(conn, [(by, WorkEnded(work, found.cause))], now)
                self._audit.record(conn, by, "alarms.work_ended", work, {})

            await self._database.write(write)
            self._works = [
                msgspec.structs.replace(each, ended_ns=now) if each.id == work else each for each in self._works
            ]

    async def change_rules(self, by: str, version: int, changed: Rules) -> int:
        """New rules in the place of those with `version`; the new version. Refuses `changed_meanwhile`, `bad_rules`."""
        if found := rules.faults(changed):
            raise Refused("bad_rules", found[0])
        async with self._turn:
            if version != self._version:
                message = "Quy tắc đã được người khác sửa, hãy tải lại. / Somebody changed the rules meanwhile."
                raise Refused("changed_meanwhile", message, 409)
            now = self._clock.now_ns()

            def write(conn: Connection) -> None:
                store.put_rules(conn, version + 1, changed, now, by)
                self._append(conn, [(by, RulesChanged(version + 1))], now)
                self._audit.record(conn, by, "alarms.rules", str(version + 1), {})

            await self._database.write(write)
            self._version, self._rules = version + 1, changed
            return self._version

    async def note(self, who: str, events: Sequence[LogEvent]) -> None:
        """Lines of others: a channel told an alarm, was changed."""
        async with self._turn:
            now = self._clock.now_ns()
            await self._write([(who, event) for event in events], now)
            for event in events:
                if isinstance(event, OF_ALARM):
                    self._alarms = applied(self._alarms, event, now)


def _remembered(alarm: Alarm, now: int) -> bool:
    over_ns = 0 if alarm.cleared_ns is None else now - alarm.cleared_ns
    return over_ns < (OWED_NS if alarm.owed else REMEMBERED_NS)
