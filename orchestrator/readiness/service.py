"""Takes certificates in, knows the newest of every site, and judges it at any moment from memory."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial

import msgspec
import structlog

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.live.port import Bus, Event, Lagged
from orchestrator.presence.events import PresenceChanged
from orchestrator.readiness import store
from orchestrator.readiness.events import CertificateTaken, ReadinessRuled
from orchestrator.readiness.model import Held, Judgement, Known, Rule, Waiver, check_waiver, judge
from orchestrator.storage.after_commit import after_commit
from orchestrator.storage.engine import Connection, Database
from wire.ids import EnrolmentId, SiteId, new_id
from wire.messages import Certificate
from wire.readiness import CheckName

log = structlog.get_logger()

PROVINCE = ""
"""The scope of the rule that stands where a course has none of its own."""
HISTORY = 50
KEPT_NS = 30 * 86_400 * 10**9
SWEEP_S = 3600.0

KnownOf = Callable[[SiteId], Known]
OnRecord = Callable[[Connection, Held], None]
OnChange = Callable[[SiteId | None], None]


class Record(msgspec.Struct, frozen=True):
    """Everything a site's page shows of its readiness."""

    judgement: Judgement
    newest: Held | None
    history: list[Held]
    waivers: list[Waiver]


class Readiness:
    """Newest certificates, rules and waivers in memory; SQL has them all."""

    def __init__(self, database: Database, clock: Clock, bus: Bus, audit: Audit, known: KnownOf) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._audit = audit
        self._known = known
        self._newest: dict[SiteId, Held] = {}
        self._rules: dict[str, Rule] = {}
        self._waivers: dict[SiteId, list[Waiver]] = {}
        self._taken: deque[SiteId] = deque()
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._on_record: list[OnRecord] = []
        self._on_change: list[OnChange] = []

    async def load(self) -> None:
        """Read what stands, so that a restarted centre judges as before."""
        self._newest = {held.site: held for held in await self._database.read(store.newest)}
        await self._load_rules()

    async def _load_rules(self) -> None:
        now = self._clock.now_ns()
        self._rules = await self._database.read(store.rules)
        waivers: dict[SiteId, list[Waiver]] = {}
        for each in await self._database.read(lambda conn: store.waivers(conn, now)):
            waivers.setdefault(each.site, []).append(each)
        self._waivers = waivers

    def on_record(self, apply: OnRecord) -> None:
        """Call ``apply(conn, held)`` in the transaction that keeps a certificate, in the database thread."""
        self._on_record.append(apply)

    def on_change(self, react: OnChange) -> None:
        """Call ``react(site)`` whenever the judgement of a site may have changed; None: of any."""
        self._on_change.append(react)

    # --- certificates --------------------------------------------------------------------------------------------

    def take(self, conn: Connection, site: SiteId, enrolment: EnrolmentId, _sequence: int, record: Certificate) -> None:
        """For the record stream: keep a certificate inside its transaction, in the database thread."""
        held = Held(
            id=record.id,
            site=site,
            enrolment=enrolment,
            at_ns=record.at_ns,
            received_ns=self._clock.now_ns(),
            rehearsal=record.rehearsal,
            agent_version=record.agent_version,
            platform=record.platform,
            checks=record.checks,
        )
        if store.insert_certificate(conn, held):
            for apply in self._on_record:
                apply(conn, held)
            after_commit(conn, partial(self._from_thread, site))

    def _from_thread(self, site: SiteId) -> None:
        self._taken.append(site)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake.set)

    async def run(self) -> None:
        """Tell of what came in, and follow what any process tells. Runs until cancelled."""
        self._loop = asyncio.get_running_loop()
        self._wake.set()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._tell())
            tasks.create_task(self._follow())
            tasks.create_task(self._sweep())

    async def _tell(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._taken:
                await self._bus.publish(CertificateTaken(self._taken.popleft()))

    async def _follow(self) -> None:
        while True:
            async with self._bus.subscribe(CertificateTaken, ReadinessRuled, PresenceChanged) as events:
                await self.load()
                self.changed(None)
                try:
                    async for event in events:
                        await self._note(event)
                except Lagged:
                    log.warning("readiness_lagged")

    async def _note(self, event: Event) -> None:
        if isinstance(event, CertificateTaken):
            site = event.site
            for held in await self._database.read(lambda conn: store.newest(conn, [site])):
                self._newest[held.site] = held
            self.changed(site)
        elif isinstance(event, ReadinessRuled):
            await self._load_rules()
            self.changed(event.site)
        elif isinstance(event, PresenceChanged):
            self.changed(event.site)

    def changed(self, site: SiteId | None) -> None:
        """The judgement of a site (None: of any) may be another now."""
        for react in self._on_change:
            react(site)

    async def _sweep(self) -> None:
        while True:
            await self._database.write(partial(store.prune, before_ns=self._clock.now_ns() - KEPT_NS))
            await asyncio.sleep(SWEEP_S)

    # --- judging -------------------------------------------------------------------------------------------------

    def rule(self, scope: str = PROVINCE) -> Rule:
        """The rule of a scope, or the province's."""
        return self._rules.get(scope) or self._rules.get(PROVINCE) or Rule()

    def has_rule(self, scope: str) -> bool:
        return scope in self._rules

    def newest(self, site: SiteId) -> Held | None:
        return self._newest.get(site)

    def known(self, site: SiteId) -> Known:
        return self._known(site)

    def judged(self, site: SiteId, scope: str = PROVINCE) -> Judgement:
        """How a site stands now."""
        now = self._clock.now_ns()
        return judge(self._known(site), self._newest.get(site), self.rule(scope), self._waivers.get(site, ()), now)

    def judged_then(self, held: Held) -> Judgement:
        """What a certificate said when it was made, by somebody who was there."""
        known = Known(paired=True, online=True)
        return judge(known, held, self.rule(), self._waivers.get(held.site, ()), held.made_ns)

    async def record(self, site: SiteId, scope: str = PROVINCE) -> Record:
        """What a site's page shows."""
        history = await self._database.read(lambda conn: store.history(conn, site, HISTORY))
        waivers = await self._database.read(lambda conn: store.waivers_of(conn, site))
        return Record(self.judged(site, scope), self._newest.get(site), history, waivers)

    # --- what people decide --------------------------------------------------------------------------------------

    async def set_rule(self, by: str, scope: str, rule: Rule | None) -> None:
        """Give a scope a rule of its own; None: the province's stands there again."""
        now = self._clock.now_ns()

        def work(conn: Connection) -> None:
            store.put_rule(conn, scope, rule, by, now)
            self._audit.record(conn, by, "readiness.rule", scope, _told(rule))

        await self._database.write(work)
        await self._after_deed(ReadinessRuled(None))

    async def waive(self, by: str, site: SiteId, check: CheckName, reason: str, why: str, until_ns: int) -> Waiver:
        """Let a finding pass. Refuses `no_finding` when the site's certificate does not say so (any more)."""
        now = self._clock.now_ns()
        check_waiver(why, until_ns, now)
        if not any(each.check == check and each.reason == reason for each in self.judged(site).findings):
            raise Refused("no_finding", "Điểm cầu không còn lỗi này. / The site has no such finding.", 409)
        waiver = Waiver(new_id("waiver"), site, check, reason, why.strip(), by, now, until_ns)

        def work(conn: Connection) -> None:
            store.insert_waiver(conn, waiver)
            detail = {"check": check, "reason": reason, "until_ns": until_ns, "waiver": waiver.id}
            self._audit.record(conn, by, "readiness.waive", site, detail)

        await self._database.write(work)
        await self._after_deed(ReadinessRuled(site))
        return waiver

    async def withdraw(self, by: str, waiver_id: str) -> Waiver:
        """Take a waiver back; refuses `no_waiver`."""
        now = self._clock.now_ns()

        def work(conn: Connection) -> Waiver:
            waiver = store.withdraw_waiver(conn, waiver_id, by, now)
            if waiver is None:
                raise Refused("no_waiver", "Không có việc miễn này. / No such waiver.", 404)
            self._audit.record(conn, by, "readiness.withdraw", waiver.site, {"waiver": waiver.id})
            return waiver

        waiver = await self._database.write(work)
        await self._after_deed(ReadinessRuled(waiver.site))
        return waiver

    async def _after_deed(self, event: ReadinessRuled) -> None:
        await self._load_rules()  # the page that asked sees its deed at once
        await self._bus.publish(event)


def _told(rule: Rule | None) -> Mapping[str, object]:
    return msgspec.to_builtins(rule, str_keys=True) if rule is not None else {}
