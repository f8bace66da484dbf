"""A connected publisher in its seat: what it sends, whether it sends, its clock, and what is asked of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from orchestrator.media.relay import codecs, h264, rtcp, vp8
from orchestrator.media.relay.keyframes import KeyframeRequests
from orchestrator.media.relay.limits import Limits
from orchestrator.media.relay.peer import Peer
from orchestrator.media.relay.reception import Reception
from orchestrator.media.relay.rtp import TIMESTAMPS, Arrival, ahead
from orchestrator.media.relay.size import picture_size
from orchestrator.media.tokens import Seat

SOURCE_QUIET_S = 0.5
SENDING_S = 1.0
"""A publisher whose last packet is older does not send."""
PICTURE_LIMIT = 256
"""Packets of one picture kept while a keyframe is awaited."""
UNOPENED, UNNAMED = "before_keyframe", "unknown_rid"
"""Why packets of a seat that is on air, or about to be, do not go out."""
CLOCK_RATES = {"audio": 48000, "video": 90000}


class Incoming:
    """One RTP stream of a publisher: its sound, or one encoding of its picture (``rid``, RFC 8852).

    ``open``: its packets go out. A picture opens with a keyframe, after whoever was on air before. ``drops`` counts
    what was kept for that in vain, by reason.
    """

    def __init__(self, kind: str, limits: Limits, drops: Counter[str], codec: str = codecs.H264, rid: str = "") -> None:
        self.kind = kind
        self.vp8 = codec == codecs.VP8
        self.rid = rid
        self.size = (0, 0)
        """Width and height of the picture, as the last keyframe told."""
        self.clock_rate = CLOCK_RATES[kind]
        self.reception: Reception | None = None
        self.requests = KeyframeRequests(limits.keyframe_interval_s)
        self.open = False
        self.asked = 0.0
        self.stale = 0
        self.last = 0.0
        self._drops = drops
        self._picture: list[Arrival] = []
        self._clock: tuple[float, int] | None = None

    def take(self, arrival: Arrival, now: float) -> bool:
        """Count a packet; false for one of a second source beside a lively one."""
        if self.reception is None or (self.reception.ssrc != arrival.ssrc and now - self.last > SOURCE_QUIET_S):
            self.reception = Reception(arrival.ssrc, self.clock_rate)
            self._clock = None
            self.close()
        if self.reception.ssrc != arrival.ssrc:
            self.stale += 1
            return False
        self.last = now
        self.reception.packet(arrival.sequence, arrival.timestamp, now, repaired=arrival.repaired)
        return True

    def close(self) -> None:
        """Nothing goes out until it opens again."""
        self.open = False
        self._forget()

    def opens(self, payload: bytes) -> bool:
        """Whether a picture can be shown from this packet on."""
        return vp8.opens_picture(payload) if self.vp8 else h264.opens_picture(payload)

    def measure(self, payload: bytes) -> None:
        """Take note of how large the picture is that this packet begins."""
        self.size = (vp8.picture_size(payload) if self.vp8 else picture_size(payload)) or self.size

    def hold(self, arrival: Arrival) -> bool:
        """Keep the packets of the newest picture: the one that shows it to be a keyframe may not be its first.

        False for a packet of an older picture, which is not kept.
        """
        newer = ahead(arrival.timestamp, self._picture[-1].timestamp, TIMESTAMPS) if self._picture else 0
        if newer > 0:
            self._forget()
        if newer < 0 or len(self._picture) >= PICTURE_LIMIT:
            self._drops[UNOPENED] += 1
            return False
        self._picture.append(arrival)
        return True

    def _forget(self) -> None:
        self._drops[UNOPENED] += len(self._picture)
        self._picture = []

    def held(self) -> list[Arrival]:
        """What was kept, in order, once."""
        picture, self._picture = self._picture, []
        first = picture[0].sequence if picture else 0
        return sorted(picture, key=lambda one: ahead(one.sequence, first))

    def sender_report(self, report: rtcp.SenderReport, offset: float, now: float) -> None:
        """The publisher says which of its timestamps is what time; ``offset`` turns its clock into ours."""
        if self.reception is not None and report.ssrc == self.reception.ssrc:
            self.reception.sender_report(report, now)
            self._clock = (report.ntp + offset, report.timestamp)

    def stamp_at(self, ntp: float) -> int | None:
        """The source's timestamp at the relay's NTP time; None before its first report."""
        if self._clock is None:
            return None
        known, timestamp = self._clock
        return round(timestamp + (ntp - known) * self.clock_rate) % TIMESTAMPS

    def ntp_of(self, timestamp: int) -> float | None:
        """The relay's NTP time of one of the source's timestamps; None before its first report."""
        if self._clock is None:
            return None
        known, reported = self._clock
        return known + ahead(timestamp, reported, TIMESTAMPS) / self.clock_rate


class Source:
    """One publisher. ``last`` is when its newest packet came, of either kind."""

    def __init__(self, peer: Peer, limits: Limits, drops: Counter[str]) -> None:
        self.peer = peer
        self.seat: Seat = peer.place
        self.incoming = _streams(peer, limits, drops)
        self.last: float | None = None
        self._offset: float | None = None

    def report(self, maximum_bps: int, cname: str, now: float) -> bytes:
        """RTCP to the publisher: what came of it, and how much it may send."""
        receptions = [one.reception for one in self.incoming.values() if one.reception is not None]
        pictures = [one.reception.ssrc for one in self.pictures if one.reception is not None]
        compound = rtcp.receiver_report(self.peer.ssrc, [one.block(now) for one in receptions], cname)
        return compound + rtcp.bandwidth(self.peer.ssrc, maximum_bps, pictures) if pictures else compound

    def sending(self, now: float) -> bool:
        """Whether packets came within the last second."""
        return self.last is not None and now - self.last < SENDING_S

    def of(self, arrival: Arrival, kind: str) -> Incoming | None:
        """Whose packet it is; None while nobody knows which encoding it belongs to."""
        if kind != "video" or not self.peer.terms.rids:
            return self.incoming.get(kind)
        return self.incoming.get(f"video {self.peer.origins.rids.get(arrival.ssrc, '')}")

    @property
    def pictures(self) -> list[Incoming]:
        """What it agreed to send of pictures: none, one stream, or several encodings in the offer's order."""
        return [one for one in self.incoming.values() if one.kind == "video"]

    def reports(self, reports: list[rtcp.SenderReport], ntp_now: float, now: float) -> None:
        """Its clock. The first report fixes how far that is from ours, for sound and picture alike."""
        for report in reports:
            if self._offset is None:
                self._offset = ntp_now - report.ntp
            for one in self.incoming.values():
                one.sender_report(report, self._offset, now)

    def want_keyframes(self) -> None:
        """Of every encoding."""
        for one in self.pictures:
            one.requests.want()

    def want_unopened(self, now: float, every_s: float) -> None:
        """Of those that have not opened, again after a while; one that its sender has given up beside the others has
        no keyframe to give."""
        newest = max((one.last for one in self.pictures), default=0.0)
        for one in self.pictures:
            if not one.open and newest - one.last < SENDING_S and now - one.asked > every_s:
                one.requests.want()

    def missing(self, now: float) -> Iterator[tuple[int, list[int]]]:
        """SSRCs, and the sequence numbers of each that are to be asked for again."""
        for one in self.incoming.values():
            if one.reception is not None and one.reception.missing:
                wanted = one.reception.ask(now)
                if wanted:
                    yield one.reception.ssrc, wanted

    def close(self) -> None:
        """No packet goes out until the seat is put on air again."""
        for one in self.incoming.values():
            one.close()


def _streams(peer: Peer, limits: Limits, drops: Counter[str]) -> dict[str, Incoming]:
    found: dict[str, Incoming] = {}
    for one in peer.terms.chosen:
        rids = peer.terms.rids if one.kind == "video" else ()
        if rids:
            found |= {f"video {rid}": Incoming("video", limits, drops, one.codec, rid) for rid in rids}
        else:
            found[one.kind] = Incoming(one.kind, limits, drops, one.codec)
    return found
