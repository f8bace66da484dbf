"""``/wall/feed``: a snapshot, then deltas numbered per connection; of the whole wall or of the sections that a page
names."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec
from aiohttp import WSMsgType, web

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.wall.service import Wall
from orchestrator.wall.told import Only, Told, message
from orchestrator.web.kit import Routes, get
from wire.unreadable import UNREADABLE

QUIET_S = 2.0
"""Without changes a reader still hears from us this often, so that it can tell a dead line."""
SEND_S = 10.0
ASK_AGAIN_S = 30.0
SIGNED_OUT = 4401
"""Close code (RFC 6455 §7.4.2, private use) of a feed whose reader is no longer signed in."""
SEE = "wall.see"
MS = 1_000_000
MOST_PARTS = 8

StillAdmits = Callable[[web.Request, str], Awaitable[bool]]
"""Whether the session of an admitted request counts still for an action."""


class _Ask(msgspec.Struct, tag_field="type", tag="snapshot"):
    """The only thing a page may say: it missed a delta."""


@dataclass(eq=False)
class _Reader:
    """Where one page stands: the number it was told last, and whether it needs everything."""

    only: Only = None
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
        reader = _Reader(_only(request))
        socket = web.WebSocketResponse(heartbeat=20, max_msg_size=1024, compress=False)
        await socket.prepare(request)
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
            except UNREADABLE:
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
        board, stamp, now = self._wall.board, 0, asyncio.get_running_loop().time
        quiet_until = now()
        with self._wall.waking(reader.wake):
            while not socket.closed:
                reader.wake.clear()
                body = self._body(reader, stamp)
                stamp = board.stamp
                # A reader of parts is not told of turns in which none of them changed.
                if body or reader.whole or now() >= quiet_until:
                    if not await self._send(socket, self._numbered(reader, body)):
                        return
                    quiet_until = now() + QUIET_S
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(quiet_until):
                        await reader.wake.wait()

    def _body(self, reader: _Reader, stamp: int) -> str:
        return self._told.snapshot(reader.only) if reader.whole else self._told.since(stamp, reader.only)

    def _numbered(self, reader: _Reader, body: str) -> str:
        kind = "snapshot" if reader.whole else "delta"
        reader.number = 0 if reader.whole else reader.number + 1
        reader.whole = False
        return message(kind, reader.number, self._clock.now_ns() // MS, body)

    async def _send(self, socket: web.WebSocketResponse, text: str) -> bool:
        try:
            async with asyncio.timeout(SEND_S):
                await socket.send_str(text)
        except (TimeoutError, ConnectionError):
            await socket.close(code=1013)
            return False
        return True


def _only(request: web.Request) -> Only:
    """What `?only=chats,claims` asks for. Refused: no names, or none that a section could have."""
    asked = request.query.get("only")
    if asked is None:
        return None
    names = tuple(sorted(set(asked.split(","))))
    if len(names) > MOST_PARTS or not all(re.fullmatch(r"[a-z_]{1,32}", name) for name in names):
        raise Refused("bad_request", "Không có phần này của bức tường. / No such part of the wall.", 400)
    return names


def routes(feed: WallFeed) -> Routes:
    """The feed; the gate checks cookie, right and Origin before the upgrade."""
    summary = "snapshot and deltas; with ?only=chats,claims those sections alone"
    return [get("/wall/feed", feed.respond, action=SEE, summary=summary)]
