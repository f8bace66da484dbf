"""One outgoing track and the viewers' lanes that follow it live."""

from __future__ import annotations

from typing import Protocol

from orchestrator.media.relay.lane import Lane
from orchestrator.media.relay.livegroup import WORTHWHILE, LiveGroup
from orchestrator.media.relay.peer import Peer
from orchestrator.media.relay.rtp import Packet
from orchestrator.media.relay.track import Track

Exits = list[tuple[Lane, Peer]]


class Way(Protocol):
    """How packets leave. ``forward`` may gather them until its owner flushes."""

    def forward(self, packet: Packet, exits: Exits) -> None: ...

    def group(self, exits: Exits) -> LiveGroup: ...

    def forward_group(self, packet: Packet, group: LiveGroup) -> None: ...

    def report(self, peer: Peer, compound: bytes) -> None: ...


class Fan:
    """A track and its live lanes; the lanes as one group, built when first needed, forgotten at every change."""

    def __init__(self, track: Track, way: Way) -> None:
        self.track = track
        self._way = way
        self.live: Exits = []
        self._group: LiveGroup | None = None

    def join(self, lane: Lane, viewer: Peer) -> None:
        """From the track's next packet on, all of them go to this lane."""
        lane.go_live(self.track.packets, self.track.octets)
        self.live.append((lane, viewer))
        self._group = None

    def leave(self, viewer: Peer) -> None:
        """The viewer's lane follows no more."""
        self.live = [one for one in self.live if one[1] is not viewer]
        self._group = None

    def changed(self) -> None:
        """An address or a key of a viewer is another."""
        self._group = None

    def settle(self, lane: Lane) -> None:
        """Bring a lane's counters up to date."""
        lane.settle(self.track.packets, self.track.octets, self.track.sequence)

    def forward(self, packet: Packet, *, straggler: bool) -> int:
        """Send to every live lane; returns to how many."""
        exits = self.live
        if straggler:
            exits = [one for one in exits if one[0].carries(packet.sequence)]
        if straggler or len(exits) < WORTHWHILE:
            if exits:
                self._way.forward(packet, exits)
            return len(exits)
        if self._group is None:
            self._group = self._way.group(exits)
        self._way.forward_group(packet, self._group)
        return len(exits)
