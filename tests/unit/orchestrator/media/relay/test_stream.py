"""One lecture through publishers, viewers, losses and late comers, without a socket."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.media.port import AirOrder, Want
from orchestrator.media.relay import rtcp
from orchestrator.media.relay.limits import Limits
from orchestrator.media.relay.rtp import Arrival
from orchestrator.media.relay.stats import stats_of
from orchestrator.media.relay.stream import Stream
from orchestrator.media.tokens import Seat
from tests.doubles.stream_room import AUDIO, DELTA, KEY, VIDEO, Lecturer, peer, stream_with


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
    stream.viewer_reports(viewer, rtcp.keyframe_request(1, 22), 10.0)
    stream.pulse(10.1)
    assert book.asked(publisher) == 1


def test_a_lost_packet_is_sent_again_as_it_was() -> None:
    stream, book, _ = stream_with()
    lecturer, viewer = Lecturer(1), peer()
    lecturer.picture(stream, 0.0, KEY)
    stream.viewer_ready(viewer, 0.0)
    for n in range(5):
        lecturer.picture(stream, n * 0.03, DELTA + bytes((n,)))
    wanted = book.of(viewer)[3]
    before = len(book.of(viewer))
    stream.viewer_reports(viewer, rtcp.nack(1, 22, [wanted[0], (wanted[0] + 999) & 0xFFFF]), 0.2)
    assert book.of(viewer)[before:] == [wanted]


def test_to_a_viewer_that_offers_rtx_a_lost_packet_is_sent_again_under_its_own_numbering() -> None:
    stream, book, _ = stream_with()
    lecturer, viewer = Lecturer(1), peer(repair=103)
    lecturer.picture(stream, 0.0, KEY)
    stream.viewer_ready(viewer, 0.0)
    for n in range(5):
        lecturer.picture(stream, n * 0.03, DELTA + bytes((n,)))
    first, second = book.of(viewer)[2:4]
    stream.viewer_reports(viewer, rtcp.nack(1, 22, [first[0], second[0]]), 0.2)
    stream.viewer_reports(viewer, rtcp.nack(1, 22, [first[0]]), 0.4)
    repairs = book.of(viewer, 103)
    expected = [(stamp, sequence.to_bytes(2, "big") + body) for sequence, stamp, body in (first, second, first)]
    assert [one[1:] for one in repairs] == expected
    assert [(b[0] - a[0]) & 0xFFFF for a, b in pairwise(repairs)] == [1, 1]


def test_what_a_viewers_line_takes_is_kept_with_its_time() -> None:
    stream, _, _ = stream_with()
    viewer = peer()
    stream.viewer_ready(viewer, 0.0)
    stream.viewer_reports(viewer, rtcp.bandwidth(1, 400_000, [22]), 7.5)
    assert (viewer.estimate_bps, viewer.estimate_at) == (400_000, 7.5)


def test_how_long_a_trip_to_a_viewer_takes_is_kept_with_when_it_began() -> None:
    stream, _, _ = stream_with()
    viewer = peer()
    stream.viewer_ready(viewer, 0.0)
    for ssrc, sent in ((22, 1007.0), (99, 1007.3)):
        block = rtcp.Block(ssrc, 0, 0, 0, 0, round(sent * 65536), round(0.25 * 65536))
        stream.viewer_reports(viewer, rtcp.receiver_report(1, [block], "v"), 7.5)
    assert (viewer.round_trip_s, viewer.round_trip_at) == (0.25, 7.0)


def test_of_two_trips_the_one_that_began_later_is_kept() -> None:
    stream, _, _ = stream_with()
    viewer = peer()
    stream.viewer_ready(viewer, 0.0)
    for ssrc, sent, came in ((22, 1007.0, 7.25), (11, 1003.0, 7.5)):
        block = rtcp.Block(ssrc, 0, 0, 0, 0, round(sent * 65536), 0)
        stream.viewer_reports(viewer, rtcp.receiver_report(1, [block], "v"), came)
    assert (viewer.round_trip_s, viewer.round_trip_at) == (0.25, 7.0)


def test_what_is_said_of_packets_sent_twice_tells_a_trip_too_and_no_loss() -> None:
    stream, _, _ = stream_with()
    viewer = peer(repair=103)
    stream.viewer_ready(viewer, 0.0)
    block = rtcp.Block(44, 90, 0, 0, 0, round(1007.0 * 65536), 0)
    stream.viewer_reports(viewer, rtcp.receiver_report(1, [block], "v"), 7.25)
    assert (viewer.round_trip_s, viewer.round_trip_at, viewer.loss) == (0.25, 7.0, {})


def test_a_packet_that_comes_twice_goes_out_once() -> None:
    stream, book, publisher = stream_with()
    lecturer, viewer = Lecturer(1), peer()
    lecturer.picture(stream, 0.0, KEY)
    stream.viewer_ready(viewer, 0.0)
    for age in (1, 1, 900, 2000):
        lecturer.picture(stream, 0.1, DELTA, packets=age)
        again = Arrival(VIDEO, 0, (lecturer.sequence - age) & 0xFFFF, lecturer.stamp - 3000, 1, b"again")
        stream.incoming(publisher, again._replace(repaired=True), "video", 0.1)
    assert not any(payload == b"again" for _, _, payload in book.of(viewer))
    assert stream.pictures.layers[0].fan.track.repeated == 4


def test_sending_again_is_rationed() -> None:
    stream, book, _ = stream_with(Limits(resends_per_s=3))
    lecturer, viewer = Lecturer(1), peer()
    lecturer.picture(stream, 0.0, KEY)
    stream.viewer_ready(viewer, 0.0)
    wanted = book.of(viewer)[0][0]
    for _ in range(10):
        stream.viewer_reports(viewer, rtcp.nack(1, 22, [wanted]), 0.0)
    assert len(book.of(viewer)) == 1 + 3


def test_another_publisher_continues_the_numbering_from_its_keyframe() -> None:
    stream, book, old = stream_with()
    viewer, first, second = peer(), Lecturer(1), Lecturer(2, sequence=40_000)
    first.picture(stream, 0.0, KEY)
    stream.viewer_ready(viewer, 0.0)
    first.picture(stream, 0.03, DELTA)
    assert stream.publisher_ready(peer(publisher=True), 0.9) is old
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


def test_what_comes_before_a_keyframe_is_counted_even_when_its_publisher_has_gone() -> None:
    stream, book, publisher = stream_with()
    lecturer, viewer = Lecturer(1), peer()
    stream.viewer_ready(viewer, 0.0)
    for n in range(3):
        lecturer.picture(stream, n * 0.03, DELTA, packets=2)
    old = Arrival(VIDEO, 0, lecturer.sequence - 9, lecturer.stamp - 90_000, 1, DELTA)
    stream.incoming(publisher, old, "video", 0.1)
    lecturer.picture(stream, 0.12, KEY)
    lecturer.picture(stream, 0.15, DELTA)
    assert [payload for _, _, payload in book.of(viewer)] == [KEY, DELTA]
    stream.gone(publisher, 0.2)
    assert stats_of(stream, 0.2).drops["before_keyframe"] == 7


def test_what_is_no_more_than_silence_does_not_count_as_sound() -> None:
    stream, _, publisher = stream_with()
    Lecturer(1).picture(stream, 5.0, KEY)
    stream.incoming(publisher, Arrival(AUDIO, 0, 1, 480, 9, b"x" * 12), "audio", 5.0)
    assert not stats_of(stream, 5.1).sounds
    stream.incoming(publisher, Arrival(AUDIO, 0, 2, 1440, 9, b"x" * 90), "audio", 6.0)
    assert stats_of(stream, 10.9).sounds
    assert not stats_of(stream, 11.1).sounds


def test_reports_to_a_viewer_keep_sound_and_picture_on_one_clock() -> None:
    stream, book, publisher = stream_with()
    lecturer, viewer = Lecturer(1), peer()
    lecturer.picture(stream, 5.0, KEY)
    stream.incoming(publisher, Arrival(AUDIO, 0, 1, 480, 9, b"x"), "audio", 5.0)
    for ssrc, stamp in ((1, 1000), (9, 480)):
        report = rtcp.sender_report(ssrc, ntp=77.0, timestamp=stamp, packets=1, octets=1, cname="p")
        stream.publisher_reports(publisher, report, 5.0)
    stream.viewer_ready(viewer, 6.0)
    reports = [one for compound in book.reports[viewer.id] for one in rtcp.parse(compound)]
    assert {one.ssrc for one in reports if isinstance(one, rtcp.SenderReport)} == {11, 22}
    for one in reports:
        assert isinstance(one, rtcp.SenderReport)
        kind, rate = ("audio", 48000) if one.ssrc == 11 else ("video", 90000)
        assert one.ntp == 1006.0
        assert (one.timestamp - viewer.lanes[kind].timestamp_shift) & 0xFFFFFFFF == rate


def test_when_the_pictures_begin_a_report_says_of_which_moment_they_are() -> None:
    stream, book, publisher = stream_with()
    viewer = peer()
    stream.viewer_ready(viewer, 5.0)
    stream.pulse(5.02)
    assert book.reports[viewer.id] == []
    Lecturer(1).picture(stream, 5.03, KEY)
    stream.incoming(publisher, Arrival(AUDIO, 0, 1, 480, 9, b"x"), "audio", 5.03)
    stream.pulse(5.04)
    reports = [one for compound in book.reports[viewer.id] for one in rtcp.parse(compound)]
    assert {one.ssrc for one in reports if isinstance(one, rtcp.SenderReport)} == {11, 22}
    count = len(book.reports[viewer.id])
    stream.pulse(5.06)
    assert len(book.reports[viewer.id]) == count


def test_sound_that_begins_after_its_picture_is_reported_when_it_begins() -> None:
    stream, book, publisher = stream_with()
    viewer = peer()
    stream.viewer_ready(viewer, 5.0)
    Lecturer(1).picture(stream, 5.03, KEY)
    stream.pulse(5.04)
    book.reports[viewer.id].clear()
    stream.incoming(publisher, Arrival(AUDIO, 0, 1, 480, 9, b"x"), "audio", 5.1)
    stream.pulse(5.12)
    reports = [one for compound in book.reports[viewer.id] for one in rtcp.parse(compound)]
    assert {one.ssrc for one in reports if isinstance(one, rtcp.SenderReport)} == {11, 22}


def test_a_publisher_hears_of_its_losses_and_of_the_limit() -> None:
    stream, book, publisher = stream_with()
    lecturer = Lecturer(1)
    lecturer.picture(stream, 0.0, KEY)
    lecturer.sequence += 1
    lecturer.picture(stream, 0.03, DELTA)
    stream.pulse(0.05)
    stream.half_second(1.0)
    reports = [one for compound in book.reports[publisher.id] for one in rtcp.parse(compound)]
    assert rtcp.Missing(1, [101]) in reports
    assert any(isinstance(one, rtcp.LossReport) and one.lost == 1 for one in reports)


def _beside(stream: Stream, slate: Lecturer, step: str, now: float, body: bytes) -> None:
    odd = body[-1] % 2
    if step == "slate":
        slate.picture(stream, now, (KEY if odd else DELTA) + body)
    elif step == "pulse":
        stream.pulse(now)
        stream.second(now)
    else:
        stream.ordered(AirOrder(Want.SLATE if odd else Want.AUTO), now)


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            ["key", "delta", "lost", "swap", "join", "leave", "publisher", "pulse", "nack", "slate", "order"]
        ),
        max_size=120,
    )
)
def test_no_number_ever_carries_two_contents(steps: list[str]) -> None:
    """SRTP would encrypt both under one key and number; and a viewer would see nonsense."""
    stream, book, _ = stream_with(Limits(gop_packets=12, catch_up_packets_each=3))
    lecturer, viewers, now, held = Lecturer(1), [peer()], 0.0, 0
    slate = Lecturer(500, sequence=65_500, seat=Seat.SLATE)
    stream.publisher_ready(peer(publisher=True, seat=Seat.SLATE), now)
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
            stream.incoming(stream.seats[Seat.LECTURER].peer, late, "video", now)
            held = 0
        elif step == "join" and len(viewers) < 5:
            viewers.append(peer())
            stream.viewer_ready(viewers[-1], now)
        elif step == "leave" and len(viewers) > 1:
            stream.gone(viewers.pop(), now)
        elif step == "publisher":
            stream.publisher_ready(peer(publisher=True), now)
            lecturer, held = Lecturer(lecturer.ssrc + 1, sequence=serial * 977), 0
        elif step in {"slate", "order", "pulse"}:
            _beside(stream, slate, step, now, body)
        elif step == "nack":
            for viewer in viewers:
                newest = max((one[0] for one in book.of(viewer)), default=0)
                stream.viewer_reports(viewer, rtcp.nack(1, 22, [(newest - n) & 0xFFFF for n in range(30, -1, -1)]), now)
    for viewer in viewers:
        contents: dict[int, tuple[int, bytes]] = {}
        for sequence, stamp, payload in book.of(viewer):
            assert contents.setdefault(sequence, (stamp, payload)) == (stamp, payload)
