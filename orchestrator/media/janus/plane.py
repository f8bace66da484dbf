""":class:`orchestrator.media.port.MediaPlane` by Janus servers, and the door for WHIP and WHEP.

The seats of a lecture go to different servers where there are several, viewers to the server of what is on air until
that has as many as it should, then to the others: their rooms get the feed by plain RTP from server to server ("remote
publishers"), so these belong in one trusted network. A server that dies takes its peer connections with it: pages ask
again and get another, and who views at another server sees the next seat at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping

import msgspec
import structlog
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from orchestrator.errors import Refused
from orchestrator.media.janus import figures
from orchestrator.media.janus.counting import count
from orchestrator.media.janus.hub import MOST_HERE, Hub
from orchestrator.media.janus.inside import Inside
from orchestrator.media.janus.room import Place, place_of
from orchestrator.media.janus.stream import JanusStream
from orchestrator.media.port import AirOrder, Rung, StreamStats, ViewerStats, Want
from orchestrator.media.routes import Door
from orchestrator.media.tokens import Right, Seat, StreamToken, sign

log = structlog.get_logger()
READY_S = 2.0
PARK_S = 4.0
"""How long an offer waits while no server answers, before its sender is told to ask again."""
PARKED = 2000
CLIMB_EVERY_S = 1.0
MOST_STREAMS = 200
FULL_S = 5
"""Whoever was turned away asks again after this."""


class JanusSettings(msgspec.Struct, frozen=True):
    """``servers``: ``URL[,ADDRESS[,ADMIN]]`` each, URL of the WebSocket API, ADDRESS for RTP between servers, ADMIN
    of the Admin API over HTTP."""

    servers: tuple[str, ...]
    api_secret: str = ""
    admin_key: str = ""
    """The VideoRoom's, if its configuration demands one for making rooms."""
    admin_secret: str = ""
    viewers_each: int = 300
    """Viewers of one server before a lecture is sent on to another."""
    sessions_each: int = MOST_HERE
    """Publishers and viewers that one server takes at most."""
    maximum_kbps: int = 6000
    video: str = "h264"


