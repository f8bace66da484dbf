"""A feed of one Janus server in a room of another: RTP sent on from server to server.

Source: the documentation of the VideoRoom plugin of Janus 1.x (`add_remote_publisher`, `rtp_forward`), and what
Debian's 1.1.2 does. There a stream that comes from another server has the SSRC 1000 + 10 for each stream before it in
its feed, + 1 for each further encoding. Two such feeds have the same SSRC, and who is switched from one to the other
gets sequence numbers that jump back: SRTP sends none of these packets, for as long as the feed before had run. So each
feed in a room gets streams before its own that carry nothing, of another number than the other feeds there.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from typing import Any

import msgspec

from orchestrator.media.janus.asking import JanusError
from orchestrator.media.janus.room import ID_BITS, Feed, Place, Rooms

FIRST_SSRC, SSRC_STEP = 1000, 10
TURNS = 8
"""More than there are feeds of one stream sent on at a time: three seats, and who has just been replaced there."""
WIDTH = 2
"""Sound and picture, in whichever order."""
NOTHING = {"type": "audio", "codec": "opus", "disabled": True}


class Copy(Feed, frozen=True):
    """A feed in the room of another server; ``sent``: by which streams its own server sends it there."""

    sent: tuple[int, ...] = ()


class Cascade:
    """Feeds of other servers in the rooms of this one, which others reach by RTP at ``address``. Calls may raise
    :class:`JanusError`."""

    def __init__(self, rooms: Rooms, address: str) -> None:
        self._rooms = rooms
        self._address = address
        self._before: dict[int, dict[int, int]] = {}
        """How many streams are before its own: by room, by number of the feed."""
        self._last = 0

    def forget(self) -> None:
        """The server was lost: nothing of it is here."""
        self._before.clear()

    def closed(self, place: Place) -> None:
        """The room is gone."""
        self._before.pop(place.room, None)

    async def take(self, source: Rooms, place: Place, feed: Feed) -> Copy:
        """The feed of a ``source`` in this server's room."""
        number, before = secrets.randbits(ID_BITS) or 1, self._turn(place)
        # Within a room the server itself numbers the streams of such a feed, from 0 in their order.
        media = tuple(msgspec.structs.replace(one, mindex=at, mid=str(at)) for at, one in enumerate(feed.media, before))
        nothing = [{**NOTHING, "mindex": at, "mid": str(at)} for at in range(before)]
        here = {"request": "add_remote_publisher", "id": number, "display": "cascade"}
        streams = [*nothing, *(msgspec.to_builtins(one) for one in media)]
        told = await self._rooms.order({**here, **place.key, "streams": streams})
        self._before.setdefault(place.room, {})[number] = before
        ways = _ways(feed, media, int(told["port"]), int(told["rtcp_port"]))
        there = {"request": "rtp_forward", "publisher_id": feed.number, "host": self._address, "streams": ways}
        try:
            sent = await source.order({**there, **place.key})
        except JanusError:
            await self._drop(place, number)
            raise
        return Copy(number, media, tuple(int(one["stream_id"]) for one in sent.get("forwarders", ())))

    async def let_go(self, source: Rooms, place: Place, feed: Feed, copy: Copy) -> None:
        """The opposite of :meth:`take`; what a server no longer knows is gone already."""
        await keep_here(source, place, feed, copy)
        await self._drop(place, copy.number)

    async def _drop(self, place: Place, number: int) -> None:
        await self._rooms.remove(place, number)
        self._before.get(place.room, {}).pop(number, None)

    def _turn(self, place: Place) -> int:
        taken = {before // WIDTH for before in self._before.get(place.room, {}).values()}
        turns = [(self._last + step) % TURNS for step in range(1, TURNS + 1)]
        self._last = next((turn for turn in turns if turn not in taken), turns[0])
        return self._last * WIDTH


async def keep_here(source: Rooms, place: Place, feed: Feed, copy: Copy) -> None:
    """Send a feed of ``source`` no longer to where it is ``copy``. All at once: a server may hang at each."""
    body = {"request": "stop_rtp_forward", "publisher_id": feed.number, **place.key}

    async def stop(stream: int) -> None:
        with contextlib.suppress(JanusError):
            await source.order({**body, "stream_id": stream})

    await asyncio.gather(*(stop(stream) for stream in copy.sent))


def _ways(feed: Feed, media: tuple[Any, ...], port: int, rtcp_port: int) -> list[dict[str, Any]]:
    """How each stream is sent on: as it is, with the SSRC under which it is known there. Keyframes are asked for over
    the first picture."""
    ways: list[dict[str, Any]] = []
    asking = False
    for own, there in zip(feed.media, media, strict=True):
        ssrc = FIRST_SSRC + SSRC_STEP * there.mindex
        way: dict[str, Any] = {"mid": own.mid, "port": port, "ssrc": ssrc}
        if own.type == "video":
            way |= {} if asking else {"rtcp_port": rtcp_port}
            asking = True
            if own.simulcast:
                way |= {"port_2": port, "ssrc_2": ssrc + 1, "port_3": port, "ssrc_3": ssrc + 2}
        ways.append(way)
    return ways
