""":class:`orchestrator.media.port.MediaPlane` by Janus servers, and the door for WHIP and WHEP.

A publisher goes to the server with the least load, viewers to the server of what is on air until that has as many as
it should, then to the others: their rooms get the feed by plain RTP from server to server ("remote publishers"), so
these belong in one trusted network. A server that dies takes its peer connections with it: pages ask again and get
another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

import msgspec
import structlog
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from orchestrator.errors import Refused
from orchestrator.media.janus.hub import Hub
from orchestrator.media.janus.room import place_of
from orchestrator.media.janus.stream import JanusStream
from orchestrator.media.port import AirOrder, StreamStats, Want
from orchestrator.media.tokens import Right, Seat, StreamToken, sign

log = structlog.get_logger()
READY_S = 10.0
MOST_STREAMS = 200


class JanusSettings(msgspec.Struct, frozen=True):
    """``servers``: ``URL[,ADDRESS]`` each, URL of the WebSocket API, ADDRESS for RTP between servers."""

    servers: tuple[str, ...]
    api_secret: str = ""
    admin_key: str = ""
    """The VideoRoom's, if its configuration demands one for making rooms."""
    viewers_each: int = 300
    """Viewers of one server before a lecture is sent on to another."""
    maximum_kbps: int = 6000


class JanusPlane:
    """Streams over several Janus servers. ``start`` needs one of them to answer; the others may come later."""

    def __init__(self, settings: JanusSettings, key: Ed25519PrivateKey, public_url: str) -> None:
        self.settings = settings
        self._key = key
        self._public_url = public_url.rstrip("/")
        self._places = _place_key(key)
        self._some_up = asyncio.Event()
        self.hubs = [
            Hub(where, settings.api_secret, settings.admin_key, self._lost, self._some_up.set)
            for where in settings.servers
        ]
        self.streams: dict[str, JanusStream] = {}
        self._life: asyncio.Task[None] | None = None
        self._group: asyncio.TaskGroup | None = None

    async def metrics(self) -> str:
        """Which servers answer; the rest Janus tells Prometheus itself."""
        lines = [f'diemcau_janus_up{{server="{number}"}} {hub.up:d}\n' for number, hub in enumerate(self.hubs)]
        return "# TYPE diemcau_janus_up gauge\n" + "".join(lines)

    def down(self) -> list[int]:
        """The servers that do not answer now, by number."""
        return [number for number, hub in enumerate(self.hubs) if not hub.up]

    @property
    def ready(self) -> bool:
        """Whether somebody can be put somewhere."""
        return any(hub.up for hub in self.hubs)

    # Life

    async def start(self) -> None:
        """Connect; returns when one server answers. Raises :class:`Refused` when none does in time."""
        begun = asyncio.Event()
        # Held and awaited by stop(): the connections live as long as this object, not as one call.
        self._life = asyncio.get_running_loop().create_task(self._live(begun))
        await begun.wait()
        try:
            async with asyncio.timeout(READY_S):
                await self._some_up.wait()
        except TimeoutError:
            log.warning("no_janus_server", servers=[hub.url for hub in self.hubs])
        if not self.ready:
            await self.stop()
            raise Refused("media_unavailable", "Không máy chủ Janus nào trả lời. / No Janus server answers.", 503)

    async def _live(self, begun: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            self._group = group
            for hub in self.hubs:
                group.create_task(hub.server.run())
            begun.set()

    async def stop(self) -> None:
        """End every stream's room, then the connections."""
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
            self._group.create_task(work)

    def _lost(self, hub: Hub) -> None:
        for stream in self.streams.values():
            stream.lost(hub)

    # MediaPlane

    def publish_url(self, stream: str) -> str:
        return f"{self._public_url}/whip/{stream}"

    def inside_url(self, stream: str) -> str | None:
        """The same as for everybody: Janus speaks no WHIP, the centre does. None while no server answers."""
        return self.publish_url(stream) if self.ready else None

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
        return found.stats() if found is not None else StreamStats(stream)

    async def set_air(self, stream: str, want: Want, *, standby_armed: bool, auto_return: bool) -> None:
        self.stream(stream).ordered(AirOrder(want, standby_armed, auto_return))

    async def hush(self, stream: str, *, hushed: bool) -> None:
        await self.stream(stream).hush(hushed=hushed)

    async def end_publisher(self, stream: str) -> None:
        found = self.streams.get(stream)
        if found is not None:
            await found.end_publishers()

    async def close_stream(self, stream: str) -> None:
        await self._close(stream)

    async def _close(self, name: str) -> None:
        stream = self.streams.pop(name, None)
        if stream is None:
            return
        for one in stream.sessions():
            await stream.end(one, "stream_closed")
        for hub in self.hubs:
            if hub.up:
                await hub.leave(stream.place)

    # For the door

    def stream(self, name: str) -> JanusStream:
        """The stream, made at need; those that nobody uses any more are forgotten. Raises :class:`Refused`."""
        found = self.streams.get(name)
        if found is not None:
            return found
        self._check()
        self.streams = {each: stream for each, stream in self.streams.items() if not stream.empty}
        if len(self.streams) >= MOST_STREAMS:
            raise Refused("full", "Máy chủ hình ảnh đã đầy. / The media servers are full.", 503)
        place = place_of(name, self._places, self.settings.maximum_kbps * 1000)
        self.streams[name] = JanusStream(name, place, self._spawn)
        return self.streams[name]

    def publisher_hub(self) -> Hub:
        """Where the next publisher goes. Raises :class:`Refused`."""
        return self._least(self.hubs)

    def viewer_hub(self, stream: JanusStream) -> Hub:
        """Where the stream's next viewer goes. Raises :class:`Refused`."""
        home = stream.home
        if home is not None and home.up and home.viewers < self.settings.viewers_each:
            return home
        return self._least(self.hubs)

    def _least(self, hubs: list[Hub]) -> Hub:
        up = [hub for hub in hubs if hub.up]
        if not up:
            raise _unavailable()
        return min(up, key=lambda hub: hub.load)

    def _check(self) -> None:
        if self._group is None or not self.ready:
            raise _unavailable()


def _place_key(key: Ed25519PrivateKey) -> bytes:
    """A key for the names of rooms that tells nothing of the one that signs tokens (RFC 5869)."""
    return HKDF(hashes.SHA256(), 32, None, b"diemcau janus rooms").derive(key.private_bytes_raw())


def _unavailable() -> Refused:
    message = "Máy chủ hình ảnh đang khởi động lại. / The media servers are restarting."
    return Refused("media_unavailable", message, 503, retry_after_s=1)
