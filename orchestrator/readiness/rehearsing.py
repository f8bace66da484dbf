"""Conducts rehearsals: sends their orders when their hour comes and to whoever links later, takes the answers in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from functools import partial

import msgspec
import structlog

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.links.events import SiteLinked
from orchestrator.live.port import Bus, Event, Lagged
from orchestrator.readiness import rehearsal_store as store
from orchestrator.readiness.events import RehearsalChanged
from orchestrator.readiness.model import Held
from orchestrator.readiness.rehearsal import (
    RUNNING,
    Act,
    Kind,
    Practice,
    Rehearsal,
    SiteOutcome,
    SiteSteps,
    Stage,
    Start,
    after,
    check_title,
    due,
    practices,
    step_of,
    times,
)
from orchestrator.readiness.service import Readiness
from orchestrator.readiness.store import by_ids
from orchestrator.storage.engine import Connection, Database
from wire.ids import EnrolmentId, RehearsalId, SiteId, new_id
from wire.messages import Down, OrderSeen, RehearsalOff, RehearsalOrder

log = structlog.get_logger()

LOOK_S = 0.5
PRACTICE_EVERY = 4
"""Looks at the clock between two looks at the plan of days."""
ITSELF = "system"
"""Who plans a practice."""
LISTED = 50

Send = Callable[[SiteId, Down], bool]


class Rehearsals:
    """Those planned and under way in memory; SQL has them all and how far each site is."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bus: Bus,
        audit: Audit,
        send: Send,
        readiness: Readiness,
        starts: Callable[[], list[Start]],
    ) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._audit = audit
        self._send = send
        self._readiness = readiness
        self._starts = starts
        self._running: dict[RehearsalId, Rehearsal] = {}
        readiness.on_record(_note_certificate)

    # --- what people order ---------------------------------------------------------------------------------------

    async def plan(self, by: str, title: str, t0_ns: int, sites: Collection[SiteId]) -> Rehearsal:
        """A drill of these sites, its order out an hour before its simulated start or at once."""
        now = self._clock.now_ns()
        title, (from_ns, until_ns) = check_title(title), times(t0_ns, now)
        if not sites:
            raise Refused("no_site", "Chưa chọn điểm cầu nào. / No site chosen.", 422)
        drill = Rehearsal(
            id=_fresh(),
            kind=Kind.DRILL,
            title=title,
            from_ns=from_ns,
            t0_ns=t0_ns,
            until_ns=until_ns,
            sites=frozenset(sites),
            by=by,
            planned_ns=now,
        )
        await self._keep(drill, "readiness.rehearse")
        return drill

    async def move(self, by: str, rehearsal_id: str, t0_ns: int) -> Rehearsal:
        """The same rehearsal at another simulated start: sites are told that the old one is off."""
        now = self._clock.now_ns()
        old = await self.one(rehearsal_id)
        from_ns, until_ns = times(t0_ns, now)
        moved = msgspec.structs.replace(
            old,
            id=_fresh(),
            from_ns=from_ns,
            t0_ns=t0_ns,
            until_ns=until_ns,
            stage=Stage.PLANNED,
            by=by,
            planned_ns=now,
            replaces=old.id,
        )
        await self._act(by, old, Act.MOVE, moved)
        return moved

    async def call_off(self, by: str, rehearsal_id: str) -> Rehearsal:
        """It does not take place, or ends now."""
        return await self._act(by, await self.one(rehearsal_id), Act.CALL_OFF)

    async def one(self, rehearsal_id: str) -> Rehearsal:
        """A rehearsal; refuses `no_rehearsal`."""
        found = await self._database.read(lambda conn: store.one(conn, rehearsal_id))
        if found is None:
            raise Refused("no_rehearsal", "Không có lần tổng duyệt này. / No such rehearsal.", 404)
        return found

    async def all(self) -> list[Rehearsal]:
        """The newest."""
        return await self._database.read(lambda conn: store.newest(conn, LISTED))

    async def outcome(self, rehearsal: Rehearsal) -> list[SiteOutcome]:
        """How far every site is, with what its certificate said when it was made."""

        def work(conn: Connection) -> tuple[list[SiteSteps], dict[str, Held]]:
            steps = store.steps(conn, rehearsal.id)
            return steps, by_ids(conn, {each.certificate for each in steps if each.certificate})

        steps, certificates = await self._database.read(work)
        now = self._clock.now_ns()
        return [
            SiteOutcome(
                each,
                step_of(each, rehearsal, now),
                self._readiness.judged_then(certificates[each.certificate])
                if each.certificate in certificates
                else None,
            )
            for each in steps
        ]

    async def _keep(self, rehearsal: Rehearsal, action: str) -> None:
        def work(conn: Connection) -> None:
            store.insert(conn, rehearsal)
            detail = {"kind": rehearsal.kind, "t0_ns": rehearsal.t0_ns, "sites": len(rehearsal.sites)}
            self._audit.record(conn, rehearsal.by, action, rehearsal.id, detail)

        await self._database.write(work)
        await self._bus.publish(RehearsalChanged(rehearsal.id, rehearsal.stage))

    async def _act(self, by: str, before: Rehearsal, act: Act, instead: Rehearsal | None = None) -> Rehearsal:
        done = after(before, act)

        def work(conn: Connection) -> None:
            if not store.put_stage(conn, done, before.stage):
                raise Refused("conflict", "Người khác vừa thay đổi. / Somebody else was first.", 409)
            if instead is not None:
                store.insert(conn, instead)
            detail = {"act": act, "instead": instead.id if instead else ""}
            self._audit.record(conn, by, "readiness.rehearsal", before.id, detail)

        await self._database.write(work)
        await self._bus.publish(RehearsalChanged(done.id, done.stage))
        if instead is not None:
            await self._bus.publish(RehearsalChanged(instead.id, instead.stage))
        log.info("rehearsal", rehearsal=done.id, act=act)
        return done

    # --- what sites say ------------------------------------------------------------------------------------------

    async def on_seen(self, site: SiteId, _enrolment: EnrolmentId, seen: OrderSeen) -> None:
        """For the link: a site has an order; perhaps one of ours."""
        rehearsal = RehearsalId(seen.order)
        if rehearsal in self._running:
            now = self._clock.now_ns()
            await self._database.write(lambda conn: store.note_seen(conn, rehearsal, site, now))

    # --- in time -------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Begin and end rehearsals, plan practices, tell sites. Runs until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            tasks.create_task(self._conduct())

    async def _follow(self) -> None:
        while True:
            async with self._bus.subscribe(RehearsalChanged, SiteLinked) as events:
                rehearsals = await self._database.read(store.running)
                self._running = {each.id: each for each in rehearsals}
                for each in rehearsals:
                    await self._tell(each, each.sites)  # a repeat is harmless
                try:
                    async for event in events:
                        await self._note(event)
                except Lagged:
                    log.warning("rehearsals_lagged")

    async def _note(self, event: Event) -> None:
        if isinstance(event, RehearsalChanged):
            rehearsal = await self.one(event.rehearsal)
            if rehearsal.stage in RUNNING:
                self._running[rehearsal.id] = rehearsal
                await self._tell(rehearsal, rehearsal.sites)
                return
            known = self._running.pop(rehearsal.id, None)
            if known is not None and rehearsal.stage is not Stage.OVER:
                for site in sorted(rehearsal.sites):
                    self._send(site, RehearsalOff(id=rehearsal.id))
        elif isinstance(event, SiteLinked) and not event.resumed:
            for each in list(self._running.values()):
                if event.site in each.sites:
                    await self._tell(each, [event.site])

    async def _tell(self, rehearsal: Rehearsal, sites: Collection[SiteId]) -> None:
        if rehearsal.stage is not Stage.UNDER_WAY:
            return
        order = RehearsalOrder(
            id=rehearsal.id, title=rehearsal.title, t0_ns=rehearsal.t0_ns, until_ns=rehearsal.until_ns
        )
        sent = [site for site in sorted(sites) if self._send(site, order)]
        now = self._clock.now_ns()
        await self._database.write(partial(store.note_sent, rehearsal=rehearsal.id, sites=sent, now=now))

    async def _conduct(self) -> None:
        looks = 0
        while True:
            if looks % PRACTICE_EVERY == 0:
                await self.plan_practices()
            looks += 1
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Begin and end what is due."""
        now = self._clock.now_ns()
        for rehearsal in list(self._running.values()):
            act = due(rehearsal, now)
            if act is not None:
                try:
                    self._running[rehearsal.id] = await self._act(ITSELF, rehearsal, act)
                except Refused:
                    continue  # another process or a person was first; the event tells

    async def plan_practices(self) -> None:
        """Give each site its practice before a start of the next day once; one whose start moved or fell away is called
        off. A site that a session gained, or whose earlier start fell away, gets its own later."""
        now, starts = self._clock.now_ns(), self._starts()
        wanted = {each.start.id: each for each in practices(starts, now)}
        planned = [each for each in self._running.values() if each.kind is Kind.PRACTICE]
        at = {start.id: start.starts_ns for start in starts}
        for each in planned:
            if each.before is not None and at.get(each.before) != each.start_ns:
                await self._act(ITSELF, each, Act.CALL_OFF)
        known = await self._database.read(lambda conn: store.practised(conn, wanted))
        for practice in wanted.values():
            start = practice.start
            had = (each.sites for each in known.get(start.id, ()) if each.start_ns == start.starts_ns)
            if sites := practice.sites.difference(*had):
                await self._keep(_practice(practice, sites, now), "readiness.practice")


def _note_certificate(conn: Connection, held: Held) -> None:
    store.note_certificate(conn, held)


def _fresh() -> RehearsalId:
    return RehearsalId(new_id("rehearsal"))


def _practice(practice: Practice, sites: frozenset[SiteId], now: int) -> Rehearsal:
    return Rehearsal(
        id=_fresh(),
        kind=Kind.PRACTICE,
        title=practice.start.title[:200],
        from_ns=practice.from_ns,
        t0_ns=practice.t0_ns,
        until_ns=practice.until_ns,
        sites=sites,
        by=ITSELF,
        planned_ns=now,
        before=practice.start.id,
        start_ns=practice.start.starts_ns,
    )
