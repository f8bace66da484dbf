"""Lets the sites measure their lines one after another, so that a hundred at once do not hurt a lecture."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable

import structlog

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.links.events import SiteUnlinked
from orchestrator.live.port import Bus, Lagged
from orchestrator.readiness.turns import CALM, WATCHED, Turn, Turns
from wire.ids import EnrolmentId, SiteId
from wire.messages import Down, MeasureAsk, MeasureTurn

log = structlog.get_logger()

LOOK_S = 0.5
PATH = "/agent/line"

Send = Callable[[SiteId, Down], bool]
Viewing = Callable[[SiteId, int], tuple[str, str]]
"""Address and token with which a site may view, until then, a stream that nobody sends."""


class Measuring:
    """The one writer of the turns."""

    def __init__(self, clock: Clock, bus: Bus, send: Send, viewing: Viewing, watched: Callable[[], bool]) -> None:
        self._clock = clock
        self._bus = bus
        self._send = send
        self._viewing = viewing
        self._watched = watched
        self._turns = Turns(lambda: secrets.token_urlsafe(24))
        self._wake = asyncio.Event()

    async def on_ask(self, site: SiteId, _enrolment: EnrolmentId, ask: MeasureAsk) -> None:
        """For the link: a site wishes to measure."""
        self._turns.ask(site, ask.ask)
        self._wake.set()

    async def run(self) -> None:
        """Give turns while somebody waits. Runs until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow_links())
            tasks.create_task(self._give())

    async def _give(self) -> None:
        while True:
            if not self._turns.waiting:
                await self._wake.wait()
            self._wake.clear()
            for turn in self._turns.grant(WATCHED if self._watched() else CALM, self._clock.now_ns()):
                self._tell(turn)
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def _tell(self, turn: Turn) -> None:
        url, token = self._viewing(turn.site, turn.until_ns)
        message = MeasureTurn(
            ask=turn.ask,
            path=f"{PATH}/{turn.token}",
            down_bytes=turn.limits.down_bytes,
            up_bytes=turn.limits.up_bytes,
            limit_s=turn.limits.way_s,
            until_ns=turn.until_ns,
            whep_url=url,
            token=token,
        )
        if not self._send(turn.site, message):
            self._turns.leave(turn.site)

    async def _follow_links(self) -> None:
        while True:
            async with self._bus.subscribe(SiteUnlinked) as events:
                try:
                    async for event in events:
                        if isinstance(event, SiteUnlinked):
                            self._turns.leave(event.site)
                except Lagged:
                    log.warning("measuring_lagged")  # a turn of a site that is gone ends by time

    def down(self, token: str) -> Turn:
        """The turn whose download begins; refuses `no_turn`."""
        return _there(self._turns.take_down(token, self._clock.now_ns()))

    def up(self, token: str) -> Turn:
        """The turn whose upload begins; refuses `no_turn`."""
        return _there(self._turns.take_up(token, self._clock.now_ns()))

    def done(self, turn: Turn) -> None:
        """Its upload ended, well or not."""
        self._turns.done(turn)
        self._wake.set()


def _there(turn: Turn | None) -> Turn:
    if turn is None:
        raise Refused("no_turn", "Chưa đến lượt đo hoặc đã đo xong. / It is not this site's turn.", 403)
    return turn
