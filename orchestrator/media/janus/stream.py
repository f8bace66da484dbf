"""One stream over Janus: its seats, who is on air, its viewers on every server, and the feeds sent between servers."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Coroutine

import structlog

from orchestrator.errors import Refused
from orchestrator.media.janus.client import Event, Handle, JanusError
from orchestrator.media.janus.hub import Hub
from orchestrator.media.janus.room import Feed, Place
from orchestrator.media.port import AirOrder, SeatStats, StreamStats
from orchestrator.media.relay.air import Verdict, judge
from orchestrator.media.tokens import Seat

log = structlog.get_logger()
Spawn = Callable[[Coroutine[None, None, None]], None]
"""Starts what must go on by itself; its owner ends it."""

REPLACED_S = 5.0
"""How long a publisher that another has replaced stays, at most, until that one sends."""


class Session:
    """A publisher's or a viewer's peer connection, as its resource URL names it."""

    def __init__(self, hub: Hub) -> None:
        self.id = secrets.token_urlsafe(18)
        self.etag = f'"{secrets.token_hex(6)}"'
        self.hub = hub
        self.handle: Handle | None = None
        self.connected = False
        self.ended = False


class Publishing(Session):
    """Somebody in a seat. ``copies``: the same feed in the rooms of other servers."""

    def __init__(self, hub: Hub, seat: Seat) -> None:
        super().__init__(hub)
        self.seat = seat
        self.feed = Feed(0, ())
        self.copies: dict[Hub, Feed] = {}
        self._receiving: dict[str, bool] = {}
        self.settled = asyncio.Event()
        """It sends, or it has ended."""

    @property
    def sending(self) -> bool:
        """Whether the server got packets within the last second."""
        return self.connected and any(self._receiving.values())

    def media(self, event: Event) -> None:
        """The server began or ceased to receive a stream."""
        self._receiving[str(event.get("mid", event.get("type", "")))] = bool(event.get("receiving"))
        if self.sending:
            self.settled.set()


class Viewing(Session):
    """Somebody who views; ``mids``: the subscription's stream of each type, ``feed`` what it shows now."""

    def __init__(self, hub: Hub) -> None:
        super().__init__(hub)
        self.mids: dict[str, str] = {}
        self.feed = 0
        self.answer = ""


class NothingToView(Exception):
    """Nobody has published on this stream yet, so there is nothing to offer."""


