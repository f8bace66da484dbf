"""What goes out of one kind (audio or video) of a stream, whoever is on air."""

from __future__ import annotations

from orchestrator.media.relay.gop import Gop
from orchestrator.media.relay.limits import Limits
from orchestrator.media.relay.reception import Reception
from orchestrator.media.relay.ring import Ring
from orchestrator.media.relay.rtp import TIMESTAMPS, Arrival, Packet, ahead
from orchestrator.media.relay.source import Incoming
from orchestrator.media.relay.timeline import Timeline
from orchestrator.media.relay.vp8 import Continuity


class Track:
    """One continuous run of packets: numbering, ring, group of pictures (video), clock."""

    def __init__(self, kind: str, clock_rate: int, limits: Limits) -> None:
        self.kind = kind
        self.clock_rate = clock_rate
        self._timeline = Timeline(clock_rate)
        self.ring = Ring(limits.ring_packets)
        self.gop = Gop(limits.gop_packets, limits.gop_bytes, limits.gop_s) if kind == "video" else None
        self._pictures = Continuity()
        """VP8 alone has numbers in its payloads."""
        self.incoming: Incoming | None = None
        self._reception: Reception | None = None
        """Whose numbering is mapped at present."""
        self.packets = 0
        self.octets = 0
        self.keyframes = 0
        self.stale = 0
        self.repeated = 0
        self._last = 0.0

    @property
    def sequence(self) -> int:
        """The newest packet's number."""
        return self._timeline.sequence

    @property
    def timestamp(self) -> int:
        """The newest packet's timestamp."""
        return self._timeline.timestamp

    @property
    def pictures(self) -> tuple[int, int]:
        """The newest picture's number and its base layer's (VP8)."""
        return self._pictures.picture, self._pictures.layer

    def cut(self) -> None:
        """Another source comes: the cached pictures have nothing to do with its own."""
        if self.gop is not None:
            self.gop.forget()

    def take(self, arrival: Arrival, incoming: Incoming, now: float) -> tuple[Packet, bool, bool] | None:
        """Number and keep a packet. Returns it, whether a keyframe began, and whether it is a straggler.

        ``None`` for packets older than the source's first, or taken already.
        """
        if incoming.reception is not self._reception:
            self._continue_with(arrival, incoming, now)
        placed = self._timeline.place(arrival.sequence, arrival.timestamp, now)
        if placed is None:
            self.stale += 1
            return None
        behind = ahead(self._timeline.sequence, placed[0])
        if self.ring.find(placed[0]) is not None or not self.ring.reaches(behind):
            # Sent again without need: what went out once must not be sealed a second time (RFC 3711 §9.1).
            self.repeated += 1
            return None
        self._last = now
        payload, numbered = self._pictures.placed(arrival.payload) if incoming.vp8 else (arrival.payload, 0)
        packet = Packet(placed[0], placed[1], arrival.marker, payload, numbered)
        self.ring.keep(packet)
        straggler = packet.sequence != self._timeline.sequence
        began = False
        if self.gop is not None:
            began = self.gop.add(packet, opens=incoming.opens(packet.payload), now=now)
            self.keyframes += began
        self.packets += 1
        self.octets += len(packet.payload)
        return packet, began, straggler

    def _continue_with(self, arrival: Arrival, incoming: Incoming, now: float) -> None:
        """The numbering goes on with another source; and with it the clock, where both sources told theirs."""
        if self._reception is not None:
            self.cut()
        taken = incoming.ntp_of(arrival.timestamp)
        stamp = self.clock(taken) if taken is not None else None
        self._timeline.new_source(arrival.sequence, arrival.timestamp, now, stamp)
        self.incoming, self._reception = incoming, incoming.reception
        self._pictures.new_source()

    def clock(self, ntp_now: float) -> int | None:
        """The track's timestamp at the relay's NTP time, from the source's last report."""
        stamp = self.incoming.stamp_at(ntp_now) if self.incoming is not None else None
        return None if stamp is None else self._timeline.stamp(stamp)

    def guess_clock(self, ntp_now: float, now: float) -> int | None:
        """The same before the first report: as if the last packet had been sampled when it came."""
        known = self.clock(ntp_now)
        if known is not None or not self._timeline.started:
            return known
        return round(self._timeline.timestamp + (now - self._last) * self.clock_rate) % TIMESTAMPS
