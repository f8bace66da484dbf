"""One viewer's picture: which layer its lane follows, which it should follow, and the clock that runs through both."""

from __future__ import annotations

from orchestrator.media.relay.choice import Choice
from orchestrator.media.relay.fan import Fan
from orchestrator.media.relay.gop import Gop
from orchestrator.media.relay.lane import Lane
from orchestrator.media.relay.peer import Peer
from orchestrator.media.relay.rates import Line
from orchestrator.media.relay.rtp import SEQUENCES, TIMESTAMPS, Packet, ahead

HISTORY, KEPT = 48, 12
"""Of so many newest packets so many are sent twice as padding."""
OWED_BYTES = 40_000.0
"""The most that a try may catch up on when the loop was late."""


class View:
    """``at``: the layer whose packets go out or are waited for; None while the picture is paused."""

    def __init__(self, peer: Peer, lane: Lane, layer: int) -> None:
        self.peer = peer
        self.lane = lane
        self.at: int | None = layer
        self.choice = Choice()
        self._clock: tuple[float, int] | None = None
        """The relay's NTP time and the outgoing timestamp of one moment: the lane's clock for good."""
        self._told = False
        """That clock rests on the sender's reports, not on when its packets came."""
        self._newest: int | None = None
        """The last timestamp that may have gone out before the lane was stopped."""
        self._kept: list[tuple[int, bytes]] = []
        self._owed = 0.0
        self._turn = 0

    @property
    def moving(self) -> bool:
        """Whether another layer is wanted than the one it follows."""
        return self.choice.layer != self.at

    def line(self) -> Line:
        """What the viewer reported last."""
        peer = self.peer
        loss = peer.loss.get("video", 0) / 256
        return Line(peer.estimate_bps, peer.estimate_at, loss, peer.round_trip_s, peer.round_trip_at)

    def stamp_at(self, ntp: float) -> int | None:
        """What the lane's own clock says at the relay's NTP time, whatever it follows; None before it is known."""
        if self._clock is None:
            return None
        began, stamp = self._clock
        return (stamp + round((ntp - began) * self.lane.clock_rate)) % TIMESTAMPS

    def stop(self, fan: Fan, ntp: float) -> None:
        """Follow ``fan`` no more; the numbering goes on from what went out."""
        lane, track = self.lane, fan.track
        fan.settle(lane)
        known = track.clock(ntp)
        if not self._told and known is not None and lane.highest is not None:
            self._clock, self._told = (ntp, (known + lane.timestamp_shift) % TIMESTAMPS), True
        if lane.live:
            self._kept = self._repeats(fan, KEPT)
        if lane.highest is not None:
            self._newest = (track.timestamp + lane.timestamp_shift) % TIMESTAMPS
        lane.leave_off(track.pictures)
        fan.leave(self.peer)
        lane.pause()

    def begin(self, fan: Fan, gop: Gop, ntp: float, now: float) -> None:
        """Begin at the head of the fan's group of pictures, where the lane's own clock says it is.

        The lane's relation to the sender's clock stays as it is, so that sound and picture keep together; only never
        backwards, nor the same stamp twice.
        """
        lane = self.lane
        lane.catch_up(gop)
        track = fan.track.guess_clock(ntp, now)
        if track is None:
            return
        stamp = self.stamp_at(ntp)
        if stamp is None:
            stamp = (track + lane.timestamp_shift) % TIMESTAMPS
            self._clock, self._told = (ntp, stamp), fan.track.clock(ntp) is not None
        lane.timestamp_shift = (stamp - track) % TIMESTAMPS
        if self._newest is not None:
            behind = ahead(self._newest, lane.stamp(gop.packets[0].timestamp), TIMESTAMPS)
            if behind >= 0:
                lane.timestamp_shift = (lane.timestamp_shift + behind + 1) % TIMESTAMPS

    def padding(self, seconds: float, fan: Fan | None) -> list[Packet]:
        """Packets of the RTX lane that repeat what the viewer has, so that the choice's try has its rate."""
        lane = self.lane
        if self.choice.padding_bps <= 0 or lane.repair is None:
            self._owed = 0.0
            return []
        if fan is not None and lane.live:
            fan.settle(lane)
            self._kept = self._repeats(fan, KEPT) or self._kept
        self._owed = min(self._owed + self.choice.padding_bps * seconds / 8, OWED_BYTES)
        packets: list[Packet] = []
        while self._owed > 0 and self._kept and len(packets) < 64:
            self._turn += 1
            stamp, content = self._kept[self._turn % len(self._kept)]
            lane.repair.next_sequence = (lane.repair.next_sequence + 1) % SEQUENCES
            packets.append(Packet(lane.repair.next_sequence, stamp, 0, content))
            self._owed -= len(content)
        return packets

    def _repeats(self, fan: Fan, count: int) -> list[tuple[int, bytes]]:
        """The largest of the newest packets as RTX (RFC 4588 §4) would carry them."""
        lane, found = self.lane, []
        for back in range(HISTORY):
            number = ((lane.highest or 0) - back) % SEQUENCES
            source = lane.source_of(number)
            packet = fan.track.ring.find(source) if source is not None else None
            if packet is not None:
                found.append((lane.stamp(packet.timestamp), number.to_bytes(2, "big") + lane.content(packet)))
        return sorted(found, key=lambda one: -len(one[1]))[:count]
