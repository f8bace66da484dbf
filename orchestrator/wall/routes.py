"""``/wall/feed``: a snapshot, then deltas numbered per connection."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec
from aiohttp import WSMsgType, web

from orchestrator.clock import Clock
from orchestrator.wall.service import Wall
from orchestrator.wall.told import Told, message
from orchestrator.web.kit import Routes, get

QUIET_S = 2.0
"""Without changes a reader still hears from us this often, so that it can tell a dead line."""
SEND_S = 10.0
ASK_AGAIN_S = 30.0
SIGNED_OUT = 4401
"""Close code (RFC 6455 §7.4.2, private use) of a feed whose reader is no longer signed in."""
SEE = "wall.see"
MS = 1_000_000

StillAdmits = Callable[[web.Request, str], Awaitable[bool]]
"""Whether the session of an admitted request counts still for an action."""


class _Ask(msgspec.Struct, tag_field="type", tag="snapshot"):
    """The only thing a page may say: it missed a delta."""


@dataclass(eq=False)
class _Reader:
    """Where one page stands: the number it was told last, and whether it needs everything."""

    wake: asyncio.Event = field(default_factory=asyncio.Event)
    number: int = 0
    whole: bool = True


class WallFeed:
    """Serves any number of pages from one board, each as long as its reader is signed in: asked every
    `ask_again_s`."""

    def __init__(
        self, wall: Wall, clock: Clock, still_admits: StillAdmits, *, ask_again_s: float = ASK_AGAIN_S
    ) -> None:
        self._wall = wall
        self._told = Told(wall.board)
        self._clock = clock
        self._still_admits = still_admits
        self._ask_again_s = ask_again_s
        self.readers = 0

    async def respond(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(heartbeat=20, max_msg_size=1024, compress=False)
        await socket.prepare(request)
        reader = _Reader()
        self.readers += 1
        try:
            async with asyncio.TaskGroup() as tasks:
                running = [
                    tasks.create_task(self._write(socket, reader)),
                    tasks.create_task(self._watch_session(request, socket)),
                ]
                await self._read(socket, reader)
                for each in running:
                    each.cancel()
        finally:
            self.readers -= 1
        return socket

    async def _read(self, socket: web.WebSocketResponse, reader: _Reader) -> None:
        async for said in socket:
            if said.type is not WSMsgType.TEXT:
                break
            try:
                msgspec.json.decode(said.data, type=_Ask)
            except msgspec.DecodeError:
                await socket.close(code=1008, message=b"only {type: snapshot} is understood")
                break
            reader.whole = True
            reader.wake.set()

    async def _watch_session(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        while True:
            await asyncio.sleep(self._ask_again_s)
            if not await self._still_admits(request, SEE):
                await socket.close(code=SIGNED_OUT, message=b"signed out")
                return

    async def _write(self, socket: web.WebSocketResponse, reader: _Reader) -> None:
        """Send until the reader goes; one that does not take a message for ten seconds is let go. The wall wakes all
        readers together at the end of a turn: nobody waits for a clock of its own, and a body is made once for all."""
        board, stamp = self._wall.board, 0
        with self._wall.waking(reader.wake):
            while not socket.closed:
                reader.wake.clear()
                text = self._next(reader, stamp)
                stamp = board.stamp
                if not await self._send(socket, text):
                    return
                with suppress(TimeoutError):
                    async with asyncio.timeout(QUIET_S):
                        await reader.wake.wait()

    def _next(self, reader: _Reader, stamp: int) -> str:
        if reader.whole:
            reader.whole, reader.number = False, 0
            return message("snapshot", 0, self._clock.now_ns() // MS, self._told.snapshot())
        reader.number += 1
        return message("delta", reader.number, self._clock.now_ns() // MS, self._told.since(stamp))

    async def _send(self, socket: web.WebSocketResponse, text: str) -> bool:
        try:
            async with asyncio.timeout(SEND_S):
                await socket.send_str(text)
        except (TimeoutError, ConnectionError):
            await socket.close(code=1013)
            return False
        return True


def routes(feed: WallFeed) -> Routes:
    """The feed; the gate checks cookie, right and Origin before the upgrade."""
    return [get("/wall/feed", feed.respond, action=SEE, summary="snapshot and deltas")]
