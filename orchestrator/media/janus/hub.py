"""A Janus server with its load: where publishers and viewers are put."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import structlog

from orchestrator.media.janus.advice import advice
from orchestrator.media.janus.asking import Event, Full, JanusError
from orchestrator.media.janus.cascade import Cascade
from orchestrator.media.janus.client import JanusServer
from orchestrator.media.janus.counts import Counter
from orchestrator.media.janus.former import end_former
from orchestrator.media.janus.room import NO_SUCH_ROOM, Feed, Place, Rooms

log = structlog.get_logger()
SWEEP_S = 8.0
MOST_HERE = 2000
"""Publishers and viewers of one server."""


class Hub:
    """``where``: ``URL[,ADDRESS[,ADMIN]]``; at ADDRESS the other servers reach this one by RTP (without it: the URL's
    host), ADMIN is the URL of its Admin API over HTTP, with ``admin_secret``."""

    def __init__(
        self,
        where: str,
        secret: str,
        admin_key: str,
        on_lost: Callable[[Hub], None],
        on_up: Callable[[], None],
        *,
        admin_secret: str = "",
        most: int = MOST_HERE,
        place_of: Callable[[str], Place] | None = None,
    ) -> None:
        url, address, admin = (part.strip() for part in (where + ",,").split(",")[:3])
        self.url = url
        self.address = address or (urlsplit(self.url).hostname or "127.0.0.1")
        self.counter = Counter(admin, admin_secret) if admin else None
        self._on_lost = on_lost
        self._place_of = place_of
        self.server = JanusServer(
            self.url, secret, on_lost=self._lost, on_up=on_up, on_info=self._advise, on_new=self._sweep
        )
        self.rooms = Rooms(self.server, admin_key)
        self.cascade = Cascade(self.rooms, self.address)
        self._most = most
        self.load = 0
        """Publishers and viewers that are here or on their way."""
        self.viewers = 0
        self.losses = 0
        """How often it was lost with everybody on it."""
        self.swept = 0
        """Rooms found here that an earlier session had left."""
        self._open: dict[int, Feed] = {}
        self._owed: dict[int, Place] = {}
        """Rooms that were left and are still to be closed."""
        self._doors = asyncio.Lock()
        """One room after another is opened or closed: who comes last must find what was decided last."""

    @property
    def full(self) -> bool:
        """Whether nobody else is taken."""
        return self.load >= self._most

    @property
    def held(self) -> int:
        """Rooms of the centre here, with those that it could not close yet."""
        return len(self._open) + len(self._owed)

    @property
    def up(self) -> bool:
        """Whether the server answers."""
        return self.server.up

    def _advise(self, told: Event) -> None:
        for sentence in advice(told):
            log.warning("janus_setting", url=self.url, advice=sentence)

    async def _sweep(self) -> None:
        """End what an earlier session left; a server that does not let us is used all the same. Raises
        :class:`JanusError` when it is gone meanwhile."""
        if self._place_of is None:
            return
        try:
            async with asyncio.timeout(SWEEP_S):
                ended = await end_former(self.rooms, self._place_of)
        except (JanusError, TimeoutError) as fault:
            if isinstance(fault, JanusError) and fault.code == 0:
                raise
            log.warning("former_rooms_not_ended", url=self.url, error=str(fault) or f"not within {SWEEP_S:g} s")
            return
        self.swept += ended
        if ended:
            log.info("former_rooms_ended", url=self.url, rooms=ended)

    def _lost(self) -> None:
        self.rooms.forget()
        self.cascade.forget()
        self._open.clear()
        self._owed.clear()
        self.load = self.viewers = 0
        self.losses += 1
        self._on_lost(self)

    @contextlib.contextmanager
    def coming(self, *, viewer: bool) -> Iterator[None]:
        """Somebody comes, and is counted from the first moment; who does not arrive is no more. Raises
        :class:`Full`."""
        if self.full:
            raise Full(f"{self.load} are here")
        life = self.losses
        self.load += 1
        self.viewers += viewer
        try:
            yield
        except BaseException:
            if life == self.losses:
                self.went(viewer=viewer)
            raise
        if life != self.losses:
            raise JanusError(0, "the server was lost meanwhile")

    def went(self, *, viewer: bool) -> None:
        """Somebody is here no more."""
        self.load = max(0, self.load - 1)
        self.viewers = max(0, self.viewers - viewer)

    async def enter(self, place: Place) -> Rooms:
        """The rooms, with the stream's room open. Raises :class:`JanusError`."""
        await self.placeholder(place)
        return self.rooms

    async def placeholder(self, place: Place) -> Feed:
        """What viewers of the stream are offered here. Raises :class:`JanusError`."""
        found = self._open.get(place.room)
        if found is not None:
            return found
        async with self._doors:
            return self._open.get(place.room) or await self._open_room(place)

    async def _open_room(self, place: Place) -> Feed:
        self._owed.pop(place.room, None)
        life = self.losses
        found = await self.rooms.open(place)
        if life == self.losses:
            self._open[place.room] = found
        return found

    def misses(self, place: Place, fault: JanusError) -> None:
        """Somebody found the stream's room gone, if that is what the server says: the next one opens it again."""
        if fault.code == NO_SUCH_ROOM:
            self._open.pop(place.room, None)

    def leave(self, place: Place) -> None:
        """The stream's room is needed no more; :meth:`settle` closes it."""
        if self._open.pop(place.room, None) is not None:
            self._owed[place.room] = place

    async def settle(self) -> None:
        """Close the rooms that were left; those of a server that does not answer are closed when it does."""
        async with self._doors:
            for place in list(self._owed.values()):
                if self.up and self._owed.pop(place.room, None) is not None:
                    await self._close(place)

    async def _close(self, place: Place) -> None:
        try:
            await self.rooms.close(place)
            self.cascade.closed(place)
        except JanusError as fault:
            log.warning("room_not_closed", url=self.url, error=str(fault))
            if fault.code == 0:
                self._owed[place.room] = place
