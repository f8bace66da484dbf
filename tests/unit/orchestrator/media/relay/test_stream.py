"""One lecture through publishers, viewers, losses and late comers, without a socket."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.media.relay import rtcp
from orchestrator.media.relay.answer import Chosen, Terms
from orchestrator.media.relay.lane import Lane
from orchestrator.media.relay.limits import Limits
from orchestrator.media.relay.livegroup import LiveGroup
from orchestrator.media.relay.peer import Peer
from orchestrator.media.relay.rtp import Arrival, Packet
from orchestrator.media.relay.stream import Stream

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
            self.sent[peer.id].append((lane.payload_type, sequence, lane.stamp(packet.timestamp), packet.payload))

    def group(self, exits: list[tuple[Lane, Peer]]) -> LiveGroup:
        raise AssertionError("these tests have few viewers")

    def forward_group(self, packet: Packet, group: LiveGroup) -> None:
        raise AssertionError("these tests have few viewers")

    def report(self, peer: Peer, compound: bytes) -> None:
        self.reports[peer.id].append(compound)

    def of(self, peer: Peer, kind: int = VIDEO) -> list[tuple[int, int, bytes]]:
        return [(sequence, stamp, payload) for one, sequence, stamp, payload in self.sent[peer.id] if one == kind]

    def asked(self, peer: Peer) -> int:
        reports = [one for compound in self.reports[peer.id] for one in rtcp.parse(compound)]
        return sum(isinstance(one, rtcp.KeyframeWanted) for one in reports)


class Lecturer:
    """A source of packets with its own numbering."""

    def __init__(self, ssrc: int, sequence: int = 100) -> None:
        self.ssrc, self.sequence, self.stamp = ssrc, sequence, ssrc * 1000

    def picture(self, stream: Stream, now: float, payload: bytes, packets: int = 1) -> None:
        for n in range(packets):
            body = payload if n == 0 else b"\x01" + payload
            stream.incoming(
                Arrival(VIDEO, 0, self.sequence & 0xFFFF, self.stamp & 0xFFFFFFFF, self.ssrc, body), "video", now
            )
            self.sequence += 1
        self.stamp += 3000


def peer(*, publisher: bool = False) -> Peer:
    chosen = (Chosen(0, "video", "0", VIDEO, 90000, 22), Chosen(1, "audio", "1", AUDIO, 48000, 11))
    return Peer("s", Terms(chosen, passive=True), publisher=publisher, now=0.0)


def stream_with(limits: Limits | None = None) -> tuple[Stream, Notebook, Peer]:
    book = Notebook()
    stream = Stream("s", limits or Limits(), book, ntp_shift=1000.0, maximum_bps=6_000_000)
    first = peer(publisher=True)
    stream.publisher_ready(first)
    return stream, book, first


def test_a_late_viewer_begins_with_the_keyframe_and_misses_nothing_after_it() -> None:
    stream, book, _ = stream_with()
    lecturer, viewer = Lecturer(1), peer()
    lecturer.picture(stream, 0.0, KEY + b"0", packets=3)
    for n in range(1, 10):
        lecturer.picture(stream, n * 0.03, DELTA + bytes((n,)))
    stream.viewer_ready(viewer, 0.3)
    lecturer.picture(stream, 0.33, DELTA + b"a")
    seen = book.of(viewer)
    assert len(seen) == 13
    assert seen[0][2] == KEY + b"0"
    assert [(b[0] - a[0]) & 0xFFFF for a, b in pairwise(seen)] == [1] * 12


def test_cached_pictures_are_stamped_close_together_and_live_ones_as_taken() -> None:
    stream, book, _ = stream_with()
    lecturer, viewer = Lecturer(1), peer()
    lecturer.picture(stream, 0.0, KEY)
    for n in range(1, 30):
        lecturer.picture(stream, n * 0.03, DELTA)
    stream.viewer_ready(viewer, 0.9)
    lecturer.picture(stream, 0.93, DELTA)
    stamps = [stamp for _, stamp, _ in book.of(viewer)]
    steps = [(b - a) & 0xFFFFFFFF for a, b in pairwise(stamps)]
    assert steps == [180] * 29 + [3000]


def test_without_a_cached_keyframe_the_publisher_is_asked_once_for_all() -> None:
    stream, book, publisher = stream_with()
    lecturer, viewers = Lecturer(1), [peer() for _ in range(5)]
    lecturer.picture(stream, 10.0, DELTA)
    for viewer in viewers:
        stream.viewer_ready(viewer, 10.0)
    for n in range(20):
        stream.pulse(10.0 + n * 0.02)
    assert book.asked(publisher) == 1
    lecturer.picture(stream, 10.5, KEY)
    assert all(book.of(viewer)[0][2] == KEY for viewer in viewers)


def test_an_unanswered_request_is_repeated() -> None:
    stream, book, publisher = stream_with()
    Lecturer(1).picture(stream, 10.0, DELTA)
    stream.viewer_ready(peer(), 10.0)
    for n in range(250):
        stream.pulse(10.0 + n * 0.02)
    assert 4 <= book.asked(publisher) <= 5


def test_a_viewers_request_reaches_the_publisher() -> None:
    stream, book, publisher = stream_with()
    viewer = peer()
    Lecturer(1).picture(stream, 10.0, KEY)
    stream.viewer_ready(viewer, 10.0)
    stream.viewer_reports(viewer, rtcp.keyframe_request(1, 22))
    stream.pulse(10.1)
    assert book.asked(publisher) == 1


def test_a_lost_packet_is_sent_again_as_it_was() -> None:
    stream, book, _ = stream_with()
    lecturer, viewer = Lecturer(1), peer()
    lecturer.picture(stream, 0.0, KEY)
    stream.viewer_ready(viewer, 0.0)
    stream.second(0.0)
    for n in range(5):
        lecturer.picture(stream, n * 0.03, DELTA + bytes((n,)))
    wanted = book.of(viewer)[3]
    before = len(book.of(viewer))
    stream.viewer_reports(viewer, rtcp.nack(1, 22, [wanted[0], (wanted[0] + 999) & 0xFFFF]))
    assert book.of(viewer)[before:] == [wanted]


def test_sending_again_is_rationed() -> None:
    stream, book, _ = stream_with(Limits(resends_per_s=3))
    lecturer, viewer = Lecturer(1), peer()
    lecturer.picture(stream, 0.0, KEY)
    stream.viewer_ready(viewer, 0.0)
    stream.second(0.0)
    wanted = book.of(viewer)[0][0]
    for _ in range(10):
        stream.viewer_reports(viewer, rtcp.nack(1, 22, [wanted]))
    assert len(book.of(viewer)) == 1 + 3


def test_another_publisher_continues_the_numbering_from_its_keyframe() -> None:
    stream, book, old = stream_with()
    viewer, first, second = peer(), Lecturer(1), Lecturer(2, sequence=40_000)
    first.picture(stream, 0.0, KEY)
    stream.viewer_ready(viewer, 0.0)
    first.picture(stream, 0.03, DELTA)
    assert stream.publisher_ready(peer(publisher=True)) is old
    second.picture(stream, 1.0, DELTA)
    second.picture(stream, 1.1, KEY + b"2")
    seen = book.of(viewer)
    assert [payload for _, _, payload in seen] == [KEY, DELTA, KEY + b"2"]
    assert (seen[2][0] - seen[1][0]) & 0xFFFF == 1
    assert 0 < (seen[2][1] - seen[1][1]) & 0xFFFFFFFF < 2 * 90_000


def test_a_second_source_of_one_publisher_is_taken_only_when_the_first_is_quiet() -> None:
    stream, book, _ = stream_with()
    viewer = peer()
    Lecturer(1).picture(stream, 0.0, KEY + b"1")
    stream.viewer_ready(viewer, 0.0)
    Lecturer(2).picture(stream, 0.1, KEY + b"2")
    Lecturer(3).picture(stream, 5.0, KEY + b"3")
    assert [payload for _, _, payload in book.of(viewer)] == [KEY + b"1", KEY + b"3"]


def test_reports_to_a_viewer_keep_sound_and_picture_on_one_clock() -> None:
    stream, book, _ = stream_with()
    lecturer, viewer = Lecturer(1), peer()
    lecturer.picture(stream, 5.0, KEY)
    stream.incoming(Arrival(AUDIO, 0, 1, 480, 9, b"x"), "audio", 5.0)
    for ssrc, stamp in ((1, 1000), (9, 480)):
        report = rtcp.sender_report(ssrc, ntp=77.0, timestamp=stamp, packets=1, octets=1, cname="p")
        stream.publisher_reports(report, 5.0)
    stream.viewer_ready(viewer, 6.0)
    reports = [one for compound in book.reports[viewer.id] for one in rtcp.parse(compound)]
    assert {one.ssrc for one in reports if isinstance(one, rtcp.SenderReport)} == {11, 22}
    for one in reports:
        assert isinstance(one, rtcp.SenderReport)
        kind, rate = ("audio", 48000) if one.ssrc == 11 else ("video", 90000)
        assert one.ntp == 1006.0
        assert (one.timestamp - viewer.lanes[kind].timestamp_shift) & 0xFFFFFFFF == rate


def test_a_publisher_hears_of_its_losses_and_of_the_limit() -> None:
    stream, book, publisher = stream_with()
    lecturer = Lecturer(1)
    lecturer.picture(stream, 0.0, KEY)
    lecturer.sequence += 1
    lecturer.picture(stream, 0.03, DELTA)
    stream.pulse(0.05)
    stream.second(1.0)
    reports = [one for compound in book.reports[publisher.id] for one in rtcp.parse(compound)]
    assert rtcp.Missing(1, [101]) in reports
    assert any(isinstance(one, rtcp.LossReport) and one.lost == 1 for one in reports)


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(["key", "delta", "lost", "swap", "join", "leave", "publisher", "pulse", "nack"]), max_size=120
    )
)
def test_no_number_ever_carries_two_contents(steps: list[str]) -> None:
    """SRTP would encrypt both under one key and number; and a viewer would see nonsense."""
    stream, book, _ = stream_with(Limits(gop_packets=12, catch_up_packets_each=3))
    lecturer, viewers, now, held = Lecturer(1), [peer()], 0.0, 0
    stream.viewer_ready(viewers[0], now)
    for serial, step in enumerate(steps, 1):
        now += 0.02
        body = serial.to_bytes(2, "big")
        if step in {"key", "delta"}:
            lecturer.picture(stream, now, (KEY if step == "key" else DELTA) + body, packets=2)
        elif step == "lost":
            held = lecturer.sequence
            lecturer.sequence += 1
        elif step == "swap" and held:
            late = Arrival(VIDEO, 0, held & 0xFFFF, (lecturer.stamp - 3000) & 0xFFFFFFFF, lecturer.ssrc, DELTA + body)
            stream.incoming(late, "video", now)
            held = 0
        elif step == "join" and len(viewers) < 5:
            viewers.append(peer())
            stream.viewer_ready(viewers[-1], now)
        elif step == "leave" and len(viewers) > 1:
            stream.gone(viewers.pop())
        elif step == "publisher":
            stream.publisher_ready(peer(publisher=True))
            lecturer, held = Lecturer(lecturer.ssrc + 1, sequence=serial * 977), 0
        elif step == "pulse":
            stream.pulse(now)
            stream.second(now)
        elif step == "nack":
            for viewer in viewers:
                newest = max((one[0] for one in book.of(viewer)), default=0)
                stream.viewer_reports(viewer, rtcp.nack(1, 22, [(newest - n) & 0xFFFF for n in range(30, -1, -1)]))
    for viewer in viewers:
        contents: dict[int, tuple[int, bytes]] = {}
        for sequence, stamp, payload in book.of(viewer):
            assert contents.setdefault(sequence, (stamp, payload)) == (stamp, payload)
