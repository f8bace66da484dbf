"""``/wall/feed``: a snapshot, then deltas numbered per connection."""

from __future__ import annotations

import asyncio
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
MS = 1_000_000


class _Ask(msgspec.Struct, tag_field="type", tag="snapshot"):
    """The only thing a page may say: it missed a delta."""


class WallFeed:
    """Serves any number of pages from one board."""

    def __init__(self, wall: Wall, clock: Clock) -> None:
        self._wall = wall
        self._clock = clock
        self.readers = 0

    async def respond(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(heartbeat=20, max_msg_size=1024, compress=False)
        await socket.prepare(request)
        again = asyncio.Event()
        self.readers += 1
        try:
            async with asyncio.TaskGroup() as tasks:
                writing = tasks.create_task(self._write(socket, again))
                await self._read(socket, again)
                writing.cancel()
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
    return [get("/wall/feed", feed.respond, action="wall.see", summary="snapshot and deltas")]
