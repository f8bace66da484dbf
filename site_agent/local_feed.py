"""The feed of the pages on this computer: the site's picture goes down, the screen's figures come up."""

import asyncio
import time
from collections.abc import Callable
from typing import Annotated, Literal

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web

from site_agent.lecture.figures import Reading
from site_agent.state import SiteState, SiteView
from wire.floor import Voice
from wire.messages import ScreenHealth
from wire.unreadable import UNREADABLE

EVERY_S = 5.0
MAX_PAGES = 8
MAX_MESSAGE = 4096
SILENT_PAGE_S = 15.0
"""The screen page reports each second: as silent as the kiosk lets it be."""

Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Figures(msgspec.Struct, frozen=True, tag="figures"):
    """Up, each second: what the screen page decodes. `state` is the page's own opinion; the agent decides itself."""

    state: str
    frames_decoded: Count
    fps: float
    width: Annotated[int, msgspec.Meta(ge=0, le=65535)]
    height: Annotated[int, msgspec.Meta(ge=0, le=65535)]
    audio_dbfs: Annotated[float, msgspec.Meta(ge=-300, le=50)] | None
    packets_lost: Count
    jitter_ms: Annotated[float, msgspec.Meta(ge=0, le=1e6)]
    rung: Annotated[str, msgspec.Meta(max_length=16)] = ""
    rung_why: Annotated[str, msgspec.Meta(max_length=32)] = ""
    path: Literal["", "udp", "tcp", "tls", "turn"] = ""
    microphone: bool = True
    """Whether the page's browser knows of any."""
    sound_blocked: bool = False
    """Whether the browser wants a click before it lets the lecture be heard."""

    def reading(self) -> Reading:
        """The part that the agent uses."""
        return Reading(
            self.frames_decoded,
            self.width,
            self.height,
            self.audio_dbfs,
            self.packets_lost,
            self.jitter_ms,
            self.rung,
            self.rung_why,
            self.path,
            self.sound_blocked,
        )


class StateMessage(msgspec.Struct, frozen=True, kw_only=True):
    """Down: the whole picture."""

    type: Literal["state"] = "state"
    now_ms: int
    view: SiteView
    screen: ScreenHealth

    def json(self) -> bytes:
        """Flat, as the pages read it."""
        flat = {"type": self.type, "now_ms": self.now_ms, "screen": self.screen, **msgspec.structs.asdict(self.view)}
        return msgspec.json.encode(flat)


class LocalFeed:
    """Serves every open page of this computer. With two screen pages open the newer one's figures count, because the
    older one is what a restarted browser left behind."""

    def __init__(
        self,
        state: SiteState,
        now_ms: Callable[[], int],
        health: Callable[[], ScreenHealth],
        on_figures: Callable[[Reading], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._state = state
        self._now_ms = now_ms
        self._health = health
        self._on_figures = on_figures
        self._pages: dict[int, web.WebSocketResponse] = {}
        self._numbered = 0
        self._reporting = 0
        self._reported_s = 0.0
        self._microphone = True

    @property
    def voice(self) -> Voice:
        """Whether the screen page could carry this room's voice: it alone opens the microphone."""
        if not self._reporting or self._clock() - self._reported_s > SILENT_PAGE_S:
            return Voice.NO_PAGE
        return Voice.READY if self._microphone else Voice.NO_MICROPHONE

    def message(self) -> bytes:
        """The picture as it is now."""
        return StateMessage(now_ms=self._now_ms(), view=self._state.view, screen=self._health()).json()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One page's WebSocket."""
        if len(self._pages) >= MAX_PAGES:
            raise web.HTTPServiceUnavailable(text="too many pages")
        page = web.WebSocketResponse(heartbeat=10.0, max_msg_size=MAX_MESSAGE)
        await page.prepare(request)
        self._numbered += 1
        number = self._numbered
        self._pages[number] = page
        try:
            async with asyncio.TaskGroup() as tasks:
                telling = tasks.create_task(self._tell(page))
                await self._hear(page, number)
                telling.cancel()
        finally:
            del self._pages[number]
            if self._reporting == number:
                self._reporting = 0
        return page

    async def close(self) -> None:
        """The server stops: say goodbye to every page."""
        for page in list(self._pages.values()):
            await page.close(code=WSCloseCode.GOING_AWAY)

    async def _tell(self, page: web.WebSocketResponse) -> None:
        while True:
            version = self._state.version
            try:
                await page.send_str(self.message().decode())
            except ConnectionError:
                return
            try:
                await asyncio.wait_for(self._state.after(version), EVERY_S)
            except TimeoutError:
                continue

    async def _hear(self, page: web.WebSocketResponse, number: int) -> None:
        async for message in page:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                figures = msgspec.json.decode(message.data, type=Figures)
            except UNREADABLE:
                await page.close(code=WSCloseCode.POLICY_VIOLATION)
                return
            if number >= self._reporting:
                self._reporting, self._reported_s = number, self._clock()
                self._microphone = figures.microphone
                self._on_figures(figures.reading())
