"""An encoder's key as a bearer token for WHIP too: OBS may send by either protocol with the same key.

The engine knows signed tokens only. Here, before it, a key that is good becomes such a token for the seat of its
source; whom the key let in is remembered, so that revoking it ends the session at the engine.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec
import structlog

from orchestrator.errors import Refused
from orchestrator.media.sources.job import State, Told
from orchestrator.media.tokens import Seat
from orchestrator.media.workers import Reply
from orchestrator.sources.model import KEY_PREFIX, Source

BEARER = "Bearer "
HANDSHAKE_LOOKS = 25
"""Looks, one a second, that a new session has until it is connected; the engine itself gives it 20 s."""

log = structlog.get_logger()


class Door(Protocol):
    """Whoever speaks WHIP and WHEP for the streams."""

    async def ask(self, method: str, stream: str, path: str, headers: dict[str, str], content: bytes) -> Reply: ...


class Keys(Protocol):
    """The sources, as this door needs them."""

    def let_in(self, key: str, stream: str) -> tuple[Source, str]:
        """The source of a good key and a token for it. Refuses ``bad_key``, ``not_open``."""
        ...

    def still_in(self, source: str) -> bool:
        """Whether the source's key is still good and its session open."""
        ...


class Inside(msgspec.Struct):
    """A WHIP session that a key opened: the stream, the session's path at the engine, the token it has. ``connected``
    once its handshake was seen done, ``looks`` counts how often it was looked for before."""

    stream: str
    seat: Seat
    path: str
    token: str
    connected: bool = False
    looks: int = 0


class KeyedDoor:
    """A door before the engine's own. ``told`` hears of each source that comes in by WHIP; ``taken`` says whether
    somebody is connected at a stream's seat."""

    def __init__(
        self,
        door: Door,
        keys: Keys,
        told: Callable[[str, Told], None],
        taken: Callable[[str, Seat], Awaitable[bool]],
    ) -> None:
        self._door = door
        self._keys = keys
        self._told = told
        self._taken = taken
        self._inside: dict[str, Inside] = {}

    async def ask(self, method: str, stream: str, path: str, headers: dict[str, str], content: bytes) -> Reply:
        """One exchange; a key in it is exchanged for a token. Raises :class:`Refused`."""
        key = headers.get("Authorization", "").removeprefix(BEARER).strip()
        if not key.startswith(KEY_PREFIX):
            return await self._door.ask(method, stream, path, headers, content)
        source, token = self._keys.let_in(key, stream)
        known = {**headers, "Authorization": BEARER + token}
        reply = await self._door.ask(method, stream, path, known, content)
        if method == "POST" and reply.status == 201:
            await self._came(source, stream, reply, token)
        elif method == "DELETE" and reply.status < 300:
            self._left(source.id)
        return reply

    async def sweep(self) -> None:
        """End the sessions whose key was revoked or whose lecture is over, and forget those whose encoder left."""
        for source, inside in list(self._inside.items()):
            if not self._keys.still_in(source):
                if await self._end(inside):
                    self._left(source)
            elif await self._taken(inside.stream, inside.seat):
                inside.connected = True
            elif inside.connected or inside.looks >= HANDSHAKE_LOOKS:
                self._left(source)
            else:
                inside.looks += 1

    async def _came(self, source: Source, stream: str, reply: Reply, token: str) -> None:
        location = next((value for name, value in reply.headers if name.lower() == "location"), "")
        path = location if location.startswith("/") else "/" + location.split("/", 3)[-1]
        before = self._inside.pop(source.id, None)
        if before is not None:
            await self._end(before)
        self._inside[source.id] = Inside(stream, source.seat, path, token)
        log.info("whip_encoder_admitted", source=source.id, session=source.session)
        self._told(source.id, Told(State.RUNNING, picture="H.264 (WHIP)", passes=True, published=True))

    def _left(self, source: str) -> None:
        self._inside.pop(source, None)
        self._told(source, Told(State.STOPPED))

    async def _end(self, inside: Inside) -> bool:
        """Whether it has ended: a relay that does not answer now may answer at the next look."""
        try:
            await self._door.ask("DELETE", inside.stream, inside.path, {"Authorization": BEARER + inside.token}, b"")
        except Refused as refused:
            log.warning("whip_session_not_ended", code=refused.code)
            return False
        return True