class JanusPlane:
    """Streams over several Janus servers. ``start`` waits a little for one of them; they may come and go later."""

    def __init__(self, settings: JanusSettings, key: Ed25519PrivateKey, public_url: str) -> None:
        self.settings = settings
        self._key = key
        self._public_url = public_url.rstrip("/")
        self._places = _place_key(key)
        self._some_up = asyncio.Event()
        self.hubs = [
            Hub(
                where,
                settings.api_secret,
                settings.admin_key,
                self._lost,
                self._came,
                admin_secret=settings.admin_secret,
                most=settings.sessions_each,
                place_of=self._place,
            )
            for where in settings.servers
        ]
        self.streams: dict[str, JanusStream] = {}
        self._life: asyncio.Task[None] | None = None
        self._group: asyncio.TaskGroup | None = None
        self._inside: Inside | None = None
        self._parked = 0
        self._working = 0
        self._refused = 0

    def open_inside(self, door: Door) -> None:
        """Before :meth:`start`: the door that the centre's own publishers use."""
        self._inside = Inside(door)

    async def metrics(self) -> str:
        own = {
            "streams": len(self.streams),
            "offers_waiting": self._parked,
            "tasks": self._working,
            "refused_full_total": self._refused,
        }
        return figures.text(self.hubs, self.streams.values(), own)

    def down(self) -> list[int]:
        """The servers that do not answer now, by number."""
        return [number for number, hub in enumerate(self.hubs) if not hub.up]

    @property
    def ready(self) -> bool:
        """Whether somebody can be put somewhere."""
        return any(hub.up for hub in self.hubs)

    # Life

    async def start(self) -> None:
        """Connect. Without any server the centre runs all the same, and the wall tells of it: an exam needs none."""
        begun = asyncio.Event()
        # Held and awaited by stop(): the connections live as long as this object, not as one call.
        self._life = asyncio.get_running_loop().create_task(self._live(begun))
        await begun.wait()
        if self._inside is not None:
            await self._inside.start()
        try:
            async with asyncio.timeout(READY_S):
                await self._some_up.wait()
        except TimeoutError:
            log.error("no_janus_server", servers=[hub.url for hub in self.hubs])

    async def _live(self, begun: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            self._group = group
            for hub in self.hubs:
                group.create_task(hub.server.run())
                group.create_task(count(hub, lambda: list(self.streams.values())))
            group.create_task(self._climb())
            begun.set()

    async def _climb(self) -> None:
        while True:
            await asyncio.sleep(CLIMB_EVERY_S)
            for stream in list(self.streams.values()):
                await stream.climb()

    async def stop(self) -> None:
        """End every stream's room, then the connections."""
        if self._inside is not None:
            await self._inside.stop()
        for name in list(self.streams):
            await self._close(name)
        self._group = None
        if self._life is not None:
            self._life.cancel()
            await asyncio.gather(self._life, return_exceptions=True)
            self._life = None

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        if self._group is None:
            work.close()
        else:
            # Closed where the end comes before its beginning.
            self._group.create_task(self._work(work)).add_done_callback(lambda _task: work.close())

    async def _work(self, work: Coroutine[None, None, None]) -> None:
        """What goes wrong with one ends nothing else."""
        self._working += 1
        try:
            await work
        except Exception:
            log.exception("janus_work_failed")
        finally:
            self._working -= 1

    def _came(self) -> None:
        self._some_up.set()
        for hub in self.hubs:
            if hub.up:
                self._spawn(hub.settle())
        # Whoever kept a place there through a break of the connection missed what was decided meanwhile.
        for stream in self.streams.values():
            stream.decide()

    def _lost(self, hub: Hub) -> None:
        if not self.ready:
            self._some_up.clear()
        for stream in self.streams.values():
            stream.lost(hub)

    # MediaPlane

    def publish_url(self, stream: str) -> str:
        return f"{self._public_url}/whip/{stream}"

    def inside_url(self, stream: str) -> str | None:
        """At the centre itself, on loopback: Janus speaks no WHIP. None while no server answers."""
        return f"{self._inside.url}/whip/{stream}" if self.ready and self._inside and self._inside.url else None

    def view_url(self, stream: str) -> str:
        return f"{self._public_url}/whep/{stream}"

    def token(
        self,
        session: str,
        stream: str,
        right: Right,
        subject: str,
        expires_ns: int,
        *,
        seat: Seat = Seat.LECTURER,
    ) -> str:
        return sign(StreamToken(session, stream, right, subject, expires_ns, seat), self._key)

    async def stats(self, stream: str) -> StreamStats:
        self._check()
        found = self.streams.get(stream)
        return figures.stats(found) if found is not None else StreamStats(stream)

    async def viewers(self, stream: str) -> list[ViewerStats]:
        self._check()
        found = self.streams.get(stream)
        return figures.viewers(found) if found is not None else []

    async def set_rungs(self, stream: str, rungs: Mapping[str, Rung]) -> None:
        if rungs or stream in self.streams:
            await self.stream(stream).set_rungs(rungs)

    async def set_air(self, stream: str, want: Want, *, standby_armed: bool, auto_return: bool) -> None:
        self.stream(stream).ordered(AirOrder(want, standby_armed, auto_return))

    async def hush(self, stream: str, *, hushed: bool) -> None:
        await self.stream(stream).hush(hushed=hushed)

    async def end_publisher(self, stream: str, subject: str = "") -> None:
        found = self.streams.get(stream)
        if found is not None:
            await found.end_publishers(subject)

    async def close_stream(self, stream: str) -> None:
        await self._close(stream)

    async def _close(self, name: str) -> None:
        stream = self.streams.pop(name, None)
        if stream is None:
            return
        for one in stream.sessions():
            await stream.end(one, "stream_closed")
        self._leave(stream)
        await asyncio.gather(*(hub.settle() for hub in self.hubs))

    def _leave(self, stream: JanusStream) -> None:
        for hub in self.hubs:
            hub.leave(stream.place)
            self._spawn(hub.settle())

    # For the door

    def stream(self, name: str) -> JanusStream:
        """The stream, made at need; those that nobody uses any more are forgotten. Raises :class:`Refused`."""
        found = self.streams.get(name)
        if found is not None:
            return found
        for empty in [each for each, stream in self.streams.items() if stream.empty]:
            self._leave(self.streams.pop(empty))
        if len(self.streams) >= MOST_STREAMS:
            raise self.refused_full(f"{MOST_STREAMS} streams")
        self.streams[name] = JanusStream(name, self._place(name), self._spawn)
        return self.streams[name]

    def _place(self, stream: str) -> Place:
        return place_of(stream, self._places, self.settings.maximum_kbps * 1000, self.settings.video)

    def refused_full(self, what: str) -> Refused:
        """What to raise when somebody is turned away because ``what`` is as much as there may be; counted."""
        self._refused += 1
        message = "Máy chủ hình ảnh đã đầy. / The media servers are full."
        return Refused("full", f"{message} ({what})", 503, retry_after_s=FULL_S)

    async def some_server(self) -> None:
        """Wait a little for a server while there is none: all ask at the same moment, and a refusal costs a pause."""
        if self.ready or self._parked >= PARKED or self._group is None:
            return
        self._parked += 1
        try:
            async with asyncio.timeout(PARK_S):
                await self._some_up.wait()
        except TimeoutError:
            return
        finally:
            self._parked -= 1

    def publisher_hub(self, stream: JanusStream, seat: Seat) -> Hub:
        """Where the stream's next publisher goes: away from the other seats, so that one server's end leaves one; the
        lecturer and the slate above all. Raises :class:`Refused`."""
        up = self._up()
        return min(up, key=lambda hub: (stream.beside(hub, seat), hub.load))

    def viewer_hub(self, stream: JanusStream) -> Hub:
        """Where the stream's next viewer goes. Raises :class:`Refused`."""
        home = stream.home
        if home is not None and home.up and not home.full and home.viewers < self.settings.viewers_each:
            return home
        return min(self._up(), key=lambda hub: hub.load)

    def _up(self) -> list[Hub]:
        up = [hub for hub in self.hubs if hub.up]
        if not up:
            raise _unavailable()
        free = [hub for hub in up if not hub.full]
        if not free:
            raise self.refused_full(f"{self.settings.sessions_each} sessions at each")
        return free

    def _check(self) -> None:
        if self._group is None or not self.ready:
            raise _unavailable()


def _place_key(key: Ed25519PrivateKey) -> bytes:
    """A key for the names of rooms that tells nothing of the one that signs tokens (RFC 5869)."""
    return HKDF(hashes.SHA256(), 32, None, b"diemcau janus rooms").derive(key.private_bytes_raw())


def _unavailable() -> Refused:
    message = "Máy chủ hình ảnh đang khởi động lại. / The media servers are restarting."
    return Refused("media_unavailable", message, 503, retry_after_s=1)
