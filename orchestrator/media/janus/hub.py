"""A Janus server with its load: where publishers and viewers are put."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import structlog

from orchestrator.media.janus.advice import advice
from orchestrator.media.janus.client import Event, JanusServer
from orchestrator.media.janus.counts import Counter
from orchestrator.media.janus.room import Feed, Place, Rooms

log = structlog.get_logger()


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
    ) -> None:
        url, address, admin = (part.strip() for part in (where + ",,").split(",")[:3])
        self.url = url
        self.address = address or (urlsplit(self.url).hostname or "127.0.0.1")
        self.counter = Counter(admin, admin_secret) if admin else None
        self._on_lost = on_lost
        self.server = JanusServer(self.url, secret, on_lost=self._lost, on_up=on_up, on_info=self._advise)
        self.rooms = Rooms(self.server, admin_key)
        self.load = 0
        """Publishers and viewers that are here."""
        self.viewers = 0
        self.losses = 0
        """How often it was lost with everybody on it."""
        self._open: dict[int, Feed] = {}

    @property
    def up(self) -> bool:
        """Whether the server answers."""
        return self.server.up

    def _advise(self, told: Event) -> None:
        for sentence in advice(told):
            log.warning("janus_setting", url=self.url, advice=sentence)

    def _lost(self) -> None:
        self.rooms.forget()
        self._open.clear()
        self.load = self.viewers = 0
        self.losses += 1
        self._on_lost(self)

    def came(self, *, viewer: bool) -> None:
        """Somebody is here."""
        self.load += 1
        self.viewers += viewer

    def went(self, *, viewer: bool) -> None:
        """The opposite."""
        self.load = max(0, self.load - 1)
        self.viewers = max(0, self.viewers - viewer)

    async def enter(self, place: Place) -> Rooms:
        """The rooms, with the stream's room open. Raises :class:`JanusError`."""
        await self.placeholder(place)
        return self.rooms

    async def placeholder(self, place: Place) -> Feed:
        """What viewers of the stream are offered here. Raises :class:`JanusError`."""
        found = self._open.get(place.room)
        if found is None:
            found = self._open[place.room] = await self.rooms.open(place)
        return found

    async def leave(self, place: Place) -> None:
        """Close the stream's room. Raises :class:`JanusError`."""
        if self._open.pop(place.room, None) is not None:
            await self.rooms.close(place)
