"""What each room is told of recording: only what it does not know, and only a room that understands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest

from orchestrator.live.memory import MemoryBus
from orchestrator.recordings.events import RecordingRuns
from orchestrator.recordings.telling import RoomLights
from orchestrator.sessions.model import Session, SessionState
from tests.doubles.eventually import eventually
from wire.ids import CameraState, ClockState, EnrolmentId, ScreenState, SessionId, SiteId
from wire.messages import CameraHealth, ClockHealth, Down, Heartbeat, ScreenHealth
from wire.recordings import RECORDING, RecordingNow

SESSION, ROOM, OLD = SessionId("session-1"), SiteId("site-1"), SiteId("site-2")
LECTURE = Session(SESSION, "Chủ đề", None, "", 0, 1, frozenset({ROOM, OLD}), SessionState.LIVE)
ENROLMENT = EnrolmentId("enrolment-1")


def beat(*takes: str) -> Heartbeat:
    return Heartbeat(
        at_ns=1,
        agent_version="1",
        load=0.0,
        disk_free_mb=1,
        outbox_depth=0,
        camera=CameraHealth(state=CameraState.WORKING),
        screen=ScreenHealth(state=ScreenState.IDLE),
        clock=ClockHealth(state=ClockState.BLIND),
        takes=list(takes),
    )


class Rooms:
    """Two rooms of one session; the line of each may be cut."""

    def __init__(self) -> None:
        self.bus = MemoryBus()
        self.said: list[tuple[SiteId, Down]] = []
        self.cut = False
        self.shown: Session | None = LECTURE
        self.lights = RoomLights(self.bus, self.send, lambda _: self.shown, lambda _: LECTURE.sites)

    def send(self, site: SiteId, message: Down) -> bool:
        if not self.cut:
            self.said.append((site, message))
        return not self.cut

    async def runs(self, running: bool) -> None:
        await self.bus.publish(RecordingRuns(SESSION, running, 1))


@pytest.fixture
async def rooms() -> AsyncIterator[Rooms]:
    one = Rooms()
    async with asyncio.TaskGroup() as tasks:
        life = tasks.create_task(one.lights.run())
        await asyncio.sleep(0)
        await one.lights.on_heartbeat(ROOM, ENROLMENT, beat(RECORDING))
        await one.lights.on_heartbeat(OLD, ENROLMENT, beat())
        yield one
        life.cancel()


async def test_a_room_is_told_when_it_begins_and_when_it_ends(rooms: Rooms) -> None:
    assert rooms.said == []
    await rooms.runs(True)
    await rooms.runs(True)
    await rooms.runs(False)
    await eventually(lambda: len(rooms.said) == 2)
    assert rooms.said == [(ROOM, RecordingNow(session=SESSION, on=True)), (ROOM, RecordingNow())]


async def test_a_room_that_was_away_is_told_at_its_next_heartbeat(rooms: Rooms) -> None:
    rooms.cut = True
    await rooms.runs(True)
    await asyncio.sleep(0)
    rooms.cut = False
    await rooms.lights.on_heartbeat(ROOM, ENROLMENT, beat(RECORDING))
    await eventually(lambda: rooms.said == [(ROOM, RecordingNow(session=SESSION, on=True))])
    await rooms.lights.on_heartbeat(ROOM, ENROLMENT, beat(RECORDING))
    assert len(rooms.said) == 1
    await rooms.lights.on_linked(ROOM, ENROLMENT, False)
    await rooms.lights.on_heartbeat(ROOM, ENROLMENT, beat(RECORDING))
    assert len(rooms.said) == 2


async def test_a_room_without_a_session_is_not_recorded(rooms: Rooms) -> None:
    await rooms.runs(True)
    await eventually(lambda: len(rooms.said) == 1)
    rooms.shown = None
    await rooms.lights.on_heartbeat(ROOM, ENROLMENT, beat(RECORDING))
    assert rooms.said[-1] == (ROOM, RecordingNow())
    rooms.shown = msgspec.structs.replace(LECTURE, id=SessionId("session-2"))
    await rooms.lights.on_heartbeat(ROOM, ENROLMENT, beat(RECORDING))
    assert len(rooms.said) == 2
