"""Keeps a recorder for every session that is to be recorded, and for no other."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

import msgspec
import structlog

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.live.port import Bus, Lagged, Leases
from orchestrator.media.recorder.talk import Begin, Figures, Track
from orchestrator.media.recorders import Door, RecorderProcess, spawn
from orchestrator.media.spare import Spare
from orchestrator.media.tally import Tally
from orchestrator.recordings import store
from orchestrator.recordings.events import RecordingRuns, RecordingSwitched
from orchestrator.recordings.ledger import Ledger, mend
from orchestrator.recordings.model import FLOOR, LECTURE, Mark, RecordingRule, Standing, Switch
from orchestrator.recordings.recording import Recording
from orchestrator.sessions.events import SessionChanged
from orchestrator.sessions.model import Session, SessionState
from orchestrator.storage.engine import Connection, Database
from orchestrator.web.kit import Identity
from wire.ids import SessionId

log = structlog.get_logger()

LOOK_S = 0.5
LEASE_S = 15.0
REFRESH_NS = 5 * 10**9
STOPPED_S = 10.0
RECORDED = frozenset({SessionState.LIVE})
"""A break is nobody's lecture: nothing of it is kept."""
SOON = frozenset({SessionState.LOBBY, SessionState.BREAK})
"""A recorder is started then, and waits: it sees nothing and knows of no session before it is told to begin."""


class Settings(msgspec.Struct, frozen=True):
    """``folder`` of all recordings; ``reserve`` in bytes that the disk must keep free; ``hosts``: where the relay
    is; ``spare``: the next recorder is started before it is needed."""

    folder: Path
    rule: RecordingRule = RecordingRule()
    segment_s: float = 300.0
    reserve: int = 2 << 30
    hosts: tuple[str, ...] = ("127.0.0.1",)
    spare: bool = True


class Sessions(Protocol):
    """What recordings need of the conductor."""

    def all(self) -> list[Session]: ...

    def get(self, session: SessionId) -> Session: ...


class _Kept(msgspec.Struct):
    recording: Recording
    task: asyncio.Task[None]
    told: bool = False
    ending: bool = False


