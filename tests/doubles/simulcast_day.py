"""A lecturer who sends three sizes to a stream without a socket, and viewers who report what their lines take."""

from __future__ import annotations

from itertools import pairwise

from orchestrator.media.port import Rung
from orchestrator.media.relay import rtcp
from orchestrator.media.relay.peer import Peer
from orchestrator.media.relay.rtp import Arrival
from tests.doubles.stream_room import DELTA, KEY, VIDEO, peer, stream_with

FRAME_S = 1 / 30
REPAIR = 103
SIZES = (("h", 2400), ("m", 800), ("l", 250))


class Simulcast:
    """Three encodings at 30 pictures a second, each with its own numbering, clock and rate."""

    def __init__(self, viewers: int = 2) -> None:
        self.stream, self.book, _ = stream_with()
        self.publisher = peer(publisher=True, rids=("h", "m", "l"))
        self.stream.publisher_ready(self.publisher, 0.0)
        self.now = 10.0
        self.n = 0
        self.silent: set[str] = set()
        self.fresh = {rid for rid, _ in SIZES}
        """Their first picture is to come, a keyframe."""
        self.numbers = {rid: [7000 * (n + 1), 1_000_000 * (n + 1), 500 + n] for n, (rid, _) in enumerate(SIZES)}
        for rid, (_, _, ssrc) in self.numbers.items():
            self.publisher.origins.rids[ssrc] = rid
            self._clock(rid)
        self.keys: set[str] = set()
        self.run(2)
        self.viewers = [peer(repair=REPAIR) for _ in range(viewers)]
        for one in self.viewers:
            self.stream.viewer_ready(one, self.now)

    def _clock(self, rid: str) -> None:
        _, stamp, ssrc = self.numbers[rid]
        report = rtcp.sender_report(ssrc, ntp=self.now, timestamp=stamp, packets=1, octets=1, cname="p")
        self.stream.publisher_reports(self.publisher, report, self.now)

    def run(self, pictures: int) -> None:
        """Send pictures; a size gives a keyframe when it was asked for one."""
        for _ in range(pictures):
            self.now += FRAME_S
            self.n += 1
            for rid, size in reversed(SIZES):
                self._picture(rid, size)
            self.stream.pulse(self.now)
            if self.n % 30 == 0:
                for rid in self.numbers:
                    self._clock(rid)
                self.stream.second(self.now)

    def _picture(self, rid: str, size: int) -> None:
        sequence, stamp, ssrc = self.numbers[rid]
        self.numbers[rid][1] += 3000
        if rid in self.silent:
            return
        key = self._asked(ssrc) or rid in self.fresh
        self.fresh.discard(rid)
        body = (KEY if key else DELTA) + rid.encode() + self.n.to_bytes(4, "big") + bytes(size)
        self.numbers[rid][0] += 1
        arrival = Arrival(VIDEO, 0x80, sequence & 0xFFFF, stamp & 0xFFFFFFFF, ssrc, body)
        self.stream.incoming(self.publisher, arrival, "video", self.now)

    def _asked(self, ssrc: int) -> bool:
        reports = [one for compound in self.book.reports[self.publisher.id] for one in rtcp.parse(compound)]
        wanted = any(isinstance(one, rtcp.KeyframeWanted) and one.ssrc == ssrc for one in reports)
        if wanted:
            kept = [
                compound
                for compound in self.book.reports[self.publisher.id]
                if not any(isinstance(one, rtcp.KeyframeWanted) and one.ssrc == ssrc for one in rtcp.parse(compound))
            ]
            self.book.reports[self.publisher.id][:] = kept
        return wanted

    def tell(self, viewer: Peer, *estimates: int) -> None:
        """A viewer's receiver reports what its line takes, one figure each quarter of a second."""
        for bps in estimates:
            self.stream.viewer_reports(viewer, rtcp.bandwidth(1, bps, [22]), self.now)
            self.run(8)

    def order(self, rung: Rung | None) -> None:
        """An operator's, for the first viewer."""
        self.viewers[0].subject = "weak"
        self.stream.pictures.orders = {} if rung is None else {"weak": rung}

    def seen(self, viewer: Peer, last: int = 5) -> list[str]:
        """The sizes of the newest pictures."""
        return [chr(payload[2]) for _, _, payload in self.book.of(viewer)[-last:]]


def continuous(day: Simulcast, viewer: Peer) -> bool:
    """Numbers without a gap, time that goes on, and every change at a keyframe."""
    seen = day.book.of(viewer)
    for before, after in pairwise(seen):
        step, ticks = (after[0] - before[0]) & 0xFFFF, (after[1] - before[1]) & 0xFFFFFFFF
        if step != 1 or not 0 < ticks < 90_000 or (before[2][2] != after[2][2] and after[2][:2] != KEY):
            return False
    return True
