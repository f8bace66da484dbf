"""One lecture: the packets of the seat on air to all who view it, and their wishes back to its publisher."""

from __future__ import annotations

from collections import Counter, deque

from orchestrator.media.port import AirOrder
from orchestrator.media.relay import rtcp
from orchestrator.media.relay.air import Verdict, judge
from orchestrator.media.relay.fan import Fan, Way
from orchestrator.media.relay.limits import Limits
from orchestrator.media.relay.lines import Lines
from orchestrator.media.relay.peer import Peer
from orchestrator.media.relay.pictures import KEYFRAME_RETRY_S, Pictures
from orchestrator.media.relay.rtp import Arrival
from orchestrator.media.relay.source import CLOCK_RATES, SENDING_S, UNNAMED, Incoming, Source
from orchestrator.media.relay.track import Track
from orchestrator.media.tokens import Seat

SOUNDING_BYTES = 40
"""An Opus packet of 20 ms (RFC 6716) with this much in it, 16 kbit/s, is more than silence: a muted microphone gives a
few bytes, a quiet room under noise suppression hardly more, a voice about a hundred."""
PROBE_S = 0.2
"""A viewer whose line is tried gets a report so often, so that its answers tell soon whether packets queue."""
DARK_S = 1.2
"""When nothing has gone out for so long, the slate is shown until a keyframe of whoever is to follow: a source that
passes untouched has one every few seconds. A lecturer who connects anew is awaited about as long."""
TURNS = 16
"""Changes of who is on air that are remembered for whoever looks twice a second."""