class Recordings:
    """The one writer of recordings in this process; of a session's, whoever holds its lease."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bus: Bus,
        leases: Leases,
        audit: Audit,
        sessions: Sessions,
        door: Door,
        token: Callable[[Session, str], str],
        owner: str,
        settings: Settings,
    ) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._leases = leases
        self._audit = audit
        self._sessions = sessions
        self._door = door
        self._token = token
        self._owner = owner
        self.settings = settings
        self._switches: dict[SessionId, Switch] = {}
        self._rules: Mapping[SessionId, RecordingRule] = {}
        self._kept: dict[SessionId, _Kept] = {}
        self._packets_lost, self._fragments_lost = Tally(), Tally()
        self._spare = Spare(spawn, "recorder")
        self._soon = asyncio.Event()
        """A recorder may be needed before long, and nobody waits for another that starts."""
        self._wake = asyncio.Event()
        self._changed = asyncio.Condition()

    # What holds

    def rule(self, session: SessionId) -> RecordingRule:
        return self._rules.get(session, self.settings.rule)

    def is_on(self, session: SessionId) -> bool:
        """Whether it is to be recorded while it is live: what was said last, else its rule."""
        said = self._switches.get(session)
        return said.on if said is not None else self.rule(session).record

    def standing(self, session: SessionId) -> Standing:
        """How a session's recording stands now."""
        kept = self._kept.get(session)
        recording = kept.recording if kept is not None and not kept.ending else None
        return Standing(
            on=self.is_on(session),
            running=recording is not None and recording.running,
            trouble=recording.trouble if recording is not None else "",
            switched=self._switches.get(session),
        )

    def troubles(self) -> list[tuple[SessionId, str]]:
        """Sessions that are not written down as they should be, with the word why."""
        found = [(session, kept.recording.trouble) for session, kept in self._kept.items() if not kept.ending]
        return [(session, word) for session, word in found if word]

    def counters(self) -> dict[str, float]:
        """For ``/metrics``: what recordings lack. Packets that never reached a recorder; fragments that reached no disk
        because it was full, broken or too slow."""
        return {
            "recorder_packets_lost_total": self._packets_lost.total,
            "recorder_fragments_lost_total": self._fragments_lost.total,
        }

    def recording(self, session: SessionId) -> Recording | None:
        """For drills and figures."""
        kept = self._kept.get(session)
        return kept.recording if kept is not None else None

    @property
    def waiting(self) -> int | None:
        """The process that is to be the next recorder, if one waits."""
        return self._spare.pid

    # The switch

    async def switch(self, who: Identity, session: SessionId, *, on: bool) -> Standing:
        """Say whether a session is recorded. When this returns after ``off``, its recorder is gone: no packet of it
        reaches this program's disk any more. Refuses ``not_stopped`` when that cannot be had in time."""
        self._sessions.get(session)
        made = Switch(on, self._clock.now_ns(), who.username, who.name)

        def work(conn: Connection) -> None:
            store.insert_switch(conn, session, made)
            store.insert_mark(conn, Mark(session, "switched_on" if on else "switched_off", made.at_ns, who.name))
            self._audit.record(conn, who.username, "recordings.switch", session, "on" if on else "off")

        await self._database.write(work)
        self._switches[session] = made
        await self._bus.publish(RecordingSwitched(session, on, made.at_ns, who.name))
        self._wake.set()
        if not on:
            await self._gone(session)
        return self.standing(session)

    async def _gone(self, session: SessionId) -> None:
        """Wait until nobody records it, here or in another process: whoever does holds its lease."""
        try:
            async with asyncio.timeout(STOPPED_S):
                while True:
                    async with self._changed:
                        await self._changed.wait_for(lambda: session not in self._kept)
                    if await self._leases.acquire(_lease(session), self._owner, LEASE_S) is not None:
                        await self._leases.release(_lease(session), self._owner)
                        return
                    await asyncio.sleep(LOOK_S / 2)
        except TimeoutError as error:
            message = "Máy ghi chưa dừng hẳn, hãy thử lại. / The recorder has not ended yet; try again."
            raise Refused("not_stopped", message, 503) from error

    # Life

    async def run(self) -> None:
        """Look twice a second, until cancelled; then every recorder is ended and its files are whole."""
        await self.mend_all()
        try:
            await self._live()
        finally:
            await self._spare.stop()

    async def _live(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            beside = [tasks.create_task(self._hear())]
            if self.settings.spare:
                beside.append(tasks.create_task(self._spare.keep(self._until_soon)))
            refreshed_ns = 0
            try:
                while True:
                    if self._wake.is_set() or self._clock.now_ns() - refreshed_ns > REFRESH_NS:
                        self._wake.clear()
                        await self.refresh()
                        refreshed_ns = self._clock.now_ns()
                    await self._look(tasks)
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(LOOK_S):
                            await self._wake.wait()
            finally:
                for task in (*beside, *(kept.task for kept in self._kept.values())):
                    task.cancel()

    async def _until_soon(self) -> None:
        await self._soon.wait()

    def _look_ahead(self, sessions: list[Session]) -> None:
        steady = all(kept.recording.running for kept in self._kept.values())
        expected = any(one.state in SOON and self.is_on(one.id) for one in sessions)
        if steady and (expected or self._kept):
            self._soon.set()
        else:
            self._soon.clear()

    async def _hear(self) -> None:
        """What another process switched, or a session that goes live, is looked at without waiting."""
        while True:
            async with self._bus.subscribe(RecordingSwitched, SessionChanged) as events:
                self._wake.set()
                try:
                    async for _ in events:
                        self._wake.set()
                except Lagged:
                    continue

    async def mend_all(self) -> None:
        """Files that an earlier life of the centre left open. Those of sessions that another process records are
        its."""
        for one in await self._database.read(store.growing):
            if await self._leases.acquire(_lease(one.session), self._owner, LEASE_S) is not None:
                await mend(self._database, one, self.folder(one.session) / one.file)

    async def refresh(self) -> None:
        """Read switches and rules anew."""
        self._switches, self._rules = await self._database.read(
            lambda conn: (store.last_switches(conn), store.rules_of_sessions(conn))
        )

    async def _look(self, tasks: asyncio.TaskGroup) -> None:
        sessions = self._sessions.all()
        live = {session.id: session for session in sessions if session.state in RECORDED}
        wanted = {session: one for session, one in live.items() if self.is_on(session)}
        for session, one in wanted.items():
            owned = await self._leases.acquire(_lease(session), self._owner, LEASE_S) is not None
            if owned and session not in self._kept:
                self._begin(tasks, one)
            elif not owned:
                self._end(session)
        for session in list(self._kept):
            if session not in wanted:
                self._end(session)
        for session, kept in list(self._kept.items()):
            await self._tell(session, kept)
        self._look_ahead(sessions)

    def _begin(self, tasks: asyncio.TaskGroup, session: Session) -> None:
        ledger = Ledger(self._database, session.id, self.folder(session.id))

        def start(hear: Callable[..., None]) -> RecorderProcess:
            def right(stream: str) -> str:
                return self._token(session, stream)

            return RecorderProcess(self._door, right, hear, waiting=self._spare.take)

        async def begin() -> Begin:
            await asyncio.to_thread(ledger.folder.mkdir, parents=True, exist_ok=True)
            return self._orders(ledger, await ledger.tracks(_streams(session)))

        keep_days = self.rule(session.id).keep_days
        recording = Recording(
            ledger, start, begin, self._clock, keep_days=keep_days, counted=partial(self._count, session.id)
        )
        task = tasks.create_task(self._life(session.id, recording), name=f"recording {session.id}")
        self._kept[session.id] = _Kept(recording, task)
        log.info("recording_begun", session=session.id)

    def _count(self, session: SessionId, figures: Figures) -> None:
        self._packets_lost.hear(session, figures.lost)
        self._fragments_lost.hear(session, figures.let_go)

    def _orders(self, ledger: Ledger, tracks: list[Track]) -> Begin:
        settings = self.settings
        shift = self._clock.now_ns() - time.monotonic_ns()
        return Begin(
            folder=str(ledger.folder),
            tracks=tracks,
            segment_s=settings.segment_s,
            reserve=settings.reserve,
            shift_ns=shift,
            hosts=list(settings.hosts),
        )

    async def _life(self, session: SessionId, recording: Recording) -> None:
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await recording.run()
        finally:
            kept = self._kept.pop(session, None)
            for tally in (self._packets_lost, self._fragments_lost):
                tally.forget(session)
            if kept is not None and kept.told:
                await self._bus.publish(RecordingRuns(session, False, self._clock.now_ns()))
            await self._leases.release(_lease(session), self._owner)
            async with self._changed:
                self._changed.notify_all()
            log.info("recording_ended", session=session)

    def _end(self, session: SessionId) -> None:
        kept = self._kept.get(session)
        if kept is not None and not kept.ending:
            kept.ending = True
            kept.task.cancel()

    async def _tell(self, session: SessionId, kept: _Kept) -> None:
        runs = kept.recording.running and not kept.ending
        if runs is not kept.told:
            kept.told = runs
            await self._bus.publish(RecordingRuns(session, runs, self._clock.now_ns()))

    def folder(self, session: SessionId) -> Path:
        """Where a session's files lie."""
        return self.settings.folder / session


def _streams(session: Session) -> list[tuple[str, str]]:
    return [(LECTURE, session.stream), (FLOOR, f"{session.id}-floor")]


def _lease(session: SessionId) -> str:
    return f"recording:{session}"
