"""``/wall/feed``: a snapshot, then deltas numbered per connection."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import WSMsgType, web

from orchestrator.clock import Clock
from orchestrator.wall.service import Wall
from orchestrator.web.kit import Routes, get

STEP_S = 0.25
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


class WallFeed:
    """Serves any number of pages from one board, each as long as its reader is signed in: asked every
    `ask_again_s`."""

    def __init__(
        self, wall: Wall, clock: Clock, still_admits: StillAdmits, *, ask_again_s: float = ASK_AGAIN_S
    ) -> None:
        self._wall = wall
        self._clock = clock
        self._still_admits = still_admits
        self._ask_again_s = ask_again_s
        self.readers = 0

    async def respond(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(heartbeat=20, max_msg_size=1024, compress=False)
        await socket.prepare(request)
        again = asyncio.Event()
        self.readers += 1
        try:
            async with asyncio.TaskGroup() as tasks:
                running = [
                    tasks.create_task(self._write(socket, again)),
                    tasks.create_task(self._watch_session(request, socket)),
                ]
                await self._read(socket, again)
                for each in running:
                    each.cancel()
        finally:
            self.readers -= 1
        return socket

    async def _read(self, socket: web.WebSocketResponse, again: asyncio.Event) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            try:
                msgspec.json.decode(message.data, type=_Ask)
            except msgspec.DecodeError:
                await socket.close(code=1008, message=b"only {type: snapshot} is understood")
                break
            again.set()

    async def _watch_session(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        while True:
            await asyncio.sleep(self._ask_again_s)
            if not await self._still_admits(request, SEE):
                await socket.close(code=SIGNED_OUT, message=b"signed out")
                return

    async def _write(self, socket: web.WebSocketResponse, again: asyncio.Event) -> None:
        """Send until the reader goes; one that does not take a message for ten seconds is let go."""
        board = self._wall.board
        stamp, number, quiet = 0, 0, 0.0
        again.set()
        while not socket.closed:
            if again.is_set():
                again.clear()
                number, message = 0, {"type": "snapshot", "n": 0, **board.snapshot()}
            else:
                if board.stamp == stamp and quiet < QUIET_S:
                    quiet += STEP_S
                    await asyncio.sleep(STEP_S)
                    continue
                number += 1
                message = {"type": "delta", "n": number, **board.since(stamp)}
            stamp, quiet = board.stamp, 0.0
            if not await self._send(socket, message):
                return
            await asyncio.sleep(STEP_S)

    async def _send(self, socket: web.WebSocketResponse, message: dict[str, Any]) -> bool:
        message["centre_ms"] = self._clock.now_ns() // MS
        try:
            async with asyncio.timeout(SEND_S):
                await socket.send_str(msgspec.json.encode(message).decode())
        except (TimeoutError, ConnectionError):
            await socket.close(code=1013)
            return False
        return True


def routes(feed: WallFeed) -> Routes:
    """The feed; the gate checks cookie, right and Origin before the upgrade."""
    return [get("/wall/feed", feed.respond, action=SEE, summary="snapshot and deltas")]
