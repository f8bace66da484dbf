"""The pictures of a stream: its layers, and for every viewer the one that its line takes.

Each layer is a track of its own with its own group of live lanes, so that a packet still goes to all who follow it in
one step. A viewer changes from one to another at a keyframe of the other, with its numbering and clock going on.
"""

from __future__ import annotations

from collections.abc import Callable

from orchestrator.media.port import Rung
from orchestrator.media.relay.fan import Fan, Way
from orchestrator.media.relay.lane import Lane
from orchestrator.media.relay.layer import Layer
from orchestrator.media.relay.limits import Limits
from orchestrator.media.relay.peer import Peer
from orchestrator.media.relay.rates import Size, within
from orchestrator.media.relay.rtp import Arrival
from orchestrator.media.relay.source import CLOCK_RATES, Incoming, Source
from orchestrator.media.relay.track import Track
from orchestrator.media.relay.view import View

LAYERS = 3
PLACES = {Rung.FULL: LAYERS, Rung.LOW: 0, Rung.SOUND: -1}
"""What an order means: a place from the least encoding upwards, or none."""
KEYFRAME_RETRY_S = 1.0
JUDGE_S = 0.24
PULSE_S = 0.02


class Pictures:
    """The layers and views of one stream. Its only caller is the stream. ``ntp``: our NTP time of a moment."""

    def __init__(self, limits: Limits, way: Way, ntp: Callable[[float], float]) -> None:
        self._limits = limits
        self._way = way
        self._ntp = ntp
        rate = CLOCK_RATES["video"]
        self.layers = [Layer(n, Fan(Track("video", rate, limits), way)) for n in range(LAYERS)]
        self.views: dict[str, View] = {}
        self.orders: dict[str, Rung] = {}
        """An operator's, by the viewer's subject."""
        self._late: list[View] = []
        """Their lanes wait for a keyframe, or catch up."""
        self._begun: list[Peer] = []
        self._judged = 0.0
        self._rids: list[str] = []
        """Of the last who sent several encodings, and which was the least of them."""
        self._least = LAYERS - 1
        self.packets_out = 0
        self.padded = self.padded_bytes = 0
        self.ups = self.downs = 0
        """Changes of viewers to a better layer and to a lesser one, or none."""

    # Who comes and goes

    def join(self, peer: Peer, lane: Lane, now: float) -> None:
        """A viewer: begins with the best that it wants."""
        sizes = within(self._sizes(), peer.terms.most_bps)
        view = View(peer, lane, sizes[-1].layer if sizes else 0)
        better = min(self._awaited(), default=None) if sizes else None
        alone = sum(one.incoming is not None for one in self.layers) <= 1
        view.choice.begin(view.at or 0, better, modest=peer.terms.most_bps is not None, alone=alone)
        self.views[peer.id] = view
        self._late.append(view)
        self._catch_up(now)

    def leave(self, peer: Peer) -> None:
        """A viewer is no more."""
        view = self.views.pop(peer.id, None)
        if view is None:
            return
        if view.at is not None:
            self.layers[view.at].fan.leave(peer)
        self._late = [one for one in self._late if one is not view]

    def moved(self) -> None:
        """A viewer has another address."""
        for layer in self.layers:
            layer.fan.changed()

    def begun(self) -> list[Peer]:
        """Whose pictures have begun to go out since the last look."""
        begun, self._begun = self._begun, []
        return begun

    def trying(self) -> list[Peer]:
        """Whose lines are tried just now."""
        return [view.peer for view in self.views.values() if view.choice.trying]

    def fan_of(self, peer: Peer) -> Fan | None:
        """What the viewer's lane follows; None while its picture is paused."""
        view = self.views.get(peer.id)
        return self.layers[view.at].fan if view is not None and view.at is not None else None

    def paused_stamp(self, peer: Peer, ntp: float) -> int | None:
        """The timestamp that goes on while the viewer's picture is paused and its line is tried; else None."""
        view = self.views.get(peer.id)
        return view.stamp_at(ntp) if view is not None and view.at is None and view.choice.trying else None

    def want_keyframe(self, peer: Peer) -> None:
        """A viewer cannot show its picture without one."""
        view = self.views.get(peer.id)
        incoming = self.layers[view.at].incoming if view is not None and view.at is not None else None
        if incoming is not None:
            incoming.requests.want()

    def rung_of(self, view: View) -> Rung:
        """What a viewer gets, in the words of operators."""
        if view.at is None:
            return Rung.SOUND
        return Rung.FULL if view.at == self._best().index or self.layers[view.at].incoming is None else Rung.LOW

    def _best(self) -> Layer:
        sending = self._sending()
        return sending[-1] if sending else self.layers[0]

    def _sizes(self) -> list[Size]:
        return [Size(one.index, one.bps, one.peak_bps) for one in self._sending()]

    def _sending(self) -> list[Layer]:
        """The layers that come in, the least first."""
        fed = [one for one in self.layers if one.incoming is not None]
        newest = max((one.incoming.last for one in fed if one.incoming is not None), default=0.0)
        return sorted((one for one in fed if one.sends(newest)), key=lambda one: one.rank)

    def _awaited(self) -> set[int]:
        """The layers that are announced and have not opened."""
        return {one.index for one in self.layers if one.incoming is not None and not one.incoming.open}

    # Who is on air

    def on_air(self, source: Source, now: float) -> None:
        """The pictures of another publisher follow."""
        sent = self._sending()
        self._least = sent[0].index if len(sent) > 1 else self._least
        pictures = source.pictures[:LAYERS]
        for layer, incoming in zip(self.layers, [*pictures, *[None] * LAYERS], strict=False):
            layer.incoming = incoming
            layer.fan.track.cut()
            layer.forget()
        again = self._again([one.rid for one in pictures]) if len(pictures) > 1 else None
        for view in self.views.values():
            low = self.orders.get(view.peer.subject) is Rung.LOW
            view.choice.follow(again, now, ordered=self._least if low else None)
            if again is not None and view.choice.layer is not None and view.moving:
                # Not one packet of another layer: it may be more than the line takes.
                self._stop(view, now)
                view.at = view.choice.layer
                self._late.append(view)
        self._least = again[self._least] if again is not None else self._least

    def _again(self, rids: list[str]) -> dict[int, int]:
        """Which layer is which of the last source's that had several: the one of its rid, else the nearest place."""
        before, self._rids = self._rids, rids
        named = {n: rids.index(rid) for n, rid in enumerate(before) if rid in rids}
        return {n: named.get(n, min(n, len(rids) - 1)) for n in range(LAYERS)}

    def take(self, arrival: Arrival, incoming: Incoming, now: float) -> None:
        """A packet of whoever is on air, to all who follow its layer."""
        layer = next((one for one in self.layers if one.incoming is incoming), None)
        taken = layer.fan.track.take(arrival, incoming, now) if layer is not None else None
        if layer is None or taken is None:
            return
        packet, began, straggler = taken
        self.packets_out += layer.fan.forward(packet, straggler=straggler)
        if began:
            incoming.requests.seen()
            incoming.measure(arrival.payload)
            self._began(layer, now)

    def _began(self, layer: Layer, now: float) -> None:
        """A keyframe of a layer: whoever is to follow it does so now, and whom only its absence kept from it."""
        sizes = self._sizes() if any(view.choice.due is not None for view in self.views.values()) else []
        for view in self.views.values():
            if sizes and view.peer.subject not in self.orders:
                view.choice.opened(within(sizes, view.peer.terms.most_bps), now)
            if view.choice.layer == layer.index and view.at != layer.index:
                self._stop(view, now)
                self._count(view.at, layer.index)
                view.at = layer.index
                self._late.append(view)
        if self._late:
            self._catch_up(now)

    def _count(self, before: int | None, after: int | None) -> None:
        """A change for the sake of a viewer's line, not because who is on air sends other layers."""
        if before is not None and self.layers[before].incoming is None:
            return
        if self._rank(after) >= self._rank(before):
            self.ups += 1
        else:
            self.downs += 1

    def _rank(self, index: int | None) -> tuple[int, int, int]:
        return self.layers[index].rank if index is not None else (-1, 0, 0)

    def _stop(self, view: View, now: float) -> None:
        if view.at is None:
            return
        view.stop(self.layers[view.at].fan, self._ntp(now))
        self._late = [one for one in self._late if one is not view]

    # Time

    def pulse(self, now: float) -> None:
        """Every 20 ms."""
        if self._late:
            self._catch_up(now)
        if now - self._judged >= JUDGE_S:
            self._judged = now
            for layer in self.layers:
                layer.measure(now)
            self._judge(now)
        self._pad()

    def _judge(self, now: float) -> None:
        sizes = self._sizes()
        if not sizes:
            return
        awaited = self._awaited()
        trying = sum(view.choice.trying for view in self.views.values())
        for view in sorted(self.views.values(), key=lambda one: one.choice.turn):
            choice, before = view.choice, view.choice.trying
            free = before or trying < self._limits.tries
            padded = view.lane.repair is not None
            order = self.orders.get(view.peer.subject)
            pinned = PLACES[order] if order is not None else None
            wanted = within(sizes, view.peer.terms.most_bps)
            choice.judge(view.line(), wanted, now, pinned=pinned, may_try=free, padded=padded, awaited=awaited)
            trying += choice.trying - before
            if view.moving:
                self._move(view, now)

    def _move(self, view: View, now: float) -> None:
        wanted = view.choice.layer
        if wanted is None:
            self._stop(view, now)
            self._count(view.at, None)
            view.at = None
            return
        incoming = self.layers[wanted].incoming
        if incoming is not None and now - incoming.asked > KEYFRAME_RETRY_S:
            incoming.requests.want()

    def _pad(self) -> None:
        for view in self.views.values():
            if view.choice.padding_bps and view.lane.repair is not None:
                fan = self.layers[view.at].fan if view.at is not None else None
                for packet in view.padding(PULSE_S, fan):
                    self._way.forward(packet, [(view.lane.repair, view.peer)])
                    self.padded += 1
                    self.padded_bytes += len(packet.payload)

    def _catch_up(self, now: float) -> None:
        """Send cached pictures to late viewers, paced over pulses; those who reach the end are live."""
        budget, still = self._limits.catch_up_packets, []
        for view in self._late:
            layer = self.layers[view.at or 0]
            budget -= self._advance(view, layer, budget, now)
            if view.lane.live:
                continue
            still.append(view)
            incoming = layer.incoming
            if view.lane.cursor is None and incoming is not None and now - incoming.asked > KEYFRAME_RETRY_S:
                incoming.requests.want()
        self._late = still

    def _advance(self, view: View, layer: Layer, budget: int, now: float) -> int:
        """Send the next of the cached packets; returns how many."""
        lane, gop = view.lane, layer.fan.track.gop
        if gop is None:
            return 0
        if lane.cursor is not None and lane.group != gop.number:
            lane.pause()
        if lane.cursor is None and gop.packets:
            view.begin(layer.fan, gop, self._ntp(now), now)
        if lane.cursor is None:
            return 0
        begin = lane.cursor
        lane.cursor = min(len(gop.packets), begin + max(0, min(budget, self._limits.catch_up_packets_each)))
        for packet in gop.packets[begin : lane.cursor]:
            self._way.forward(packet, [(lane, view.peer)])
            lane.sent(packet)
        self.packets_out += lane.cursor - begin
        count = lane.cursor - begin
        if lane.cursor == len(gop.packets):
            layer.fan.join(lane, view.peer)
            self._begun.append(view.peer)
        return count
