"""Recordings as the centre runs them, over real SQLite, HTTP, relay and recorders; the conductor is a list of
sessions."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import msgspec
from aiohttp import web

from orchestrator.access.model import Role
from orchestrator.errors import Refused
from orchestrator.live.memory import MemoryLeases
from orchestrator.recordings import store
from orchestrator.recordings.marks import Marks
from orchestrator.recordings.model import RecordingRule, Segment
from orchestrator.recordings.retention import Retention
from orchestrator.recordings.routes import RecordingPages, routes
from orchestrator.recordings.rules import RuleBook
from orchestrator.recordings.service import Recordings, Settings
from orchestrator.recordings.watching import Watching
from orchestrator.sessions import store as session_store
from orchestrator.sessions.events import SessionChanged
from orchestrator.sessions.model import Session, SessionState
from orchestrator.web.kit import Respond
from orchestrator.web.pages import routes as page_routes
from tests.doubles.centre import Centre, running_centre
from tests.doubles.relay_door import RelayDoor
from wire.ids import SessionId, SiteId

SESSION = SessionId("session-a")
S = 10**9
ALL = RecordingRule()


class CentreTime:
    """The computer's clock, which a test may move ahead."""

    def __init__(self) -> None:
        self.ahead_ns = 0

    def now_ns(self) -> int:
        return time.time_ns() + self.ahead_ns

    async def sleep_until(self, at_ns: int) -> None:
        await asyncio.sleep(max(0, at_ns - self.now_ns()) / 1e9)


@dataclass
class Plan:
    """The sessions of the day."""

    sessions: dict[SessionId, Session] = field(default_factory=dict)

    def all(self) -> list[Session]:
        return list(self.sessions.values())

    def get(self, session: SessionId) -> Session:
        if session not in self.sessions:
            raise Refused("no_session", "Không có buổi học này. / No such session.", 404)
        return self.sessions[session]


class _Pages:
    """Handlers of pages that are made after their routes."""

    def __init__(self) -> None:
        self.made: RecordingPages | None = None

    def __getattr__(self, name: str) -> Respond:
        async def respond(request: web.Request) -> web.StreamResponse:
            answer: web.StreamResponse = await getattr(self.made, name)(request)
            return answer

        return respond


@dataclass
class RecordedDay:
    """Everything of one centre that records."""

    centre: Centre
    plan: Plan
    clock: CentreTime
    recordings: Recordings
    marks: Marks
    retention: Retention
    offsets_ms: list[float]

    async def becomes(self, state: SessionState, session: SessionId = SESSION) -> None:
        """The session's state changes, as the conductor would do it."""
        changed = msgspec.structs.replace(self.plan.sessions[session], state=state)
        self.plan.sessions[session] = changed
        await self.centre.bus.publish(SessionChanged(session, changed.topic, state, self.clock.now_ns()))

    async def segments(self) -> list[Segment]:
        return await self.centre.database.read(store.segments)

    async def deeds(self, prefix: str = "recordings.") -> list[tuple[str, str, str]]:
        """Who did what to what, the oldest first."""
        rows = await self.centre.database.read(lambda conn: self.centre.audit.newest(conn, 100))
        return [(row.who, row.action, row.target) for row in reversed(rows) if row.action.startswith(prefix)]


@asynccontextmanager
async def recorded_day(
    folder: Path, relay_url: str, *, rule: RecordingRule = ALL, run: bool = True, spare: bool = False
) -> AsyncIterator[RecordedDay]:
    """A centre with one session in the lobby, whose lecturer is the person of the role lecturer."""
    pages, plan, clock, offsets = _Pages(), Plan(), CentreTime(), [0.0] * 5
    serving = running_centre(folder, [*routes(pages), *page_routes()])  # type: ignore[arg-type]
    async with aiohttp.ClientSession() as http, serving as centre:
        for role in (Role.OPERATOR, Role.PLANNER, Role.LECTURER, Role.VIEWER):
            await centre.person(role)
        people = await centre.access.people()
        lecturer = next(one.id for one in people if one.role is Role.LECTURER)
        now = clock.now_ns()
        whose = (lecturer, "ThS. Trần Thị Bích", now, now + 3600 * S)
        session = Session(SESSION, "Đánh giá theo năng lực", *whose, frozenset({SiteId("site-1")}), SessionState.LOBBY)
        await centre.database.write(lambda conn: session_store.insert(conn, session))
        plan.sessions[SESSION] = session
        recordings = Recordings(
            centre.database,
            clock,
            centre.bus,
            MemoryLeases(),
            centre.audit,
            plan,
            RelayDoor(http, relay_url),
            lambda session, stream: "none",
            "centre-1",
            Settings(folder / "recordings", rule=rule, reserve=0, spare=spare),
        )
        database, audit = centre.database, centre.audit
        marks = Marks(database, clock, centre.bus, MemoryLeases(), "centre-1", plan.sessions.__contains__, str.upper)
        retention = Retention(database, clock, audit, recordings.folder, lambda: offsets)
        watching = Watching(database, clock, audit, recordings.folder)
        rules = RuleBook(database, clock, audit, rule)
        pages.made = RecordingPages(recordings, watching, retention, rules, database, plan.all, plan.get)
        async with asyncio.TaskGroup() as tasks:
            lives = [tasks.create_task(recordings.run()), tasks.create_task(marks.run())] if run else []
            try:
                yield RecordedDay(centre, plan, clock, recordings, marks, retention, offsets)
            finally:
                for life in lives:
                    life.cancel()
