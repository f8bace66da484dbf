"""A stream without a socket: publishers with their own numbering, and a way out that writes everything down."""

from __future__ import annotations

from collections import defaultdict
from typing import cast

from orchestrator.media.relay import rtcp
from orchestrator.media.relay.answer import Chosen, Terms
from orchestrator.media.relay.lane import Lane
from orchestrator.media.relay.limits import Limits
from orchestrator.media.relay.lines import Lines
from orchestrator.media.relay.livegroup import LiveGroup
from orchestrator.media.relay.peer import Peer
from orchestrator.media.relay.rtp import Arrival, Packet
from orchestrator.media.relay.stream import Stream
from orchestrator.media.tokens import Seat

VIDEO, AUDIO = 102, 111
KEY, DELTA = b"\x65\x88", b"\x41\x9a"


class Notebook:
    """A way out that writes down what would be sent: per viewer (kind, sequence, timestamp, payload)."""

    def __init__(self) -> None:
        self.sent: dict[str, list[tuple[int, int, int, bytes]]] = defaultdict(list)
        self.reports: dict[str, list[bytes]] = defaultdict(list)

    def forward(self, packet: Packet, exits: list[tuple[Lane, Peer]]) -> None:
        for lane, peer in exits:
            sequence = (packet.sequence + lane.shift) & 0xFFFF
            self.sent[peer.id].append((lane.payload_type, sequence, lane.stamp(packet.timestamp), lane.content(packet)))

    def group(self, exits: list[tuple[Lane, Peer]]) -> LiveGroup:
        """What is sealed and sent in one step elsewhere is written down one by one."""
        return cast("LiveGroup", list(exits))

    def forward_group(self, packet: Packet, group: LiveGroup) -> None:
        self.forward(packet, cast("list[tuple[Lane, Peer]]", group))

    def report(self, peer: Peer, compound: bytes) -> None:
        self.reports[peer.id].append(compound)

    def of(self, peer: Peer, kind: int = VIDEO) -> list[tuple[int, int, bytes]]:
        return [(sequence, stamp, payload) for one, sequence, stamp, payload in self.sent[peer.id] if one == kind]

    def asked(self, peer: Peer) -> int:
        reports = [one for compound in self.reports[peer.id] for one in rtcp.parse(compound)]
        return sum(isinstance(one, rtcp.KeyframeWanted) for one in reports)


class Lecturer:
    """A source of packets with its own numbering, sent by whoever sits in ``seat``."""

    def __init__(self, ssrc: int, sequence: int = 100, seat: Seat = Seat.LECTURER) -> None:
        self.ssrc, self.sequence, self.stamp = ssrc, sequence, ssrc * 1000
        self.seat = seat

    def picture(self, stream: Stream, now: float, payload: bytes, packets: int = 1) -> None:
        for n in range(packets):
            body = payload if n == 0 else b"\x01" + payload
            numbers = (self.sequence & 0xFFFF, self.stamp & 0xFFFFFFFF, self.ssrc)
            stream.incoming(stream.seats[self.seat].peer, Arrival(VIDEO, 0, *numbers, body), "video", now)
            self.sequence += 1
        self.stamp += 3000


def peer(
    *,
    publisher: bool = False,
    seat: Seat = Seat.LECTURER,
    repair: int | None = None,
    rids: tuple[str, ...] = (),
    codec: str = "h264",
    most_bps: int | None = None,
) -> Peer:
    video = Chosen(0, "video", "0", VIDEO, 90000, 22, repair=repair, repair_ssrc=44, codec=codec)
    chosen = (video, Chosen(1, "audio", "1", AUDIO, 48000, 11))
    terms = Terms(chosen, passive=True, rids=rids, most_bps=most_bps)
    return Peer("s", terms, publisher=publisher, now=0.0, place=seat)


def stream_with(limits: Limits | None = None) -> tuple[Stream, Notebook, Peer]:
    book = Notebook()
    stream = Stream("s", limits or Limits(), book, Lines(), ntp_shift=1000.0, maximum_bps=6_000_000)
    first = peer(publisher=True)
    stream.publisher_ready(first, 0.0)
    return stream, book, first
