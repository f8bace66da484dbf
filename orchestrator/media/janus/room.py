"""What is asked of the VideoRoom plugin: a room for each stream, publishers, subscribers.

Source: the documentation of the VideoRoom plugin of Janus 1.x (multistream). A subscriber is always offered to, never
asked for an offer: that is why WHEP over Janus is a counter-offer.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any

import msgspec

from orchestrator.media.janus.asking import Event, JanusError
from orchestrator.media.janus.client import Handle, JanusServer, Said

PLUGIN = "janus.plugin.videoroom"
ROOM_EXISTS, NO_SUCH_ROOM, NO_SUCH_FEED, NO_PLACE = 427, 426, 428, 432
ID_BITS = 52
"""Numbers of rooms and feeds go through JSON, where more bits are not safe."""
LOOK_S, LOOKS = 0.05, 20
MOST_PUBLISHERS = 16
"""Of three seats: who sits there, who is about to, who goes; and what other servers send on."""


class Media(msgspec.Struct, frozen=True):
    """One stream of a feed, as the server names it."""

    type: str
    mindex: int
    mid: str
    codec: str = ""
    simulcast: bool = False


class Feed(msgspec.Struct, frozen=True):
    """A publisher in a room."""

    number: int
    media: tuple[Media, ...]

    @property
    def layered(self) -> bool:
        """Whether its picture comes in several encodings."""
        return any(one.simulcast for one in self.media)


class Place(msgspec.Struct, frozen=True):
    """A stream's room: the same number and passwords on every server, which the centre alone can draw."""

    stream: str
    room: int
    pin: str
    secret: str
    maximum_bps: int
    video: str = "h264"

    @property
    def key(self) -> dict[str, Any]:
        """What an order about the room says to be obeyed."""
        return {"room": self.room, "secret": self.secret}


