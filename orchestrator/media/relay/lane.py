"""One track on its way to one viewer: numbering, start at a keyframe, catching up, sending again."""

from __future__ import annotations

import msgspec

from orchestrator.media.relay import vp8
from orchestrator.media.relay.gop import Gop
from orchestrator.media.relay.rtp import SEQUENCES, TIMESTAMPS, Packet, ahead

CATCH_UP_TICKS = 180
"""Pictures that are shown late are stamped 2 ms apart: stamped as they were taken, they would teach the viewer's
jitter buffer to lag behind by as much for good."""

FORGOTTEN_AFTER = 4096
"""Packets after which nobody asks for anything older than the present numbering (the ring is shorter)."""


class Lane(msgspec.Struct):
    """Sequence and timestamp shifts, payload type and SSRC of one outgoing track.

    ``live``: every packet of the track goes out as it comes. Otherwise the lane waits for a keyframe, or reads the
    group of pictures from ``cursor`` on.
    """

    payload_type: int
    ssrc: int
    clock_rate: int
    next_sequence: int
    """Where the numbering begins (random, RFC 3550 §5.1)."""
    timestamp_shift: int
    live: bool = False
    cursor: int | None = None
    group: int = 0
    shift: int = 0
    """Added to the track's sequence numbers since the lane last began."""
    begun: int | None = None
    """First outgoing sequence number of the present numbering: only from here on may a packet be sent again."""
    highest: int | None = None
    packets: int = 0
    octets: int = 0
    resent: int = 0
    allowance: float = 0.0
    restamped: dict[int, int] = {}
    counted: tuple[int, int] = (0, 0)
    packets_before: int = 0
    """Packets sent before the present numbering."""
    extension: bytes = b""
    """Header extensions, prebuilt (:mod:`extensions`)."""
    timed: bool = False
    """The extension has a place for the time of sending."""
    picture_shift: int = 0
    layer_shift: int = 0
    """Added to the track's numbers of pictures and of base layers (VP8)."""
    pictures: tuple[int, int] | None = None
    """The newest of both that went out of the track before, until the lane begins with another."""
    repair: Lane | None = None
    """The lane of RTX, with an SSRC and a numbering of its own."""

    def begin(self, sequence: int) -> None:
        """Go on without a gap at the track's packet ``sequence``."""
        if self.highest is not None:
            self.next_sequence = (self.highest + 1) % SEQUENCES
        self.shift = (self.next_sequence - sequence) % SEQUENCES
        self.begun, self.highest = self.next_sequence, None
        self.restamped, self.packets_before = {}, self.packets

    def pause(self) -> None:
        """Stop until the next keyframe."""
        self.live, self.cursor = False, None
        if self.highest is not None:
            self.next_sequence = (self.highest + 1) % SEQUENCES
            self.highest = None

    def leave_off(self, pictures: tuple[int, int]) -> None:
        """Another track follows: its pictures are to be counted on from this one's newest."""
        if self.packets and self.pictures is None:
            picture, layer = pictures
            self.pictures = (picture + self.picture_shift) % vp8.PICTURES, (layer + self.layer_shift) % vp8.LAYERS

    def _count_on(self, first: Packet) -> None:
        if self.pictures is None or not first.numbered:
            return
        picture, layer = vp8.read(first.payload)
        self.picture_shift = (self.pictures[0] + 1 - picture) % vp8.PICTURES
        self.layer_shift = (self.pictures[1] + 1 - layer) % vp8.LAYERS
        self.pictures = None

    def catch_up(self, gop: Gop) -> None:
        """Begin at the head of the group of pictures."""
        self.live, self.cursor, self.group = False, 0, gop.number
        self.begin(gop.packets[0].sequence)
        self._count_on(gop.packets[0])
        stamps = list(dict.fromkeys(packet.timestamp for packet in gop.packets))
        newest = stamps[-1]
        for index, stamp in enumerate(stamps[:-1]):
            compressed = (len(stamps) - 1 - index) * CATCH_UP_TICKS
            if compressed < (newest - stamp) % TIMESTAMPS:
                self.restamped[stamp] = (newest - compressed) % TIMESTAMPS

    def go_live(self, packets: int, octets: int) -> None:
        """From the next packet on, every packet goes out. The track's counters so far let ours follow later."""
        self.live, self.cursor, self.counted = True, None, (packets, octets)

    def settle(self, packets: int, octets: int, sequence: int) -> None:
        """Bring the counters of a live lane up to the track's: the hot path keeps none per viewer."""
        if not self.live:
            return
        self.packets += packets - self.counted[0]
        self.octets += octets - self.counted[1]
        self.counted = (packets, octets)
        self.highest = (sequence + self.shift) % SEQUENCES

    def stamp(self, timestamp: int) -> int:
        """The outgoing timestamp of one of the track's."""
        return (self.restamped.get(timestamp, timestamp) + self.timestamp_shift) & 0xFFFFFFFF

    def sent(self, packet: Packet) -> None:
        """Count a packet of the group of pictures that went out."""
        self.packets += 1
        self.octets += len(packet.payload)
        out = (packet.sequence + self.shift) & 0xFFFF
        if self.highest is None or ahead(out, self.highest) > 0:
            self.highest = out

    def carries(self, sequence: int) -> bool:
        """Whether the track's packet ``sequence`` belongs to the present numbering (a straggler may not).

        A number of an older numbering went out with other content, and SRTP must never encrypt two contents under one
        number and key (RFC 3711 §9.1).
        """
        if self.begun is None:
            return False
        if self.packets - self.packets_before > FORGOTTEN_AFTER:
            return True
        return ahead((sequence + self.shift) % SEQUENCES, self.begun) >= 0

    def again(self, packet: Packet) -> tuple[Packet, Lane]:
        """The packet as it is to be sent again: wrapped as RTX (RFC 4588 §4), or itself to a viewer without."""
        repair = self.repair
        if repair is None:
            return packet, self
        repair.next_sequence = (repair.next_sequence + 1) % SEQUENCES
        number = ((packet.sequence + self.shift) % SEQUENCES).to_bytes(2, "big")
        stamp = self.stamp(packet.timestamp)
        return Packet(repair.next_sequence, stamp, packet.marker, number + self.content(packet)), repair

    def content(self, packet: Packet) -> bytes:
        """The payload as it went out to this viewer."""
        if not packet.numbered:
            return packet.payload
        return vp8.shifted(packet.payload, packet.numbered, self.picture_shift, self.layer_shift)

    def source_of(self, sequence: int) -> int | None:
        """The track's number of an outgoing one, if it was sent under the present numbering."""
        source = (sequence - self.shift) % SEQUENCES
        if self.highest is None or ahead(sequence, self.highest) > 0 or not self.carries(source):
            return None
        return source
