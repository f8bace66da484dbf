"""What waits to be sent: one bounded lane for pictures and one for sound, both paced by one beginning.

Every packet is sent when it is due by its own timestamp, so that picture and sound leave together: the sender reports
then say the truth about both (RFC 3550 §6.4.1), and viewers keep lips and voice together.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from fractions import Fraction
from typing import Any

import msgspec
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av.packet import Packet

VIDEO_CLOCK, AUDIO_CLOCK = 90_000, 48_000
LATE_S = 0.5
"""A packet that is this late (a stopped computer, a new source) begins a new pace instead of a burst."""
EARLY_S = 2.0
"""Likewise one that is due so far ahead: its timestamps have jumped."""


class Waiting(msgspec.Struct, frozen=True):
    """One access unit or one Opus packet: ``timestamp`` in units of its lane's clock."""

    timestamp: int
    content: bytes


class Pace:
    """When a timestamp is due on the monotonic clock, shared by both lanes; ``lead_s`` after the first one came."""

    def __init__(self, lead_s: float) -> None:
        self._lead_s = lead_s
        self._began_s: float | None = None

    def wait_s(self, at_s: float, now: float) -> float:
        """Seconds until ``at_s`` seconds of the source are due; 0 when they are."""
        if self._began_s is None:
            self._began_s = now - at_s + self._lead_s
        wait_s = self._began_s + at_s - now
        if wait_s < -LATE_S or wait_s > EARLY_S:
            self._began_s = now - at_s + self._lead_s
            wait_s = self._lead_s
        return max(0.0, wait_s)


class Lane:
    """Packets of one kind between their source and one sender. Full: everything waiting goes, and a picture lane takes
    the next keyframe first. Closed (nobody connected): nothing is kept."""

    def __init__(self, kind: str, clock: int, packets: int, octets: int) -> None:
        self.kind = kind
        self.clock = clock
        self._most = (packets, octets)
        self._waiting: deque[Waiting] = deque()
        self._octets = 0
        self._come = asyncio.Event()
        self._open = False
        self._keyframe_first = self._fresh = False
        self.sent = 0
        self.dropped = 0

    def open(self) -> None:
        """Somebody will take; pictures begin with a keyframe."""
        self._open = self._fresh = True
        self._empty()

    def close(self) -> None:
        """Nobody takes any more."""
        self._open = False
        self._empty()

    def put(self, packet: Waiting, *, keyframe: bool) -> None:
        """Let a packet wait for its moment, or drop it."""
        if not self._open:
            return
        packets, octets = self._most
        if len(self._waiting) >= packets or self._octets + len(packet.content) > octets:
            self.dropped += len(self._waiting)
            self._empty()
        if self._keyframe_first and not keyframe:
            self.dropped += not self._fresh  # nobody misses what came before the first keyframe
            return
        self._keyframe_first = self._fresh = False
        self._waiting.append(packet)
        self._octets += len(packet.content)
        self._come.set()

    async def take(self, pace: Pace) -> Waiting:
        """The next packet, at its moment."""
        while True:
            while not self._waiting:
                self._come.clear()
                await self._come.wait()
            first = self._waiting[0]
            wait_s = pace.wait_s(first.timestamp / self.clock, time.monotonic())
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            if self._waiting and self._waiting[0] is first:
                self._waiting.popleft()
                self._octets -= len(first.content)
                self.sent += 1
                return first

    def _empty(self) -> None:
        self._waiting.clear()
        self._octets = 0
        self._keyframe_first = self.kind == "video"


class LaneTrack(MediaStreamTrack):
    """A lane as aiortc's sender reads it: packets go out as they are, only cut to RTP's size."""

    def __init__(self, lane: Lane, pace: Pace) -> None:
        super().__init__()
        self.kind = lane.kind
        self._lane = lane
        self._pace = pace

    async def recv(self) -> Packet[Any]:
        """The next packet of the lane, at its moment."""
        if self.readyState != "live":
            raise MediaStreamError
        waiting = await self._lane.take(self._pace)
        packet: Packet[Any] = Packet(waiting.content)
        packet.pts, packet.time_base = waiting.timestamp, Fraction(1, self._lane.clock)
        return packet
