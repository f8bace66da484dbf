"""One stream over Janus: its seats, who is on air, its viewers on every server, and the feeds sent between servers."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine, Iterator, Mapping

import structlog

from orchestrator.errors import Refused
from orchestrator.media.janus.asking import Event, JanusError
from orchestrator.media.janus.cascade import keep_here
from orchestrator.media.janus.counts import Counts
from orchestrator.media.janus.hub import Hub
from orchestrator.media.janus.room import Feed, Place
from orchestrator.media.janus.session import Publishing, Session, Viewing, refresh
from orchestrator.media.port import AirOrder, AirTurn, Rung
from orchestrator.media.relay.air import Verdict, judge
from orchestrator.media.tokens import Seat

log = structlog.get_logger()
Spawn = Callable[[Coroutine[None, None, None]], None]
"""Starts what must go on by itself; its owner ends it."""

CONNECT_S = 20.0
"""Whoever has not connected for so long after the offer will not: the place is given back."""
REPLACED_S = 5.0
"""How long a publisher that another has replaced stays, at most, until that one sends."""
WAITING = 3
"""Publishers of one seat that are about to connect; beyond it the oldest of them goes."""
TURNS = 32
AT_ONCE = 64
"""Viewers that are switched together."""
AGAIN_S, AGAIN = 0.25, 40
"""A feed that has just been sent on is not there yet for who asks at once: so often it is asked for again."""


class JanusStream:
    """Its calls are made in one event loop. ``_switching`` lets one change of what a server's viewers see go
    after another; a server that hangs holds up nobody else's."""

    def __init__(self, name: str, place: Place, spawn: Spawn) -> None:
        self.name = name
        self.place = place
        self.order = AirOrder()
        self.hushed = False
        self.rungs: dict[str, Rung] = {}
        self.seats: dict[Seat, Publishing] = {}
        self.viewers: dict[str, Viewing] = {}
        self._publishers: dict[str, Publishing] = {}
        self._spawn = spawn
        self._switching: defaultdict[Hub, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._in_vain: defaultdict[Hub, int] = defaultdict(int)
        self._due: set[Hub] = set()
        """Where somebody is about to look at what the viewers see, and will find whatever is decided until then."""
        self._coming = 0
        self.verdict = Verdict(None, "nobody_sends")
        self.shown: Seat | None = None
        self.shown_since = time.time()
        self._last: Seat | None = None
        """Who was shown last: viewers stay there while nobody sends."""
        self.turns: deque[AirTurn] = deque(maxlen=TURNS)
        self.changes = 0
        self.counts = Counts()
        """Of all who were here since it began, as far as their servers tell."""

    @property
    def empty(self) -> bool:
        """Whether nobody is here and nothing is ordered."""
        ordered = self.order != AirOrder() or self.hushed or self.rungs
        return not self._publishers and not self.viewers and not self._coming and not ordered

    @property
    def home(self) -> Hub | None:
        """The server of what is on air."""
        source = self.source
        return source.hub if source is not None else None

    def find(self, session: str) -> Session | None:
        """A session of either kind."""
        return self._publishers.get(session) or self.viewers.get(session)

    def sessions(self) -> list[Session]:
        """All of them."""
        return [*self._publishers.values(), *self.viewers.values()]

    def beside(self, hub: Hub, seat: Seat) -> tuple[bool, bool]:
        """Whether at this server sits who is to stay when this seat's server is lost, and whether anybody else does."""
        apart = Seat.SLATE if seat is Seat.LECTURER else Seat.LECTURER
        others = {one.seat for one in self._publishers.values() if one.hub is hub} - {seat}
        return apart in others, bool(others)

    # Who comes and goes

    async def publish(self, hub: Hub, seat: Seat, offer: str, subject: str = "") -> tuple[Publishing, str]:
        """Seat a publisher; whoever sat there goes when this one is connected. Raises :class:`JanusError`."""
        one = Publishing(hub, seat, subject)
        with self._entering(hub, viewer=False):
            rooms = await hub.enter(self.place)
            one.handle, one.feed, answer = await rooms.publish(
                self.place, seat.value, offer, lambda event: self._heard(one, event)
            )
        self._publishers[one.id] = one
        self._spawn(self._expect(one))
        self._make_way(seat)
        fault = await self._mute(one, muted=True) if self.hushed else None
        if fault is not None:
            self._spawn(self.end(one, "not_muted"))
            raise fault
        return one, answer

    def _make_way(self, seat: Seat) -> None:
        """Who asks again and again and never connects takes no place from the other seats."""
        waiting = [each for each in self._publishers.values() if each.seat is seat and not each.connected]
        for old in waiting[:-WAITING]:
            self._spawn(self.end(old, "crowded_out"))

    async def view(self, hub: Hub, subject: str) -> tuple[Viewing, str]:
        """Offer to view, from the room's placeholder: who is on air follows once the way stands. Raises
        :class:`JanusError`."""
        one = Viewing(hub, subject)
        one.share.order = self.rungs.get(subject)
        with self._entering(hub, viewer=True):
            one.feed = await hub.placeholder(self.place)
            one.handle, one.mids, offer = await hub.rooms.subscribe(
                self.place, one.feed, lambda event: self._heard(one, event)
            )
        self.viewers[one.id] = one
        self._spawn(self._expect(one))
        return one, offer

    @contextlib.contextmanager
    def _entering(self, hub: Hub, *, viewer: bool) -> Iterator[None]:
        self._coming += 1
        try:
            with hub.coming(viewer=viewer):
                yield
        except JanusError as fault:
            hub.misses(self.place, fault)
            raise
        finally:
            self._coming -= 1

    async def _expect(self, one: Session) -> None:
        await asyncio.sleep(CONNECT_S)
        if not one.connected:
            await self.end(one, "never_connected")

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
            await self._take_away(one)
        if one.handle is not None:
            await one.handle.detach()

    async def _take_away(self, one: Publishing) -> None:
        """Its feed in other servers' rooms, once nobody there sees it any more."""
        await self._show()
        for hub, copy in one.copies.items():
            if hub.up:
                await hub.cascade.let_go(one.hub.rooms, self.place, one.feed, copy)

    async def end_publishers(self, subject: str = "") -> None:
        """End whoever publishes, or only ``subject``; those who view stay."""
        for one in list(self._publishers.values()):
            if not subject or one.subject == subject:
                await self.end(one, "ended")

    async def hush(self, *, hushed: bool) -> None:
        """Drop the sound of whoever publishes, now and later, or let it pass again. Raises :class:`Refused`."""
        self.hushed = hushed
        # All at once: a server that hangs lets the sound of nobody else pass.
        told = await asyncio.gather(*(self._mute(one, muted=hushed) for one in list(self._publishers.values())))
        fault = next((each for each in told if each is not None), None)
        if fault is not None:
            message = "Máy chủ hình ảnh không tắt được tiếng. / The media server did not mute the sound."
            raise Refused("media_unavailable", message, 503, retry_after_s=1) from fault

    async def _mute(self, one: Publishing, *, muted: bool) -> JanusError | None:
        try:
            await one.hub.rooms.mute(self.place, one.feed, muted=muted)
        except JanusError as fault:
            return fault
        return None

    def lost(self, hub: Hub) -> None:
        """A server has gone with everybody on it. Who views at another goes on with who publishes at another."""
        for one in [each for each in self.sessions() if each.hub is hub]:
            one.ended = True
            self._forget(one)
            if isinstance(one, Publishing):
                one.settled.set()
                self._spawn(self._take_away(one))
        for publisher in self._publishers.values():
            copy = publisher.copies.pop(hub, None)
            if copy is not None:
                # Else its packets go on to a port where soon somebody else may listen.
                self._spawn(keep_here(publisher.hub.rooms, self.place, publisher.feed, copy))
        self.decide()

    def _forget(self, one: Session) -> None:
        self.viewers.pop(one.id, None)
        publisher = self._publishers.pop(one.id, None)
        if publisher is not None and self.seats.get(publisher.seat) is publisher:
            del self.seats[publisher.seat]

    def _heard(self, one: Session, event: Event) -> None:
        kind = event.get("janus")
        if kind in {"hangup", "detached"}:
            self._spawn(self.end(one, str(event.get("reason", kind))))
        elif isinstance(one, Viewing):
            self._heard_of_viewer(one, event)
        elif isinstance(one, Publishing):
            self._heard_of_publisher(one, event)

    def _heard_of_publisher(self, one: Publishing, event: Event) -> None:
        if event.get("janus") == "webrtcup":
            one.connected = True
            log.info("session_open", stream=self.name, publisher=True)
            old, self.seats[one.seat] = self.seats.get(one.seat), one
            if old is not None and old is not one:
                self._spawn(self._replaced(old, one))
        elif event.get("janus") == "media":
            one.media(event)
        else:
            return
        self.decide()

    def _heard_of_viewer(self, one: Viewing, event: Event) -> None:
        kind = event.get("janus")
        if kind == "webrtcup":
            one.connected = True
            log.info("session_open", stream=self.name, publisher=False)
            self._soon()
        elif kind == "slowlink":
            if event.get("media") == "video" and one.share.lossy(time.monotonic()):
                self._spawn(self._configure(one))
        elif kind == "event":
            told = event.get("plugindata", {}).get("data", {})
            if "substream" in told and told.get("mid") == one.mids.get("video"):
                one.share.substream = layer = int(told["substream"])
                source = self.source
                if source is not None:
                    source.best = max(source.best, layer)

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
        self.verdict = judge(sending, self.order, self._last)
        seat = self.verdict.seat
        if seat is not self.shown:
            self.shown, self.shown_since, self._last = seat, time.time(), seat or self._last
            self.changes += 1
            self.turns.append(AirTurn(seat.value if seat else "", self.verdict.why, round(self.shown_since * 1000)))
            log.info("on_air", stream=self.name, seat=seat, why=self.verdict.why)
        self._soon()

    def _soon(self) -> None:
        for hub in self._watched() - self._due:
            self._due.add(hub)
            self._spawn(self._show_at(hub))

    def _watched(self) -> set[Hub]:
        return {each.hub for each in self.viewers.values() if each.connected}

    @property
    def source(self) -> Publishing | None:
        """Whom the viewers see, or would."""
        on_air = self.seats.get(self._last) if self._last is not None else None
        return on_air or next(iter(self.seats.values()), None)

    async def _show(self) -> None:
        """Every viewer gets what is on air: the subscription is switched, nothing is negotiated again."""
        await asyncio.gather(*(self._show_at(hub) for hub in self._watched()))

    async def _show_at(self, hub: Hub) -> None:
        async with self._switching[hub]:
            self._due.discard(hub)
            try:
                feed = await self._feed_at(hub, self.source)
                watching = [each for each in self.viewers.values() if each.hub is hub and each.connected]
                late = [each for each in watching if each.feed.number != feed.number]
                for begin in range(0, len(late), AT_ONCE):
                    await asyncio.gather(*(self._switch(each, feed) for each in late[begin : begin + AT_ONCE]))
                self._look_again(hub, left=any(each.feed.number != feed.number and not each.ended for each in late))
                await self._have_ready(hub)
            except JanusError as fault:
                log.warning("viewers_not_switched", stream=self.name, server=hub.url, error=str(fault))

    def _look_again(self, hub: Hub, *, left: bool) -> None:
        """Whom the server did not switch is switched soon: who stays where he was sees nothing."""
        self._in_vain[hub] = self._in_vain[hub] + 1 if left else 0
        if 0 < self._in_vain[hub] <= AGAIN:
            self._spawn(self._show_later(hub))

    async def _show_later(self, hub: Hub) -> None:
        await asyncio.sleep(AGAIN_S)
        if hub.up:
            await self._show_at(hub)

    async def _have_ready(self, hub: Hub) -> None:
        """The slate waits at every server with viewers: it is what they see when the lecturer's server is lost."""
        slate = self.seats.get(Seat.SLATE)
        if slate is not None and slate.sending:
            await self._feed_at(hub, slate)

    async def _switch(self, one: Viewing, feed: Feed) -> None:
        try:
            await one.show(feed)
        except JanusError as fault:
            log.warning("viewer_not_switched", stream=self.name, error=str(fault))

    async def _feed_at(self, hub: Hub, source: Publishing | None) -> Feed:
        """The source's feed in a server's room, sent on from its own server where that is another."""
        if source is None:
            return await hub.placeholder(self.place)
        if hub is source.hub:
            return source.feed
        copy = source.copies.get(hub)
        if copy is None:
            await hub.enter(self.place)
            copy = await hub.cascade.take(source.hub.rooms, self.place, source.feed)
            source.copies[hub] = copy
            self._spawn(refresh(self.viewers, copy))
            log.info("feed_sent_on", stream=self.name, source=source.hub.url, to=hub.url)
        return copy

    def counted(self, one: Session, counts: Counts, now: float) -> None:
        """What a session's server counts of it; ``now`` of the monotonic clock."""
        grown = counts - one.counts
        one.counts = counts
        self.counts += grown
        if isinstance(one, Publishing):
            sent = one.sending
            one.counted(grown, now)
            if one.sending is not sent:
                self.decide()
        elif isinstance(one, Viewing) and one.counted(grown, now):
            self._spawn(self._configure(one))

    # How much each gets

    async def set_rungs(self, rungs: Mapping[str, Rung]) -> None:
        """What an operator ordered, by subject, instead of what was ordered before."""
        self.rungs = dict(rungs)
        for one in list(self.viewers.values()):
            order = self.rungs.get(one.share.subject)
            if order is not one.share.order:
                one.share.order = order
                await self._configure(one)

    async def climb(self) -> None:
        """Once in a while: whoever lost nothing for some time gets more."""
        now = time.monotonic()
        for one in list(self.viewers.values()):
            if one.share.tick(now):
                await self._configure(one)

    async def _configure(self, one: Viewing) -> None:
        try:
            await one.configure()
        except JanusError as fault:
            log.warning("viewer_not_configured", stream=self.name, error=str(fault))
