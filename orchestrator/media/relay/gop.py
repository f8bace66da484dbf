"""The packets since the last keyframe: what a late viewer is given so that it sees a picture at once."""

from __future__ import annotations

from orchestrator.media.relay.rtp import TIMESTAMPS, Packet, ahead


class Gop:
    """A bounded group of pictures. Beyond a bound it is given up until the next keyframe.

    ``number`` changes with every new group, so that a reader of ``packets`` by index knows when its group is gone.
    """

    def __init__(self, packets: int, size: int, seconds: float) -> None:
        self._limits = (packets, size, seconds)
        self._picture: list[Packet] = []
        self._bytes = 0
        self._since = 0.0
        self._timestamp: int | None = None
        self.number = 0
        self.packets: list[Packet] = []

    def add(self, packet: Packet, *, opens: bool, now: float) -> bool:
        """Take a packet; ``opens`` when it holds the start of a keyframe. True when a new group began with it."""
        if self._timestamp is None or ahead(packet.timestamp, self._timestamp, TIMESTAMPS) > 0:
            self._timestamp, self._picture = packet.timestamp, []
        current = packet.timestamp == self._timestamp
        if current:
            self._picture.append(packet)
        if opens and current and not self._begun_by(packet.timestamp):
            self._begin(now)
            return True
        self._append(packet, now)
        return False

    def _begin(self, now: float) -> None:
        """The group begins with the picture's first packet, which may come before the one that told."""
        self.number += 1
        self.packets, self._bytes, self._since = [], 0, now
        for packet in self._picture:
            self._append(packet, now)

    def _begun_by(self, timestamp: int) -> bool:
        return bool(self.packets) and self.packets[0].timestamp == timestamp

    def _append(self, packet: Packet, now: float) -> None:
        if self.number == 0 or (self._bytes and not self.packets):
            return
        if self.packets and ahead(packet.sequence, self.packets[0].sequence) < 0:
            return
        packets, size, seconds = self._limits
        self._bytes += len(packet.payload) + 12
        if len(self.packets) >= packets or self._bytes > size or now - self._since > seconds:
            self.forget()
            return
        self.packets.append(packet)

    def forget(self) -> None:
        """Give the group up: nothing is offered until the next keyframe."""
        self.packets = []
        self._bytes = max(1, self._bytes)
        self.number += 1
        self._picture = []
