"""Three sizes of VP8: real pictures that a viewer decodes through every change of size, with numbers that go on."""

from __future__ import annotations

from itertools import pairwise

import pytest

from orchestrator.media.port import Rung
from orchestrator.media.relay import rtcp
from orchestrator.media.relay.peer import Peer
from orchestrator.media.relay.rtp import Arrival
from orchestrator.media.tokens import Seat
from tests.doubles.stream_room import VIDEO, peer, stream_with
from tests.doubles.vp8_lecture import Vp8Encoder, Vp8Screen

REPAIR = 103
FRAME_S = 1 / 30


class Vp8Day:
    """A lecturer who sends three sizes, each with numbers of its own, and two viewers."""

    def __init__(self) -> None:
        self.stream, self.book, _ = stream_with()
        self.publisher = peer(publisher=True, rids=("h", "m", "l"), codec="vp8")
        self.stream.publisher_ready(self.publisher, 0.0)
        self.now, self.n = 10.0, 0
        self.sizes = {
            500: Vp8Encoder(128, 96, picture=32_700, layer=250),
            501: Vp8Encoder(64, 48, picture=5, layer=3),
            502: Vp8Encoder(32, 16, picture=20_000, layer=99),
        }
        self.sequences = dict.fromkeys(self.sizes, 65_500)
        for ssrc, rid in zip(self.sizes, "hml", strict=True):
            self.publisher.origins.rids[ssrc] = rid
            report = rtcp.sender_report(ssrc, ntp=self.now, timestamp=ssrc * 90_000, packets=1, octets=1, cname="p")
            self.stream.publisher_reports(self.publisher, report, self.now)
        self.weak, self.good = peer(repair=REPAIR, codec="vp8"), peer(repair=REPAIR, codec="vp8")
        self.weak.subject = "weak"
        for one in (self.weak, self.good):
            self.stream.viewer_ready(one, self.now)

    def run(self, pictures: int) -> None:
        """Send pictures; a size gives a keyframe when it was asked for one."""
        for _ in range(pictures):
            self.now += FRAME_S
            asked = self._asked()
            for ssrc, encoder in self.sizes.items():
                self._send(ssrc, encoder.packets(key=ssrc in asked))
            self.n += 1
            self.stream.pulse(self.now)

    def _send(self, ssrc: int, payloads: list[bytes]) -> None:
        for index, payload in enumerate(payloads):
            marker = 0x80 if index == len(payloads) - 1 else 0
            stamp = (ssrc * 90_000 + self.n * 3000) & 0xFFFFFFFF
            arrival = Arrival(VIDEO, marker, self.sequences[ssrc], stamp, ssrc, payload)
            self.sequences[ssrc] = (self.sequences[ssrc] + 1) & 0xFFFF
            self.stream.incoming(self.publisher, arrival, "video", self.now)

    def _asked(self) -> set[int]:
        found = [one for compound in self.book.reports[self.publisher.id] for one in rtcp.parse(compound)]
        self.book.reports[self.publisher.id].clear()
        return {one.ssrc for one in found if isinstance(one, rtcp.KeyframeWanted)}

    def order(self, rung: Rung | None) -> None:
        """An operator's, for the weak viewer; with time to take effect."""
        self.stream.pictures.orders = {} if rung is None else {"weak": rung}
        self.run(40)


def seen_by(day: Vp8Day, viewer: Peer) -> Vp8Screen:
    """Everything that went to a viewer, decoded; its numbers have no gap and no step back."""
    sent = day.book.of(viewer)
    assert {(b[0] - a[0]) & 0xFFFF for a, b in pairwise(sent)} == {1}
    screen = Vp8Screen()
    for _, _, payload in sent:
        screen.take(payload)
    screen.finish()
    steps = [((b[0] - a[0]) % (1 << 15), (b[1] - a[1]) % 256, b[2]) for a, b in pairwise(screen.told)]
    assert {picture for picture, _, _ in steps} == {1}
    assert all(base == (upper == 0) for _, base, upper in steps)
    return screen


def changes(heights: list[int]) -> list[int]:
    """The sizes in the order in which they came."""
    return [heights[0], *(after for before, after in pairwise(heights) if before != after)]


def test_a_viewer_decodes_through_every_change_of_size() -> None:
    day = Vp8Day()
    day.run(20)
    for rung in (Rung.LOW, Rung.FULL, Rung.SOUND, Rung.LOW, Rung.FULL):
        day.order(rung)
    weak, good = seen_by(day, day.weak), seen_by(day, day.good)
    assert changes(weak.heights)[-4:] == [16, 96, 16, 96]
    assert changes(good.heights)[-1] == 96
    assert 16 not in good.heights


def test_the_sizes_are_known_from_their_keyframes() -> None:
    day = Vp8Day()
    day.run(20)
    assert [one.height for one in day.stream.pictures.layers] == [96, 48, 16]


def test_what_is_sent_again_has_the_numbers_that_it_had() -> None:
    day = Vp8Day()
    day.run(20)
    day.order(Rung.LOW)
    sequence, _, payload = day.book.of(day.weak)[-3]
    day.stream.viewer_reports(day.weak, rtcp.nack(1, 22, [sequence]), day.now)
    assert day.book.of(day.weak, REPAIR)[-1][2] == sequence.to_bytes(2, "big") + payload


@pytest.mark.parametrize("rung", [Rung.LOW, Rung.FULL])
def test_a_slate_follows_and_is_decoded_on_every_size(rung: Rung) -> None:
    day = Vp8Day()
    day.run(20)
    day.order(rung)
    slate, seat = Vp8Encoder(48, 32, picture=77, layer=8), peer(publisher=True, seat=Seat.SLATE, codec="vp8")
    day.stream.publisher_ready(seat, day.now)
    day.stream.gone(day.publisher, day.now)
    for n in range(20):
        day.now += FRAME_S
        for payload in slate.packets(key=n == 3):
            arrival = Arrival(VIDEO, 0x80, day.sequences[500], n * 3000, 9, payload)
            day.sequences[500] = (day.sequences[500] + 1) & 0xFFFF
            day.stream.incoming(seat, arrival, "video", day.now)
        day.stream.pulse(day.now)
    for one in (day.weak, day.good):
        assert seen_by(day, one).heights[-5:] == [32] * 5