def place_of(stream: str, key: bytes, maximum_bps: int, video: str = "h264") -> Place:
    """The room of a stream; nobody without ``key`` can guess how to enter it."""

    def drawn(what: str) -> str:
        return hmac.new(key, f"{what} {stream}".encode(), hashlib.sha256).hexdigest()

    return Place(stream, int(drawn("room")[: ID_BITS // 4], 16) or 1, drawn("pin"), drawn("secret"), maximum_bps, video)


class Rooms:
    """Orders to one server's VideoRoom. Every call may raise :class:`JanusError`."""

    def __init__(self, server: JanusServer, admin_key: str = "") -> None:
        self.server = server
        self._admin_key = admin_key
        self._control: Handle | None = None

    def forget(self) -> None:
        """The connection broke: the handle for orders is gone."""
        self._control = None

    async def order(self, body: dict[str, Any]) -> dict[str, Any]:
        """Ask the plugin; what it told."""
        if self._control is None:
            self._control = await self.server.attach(PLUGIN, lambda _event: None)
        return (await self._control.ask(body)).data

    async def open(self, place: Place) -> Feed:
        """Make the room if there is none; returns its placeholder, which viewers are offered and which sends nothing,
        so that somebody who comes before everybody else has a connection already."""
        await self._create(place)
        placeholder = await self._placeholder(place)
        if placeholder is None:
            # A room that an older centre made.
            await self.close(place)
            await self._create(place)
            placeholder = await self._placeholder(place)
        if placeholder is None:
            raise JanusError(0, "the room has no placeholder")
        return placeholder

    async def _create(self, place: Place) -> None:
        body: dict[str, Any] = {
            "request": "create",
            "room": place.room,
            "pin": place.pin,
            "secret": place.secret,
            # Listed with the stream's name: so a later life of the centre finds it (`former.py`).
            "is_private": False,
            "description": place.stream,
            "permanent": False,
            "publishers": MOST_PUBLISHERS,
            "bitrate": place.maximum_bps,
            "bitrate_cap": True,
            "audiocodec": "opus",
            "videocodec": place.video,
            "opus_fec": True,
            "notify_joining": False,
            "dummy_publisher": True,
        }
        if place.video == "h264":
            body["h264_profile"] = "42e01f"
        if self._admin_key:
            body["admin_key"] = self._admin_key
        try:
            await self.order(body)
        except JanusError as fault:
            if fault.code != ROOM_EXISTS:
                raise

    async def _placeholder(self, place: Place) -> Feed | None:
        """With one codec of each kind it has two streams: sound, then picture."""
        told = await self.order({"request": "listparticipants", **place.key})
        found = next((one for one in told.get("participants", []) if one.get("dummy")), None)
        if found is None:
            return None
        return Feed(int(found["id"]), (Media("audio", 0, "0", "opus"), Media("video", 1, "1", place.video)))

    async def listed(self) -> list[tuple[str, int]]:
        """Name and number of each room that the server tells of."""
        body = {"request": "list", "admin_key": self._admin_key} if self._admin_key else {"request": "list"}
        told = (await self.order(body)).get("list", [])
        return [(str(one.get("description", "")), int(one["room"])) for one in told]

    async def close(self, place: Place) -> None:
        """Throw everybody out and remove the room."""
        try:
            await self._end_copies(place)
            await self.order({"request": "destroy", **place.key})
        except JanusError as fault:
            if fault.code != NO_SUCH_ROOM:
                raise

    async def _end_copies(self, place: Place) -> None:
        """Feeds of other servers go by themselves, a moment after they are told to; with the room taken from under them
        they would keep their ports for ever."""
        for _ in range(LOOKS):
            told = await self.order({"request": "listparticipants", **place.key})
            copies = [int(one["id"]) for one in told.get("participants", []) if one.get("remote")]
            if not copies:
                return
            for number in copies:
                await self.remove(place, number)
            await asyncio.sleep(LOOK_S)

    async def remove(self, place: Place, number: int) -> None:
        """End a feed of another server here; one that is not here, or goes already, is no fault."""
        body = {"request": "remove_remote_publisher", **place.key, "id": number}
        with contextlib.suppress(JanusError):
            await self.order(body)

    async def publish(
        self, place: Place, name: str, offer: str, heard: Callable[[Event], None]
    ) -> tuple[Handle, Feed, str]:
        """Let somebody publish; returns the handle, the feed and the answer."""
        handle = await self.server.attach(PLUGIN, heard)
        number = secrets.randbits(ID_BITS) or 1
        try:
            join = {"request": "join", "ptype": "publisher", "room": place.room, "pin": place.pin}
            await handle.ask({**join, "id": number, "display": name})
            said = await handle.ask(
                {"request": "publish", "audiocodec": "opus", "videocodec": place.video, "bitrate": place.maximum_bps},
                {"type": "offer", "sdp": offer},
            )
            answer = _described(said)
        except JanusError:
            await handle.detach()
            raise
        told = [one for one in said.data.get("streams", []) if not one.get("disabled")]
        return handle, Feed(number, tuple(_media(one) for one in told)), answer

    async def subscribe(
        self, place: Place, feed: Feed, heard: Callable[[Event], None]
    ) -> tuple[Handle, dict[str, str], str]:
        """Let somebody view a feed; returns the handle, the subscriber's mid of each type, and the server's offer."""
        handle = await self.server.attach(PLUGIN, heard)
        try:
            said = await handle.ask(
                {
                    "request": "join",
                    "ptype": "subscriber",
                    "room": place.room,
                    "pin": place.pin,
                    "autoupdate": False,
                    "use_msid": True,
                    "streams": [{"feed": feed.number, "mid": one.mid} for one in feed.media],
                }
            )
            offer = _described(said)
        except JanusError:
            await handle.detach()
            raise
        mids = {str(one["type"]): str(one["mid"]) for one in said.data.get("streams", [])}
        return handle, mids, offer

    async def mute(self, place: Place, feed: Feed, *, muted: bool) -> None:
        """Drop a publisher's sound in the room, or let it pass."""
        for one in feed.media:
            if one.type == "audio":
                body = {"request": "moderate", **place.key, "id": feed.number}
                await self.order({**body, "mid": one.mid, "mute": muted})


def _media(told: dict[str, Any]) -> Media:
    return Media(
        str(told["type"]),
        int(told["mindex"]),
        str(told["mid"]),
        str(told.get("codec", "")),
        simulcast=bool(told.get("simulcast")),
    )


def _described(said: Said) -> str:
    if said.jsep is None:
        raise JanusError(0, "the server gave no session description")
    return said.jsep["sdp"]
