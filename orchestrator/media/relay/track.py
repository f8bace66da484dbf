"""What came in of one kind (audio or video) of a stream, whoever published it."""

from __future__ import annotations

from orchestrator.media.relay.gop import Gop
from orchestrator.media.relay.h264 import opens_picture
from orchestrator.media.relay.limits import Limits
from orchestrator.media.relay.reception import Reception
from orchestrator.media.relay.ring import Ring
from orchestrator.media.relay.rtcp import SenderReport
from orchestrator.media.relay.rtp import TIMESTAMPS, Arrival, Packet
from orchestrator.media.relay.timeline import Timeline

SOURCE_QUIET_S = 0.5


class Track:
    """One continuous run of packets: numbering, ring, group of pictures (video), loss, clock."""

    def __init__(self, kind: str, clock_rate: int, limits: Limits) -> None:
        self.kind = kind
        self.clock_rate = clock_rate
        self._timeline = Timeline(clock_rate)
        self.ring = Ring(limits.ring_packets)
        self.gop = Gop(limits.gop_packets, limits.gop_bytes, limits.gop_s) if kind == "video" else None
        self.reception: Reception | None = None
        self.packets = 0
        self.octets = 0
        self.keyframes = 0
        self.stale = 0
        self._last = 0.0
        self._clock: tuple[float, int] | None = None

    @property
    def sequence(self) -> int:
        """The newest packet's number."""
        return self._timeline.sequence

    def new_publisher(self) -> None:
        """Packets will come from another source: its pictures have nothing to do with the old ones."""
        self.reception = None
        self._clock = None
        if self.gop is not None:
            self.gop.forget()

    def take(self, arrival: Arrival, now: float) -> tuple[Packet, bool, bool] | None:
        """Number and keep a packet. Returns it, whether a keyframe began, and whether it is a straggler.

        ``None`` for packets of a second source beside a lively one, or older than the source's first.
        """
        if self.reception is None or (self.reception.ssrc != arrival.ssrc and now - self._last > SOURCE_QUIET_S):
            self.reception = Reception(arrival.ssrc, self.clock_rate)
            self._clock = None
            self._timeline.new_source(arrival.sequence, arrival.timestamp, now)
        if self.reception.ssrc != arrival.ssrc:
            self.stale += 1
            return None
        placed = self._timeline.place(arrival.sequence, arrival.timestamp, now)
        if placed is None:
            self.stale += 1
            return None
        self._last = now
        self.reception.packet(arrival.sequence, arrival.timestamp, now)
        packet = Packet(placed[0], placed[1], arrival.marker, arrival.payload)
        self.ring.keep(packet)
        straggler = packet.sequence != self._timeline.sequence
        began = False
        if self.gop is not None:
            began = self.gop.add(packet, opens=opens_picture(packet.payload), now=now)
            self.keyframes += began
        self.packets += 1
        self.octets += len(packet.payload)
        return packet, began, straggler

    def sender_report(self, report: SenderReport, offset: float, now: float) -> None:
        """The publisher says which of its timestamps is what time; ``offset`` turns its clock into ours."""
        if self.reception is not None and report.ssrc == self.reception.ssrc:
            self.reception.sender_report(report, now)
            self._clock = (report.ntp + offset, self._timeline.stamp(report.timestamp))

    def clock(self, ntp_now: float) -> int | None:
        """The track's timestamp at the relay's NTP time, from the last report or from the last packet."""
        if self._clock is None:
            return None
        ntp, timestamp = self._clock
        return round(timestamp + (ntp_now - ntp) * self.clock_rate) % TIMESTAMPS

    def guess_clock(self, ntp_now: float, now: float) -> int | None:
        """The same before the first report: as if the last packet had been sampled when it came."""
        known = self.clock(ntp_now)
        if known is not None or not self._timeline.started:
            return known
        return round(self._timeline.timestamp + (now - self._last) * self.clock_rate) % TIMESTAMPS