class Stream:
    """The seats, the tracks and the connected viewers. Its only caller is the switchboard, in one thread.

    Of all who publish, the packets of one go out. Another follows with a keyframe of its own: until that comes, the
    one before goes on, or the slate where that one is silent.
    """

    def __init__(
        self, name: str, limits: Limits, way: Way, lines: Lines, *, ntp_shift: float, maximum_bps: int
    ) -> None:
        self.name = name
        self._lines = lines
        self._limits = limits
        self._way = way
        self._ntp_shift = ntp_shift
        self._probed = 0.0
        self._maximum_bps = maximum_bps
        self.sound = Fan(Track("audio", CLOCK_RATES["audio"], limits), way)
        self.pictures = Pictures(limits, way, lambda now: now + ntp_shift)
        self.seats: dict[Seat, Source] = {}
        self._sources: dict[str, Source] = {}
        """The same by their peers' ids."""
        self.order = AirOrder()
        self.verdict = Verdict(None, "nobody_sends")
        self.air: Source | None = None
        """Whose packets go out, even while it is silent and when it has gone, until another follows."""
        self.target: Source | None = None
        """Who is to follow, at its next keyframe."""
        self.bridge: Source | None = None
        """The slate while it is to be shown until then, before its own keyframe."""
        self.holder: Seat | None = None
        """The seat on air, or the one before a slate that is there only until a keyframe."""
        self._target_since = 0.0
        self._reports_due = False
        self.shown: Seat | None = None
        self.shown_since = 0.0
        self.turns: deque[tuple[Seat | None, str, float]] = deque(maxlen=TURNS)
        """The last seats that were shown, why, and since when."""
        self.viewers: dict[str, Peer] = {}
        self.pending: dict[str, Peer] = {}
        """Both kinds, before their handshake is done."""
        self.last_packet = 0.0
        self.sounded = 0.0
        """When the sound of whoever is on air was last more than silence."""
        self.sound_out = 0
        self.requests = 0
        self.resent = 0
        self.asked_again = 0
        self.unanswered = 0
        """Packets that viewers asked for again in vain: too old, never come, or too many."""
        self.drops: Counter[str] = Counter()
        """Packets of publishers that did not go out, by reason."""

    # Who comes and goes

    def publisher_ready(self, peer: Peer, now: float) -> Peer | None:
        """A publisher is connected; returns the one that has to go: whom it replaces in its seat, or itself where
        somebody sits there who asked for the seat later and was quicker."""
        source = Source(peer, self._limits, self.drops)
        old = self.seats.get(source.seat)
        if old is not None and old.peer.created > peer.created:
            return peer
        self.seats[source.seat] = self._sources[peer.id] = source
        if old is None:
            return None
        # As if the seat had never been empty: what else there is must not flash up between the two.
        source.last = old.last
        self._sources.pop(old.peer.id, None)
        self.decide(now)
        return old.peer

    def viewer_ready(self, peer: Peer, now: float) -> None:
        """A viewer is connected: sound at once, the picture from the cached keyframe or the next."""
        self.viewers[peer.id] = peer
        for lane in peer.lanes.values():
            lane.allowance = float(self._limits.resends_per_s)
        audio, video = peer.lanes.get("audio"), peer.lanes.get("video")
        if audio is not None:
            audio.begin((self.sound.track.sequence + 1) & 0xFFFF)
            self.sound.join(audio, peer)
        if video is not None:
            self.pictures.join(peer, video, now)
        self._sender_reports(peer, now)

    def gone(self, peer: Peer, now: float) -> None:
        """A peer, connected or not, is no more."""
        self.pending.pop(peer.id, None)
        source = self._sources.pop(peer.id, None)
        if source is not None:
            del self.seats[source.seat]
            self.decide(now)
        if self.viewers.pop(peer.id, None) is not None:
            self.sound.leave(peer)
            self.pictures.leave(peer)

    def moved(self) -> None:
        """A viewer has another address."""
        self.sound.changed()
        self.pictures.moved()

    @property
    def packets_out(self) -> int:
        """Of both kinds, to all viewers."""
        return self.sound_out + self.pictures.packets_out

    @property
    def empty(self) -> bool:
        return not self.seats and not self.viewers and not self.pending

    @property
    def why(self) -> str:
        """The stable word why ``shown`` is: the verdict's, but for a slate that is there only until a keyframe."""
        until = self.shown is Seat.SLATE and self.holder is not Seat.SLATE
        return "keyframe_awaited" if until else self.verdict.why

    def on_air(self, now: float) -> bool:
        """Whether packets come from whoever is on air."""
        return self.air is not None and self.air.peer.id in self._sources and self._recent(now)

    def _recent(self, now: float) -> bool:
        return now - self.last_packet < self._limits.on_air_s

    # Who is on air

    def ordered(self, order: AirOrder, now: float) -> None:
        """Another order of who is on air."""
        self.order = order
        self.decide(now)
        self._ask(now)

    def decide(self, now: float) -> None:
        """Judge who should be on air. The one chosen is asked for a keyframe and follows with it."""
        sending = {seat for seat, source in self.seats.items() if source.sending(now)}
        self.verdict = judge(sending, self.order, self.holder)
        if self.air is not None and self.verdict.seat is self.air.seat:
            self.holder = self.air.seat
        if self.verdict.seat is not None:
            chosen = self.seats[self.verdict.seat]
            if self.target not in {None, chosen}:
                self._give_up_target()
            if chosen not in {self.air, self.target}:
                self.target, self._target_since = chosen, now
                chosen.want_keyframes()
        self._span(now)
        self._show(now)

    def _span(self, now: float) -> None:
        """Let the slate fill the time in which nothing goes out because a keyframe is awaited."""
        slate, before = self.seats.get(Seat.SLATE), self.bridge
        dark = self.target is not None and now - (self.last_packet or self._target_since) >= DARK_S
        free = slate is not None and slate not in {self.air, self.target} and slate.sending(now)
        self.bridge = slate if dark and free else None
        if before is not None and before not in {self.bridge, self.air, self.target}:
            before.close()
        if self.bridge is not None and self.bridge is not before:
            self.bridge.want_keyframes()

    def _give_up_target(self) -> None:
        if self.target is not None:
            self.target.close()
        self.target = None

    def _show(self, now: float) -> None:
        seat = self.air.seat if self.air is not None and self.verdict.seat is not None else None
        if seat is not self.shown:
            self.shown, self.shown_since = seat, now
            self.turns.append((seat, self.why, now))

    def _go_on_air(self, source: Source, now: float) -> None:
        if self.air is not None:
            self.air.close()
        self.holder = self.holder if source is self.bridge else source.seat
        self.air, self.bridge = source, None
        self.target = None if source is self.target else self.target
        self.pictures.on_air(source, now)
        self._reports_due = True
        self._show(now)

    def _follows(self, source: Source, incoming: Incoming, arrival: Arrival, now: float) -> bool:
        """Whether the one who is to follow does so with this packet: a keyframe, or sound where no picture comes."""
        if incoming.kind == "video":
            return incoming.opens(arrival.payload)
        silent = now - max((one.last for one in source.pictures), default=0.0) >= SENDING_S
        return not source.pictures or (silent and now - self._target_since >= SENDING_S)

    # Packets

    def incoming(self, peer: Peer, arrival: Arrival, kind: str, now: float) -> bool:
        """A packet of a publisher; false when it is nobody's who sits here. On air, it goes to every live lane."""
        source = self._sources.get(peer.id)
        if source is None:
            return False
        incoming = source.of(arrival, kind)
        if incoming is None:
            self.drops[UNNAMED] += 1
            return True
        if not incoming.take(arrival, now):
            return True
        woke, source.last = not source.sending(now), now
        if woke:
            self.decide(now)
        if source is self.target or source is self.bridge:
            if incoming.hold(arrival) and self._follows(source, incoming, arrival, now):
                self._go_on_air(source, now)
                self._open(incoming, now)
        elif source is self.air:
            if incoming.open:
                self._pass(arrival, incoming, now)
            elif incoming.hold(arrival) and (kind == "audio" or incoming.opens(arrival.payload)):
                self._open(incoming, now)
        if woke:
            self._ask(now)
        return True

    def _open(self, incoming: Incoming, now: float) -> None:
        incoming.open = True
        # Sound may begin after its picture: who writes both down need not wait for the next second's report.
        self._reports_due = self._reports_due or incoming.kind == "audio"
        for arrival in incoming.held():
            self._pass(arrival, incoming, now)

    def _pass(self, arrival: Arrival, incoming: Incoming, now: float) -> None:
        self.last_packet = now
        if incoming.kind == "video":
            self.pictures.take(arrival, incoming, now)
            return
        if len(arrival.payload) >= SOUNDING_BYTES:
            self.sounded = now
        taken = self.sound.track.take(arrival, incoming, now)
        if taken is not None:
            self.sound_out += self.sound.forward(taken[0], straggler=taken[2])

    def pulse(self, now: float) -> None:
        """Every 20 ms: judge who is on air, let late viewers catch up, ask for what is missing, tell what came."""
        self.decide(now)
        self.pictures.pulse(now)
        for viewer in self.pictures.begun():
            # Which moment its pictures are of: who shows or writes them need not wait for the next second's report.
            self._sender_reports(viewer, now)
        self._tell_arrivals(now)
        for source in self._current():
            for ssrc, wanted in source.missing(now):
                self.asked_again += len(wanted)
                self._way.report(source.peer, rtcp.nack(source.peer.ssrc, ssrc, wanted))
            source.want_unopened(now, KEYFRAME_RETRY_S)
        self._ask(now)
        if now - self._probed >= PROBE_S:
            self._probed = now
            for viewer in self.pictures.trying():
                self._sender_reports(viewer, now)
        if self._reports_due:
            self._reports_due = False
            for viewer in self.viewers.values():
                self._sender_reports(viewer, now)

    def _current(self) -> list[Source]:
        """Whoever is on air and who is to follow, as far as they are connected."""
        return [one for one in (self.air, self.target, self.bridge) if one is not None and one.peer.id in self._sources]

    def _ask(self, now: float) -> None:
        """Send the keyframe requests that are due."""
        for source in self._current():
            for one in source.pictures:
                if one.reception is not None and one.requests.due(now):
                    one.asked = now
                    self.requests += 1
                    self._way.report(source.peer, rtcp.keyframe_request(source.peer.ssrc, one.reception.ssrc))

    # Reports

    def publisher_reports(self, peer: Peer, compound: bytes, now: float) -> None:
        """RTCP of a publisher: its clock."""
        source = self._sources.get(peer.id)
        if source is not None:
            reports = [one for one in rtcp.parse(compound) if isinstance(one, rtcp.SenderReport)]
            source.reports(reports, now + self._ntp_shift, now)

    def _tell_arrivals(self, now: float) -> None:
        for source in self.seats.values():
            if source.peer.arrivals is not None and source.peer.arrivals.due(now):
                self.tell_arrivals(source.peer, now)

    def tell_arrivals(self, peer: Peer, now: float) -> None:
        """Tell a publisher when its packets came, as far as it does not know."""
        for compound in peer.arrivals.feedback(peer.ssrc, now) if peer.arrivals is not None else ():
            self._way.report(peer, compound)

    def viewer_reports(self, peer: Peer, compound: bytes, now: float) -> None:
        """RTCP of a viewer: keyframes and lost packets it wants, loss it sees, what its line takes."""
        for report in rtcp.parse(compound):
            if isinstance(report, rtcp.KeyframeWanted):
                self.pictures.want_keyframe(peer)
            elif isinstance(report, rtcp.Estimate):
                peer.estimate_bps, peer.estimate_at = report.bits_per_s, now
                self._lines.add(report.bits_per_s)
            elif isinstance(report, rtcp.Missing | rtcp.LossReport):
                kind = next((kind for kind, lane in peer.lanes.items() if lane.ssrc == report.ssrc), None)
                if kind is None:
                    self._of_padding(peer, report, now)
                    continue
                if isinstance(report, rtcp.LossReport):
                    peer.loss[kind] = report.fraction_lost
                    peer.took(report.round_trip(now + self._ntp_shift), now)
                else:
                    self._send_again(peer, kind, report.sequences)

    def _of_padding(self, peer: Peer, report: rtcp.LossReport | rtcp.Missing, now: float) -> None:
        """While its picture is paused a receiver has nothing of it to report on but what is sent twice."""
        repairs = [lane.repair.ssrc for lane in peer.lanes.values() if lane.repair is not None]
        if isinstance(report, rtcp.LossReport) and report.ssrc in repairs:
            peer.took(report.round_trip(now + self._ntp_shift), now)

    def _send_again(self, peer: Peer, kind: str, sequences: list[int]) -> None:
        lane, fan = peer.lanes[kind], self._fan(peer, kind)
        if fan is None:
            return
        fan.settle(lane)
        for sequence in sequences:
            source = lane.source_of(sequence)
            packet = fan.track.ring.find(source) if source is not None else None
            if packet is None:
                self.unanswered += 1
                continue
            if lane.allowance < 1:
                self.unanswered += 1
                continue
            lane.allowance -= 1
            lane.resent += 1
            self.resent += 1
            wrapped, way = lane.again(packet)
            self._way.forward(wrapped, [(way, peer)])

    def _fan(self, viewer: Peer, kind: str) -> Fan | None:
        """What the viewer's lane follows."""
        return self.pictures.fan_of(viewer) if kind == "video" else self.sound

    def second(self, now: float) -> None:
        """Every second: reports to every viewer, allowances refilled."""
        for viewer in self.viewers.values():
            for lane in viewer.lanes.values():
                lane.allowance = float(self._limits.resends_per_s)
            self._sender_reports(viewer, now)

    def half_second(self, now: float) -> None:
        """Reports to every publisher: one who hears none for a while knows that nobody is there, and connects anew."""
        for source in self.seats.values():
            self._way.report(source.peer, source.report(self._maximum_bps, self.name, now))

    def _sender_reports(self, viewer: Peer, now: float) -> None:
        ntp = now + self._ntp_shift
        for kind, lane in viewer.lanes.items():
            stamp = self._stamp(viewer, kind, now)
            if stamp is None or not (lane.live or lane.packets):
                continue
            compound = rtcp.sender_report(
                lane.ssrc, ntp=ntp, timestamp=stamp, packets=lane.packets, octets=lane.octets, cname=self.name
            )
            self._way.report(viewer, compound)

    def _stamp(self, viewer: Peer, kind: str, now: float) -> int | None:
        """The viewer's own timestamp of now, with its counters brought up to date."""
        lane, fan, ntp = viewer.lanes[kind], self._fan(viewer, kind), now + self._ntp_shift
        if fan is None:
            return self.pictures.paused_stamp(viewer, ntp)
        fan.settle(lane)
        timestamp = fan.track.guess_clock(ntp, now)
        return None if timestamp is None else (timestamp + lane.timestamp_shift) & 0xFFFFFFFF
