"""The media plane as the conductor and the pages need it: tickets, and figures that are at most half a second old."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from orchestrator.errors import Refused
from orchestrator.media.port import Ladder, MediaPlane
from orchestrator.media.rungs import Rungs
from orchestrator.media.tokens import Right, Seat
from orchestrator.sessions.air.model import OnAir
from orchestrator.sessions.service import Ticket
from wire.ids import SessionId

log = structlog.get_logger()

LOOK_S = 0.5


class Streams:
    """Tickets signed by the plane; figures of the streams on screen, looked at twice a second."""

    def __init__(self, plane: MediaPlane, on_screen: Callable[[], list[str]], ladder: Ladder) -> None:
        self._plane = plane
        self._on_screen = on_screen
        self._ladder = ladder
        self.rungs = Rungs(ladder)
        self._figures: dict[str, OnAir] = {}

    def view(self, session: SessionId, stream: str, subject: str, until_ns: int) -> Ticket:
        token = self._plane.token(session, stream, Right.VIEW, subject, until_ns)
        return Ticket(self._plane.view_url(stream), token)

    def publish(
        self, session: SessionId, stream: str, subject: str, until_ns: int, seat: Seat = Seat.LECTURER
    ) -> Ticket:
        token = self._plane.token(session, stream, Right.PUBLISH, subject, until_ns, seat=seat)
        return Ticket(self._plane.publish_url(stream), token)

    async def close_stream(self, stream: str) -> None:
        try:
            await self._plane.close_stream(stream)
        except Refused as refused:
            log.warning("stream_not_closed", stream=stream, code=refused.code)

    async def end_publisher(self, stream: str, subject: str) -> None:
        """Raises :class:`Refused` when the relay cannot be reached."""
        await self._plane.end_publisher(stream, subject)

    def on_air(self, stream: str) -> OnAir:
        return self._figures.get(stream, OnAir())

    async def watch(self) -> None:
        """Keep the figures fresh. Runs until cancelled."""
        looks: dict[str, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as tasks:
            while True:
                shown = self._on_screen()
                self._figures = {stream: each for stream, each in self._figures.items() if stream in shown}
                # Side by side: a worker that hangs holds up the figures of its own streams only.
                looks = {stream: task for stream, task in looks.items() if not task.done()}
                looks |= {stream: tasks.create_task(self._look(stream)) for stream in shown if stream not in looks}
                if looks:
                    await asyncio.wait(looks.values(), timeout=LOOK_S)
                self.rungs.keep(self._on_screen())
                await self.rungs.tell()
                await asyncio.sleep(LOOK_S)

    async def _look(self, stream: str) -> None:
        try:
            stats = await self._plane.stats(stream)
            self.rungs.seen(stream, await self._ladder.viewers(stream))
        except Refused:
            self._figures[stream] = OnAir(why="relay_down")
            return
        sending = {each.seat for each in stats.seats if each.sending}
        self._figures[stream] = OnAir(
            viewers=stats.viewers,
            air=stats.air,
            why=stats.air_why or "nobody_sends",
            since_ms=stats.air_since_ms,
            turns=tuple(stats.air_turns),
            sounds=stats.sounds,
            lecturer=Seat.LECTURER in sending,
            standby=Seat.STANDBY in sending,
            slate=Seat.SLATE in sending,
        )