class JanusStream:
    """Its calls are made in one event loop. ``_turn`` lets one change of what viewers see go after the other."""

    def __init__(self, name: str, place: Place, spawn: Spawn) -> None:
        self.name = name
        self.place = place
        self.order = AirOrder()
        self.hushed = False
        self.seats: dict[Seat, Publishing] = {}
        self.viewers: dict[str, Viewing] = {}
        self._publishers: dict[str, Publishing] = {}
        self._spawn = spawn
        self._turn = asyncio.Lock()
        self.verdict = Verdict(None, "nobody_sends")
        self.shown: Seat | None = None
        self.shown_since = time.time()

    @property
    def empty(self) -> bool:
        """Whether nobody is here and nothing is ordered."""
        return not self._publishers and not self.viewers and self.order == AirOrder() and not self.hushed

    @property
    def home(self) -> Hub | None:
        """The server of what is on air."""
        source = self._source()
        return source.hub if source is not None else None

    def find(self, session: str) -> Session | None:
        """A session of either kind."""
        return self._publishers.get(session) or self.viewers.get(session)

    def sessions(self) -> list[Session]:
        """All of them."""
        return [*self._publishers.values(), *self.viewers.values()]

    # Who comes and goes

    async def publish(self, hub: Hub, seat: Seat, offer: str) -> tuple[Publishing, str]:
        """Seat a publisher; whoever sat there goes when this one is connected. Raises :class:`JanusError`."""
        one = Publishing(hub, seat)
        rooms = await hub.enter(self.place)
        handle, feed, answer = await rooms.publish(self.place, seat.value, offer, lambda event: self._heard(one, event))
        one.handle, one.feed = handle, feed
        self._publishers[one.id] = one
        if self.hushed:
            await rooms.mute(self.place, feed, muted=True)
        hub.came(viewer=False)
        return one, answer

    async def view(self, hub: Hub) -> tuple[Viewing, str]:
        """Offer what is on air. Raises :class:`NothingToView`, :class:`JanusError`."""
        source = self._source()
        if source is None:
            raise NothingToView
        rooms = await hub.enter(self.place)
        feed = await self._feed_at(hub, source)
        one = Viewing(hub)
        one.handle, one.mids, offer = await rooms.subscribe(self.place, feed, lambda event: self._heard(one, event))
        one.feed = feed.number
        self.viewers[one.id] = one
        hub.came(viewer=True)
        return one, offer

    async def start(self, one: Viewing, answer: str) -> None:
        """The viewer has answered the offer. Raises :class:`JanusError`."""
        if one.handle is None:
            raise JanusError(0, "the session has ended")
        one.answer = answer
        await one.handle.ask({"request": "start"}, {"type": "answer", "sdp": answer})
        self._soon()

    async def end(self, one: Session, reason: str) -> None:
        """End a session; harmless twice."""
        if one.ended:
            return
        one.ended = True
        self._forget(one)
        one.hub.went(viewer=isinstance(one, Viewing))
        log.info("session_closed", stream=self.name, publisher=isinstance(one, Publishing), reason=reason)
        self.decide()
        if isinstance(one, Publishing):
            one.settled.set()
            # Viewers go over to what is on air now before the feed is taken away.
            await self._show()
            for hub, copy in one.copies.items():
                if hub.up:
                    await hub.rooms.let_go(one.hub.rooms, self.place, one.feed, copy.number)
        if one.handle is not None and one.hub.up:
            await one.handle.detach()

    async def end_publishers(self) -> None:
        """End whoever publishes; those who view stay."""
        for one in list(self._publishers.values()):
            await self.end(one, "ended")

    async def hush(self, *, hushed: bool) -> None:
        """Drop the sound of whoever publishes, now and later, or let it pass again. Raises :class:`Refused`."""
        self.hushed = hushed
        try:
            for one in list(self._publishers.values()):
                await one.hub.rooms.mute(self.place, one.feed, muted=hushed)
        except JanusError as fault:
            message = "Máy chủ hình ảnh không tắt được tiếng. / The media server did not mute the sound."
            raise Refused("media_unavailable", message, 503, retry_after_s=1) from fault

    def lost(self, hub: Hub) -> None:
        """A server has gone with everybody on it."""
        for one in [each for each in self.sessions() if each.hub is hub]:
            one.ended = True
            self._forget(one)
        for publisher in self._publishers.values():
            publisher.copies.pop(hub, None)
        self.decide()

    def _forget(self, one: Session) -> None:
        self.viewers.pop(one.id, None)
        publisher = self._publishers.pop(one.id, None)
        if publisher is not None and self.seats.get(publisher.seat) is publisher:
            del self.seats[publisher.seat]

    def _heard(self, one: Session, event: Event) -> None:
        kind = event.get("janus")
        if kind == "webrtcup":
            one.connected = True
            log.info("session_open", stream=self.name, publisher=isinstance(one, Publishing))
            if isinstance(one, Publishing):
                old, self.seats[one.seat] = self.seats.get(one.seat), one
                if old is not None and old is not one:
                    self._spawn(self._replaced(old, one))
        elif kind in {"hangup", "detached"}:
            self._spawn(self.end(one, str(event.get("reason", kind))))
            return
        elif kind == "media" and isinstance(one, Publishing):
            one.media(event)
        else:
            return
        self.decide()

    async def _replaced(self, old: Publishing, new: Publishing) -> None:
        """Viewers go over to the new one before the old one ends, or the picture would be gone in between."""
        try:
            async with asyncio.timeout(REPLACED_S):
                await new.settled.wait()
        except TimeoutError:
            log.warning("replacement_silent", stream=self.name, seat=new.seat)
        await self._show()
        await self.end(old, "replaced")

    # Who is on air

    def ordered(self, order: AirOrder) -> None:
        """Another order of who is on air."""
        self.order = order
        self.decide()

    def decide(self) -> None:
        """Judge who should be on air, and let the viewers follow."""
        sending = {seat for seat, one in self.seats.items() if one.sending}
        self.verdict = judge(sending, self.order, self.shown)
        if self.verdict.seat is not None and self.verdict.seat is not self.shown:
            self.shown, self.shown_since = self.verdict.seat, time.time()
            log.info("on_air", stream=self.name, seat=self.shown, why=self.verdict.why)
        self._soon()

    def _soon(self) -> None:
        self._spawn(self._show())

    def _source(self) -> Publishing | None:
        on_air = self.seats.get(self.shown) if self.shown is not None else None
        return on_air or next(iter(self.seats.values()), None)

    async def _show(self) -> None:
        """Every viewer gets what is on air: the subscription is switched, nothing is negotiated again."""
        async with self._turn:
            source = self._source()
            if source is None:
                return
            for one in [each for each in self.viewers.values() if each.connected]:
                try:
                    feed = await self._feed_at(one.hub, source)
                    if one.feed != feed.number and not one.ended:
                        await self._switch(one, feed)
                except JanusError as fault:
                    log.warning("viewer_not_switched", stream=self.name, error=str(fault))

    async def _switch(self, one: Viewing, feed: Feed) -> None:
        if one.handle is None:
            return
        streams = [
            {"feed": feed.number, "mid": each.mid, "sub_mid": one.mids[each.type]}
            for each in feed.media
            if each.type in one.mids
        ]
        said = await one.handle.ask({"request": "switch", "streams": streams})
        one.feed = feed.number
        if said.jsep is not None:
            # What it showed had ended, so the server offers the same sections again. The viewer's first answer is
            # still the right one, and the viewer, who saw nothing of this, need not be asked.
            await one.handle.ask({"request": "start"}, {"type": "answer", "sdp": one.answer})

    async def _feed_at(self, hub: Hub, source: Publishing) -> Feed:
        """The source's feed in a server's room, sent on from its own server where that is another."""
        if hub is source.hub:
            return source.feed
        copy = source.copies.get(hub)
        if copy is None:
            rooms = await hub.enter(self.place)
            copy = await rooms.take_over(source.hub.rooms, self.place, source.feed, hub.address)
            source.copies[hub] = copy
            log.info("feed_sent_on", stream=self.name, source=source.hub.url, to=hub.url)
        return copy

    def stats(self) -> StreamStats:
        """What the centre knows of it. Janus counts packets by itself (its Admin API): they are 0 here."""
        on_air = self.seats.get(self.shown) if self.shown is not None else None
        return StreamStats(
            stream=self.name,
            publisher=Seat.LECTURER in self.seats or Seat.STANDBY in self.seats,
            on_air=on_air is not None and on_air.sending,
            viewers=sum(one.connected for one in self.viewers.values()),
            seats=[self._seat(seat) for seat in Seat],
            air=self.shown.value if self.shown is not None and self.seats else "",
            air_why=self.verdict.why,
            air_since_ms=round(self.shown_since * 1000),
        )

    def _seat(self, seat: Seat) -> SeatStats:
        one = self.seats.get(seat)
        if one is None:
            return SeatStats(seat)
        codec = next((each.codec for each in one.feed.media if each.type == "video"), "")
        return SeatStats(seat, connected=True, sending=one.sending, codec=codec)
