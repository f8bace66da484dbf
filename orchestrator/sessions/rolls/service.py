"""Keeps the plans of roll calls and holds them: looks every five seconds at every live session."""

from __future__ import annotations

import secrets

import structlog

from orchestrator.access.audit import Audit
from orchestrator.attendance.model import Burst, Kind
from orchestrator.attendance.numbers.store import live_spans
from orchestrator.attendance.service import Attendance
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.sessions.model import Session, SessionState
from orchestrator.sessions.rolls import store
from orchestrator.sessions.rolls.model import LOOK_S, PlanLine, RollPlan, S, check_roll_plan, due, told
from orchestrator.sessions.service import Conductor
from orchestrator.storage.engine import Connection, Database
from orchestrator.web.kit import Identity
from wire.ids import SessionId

log = structlog.get_logger()

PLAN = Identity("plan", "plan", "Kế hoạch", "plan")
"""Who orders what the plan wants."""
_OVER = frozenset({SessionState.ENDED, SessionState.CANCELLED})
_FINE = 1 << 53
UNFORESEEN_LEAD_MS = 1500
"""Time for the order to reach the rooms, and no more: nobody should have time to act on a random one."""


class RollPlans:
    """What is decided follows from rows alone, so a restart changes nothing; the end of a session ends its plan."""

    def __init__(
        self, database: Database, clock: Clock, audit: Audit, conductor: Conductor, attendance: Attendance
    ) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._conductor = conductor
        self._attendance = attendance

    async def put(self, who: Identity, session: SessionId, plan: RollPlan) -> None:
        """Plan the roll calls of a session, or plan them anew; refuses ``session_over``."""
        check_roll_plan(plan)
        if self._conductor.get(session).state in _OVER:
            raise Refused("session_over", "Buổi học đã kết thúc. / The session is over.", 409)
        now = self._clock.now_ns()

        def work(conn: Connection) -> None:
            version = store.insert_plan(conn, session, plan, who.username, now)
            told = {"version": version, "at_random": plan.at_random}
            self._audit.record(conn, who.username, "rollcall.plan", session, told)

        await self._database.write(work)

    async def see(self, session: SessionId) -> tuple[RollPlan | None, list[PlanLine]]:
        """The plan and how it went so far."""
        found, now = self._conductor.get(session), self._clock.now_ns()

        def work(conn: Connection) -> tuple[RollPlan | None, list[PlanLine]]:
            plan = store.find_plan(conn, session)
            if plan is None:
                return None, []
            live, held = live_spans(conn, session), store.held_calls(conn, session)
            return plan, told(plan, live, held, over=found.state in _OVER, ends_ns=found.ends_ns, now=now)

        return await self._database.read(work)

    async def run(self) -> None:
        """Hold every plan until cancelled."""
        while True:
            await self._clock.sleep_until(self._clock.now_ns() + LOOK_S * S)
            await self.look()

    async def look(self) -> None:
        """Order what is due in each live session that this process conducts."""
        for session in [each for each in self._conductor.all() if each.state is SessionState.LIVE]:
            kind = await self._database.read(lambda conn, session=session: self._due(conn, session))  # type: ignore[misc]
            if kind is not None and await self._conductor.owns(session.id):
                await self._attendance.order(PLAN, session.id, session.sites, _burst(kind), kind)
                log.info("roll_call_by_plan", session=session.id, kind=kind)

    def _due(self, conn: Connection, session: Session) -> Kind | None:
        plan = store.find_plan(conn, session.id)
        if plan is None:
            return None
        live, held = live_spans(conn, session.id), store.held_calls(conn, session.id)
        return due(plan, live, held, session.ends_ns, self._clock.now_ns(), _draw)


def _burst(kind: Kind) -> Burst:
    return Burst(lead_ms=UNFORESEEN_LEAD_MS) if kind is Kind.RANDOM else Burst()


def _draw() -> float:
    return secrets.randbelow(_FINE) / _FINE
