"""One stream written down: packets in, files of whole fragments out. Pure but for the files, which are a port.

A file begins with a key picture and holds some minutes; a new one begins after a break, with another picture size, and
when sound alone becomes sound and picture. A fragment is handed to the disk at least every 0.25 s, and with every key
picture, whatever the distance of key pictures; at the beginning of a source once the first half second has come.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

import msgspec

from orchestrator.media.recorder import h264, mp4, opus, vp8
from orchestrator.media.recorder.alignment import Alignment
from orchestrator.media.recorder.gathering import Gathering, Picture
from orchestrator.media.recorder.mp4 import VIDEO_RATE, VideoHead, fragment, head
from orchestrator.media.recorder.reorder import Ordered, Reorder
from orchestrator.media.relay.rtcp import SenderReport
from orchestrator.media.relay.rtp import Arrival

H264, VP8, OPUS = 102, 100, 111
"""The payload types that are asked for: a packet's tells its codec."""
FRAGMENT_S = 0.25
HOLD_S = 0.1
SURE_S = 0.5
"""Without reports of both tracks for so long after a source began, arrival tells how they lie together, until there are
reports. Until then its samples wait in memory, where a crash takes them: once written they cannot be moved."""
ALONE_S = 0.7
"""Sound without a picture for so long is written alone: it must not wait in memory either."""
SILENCE_S = 3.0
"""Without any packet for so long the file ends: what comes later is another."""
KEY_EVERY_S = 20.0
"""At the latest a key picture is asked for, so that whoever plays the file can find any moment."""
ASK_KEY_S = 1.0
WAITING_LIMIT = 4096
EARLY_LIMIT = 8
"""Sources whose reports came before their first packet."""


class Wishes(msgspec.Struct, frozen=True):
    """What the sender is asked for: lost packets by kind, a key picture."""

    missing: dict[str, list[int]]
    key: bool


class Opening(msgspec.Struct, frozen=True):
    """A file begins: with which picture size (0: sound alone), where on the line, in ticks; ``ago_s``: how long ago its
    first sample came."""

    width: int
    height: int
    starts: int
    ago_s: float


class Span(msgspec.Struct, frozen=True):
    """What a fragment holds, in ticks of the line; ``key``: whether a file may begin with it."""

    starts: int
    ends: int
    key: bool


class Files(Protocol):
    """Where fragments go. What cannot be written is the disk's to tell; a take goes on."""

    def open(self, opening: Opening, head: bytes) -> None: ...

    def append(self, fragment: bytes, span: Span) -> None: ...

    def close(self, why: str) -> None: ...


class _Waiting(msgspec.Struct, frozen=True):
    """A sample before its place on the line is known; ``picture`` None for sound."""

    kind: str
    extended: int
    picture: Picture | None
    payload: bytes
    samples: int
    since: float


