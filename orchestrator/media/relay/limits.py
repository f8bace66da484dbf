"""What the relay takes at most. Beyond a bound a request is refused or a packet dropped, and either is counted."""

from __future__ import annotations

import msgspec


class Full(Exception):
    """A bound of :class:`Limits` is reached; ``what`` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds of one relay process. Times in seconds of the monotonic clock."""

    sessions: int = 5000
    """Of a thousand rooms each has two, lecture and floor, and for a while two more when all of them connect anew."""
    streams: int = 200
    viewers_per_stream: int = 1500
    pending: int = 512
    """Sessions that have not finished their DTLS handshake."""
    publishers_per_seat: int = 4
    """The one who sits there and those who are about to replace it; beyond it the oldest waiting one goes."""
    sdp_bytes: int = 64 * 1024
    connect_s: float = 20.0
    """From the answer to the end of the DTLS handshake."""
    silence_s: float = 20.0
    """Without any authentic datagram (RFC 7675 consent checks come every 5 s)."""
    on_air_s: float = 2.0
    """A publisher whose last packet is older than this is connected but not on air."""
    gop_packets: int = 2000
    gop_bytes: int = 3 << 20
    gop_s: float = 6.0
    ring_packets: int = 1024
    """Packets of a track kept to answer NACKs; a power of two."""
    keyframe_interval_s: float = 0.5
    """At most one keyframe request to a publisher in this time, whatever the number of viewers who ask."""
    resends_per_s: int = 400
    """Packets sent again to one viewer."""
    catch_up_packets: int = 2000
    """Packets of cached pictures sent per pulse to all late viewers together: a join storm is paced."""
    catch_up_packets_each: int = 100
    joining: int = 24
    """Viewers who connect at the same time; the others' offers wait in line."""
    joining_s: float = 1.0
    """How long one of them may hold up the next."""
    tries: int = 8
    """Viewers of one stream whose lines are tried at the same time, with packets sent twice, for a better picture."""
