"""Rules the air of every session on screen: takes orders, tells the relay, keeps the record, says what is amiss."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

import msgspec
import structlog

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.live.port import Bus, Lagged
from orchestrator.media.port import Want
from orchestrator.media.slate.model import Face
from orchestrator.sessions.air import store
from orchestrator.sessions.air.events import AirChanged
from orchestrator.sessions.air.model import (
    ANEW_MS,
    PERSONS,
    AirStep,
    Finding,
    OnAir,
    Turn,
    Wish,
    after,
    at_state,
    finding,
    in_break,
    lecturer_lost,
    next_turn,
    wanted,
)
from orchestrator.sessions.air.slates import face_of
from orchestrator.sessions.events import SessionChanged
from orchestrator.sessions.model import Session, SessionState
from orchestrator.sessions.service import Conductor, check_own
from orchestrator.storage.engine import Connection, Database
from orchestrator.web.kit import Identity
from wire.ids import SessionId

log = structlog.get_logger()

LOOK_S = 0.5
RETELL_S = 2.0
"""An order that the relay could not take is told again after so long."""
MOST_TURNS = 500
NAME_LIMIT = 64
MS = 1_000_000


class Plane(Protocol):
    """What is needed of the media plane."""

    async def set_air(self, stream: str, want: Want, *, standby_armed: bool, auto_return: bool) -> None: ...


class Air:
    """The one writer of orders and turns for the sessions that this process conducts. SQL has both."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bus: Bus,
        audit: Audit,
        conductor: Conductor,
        plane: Plane,
        on_air: Callable[[str], OnAir],
    ) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._audit = audit
        self._conductor = conductor
        self._plane = plane
        self._on_air = on_air
        self._wishes: dict[SessionId, Wish] = {}
        self._last: dict[SessionId, Turn] = {}
        self._since: dict[SessionId, int] = {}
        """Since when, as the relay last told, the seat on air is on air (ms)."""
        self._spoken: set[SessionId] = set()
        self._states: dict[SessionId, SessionState] = {}
        self._untold: set[SessionId] = set()
        self._locks: dict[SessionId, asyncio.Lock] = {}
        """One step of a session at a time; a relay that does not answer for one holds up no other."""

    async def load(self) -> None:
        """Read what stands ordered and the newest turns."""
        self._wishes = await self._database.read(store.load_wishes)
        turns = await self._database.read(store.last_turns)
        self._last = {session: turn for session, (turn, _) in turns.items()}
        self._since = {session: turn.from_ns // MS for session, (turn, _) in turns.items()}
        self._spoken = {session for session, (_, spoken) in turns.items() if spoken}
        on_screen = [session for session in self._conductor.all() if session.on_screen]
        self._states = {session.id: session.state for session in on_screen}
        self._untold = set(self._states)

    # What is known

    def now(self, session: Session) -> OnAir:
        """Who is on air, at most a second old."""
        return in_break(self._on_air(session.stream), session.state)

    def wish(self, session: SessionId) -> Wish:
        return self._wishes.get(session, Wish())

    def finding(self, session: Session) -> Finding | None:
        """What the wall should say of it."""
        was = session.id in self._spoken
        return finding(session.state, self.wish(session.id), self.now(session), was_on_air=was)

    def lost(self) -> list[str]:
        """The topics of live sessions whose lecturer is lost."""
        found = [session for session in self._conductor.all() if session.on_screen]
        return [session.topic for session in found if self.finding(session) is Finding.LECTURER_LOST]

    def face(self, session: Session) -> Face:
        """What its slate shows now."""
        was = session.id in self._spoken
        return face_of(session, self.wish(session.id), self._clock.now_ns(), was_on_air=was)

    async def turns(self, session: SessionId) -> list[Turn]:
        """The newest turns of the record, the oldest first."""
        return await self._database.read(lambda conn: store.turns(conn, session, MOST_TURNS))

    # Orders

    async def order(self, who: Identity, session_id: SessionId, step: AirStep, resumes_ns: int | None = None) -> None:
        """Take one step: durable, then told to the relay. Refused steps change nothing."""
        session = self._conductor.get(session_id)
        check_own(who, session)
        async with self._lock(session_id):
            session = self._conductor.get(session_id)
            now = self._clock.now_ns()
            wish = after(
                self.wish(session_id), step, session.state, (who.name or who.username)[:NAME_LIMIT], resumes_ns, now
            )

            def work(conn: Connection) -> None:
                store.put_wish(conn, session_id, wish)
                self._audit.record(conn, who.username, "sessions.air", session_id, step)

            await self._database.write(work)
            self._wishes[session_id] = wish
            log.info("air_ordered", session=session_id, step=step)
            await self._tell(session)

    def _lock(self, session: SessionId) -> asyncio.Lock:
        return self._locks.setdefault(session, asyncio.Lock())

    async def _tell(self, session: Session) -> None:
        """Give the relay what stands. One that is down is told again."""
        wish = self.wish(session.id)
        want = wanted(wish, session.state)
        try:
            await self._plane.set_air(
                session.stream, want, standby_armed=wish.standby_armed, auto_return=wish.auto_return
            )
        except Refused as refused:
            self._untold.add(session.id)
            log.warning("air_not_told", session=session.id, code=refused.code)
        else:
            self._untold.discard(session.id)

    # Lives

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            tasks.create_task(self._retell())
            tasks.create_task(self._keep())

    async def _follow(self) -> None:
        """A session that changes its state changes who may be on air, at once."""
        while True:
            async with self._bus.subscribe(SessionChanged) as events:
                for session in self._conductor.all():
                    await self._at_state(session)
                try:
                    async for event in events:
                        if isinstance(event, SessionChanged):
                            await self._at_state(self._conductor.get(event.session))
                except Lagged:
                    log.warning("air_lagged")

    async def _at_state(self, session: Session) -> None:
        async with self._lock(session.id):
            before = self._states.get(session.id)
            if not session.on_screen:
                self._states.pop(session.id, None)
                self._locks.pop(session.id, None)
                return
            self._states[session.id] = session.state
            if before is session.state and session.id not in self._untold:
                return
            self._untold.add(session.id)  # until it is told; what fails on the way is told again
            wish = self.wish(session.id)
            changed = at_state(wish, before or session.state, session.state)
            if changed != wish:
                await self._database.write(lambda conn: store.put_wish(conn, session.id, changed))
                self._wishes[session.id] = changed
            await self._tell(session)

    async def _retell(self) -> None:
        while True:
            await asyncio.sleep(RETELL_S)
            for session in [each for each in self._conductor.all() if each.id in self._untold]:
                if session.on_screen:
                    await self._tell(session)
                else:
                    self._untold.discard(session.id)

    async def _keep(self) -> None:
        """Keep the record: look at every session on screen, and end the turn of one that is no more."""
        while True:
            for session in self._conductor.all():
                last = self._last.get(session.id)
                if session.on_screen:
                    await self._look(session)
                elif last is not None and last.until_ns is None:
                    await self._end(session, last)
            await asyncio.sleep(LOOK_S)

    async def _look(self, session: Session) -> None:
        for step in self._on_air(session.stream).since(self._since.get(session.id, 0)):
            await self._step(session, in_break(step, session.state))

    async def _step(self, session: Session, air: OnAir) -> None:
        last, since = self._last.get(session.id), self._since.get(session.id, air.since_ms)
        anew = bool(air.air) and last is not None and last.seat == air.air and air.since_ms > since + ANEW_MS
        turn = next_turn(last, air, self.wish(session.id).by, self._clock.now_ns(), anew=anew)
        self._since[session.id] = max(since, air.since_ms)
        if turn is None or not await self._conductor.owns(session.id):
            return
        await self._database.write(lambda conn: store.begin_turn(conn, session.id, turn))
        self._last[session.id] = turn
        before = last.seat if last is not None and last.until_ns is None else ""
        if turn.seat in PERSONS:
            self._spoken.add(session.id)
        if turn.seat != before:
            lost = session.state is SessionState.LIVE and lecturer_lost(turn, before, self.wish(session.id).want)
            log.info("air_changed", session=session.id, seat=turn.seat, why=turn.why)
            await self._bus.publish(
                AirChanged(session.id, session.topic, turn.seat, turn.why, turn.by, lost, turn.from_ns)
            )

    async def _end(self, session: Session, last: Turn) -> None:
        over = msgspec.structs.replace(last, until_ns=max(last.from_ns, self._clock.now_ns()))
        if await self._conductor.owns(session.id):
            await self._database.write(lambda conn: store.end_turn(conn, session.id, over.number, over.until_ns or 0))
        self._last[session.id] = over