class Take:
    """``starts``: ticks of the line that earlier files fill. ``now`` of the monotonic clock, ``wall`` gives seconds
    since 1900. Its only caller is the recorder's loop."""

    def __init__(self, files: Files, *, starts: int, segment_s: float, wall: Callable[[], float]) -> None:
        self._files = files
        self._segment_s = segment_s
        self._wall = wall
        self._line = starts
        self._open: Opening | None = None
        self._opened_at = 0.0
        self._head: VideoHead | None = None
        self._gathering = Gathering(starts)
        self._written = starts
        self._number = 0
        self._last_packet: float | None = None
        self._asked_key = 0.0
        self._now = 0.0
        self.packets = 0
        self._lost_before = 0
        self._begin_source()

    @property
    def lost(self) -> int:
        """Packets that never came, of all sources so far."""
        return self._lost_before + sum(order.lost for order in self._order.values())

    def _begin_source(self) -> None:
        self._order = {"audio": Reorder(), "video": Reorder()}
        self._pictures: h264.Pictures | vp8.Pictures | None = None
        self._alignment = Alignment()
        self._early: dict[tuple[str | None, int], SenderReport] = {}
        self._waiting: deque[_Waiting] = deque(maxlen=WAITING_LIMIT)
        self._first: float | None = None
        self._placed = False
        self._base: float | None = None
        self._last_key: float | None = None
        self._sound_since: float | None = None

    def _next_source(self) -> None:
        self._lost_before = self.lost
        self._begin_source()

    # What comes in

    def packet(self, kind: str, packet: Arrival, now: float) -> None:
        """One packet of the stream."""
        self.packets += 1
        self._now = self._last_packet = now
        if self._first is None:
            self._first = now
        order = self._order[kind]
        order.add(packet, now)
        for ordered in order.take(now):
            self._ordered(kind, ordered, now)

    def _ordered(self, kind: str, ordered: Ordered, now: float) -> None:
        packet = ordered.packet
        extended = self._alignment.clocks[kind].extended(packet.timestamp)
        self._alignment.arrived(kind, extended, self._wall())
        early = self._early.pop((kind, packet.ssrc), None) or self._early.pop((None, packet.ssrc), None)
        if early is not None:
            self._alignment.report(kind, early.ntp, early.timestamp)
        if kind == "audio":
            samples = opus.samples(packet.payload)
            if samples:
                self._waiting.append(_Waiting(kind, extended, None, packet.payload, samples, now))
                self._sound_since = now if self._sound_since is None else self._sound_since
        else:
            if self._pictures is None:
                self._pictures = vp8.Pictures() if packet.payload_type == VP8 else h264.Pictures()
            for picture in self._pictures.add(ordered):
                at = self._alignment.clocks[kind].extended(picture.timestamp)
                self._waiting.append(_Waiting(kind, at, picture, b"", 0, now))

    def report(self, kind: str | None, report: SenderReport) -> None:
        """A sender report about one of the two sources; None: of a source that has sent nothing yet."""
        if kind is not None and self._alignment.clocks[kind].started:
            self._alignment.report(kind, report.ntp, report.timestamp)
        elif (kind, report.ssrc) in self._early or len(self._early) < EARLY_LIMIT:
            self._early[kind, report.ssrc] = report

    def another_source(self) -> None:
        """What comes next has numbers and timestamps of its own."""
        self.finish("reconnected")
        self._next_source()

    # What goes out

    def tick(self, now: float) -> Wishes:
        """Every few hundredths of a second: write what is due, say what is missing."""
        self._now = now
        for kind, order in self._order.items():
            for ordered in order.take(now):
                self._ordered(kind, ordered, now)
        self._place(now)
        if self._open is not None:
            self._gathering.keep_up(now)
            if self._gathering.age(now) >= FRAGMENT_S:
                self._write(self._gathering.take(now, hold_s=HOLD_S))
            if self._last_packet is not None and now - self._last_packet > SILENCE_S:
                self.finish("silence")
                self._next_source()
        return Wishes({kind: order.missing(now) for kind, order in self._order.items()}, self._wants_key(now))

    def finish(self, why: str) -> None:
        """End the file, with all that has come."""
        self._placed = True
        self._place(self._now)
        if self._open is None:
            return
        self._write(self._gathering.take(float("inf"), hold_s=0.0))
        self._files.close(why)
        self._line = self._gathering.end
        self._open, self._base = None, None

    def figures(self) -> dict[str, tuple[int, int]]:
        """Highest sequence number and losses, by kind."""
        return {kind: (order.highest, order.lost) for kind, order in self._order.items()}

    def _wants_key(self, now: float) -> bool:
        if self._first is None or not self._order["video"].received or now - self._asked_key < ASK_KEY_S:
            return False
        seen = self._last_key
        overdue = seen is not None and now - seen > min(KEY_EVERY_S, self._segment_s)
        rolls = self._open is not None and now - self._opened_at > self._segment_s
        if not (self._pictures is None or self._pictures.waits_for_key or overdue or rolls):
            return False
        self._asked_key = now
        return True

    # Where samples stand

    def _place(self, now: float) -> None:
        """Give samples their place, once it is known how the two tracks lie together."""
        if not self._placed:
            if self._first is None or not (self._alignment.sure or now - self._first >= SURE_S):
                return
            self._placed = True
        while self._waiting:
            if self._open is None and not self._opens(now):
                return
            if self._open is None or self._base is None:
                return
            one = self._waiting.popleft()
            seconds = self._alignment.seconds(one.kind, one.extended) - self._base
            ticks = self._line + round(seconds * VIDEO_RATE)
            if one.picture is not None:
                self._picture(ticks, one.picture, one.since, now)
            elif ticks >= self._line:
                self._gathering.sound(ticks, one.payload, one.samples, one.since)

    def _opens(self, now: float) -> bool:
        """Begin a file with the first key picture, or with sound that has been alone for long enough."""
        first = next((one for one in self._waiting if one.picture is not None and one.picture.key), None)
        if first is not None and first.picture is not None:
            video = first.picture.head()
            if video is None:
                self._waiting.remove(first)
                return False
            since = first.since
            self._base = self._alignment.seconds(first.kind, first.extended)
        else:
            if self._sound_since is None or now - self._sound_since < ALONE_S:
                return False
            video, since = None, self._sound_since
            sound = next(one for one in self._waiting if one.picture is None)
            self._base = self._alignment.seconds(sound.kind, sound.extended)
        self._gathering = Gathering(self._line)
        self._written = self._line
        self._begin_file(video, self._line, now, now - since)
        return True

    def _begin_file(self, video: VideoHead | None, starts: int, now: float, ago_s: float) -> None:
        self._head = video
        self._opened_at = now - ago_s
        self._open = Opening(video.width if video else 0, video.height if video else 0, starts, ago_s)
        self._files.open(self._open, head(video))

    def _picture(self, ticks: int, picture: Picture, since: float, now: float) -> None:
        if not picture.key:
            if self._head is not None:
                self._gathering.picture(ticks, picture, since)
            return
        video = picture.head() or self._head
        if video is None:
            return
        self._last_key = now
        self._gathering.picture(ticks, picture, since)
        self._write(self._gathering.take_before_key())
        if video != self._head or now - self._opened_at >= self._segment_s:
            self._files.close("next")
            self._begin_file(video, self._gathering.end, now, 0.0)

    def _write(self, runs: list[mp4.Run]) -> None:
        if runs:
            self._number += 1
            starts, self._written = self._written, self._gathering.end
            key = runs[0].track == mp4.AUDIO or runs[0].samples[0].key
            self._files.append(fragment(self._number, runs), Span(starts, self._written, key))
