"""Who is connected to a Janus server: somebody in a seat, or somebody who views."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Mapping

from orchestrator.media.janus.asking import Event, JanusError
from orchestrator.media.janus.cascade import Copy
from orchestrator.media.janus.client import Handle
from orchestrator.media.janus.counts import Counts
from orchestrator.media.janus.hub import Hub
from orchestrator.media.janus.ladder import Share
from orchestrator.media.janus.room import Feed
from orchestrator.media.tokens import Seat

SILENT_S = 0.7
"""Whose packets are not counted any more for so long does not send; what a look costs comes on top."""

WAY_BACK_S = 0.25
MOST_ASK = 3
"""One is enough, unless it is about to leave."""
REPORTS_S = 2.5
"""A viewer tells about once a second what it missed: a share of less time than this would be of few reports or none."""


class Session:
    """A publisher's or a viewer's peer connection, as its resource URL names it."""

    def __init__(self, hub: Hub) -> None:
        self.id = secrets.token_urlsafe(18)
        self.etag = f'"{secrets.token_hex(6)}"'
        self.hub = hub
        self.handle: Handle | None = None
        self.connected = False
        self.ended = False
        self.counts = Counts()


class Publishing(Session):
    """Somebody in a seat. ``subject``: whose token it was; ``copies``: the same feed in the rooms of other servers."""

    def __init__(self, hub: Hub, seat: Seat, subject: str = "") -> None:
        super().__init__(hub)
        self.seat = seat
        self.subject = subject
        self.feed = Feed(0, ())
        self.copies: dict[Hub, Copy] = {}
        self.best = 0
        """The highest of its encodings that any viewer got."""
        self._receiving: dict[str, bool] = {}
        self._grew: float | None = None
        self._silent = False
        self.settled = asyncio.Event()
        """It sends, or it has ended."""

    @property
    def sending(self) -> bool:
        """Whether the server got packets within the last second."""
        return self.connected and any(self._receiving.values()) and not self._silent

    def media(self, event: Event) -> None:
        """The server began or ceased to receive a stream."""
        self._receiving[str(event.get("mid", event.get("type", "")))] = bool(event.get("receiving"))
        if self.sending:
            self.settled.set()

    def counted(self, grown: Counts, now: float) -> None:
        """The server counts this more than at the last look; ``now`` of the monotonic clock."""
        if grown.packets_in or self._grew is None:
            self._grew = now
        self._silent = now - self._grew > SILENT_S


class Viewing(Session):
    """Somebody who views; ``mids``: the subscription's stream of each type, ``feed`` what it shows now."""

    def __init__(self, hub: Hub, subject: str) -> None:
        super().__init__(hub)
        self.mids: dict[str, str] = {}
        self.feed = Feed(0, ())
        self.answer = ""
        self.share = Share(subject)
        self._looked: float | None = None
        """When its share of losses was last reckoned; of the monotonic clock."""
        self._grown = Counts()
        self.loss = 0.0
        """Share of the packets of the last while that did not arrive."""

    def counted(self, grown: Counts, now: float) -> bool:
        """The server counts this more than at the last look; returns whether it should get less."""
        if self._looked is None:
            self._looked = now
        self._grown += grown
        seconds = now - self._looked
        if seconds < REPORTS_S or not self._grown.packets_out:
            return False
        self.loss = min(1.0, self._grown.missed / self._grown.packets_out)
        self._looked, self._grown = now, Counts()
        return self.share.missed(self.loss, seconds, now)

    async def show(self, feed: Feed) -> None:
        """Get what this feed sends; nothing is negotiated again. Raises :class:`JanusError`."""
        if self.handle is None or self.ended:
            return
        streams = [
            {"feed": feed.number, "mid": each.mid, "sub_mid": self.mids[each.type]}
            for each in feed.media
            if each.type in self.mids
        ]
        said = await self.handle.ask({"request": "switch", "streams": streams})
        self.feed = feed
        if said.jsep is not None:
            # What it showed had ended, so the server offers the same sections again. The viewer's first answer is
            # still the right one, and the viewer, who saw nothing of this, need not be asked.
            await self.handle.ask({"request": "start"}, {"type": "answer", "sdp": self.answer})
        self.share.begins(layered=feed.layered)
        if not self.share.ordinary:
            # A switch sets everything to the best.
            await self.configure()

    async def configure(self) -> None:
        """Get as much as its share is; told once it is connected and shown something. Raises :class:`JanusError`."""
        mid = self.mids.get("video")
        if mid is not None and self.handle is not None and self.connected and not self.ended:
            await self.handle.ask({"request": "configure", "streams": [self.share.wish(mid)]})


async def refresh(viewers: Mapping[str, Viewing], copy: Copy) -> None:
    """Some who see a feed that another server has just begun to send ask for a keyframe once more: what a switch asks
    for is lost until the way back to that server stands."""
    await asyncio.sleep(WAY_BACK_S)
    for one in [each for each in viewers.values() if each.feed is copy and not each.share.sound_alone][:MOST_ASK]:
        with contextlib.suppress(JanusError):
            await one.configure()
