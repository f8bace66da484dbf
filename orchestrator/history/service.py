"""Writes history down: what changed at each site, what happened, what sites tell afterwards.

Changes wait in memory for a second at most and are written together. When a database does not keep up, the oldest that
wait are let go and counted: the wall shows what is, the history must not hold it up.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial

import msgspec
import structlog

from orchestrator.clock import Clock
from orchestrator.history import store
from orchestrator.history.events import HistoryTold
from orchestrator.history.kinds import KINDS
from orchestrator.history.store import SiteChange, SiteEvent
from orchestrator.history.timeline import CENTRE, OFF, PRESENCE, RUNG, Lane, lanes
from orchestrator.live.port import Bus, Event, Lagged, Leases
from orchestrator.presence.events import PresenceChanged, SiteHeard
from orchestrator.presence.service import PresenceWatch
from orchestrator.storage.after_commit import after_commit
from orchestrator.storage.engine import Connection, Database
from wire.health import HealthSpans, facets
from wire.ids import EnrolmentId, SiteId

log = structlog.get_logger()

FLUSH_S = 1.0
MARK_NS = 15 * 10**9
AWAY_NS = 3 * MARK_NS
"""Without a mark for longer the centre did not watch."""
MOST_WAITING = 20_000
LEASE_S = 15.0
FORGET_NS = 3600 * 10**9
DAY_NS = 24 * 3600 * 10**9
EVENTS_SHOWN = 500


class Told(msgspec.Struct, frozen=True):
    """A site between two moments."""

    lanes: list[Lane]
    events: list[SiteEvent]


class History:
    """The one writer of changes at the sites whose presence this process keeps; of events, whoever holds the lease.

    ``rung_of``: the word for how much of the lecture a room gets now, empty while nobody knows.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bus: Bus,
        leases: Leases,
        presence: PresenceWatch,
        owner: str,
        *,
        keep_days: int,
        rung_of: Callable[[SiteId], str] = lambda _site: "",
    ) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._leases = leases
        self._presence = presence
        self._owner = owner
        self._rung_of = rung_of
        self._keep_ns = keep_days * DAY_NS
        self._known: dict[tuple[SiteId, str], str] = {}
        self._changes: deque[SiteChange] = deque(maxlen=MOST_WAITING)
        self._events: deque[SiteEvent] = deque(maxlen=MOST_WAITING)
        self._news: deque[HistoryTold] = deque(maxlen=MOST_WAITING)
        self._let_go = 0
        self._writes_events = False
        self._marked_ns = 0
        self._forgot_ns = 0

    async def begin(self) -> None:
        """Note since when the centre did not watch. Before anything else."""
        now = self._clock.now_ns()

        def work(conn: Connection) -> None:
            mark = store.mark(conn)
            if mark is not None and now - mark > AWAY_NS:
                store.add_changes(conn, [SiteChange("", CENTRE, mark, OFF), SiteChange("", CENTRE, now, "on")])
            store.set_mark(conn, now)

        await self._database.write(work)
        self._marked_ns = now

    async def run(self) -> None:
        """Follow everything and write it down. Runs until cancelled; what waits then is written."""
        await self.begin()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._follow())
                tasks.create_task(self._flush_often())
        finally:
            await self.flush()

    async def _follow(self) -> None:
        while True:
            async with self._bus.subscribe() as events:
                try:
                    async for event in events:
                        self.take(event)
                except Lagged:
                    log.warning("history_lagged")  # the next heartbeat of each site tells its states again

    def take(self, event: Event) -> None:
        """Note what an event means for a site's history."""
        match event:
            case SiteHeard(site=site):
                heartbeat = self._presence.of(site).heartbeat
                if heartbeat is not None:
                    for facet, state in facets(heartbeat).items():
                        self._note(site, facet, state, self._clock.now_ns())
                    if rung := self._rung_of(site):
                        self._note(site, RUNG, rung, self._clock.now_ns())
            case PresenceChanged(site=site, state=state, at_ns=at_ns):
                if self._presence.of(site).state == state:
                    self._note(site, PRESENCE, state, at_ns)
            case _:
                self._take_kind(event)

    def _note(self, site: SiteId, facet: str, state: str, at_ns: int) -> None:
        if self._known.get((site, facet)) != state:
            self._known[site, facet] = state
            self._let_go += len(self._changes) == MOST_WAITING
            self._changes.append(SiteChange(site, facet, at_ns, state))

    def _take_kind(self, event: Event) -> None:
        kind = KINDS.get(type(event).__name__)
        if kind is None or not self._writes_events:
            return
        sites = [event.site] if hasattr(event, "site") else list(getattr(event, "sites", ()))
        params = {name: getattr(event, name, None) for name in kind.fields}
        now = self._clock.now_ns()
        for site in sites:
            self._let_go += len(self._events) == MOST_WAITING
            self._events.append(SiteEvent(site, now, kind.kind, kind.severity, params))

    async def _flush_often(self) -> None:
        while True:
            self._writes_events = await self._leases.acquire("history", self._owner, LEASE_S) is not None
            await self.flush()
            while self._news:
                await self._bus.publish(self._news.popleft())
            await asyncio.sleep(FLUSH_S)

    async def flush(self) -> None:
        """Write down what waits; what a fault keeps from being written waits on."""
        now = self._clock.now_ns()
        changes, events = list(self._changes), list(self._events)
        marks, forgets = now - self._marked_ns >= MARK_NS, self._writes_events and now - self._forgot_ns >= FORGET_NS
        if not (changes or events or marks or forgets):
            return

        def work(conn: Connection) -> int:
            store.add_changes(conn, changes)
            store.add_events(conn, events)
            store.set_mark(conn, now)
            return store.forget(conn, now - self._keep_ns) if forgets else 0

        gone = await self._database.write(work)
        self._marked_ns, self._forgot_ns = now, now if forgets else self._forgot_ns
        for written, waiting in ((len(changes), self._changes), (len(events), self._events)):
            for _ in range(min(written, len(waiting))):
                waiting.popleft()
        if self._let_go or gone:
            log.info("history_trimmed", let_go=self._let_go, forgotten=gone)
            self._let_go = 0

    def take_spans(
        self, conn: Connection, site: SiteId, _enrolment: EnrolmentId, _sequence: int, record: HealthSpans
    ) -> None:
        """For the record stream: keep what a site tells afterwards, each span once."""
        new = store.add_spans(conn, site, record.ledger, record.spans, self._clock.now_ns())
        if record.dropped:
            params = {"lost": record.dropped, "until_ms": record.dropped_until_ns // 1_000_000}
            store.add_events(conn, [SiteEvent(site, self._clock.now_ns(), "history_lost", 1, params)])
        if new or record.dropped:
            after_commit(conn, partial(self._news.append, HistoryTold(site, new, record.dropped)))

    async def of(self, site: SiteId, from_ns: int, until_ns: int) -> Told:
        """A site between two moments."""

        def work(conn: Connection) -> Told:
            changes = store.changes(conn, site, from_ns, until_ns)
            spans = store.spans(conn, site, from_ns, until_ns)
            return Told(
                lanes(changes, spans, from_ns, until_ns), store.events(conn, site, from_ns, until_ns, EVENTS_SHOWN)
            )

        return await self._database.read(work)
