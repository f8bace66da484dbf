"""Keeps the wall right: whatever happens marks its sites, and marked sites are judged anew a few times a second."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Iterator
from typing import Protocol

import structlog

from orchestrator.attendance.events import CountReceived, NumberDeclared, RollCallOrdered
from orchestrator.clock import Clock
from orchestrator.live.port import Bus, Event, Lagged
from orchestrator.presence.events import PresenceChanged, SiteHeard
from orchestrator.presence.model import Presence
from orchestrator.sessions.air.events import AirChanged
from orchestrator.sessions.events import SessionChanged
from orchestrator.wall.board import WallBoard
from orchestrator.wall.judge import Headcount, Show, SiteCard, Sitting, tile
from orchestrator.wall.model import ExamStrip, SessionStrip
from wire.ids import SiteId

log = structlog.get_logger()

FLUSH_S = 0.2
"""One turn: what happened meanwhile is judged, then all readers are told. The longest that a change waits here."""
STRIPS_S = 1.0
SWEEP_S = 5.0
"""Everything is judged anew this often, so that nothing can stay wrong for long."""
AT_ONCE = 25
"""Sites judged before others get their turn: a burst here would blur the time that agents are told."""
MS = 1_000_000

SEVERITY = {"online": 0, "late": 1, "silent": 2, "unknown": 3, "never": 0}


class Sources(Protocol):
    """Where the wall looks. All answers come from memory."""

    async def cards(self) -> dict[SiteId, SiteCard]: ...

    def presence(self, site: SiteId) -> Presence: ...

    def heads(self, site: SiteId) -> Headcount: ...

    def show(self, site: SiteId) -> Show | None: ...

    def sitting(self, site: SiteId) -> Sitting | None: ...

    def sessions(self) -> list[SessionStrip]: ...

    def exams(self) -> list[ExamStrip]: ...


class Wall:
    """The one writer of its board."""

    def __init__(self, clock: Clock, bus: Bus, sources: Sources) -> None:
        self.board = WallBoard()
        self._clock = clock
        self._bus = bus
        self._sources = sources
        self._cards: dict[SiteId, SiteCard] = {}
        self._marked: set[SiteId] = set()
        self._opened: dict[SiteId, str] = {}
        self._other_sites = asyncio.Event()
        self._wakes: set[asyncio.Event] = set()
        self._woken = 0

    @contextlib.contextmanager
    def waking(self, wake: asyncio.Event) -> Iterator[None]:
        """Within the block ``wake`` is set at the end of each turn in which the board changed."""
        self._wakes.add(wake)
        try:
            yield
        finally:
            self._wakes.discard(wake)

    async def watch(self) -> None:
        """Follow everything. Runs until cancelled."""
        await self._sweep()
        self.board.tell(self._clock.now_ns() // MS, "centre_started")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            tasks.create_task(self._flush_often())
            tasks.create_task(self._strips_often())
            tasks.create_task(self._sweep_often())

    async def _follow(self) -> None:
        while True:
            async with self._bus.subscribe() as events:
                try:
                    async for event in events:
                        self._take(event)
                except Lagged:
                    log.warning("wall_lagged")
                    self._marked.update(self._cards)

    def _take(self, event: Event) -> None:
        at_ms = self._clock.now_ns() // MS
        match event:
            case SiteHeard(site=site):
                self._marked.add(site)
            case PresenceChanged(site=site, before=before, state=state):
                self._marked.add(site)
                kind = "site_back" if state == "online" and before != "never" else f"site_{state}"
                self.board.tell(at_ms, kind, SEVERITY[state], self.board.tile(site))
            case RollCallOrdered(sites=sites):
                self._marked.update(sites)
                self.board.tell(at_ms, "roll_call_ordered", sites=len(sites))
            case CountReceived(site=site, count=count, reason=reason):
                self._marked.add(site)
                kind = "not_counted" if count is None else "count_received"
                self.board.tell(at_ms, kind, int(count is None), self.board.tile(site), count=count, reason=reason)
            case NumberDeclared(site=site, number=number, listed=listed):
                self._marked.add(site)
                self.board.tell(at_ms, "number_declared", 0, self.board.tile(site), number=number, listed=listed)
            case SessionChanged(topic=topic, state=state):
                self._marked.update(self._cards)
                self.board.tell(at_ms, "session_state", topic=topic, state=state)
            case AirChanged():
                self._marked.update(self._cards)
                self._tell_air(event, at_ms)
            case _:
                self._take_other(event, at_ms)

    def _tell_air(self, event: AirChanged, at_ms: int) -> None:
        """Who is on air from now on, and why, or by whose order."""
        kind = "lecturer_lost" if event.lost else "air_ordered" if event.by else "air_changed"
        seat = event.air or "none"
        self.board.tell(at_ms, kind, 3 * event.lost, topic=event.topic, seat=seat, why=event.why, by=event.by)

    def _take_other(self, event: Event, at_ms: int) -> None:
        """Events whose structs the wall need not know: by name, with whatever plain fields they carry."""
        name = type(event).__name__
        site = getattr(event, "site", None)
        if site is not None:
            self._marked.add(site)
        if name in NEW_SITES:  # their names must be known by the time that somebody orders something of them
            self._other_sites.set()
        if name in OTHERS:
            kind, severity, fields = OTHERS[name]
            params = {field: getattr(event, field, None) for field in fields}
            self.board.tell(at_ms, kind, severity, self.board.tile(site) if site else None, **params)

    async def _flush_often(self) -> None:
        while True:
            marked, self._marked = self._marked, set()
            await self._judge_all(marked)
            self._wake_readers()
            await asyncio.sleep(FLUSH_S)

    def _wake_readers(self) -> None:
        if self.board.stamp != self._woken:
            self._woken = self.board.stamp
            for wake in self._wakes:
                wake.set()

    async def _strips_often(self) -> None:
        while True:
            self.board.put_section("sessions", self._sources.sessions())
            await asyncio.sleep(0)
            self.board.put_section("exams", self._sources.exams())
            await asyncio.sleep(STRIPS_S)

    async def _judge_all(self, sites: Iterable[SiteId]) -> None:
        for number, site in enumerate(sites, 1):
            self._judge(site)
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)

    async def _sweep_often(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SWEEP_S):
                    await self._other_sites.wait()
            self._other_sites.clear()
            await self._sweep()

    async def _sweep(self) -> None:
        self._cards = await self._sources.cards()
        for site in self.board.sites() - set(self._cards):
            self.board.drop(site)
            self._opened.pop(site, None)
        await self._judge_all(list(self._cards))

    def _judge(self, site: SiteId) -> None:
        card = self._cards.get(site)
        if card is None:
            return
        made = tile(
            card,
            self._sources.presence(site),
            self._sources.heads(site),
            self._sources.show(site),
            self._sources.sitting(site),
            self._clock.now_ns(),
        )
        self.board.put(made)
        if made.exam is not None and made.exam.opened_ms is not None:
            self._tell_opened(site, made.exam.exam, made.exam.late_ms)

    def _tell_opened(self, site: SiteId, exam: str, late_ms: float | None) -> None:
        if self._opened.get(site) != exam:
            self._opened[site] = exam
            at_ms = self._clock.now_ns() // MS
            self.board.tell(at_ms, "exam_opened", 0, self.board.tile(site), late_ms=late_ms)


NEW_SITES = frozenset({"SitesImported", "SitePaired", "SiteRevoked"})
"""Event classes after which the sites are read anew at once."""

OTHERS: dict[str, tuple[str, int, tuple[str, ...]]] = {
    "ExamMoved": ("exam_state", 0, ("title", "stage")),
    "ExamConflict": ("exam_conflict", 3, ("reason",)),
    "RungOrdered": ("rung_ordered", 0, ("name", "rung")),
    "SiteClaimed": ("site_claimed", 0, ("name",)),
    "CallLogged": ("call_logged", 0, ("name", "outcome")),
    "ShiftHandedOver": ("shift_handed_over", 0, ("state", "giver", "taker", "sites")),
    "SitePaired": ("site_paired", 0, ()),
    "SiteRevoked": ("site_revoked", 1, ("reason",)),
    "SitesImported": ("sites_imported", 0, ("sites", "participants")),
    "RecordConflict": ("conflict", 3, ("sequence",)),
    "RecordSetAside": ("record_set_aside", 2, ("reason",)),
    "RecordsMissing": ("records_missing", 3, ("first", "last")),
    "SecondBootRefused": ("two_computers", 3, ()),
}
"""Event class -> (kind, severity, fields shown)."""
