"""One lecture: a publisher's packets to all who view it, and their wishes back to the publisher."""

from __future__ import annotations

from typing import Protocol

from orchestrator.media.relay import rtcp
from orchestrator.media.relay.keyframes import KeyframeRequests
from orchestrator.media.relay.lane import Lane
from orchestrator.media.relay.limits import Limits
from orchestrator.media.relay.livegroup import WORTHWHILE, LiveGroup
from orchestrator.media.relay.peer import Peer
from orchestrator.media.relay.rtp import Arrival, Packet
from orchestrator.media.relay.track import Track

KEYFRAME_RETRY_S = 1.0
CLOCK_RATES = {"audio": 48000, "video": 90000}


class Way(Protocol):
    """How packets leave. ``forward`` may gather them until its owner flushes."""

    def forward(self, packet: Packet, exits: list[tuple[Lane, Peer]]) -> None: ...

    def group(self, exits: list[tuple[Lane, Peer]]) -> LiveGroup: ...

    def forward_group(self, packet: Packet, group: LiveGroup) -> None: ...

    def report(self, peer: Peer, compound: bytes) -> None: ...


class Stream:
    """The tracks, the publisher and the connected viewers. Its only caller is the switchboard, in one thread."""

    def __init__(self, name: str, limits: Limits, way: Way, *, ntp_shift: float, maximum_bps: int) -> None:
        self.name = name
        self._limits = limits
        self._way = way
        self._ntp_shift = ntp_shift
        self._maximum_bps = maximum_bps
        self.tracks = {kind: Track(kind, rate, limits) for kind, rate in CLOCK_RATES.items()}
        self.publisher: Peer | None = None
        self.viewers: dict[str, Peer] = {}
        self.pending: dict[str, Peer] = {}
        """Both kinds, before their handshake is done."""
        self._live: dict[str, list[tuple[Lane, Peer]]] = {"audio": [], "video": []}
        self._groups: dict[str, LiveGroup] = {}
        """Built from ``_live`` when first needed, forgotten at every change."""
        self._late: list[tuple[Lane, Peer]] = []
        """Video lanes that wait for a keyframe or catch up."""
        self._keyframes = KeyframeRequests(limits.keyframe_interval_s)
        self._asked = 0.0
        self._publisher_clock: float | None = None
        self.last_packet = 0.0
        self.packets_out = 0
        self.requests = 0
        self.resent = 0
        self.asked_again = 0

    # Who comes and goes

    def publisher_ready(self, peer: Peer) -> Peer | None:
        """A publisher is connected; returns the one it replaces."""
        old, self.publisher = self.publisher, peer
        self._publisher_clock = None
        for track in self.tracks.values():
            track.new_publisher()
        for lane, viewer in self._live["video"]:
            self._settle("video", lane)
            lane.pause()
            self._late.append((lane, viewer))
        self._live["video"] = []
        self._groups.clear()
        for lane, _ in self._late:
            lane.pause()
        self._keyframes.forget()
        if self._late:
            self._keyframes.want()
        return old

    def viewer_ready(self, peer: Peer, now: float) -> None:
        """A viewer is connected: sound at once, the picture from the cached keyframe or the next."""
        self.viewers[peer.id] = peer
        audio, video = peer.lanes.get("audio"), peer.lanes.get("video")
        if audio is not None:
            track = self.tracks["audio"]
            audio.begin((track.sequence + 1) & 0xFFFF)
            audio.go_live(track.packets, track.octets)
            self._live["audio"].append((audio, peer))
            self._groups.pop("audio", None)
        if video is not None:
            self._late.append((video, peer))
            self._catch_up(now)
        self._sender_reports(peer, now)

    def gone(self, peer: Peer) -> None:
        """A peer, connected or not, is no more."""
        self.pending.pop(peer.id, None)
        if self.publisher is peer:
            self.publisher = None
        if self.viewers.pop(peer.id, None) is not None:
            self._groups.clear()
            for kind, exits in self._live.items():
                self._live[kind] = [one for one in exits if one[1] is not peer]
            self._late = [one for one in self._late if one[1] is not peer]

    def moved(self) -> None:
        """A viewer has another address."""
        self._groups.clear()

    @property
    def empty(self) -> bool:
        return self.publisher is None and not self.viewers and not self.pending

    def on_air(self, now: float) -> bool:
        """Whether packets come from a publisher."""
        return self.publisher is not None and now - self.last_packet < self._limits.on_air_s

    # Packets

    def incoming(self, arrival: Arrival, kind: str, now: float) -> None:
        """A packet of the publisher, to every viewer whose lane is live."""
        track = self.tracks[kind]
        taken = track.take(arrival, now)
        if taken is None:
            return
        packet, began, straggler = taken
        self.last_packet = now
        self._forward(packet, kind, straggler=straggler)
        if began:
            self._keyframes.seen()
            if self._late:
                self._catch_up(now)

    def _forward(self, packet: Packet, kind: str, *, straggler: bool) -> None:
        exits = self._live[kind]
        if straggler:
            exits = [one for one in exits if one[0].carries(packet.sequence)]
        self.packets_out += len(exits)
        if straggler or len(exits) < WORTHWHILE:
            if exits:
                self._way.forward(packet, exits)
            return
        group = self._groups.get(kind)
        if group is None:
            group = self._groups[kind] = self._way.group(exits)
        self._way.forward_group(packet, group)

    def pulse(self, now: float) -> None:
        """Every 20 ms: late viewers catch up, missing packets and keyframes are asked for."""
        if self._late:
            self._catch_up(now)
        if self.publisher is None:
            return
        for track in self.tracks.values():
            if track.reception is not None and track.reception.missing:
                wanted = track.reception.ask(now)
                if wanted:
                    self.asked_again += len(wanted)
                    self._report_up(rtcp.nack(self.publisher.ssrc, track.reception.ssrc, wanted))
        video = self.tracks["video"].reception
        if video is not None and self._keyframes.due(now):
            self._asked = now
            self.requests += 1
            self._report_up(rtcp.keyframe_request(self.publisher.ssrc, video.ssrc))

    def _catch_up(self, now: float) -> None:
        """Send cached pictures to late viewers, paced over pulses; those who reach the end are live."""
        video = self.tracks["video"]
        gop, budget, still = video.gop, self._limits.catch_up_packets, []
        if gop is None:
            return
        for lane, viewer in self._late:
            if lane.cursor is not None and lane.group != gop.number:
                lane.pause()
            if lane.cursor is None and gop.packets:
                lane.catch_up(gop)
            if lane.cursor is None:
                still.append((lane, viewer))
                continue
            end = min(len(gop.packets), lane.cursor + min(budget, self._limits.catch_up_packets_each))
            budget -= end - lane.cursor
            for packet in gop.packets[lane.cursor : end]:
                self._way.forward(packet, [(lane, viewer)])
                lane.sent(packet)
                self.packets_out += 1
            lane.cursor = end
            if end == len(gop.packets):
                lane.go_live(video.packets, video.octets)
                self._live["video"].append((lane, viewer))
                self._groups.pop("video", None)
            else:
                still.append((lane, viewer))
        self._late = still
        if now - self._asked > KEYFRAME_RETRY_S and any(lane.cursor is None for lane, _ in still):
            self._keyframes.want()

    # Reports

    def publisher_reports(self, compound: bytes, now: float) -> None:
        """RTCP of the publisher: its clock. The first report fixes how far that is from ours, for both tracks."""
        for report in rtcp.parse(compound):
            if isinstance(report, rtcp.SenderReport):
                if self._publisher_clock is None:
                    self._publisher_clock = now + self._ntp_shift - report.ntp
                for track in self.tracks.values():
                    track.sender_report(report, self._publisher_clock, now)

    def viewer_reports(self, peer: Peer, compound: bytes) -> None:
        """RTCP of a viewer: keyframes and lost packets it wants, loss it sees."""
        for report in rtcp.parse(compound):
            if isinstance(report, rtcp.KeyframeWanted):
                self._keyframes.want()
            elif isinstance(report, rtcp.Missing | rtcp.LossReport):
                kind = next((kind for kind, lane in peer.lanes.items() if lane.ssrc == report.ssrc), None)
                if kind is None:
                    continue
                if isinstance(report, rtcp.LossReport):
                    peer.loss[kind] = report.fraction_lost
                else:
                    self._send_again(peer, kind, report.sequences)

    def _send_again(self, peer: Peer, kind: str, sequences: list[int]) -> None:
        lane, track = peer.lanes[kind], self.tracks[kind]
        self._settle(kind, lane)
        for sequence in sequences:
            source = lane.source_of(sequence)
            packet = track.ring.find(source) if source is not None else None
            if packet is None:
                continue
            if lane.allowance < 1:
                return
            lane.allowance -= 1
            lane.resent += 1
            self.resent += 1
            self._way.forward(packet, [(lane, peer)])

    def second(self, now: float) -> None:
        """Every second: reports to everybody, allowances refilled."""
        for viewer in self.viewers.values():
            for lane in viewer.lanes.values():
                lane.allowance = float(self._limits.resends_per_s)
            self._sender_reports(viewer, now)
        if self.publisher is not None:
            receptions = [track.reception for track in self.tracks.values() if track.reception is not None]
            blocks = [one.block(now) for one in receptions]
            compound = rtcp.receiver_report(self.publisher.ssrc, blocks, self.name)
            video = self.tracks["video"].reception
            if video is not None:
                compound += rtcp.bandwidth(self.publisher.ssrc, self._maximum_bps, [video.ssrc])
            self._report_up(compound)

    def _sender_reports(self, viewer: Peer, now: float) -> None:
        ntp = now + self._ntp_shift
        for kind, lane in viewer.lanes.items():
            timestamp = self.tracks[kind].guess_clock(ntp, now)
            if timestamp is None or not (lane.live or lane.packets):
                continue
            self._settle(kind, lane)
            stamp = (timestamp + lane.timestamp_shift) & 0xFFFFFFFF
            compound = rtcp.sender_report(
                lane.ssrc, ntp=ntp, timestamp=stamp, packets=lane.packets, octets=lane.octets, cname=self.name
            )
            self._way.report(viewer, compound)

    def _settle(self, kind: str, lane: Lane) -> None:
        track = self.tracks[kind]
        lane.settle(track.packets, track.octets, track.sequence)

    def _report_up(self, compound: bytes) -> None:
        if self.publisher is not None:
            self._way.report(self.publisher, compound)
