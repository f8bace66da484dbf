"""A lecturer who sends three sizes, and viewers who each get the one that their line takes."""

from __future__ import annotations

from itertools import pairwise

import pytest

from orchestrator.media.port import Rung
from orchestrator.media.relay import rtcp
from orchestrator.media.relay.peer import Peer
from orchestrator.media.relay.rtp import Arrival
from orchestrator.media.relay.stats import stats_of
from orchestrator.media.tokens import Seat
from tests.doubles.simulcast_day import FRAME_S, REPAIR, Simulcast, continuous
from tests.doubles.stream_room import DELTA, KEY, VIDEO, Lecturer, peer


def test_everybody_begins_with_the_best() -> None:
    day = Simulcast()
    day.run(60)
    assert [day.seen(one) for one in day.viewers] == [["h"] * 5] * 2


@pytest.mark.parametrize(("most_bps", "size"), [(1000, "l"), (250_000, "m"), (5_000_000, "h")])
def test_a_viewer_that_wants_little_gets_no_more_whatever_its_line_takes(most_bps: int, size: str) -> None:
    day = Simulcast()
    day.run(60)
    small = peer(repair=REPAIR, most_bps=most_bps)
    day.stream.viewer_ready(small, day.now)
    day.run(1)
    assert day.seen(small, 1) == [size]
    day.tell(small, 5_000_000, 6_000_000, 7_000_000)
    day.run(300)
    assert {chr(payload[2]) for _, _, payload in day.book.of(small)} == {size}
    assert [day.seen(one) for one in day.viewers] == [["h"] * 5] * 2
    assert continuous(day, small)


def test_a_viewer_that_wants_little_is_shown_the_slate_too() -> None:
    day = Simulcast()
    small = peer(repair=REPAIR, most_bps=1000)
    day.stream.viewer_ready(small, day.now)
    day.run(40)
    slate = Lecturer(99, 5, Seat.SLATE)
    day.stream.publisher_ready(peer(publisher=True, seat=Seat.SLATE), day.now)
    day.stream.gone(day.publisher, day.now)
    for n in range(20):
        day.now += FRAME_S
        slate.picture(day.stream, day.now, (KEY if n == 3 else DELTA) + b"s")
        day.stream.pulse(day.now)
    assert day.seen(small, 3) == ["s"] * 3
    assert continuous(day, small)


def test_a_weak_line_gets_a_smaller_picture_at_its_keyframe_and_the_others_notice_nothing() -> None:
    day = Simulcast()
    day.run(60)
    weak, good = day.viewers
    day.tell(weak, 600_000, 200_000, 190_000, 180_000, 180_000)
    day.run(30)
    assert day.seen(weak) == ["l"] * 5
    assert day.seen(good) == ["h"] * 5
    assert continuous(day, weak)
    assert continuous(day, good)
    assert len({chr(payload[2]) for _, _, payload in day.book.of(good)}) == 1


def test_through_the_change_the_viewers_clock_stays_the_senders() -> None:
    day = Simulcast()
    day.run(60)
    weak, good = day.viewers
    first = {one.id: day.book.of(one)[-1] for one in day.viewers}
    day.tell(weak, 600_000, 200_000, 190_000, 180_000)
    day.run(60)
    shift = {one.id: (day.book.of(one)[-1][1] - first[one.id][1]) & 0xFFFFFFFF for one in day.viewers}
    assert abs(shift[weak.id] - shift[good.id]) <= 90


def test_a_line_that_takes_no_picture_keeps_its_sound() -> None:
    day = Simulcast()
    day.run(60)
    weak = day.viewers[0]
    weak.loss["video"] = 12
    day.tell(weak, 600_000, *[30_000 - n * 1_000 for n in range(25)])
    count = len(day.book.of(weak))
    day.run(20)
    assert len(day.book.of(weak)) == count
    assert day.stream.pictures.views[weak.id].at is None


def test_a_better_picture_is_tried_with_packets_sent_twice_before_it_is_sent() -> None:
    day = Simulcast()
    day.run(60)
    weak = day.viewers[0]
    day.tell(weak, 600_000, 200_000, 190_000, 180_000)
    day.tell(weak, *[round(200_000 * 1.03**n) for n in range(80)])
    padding = [one for one in day.book.sent[weak.id] if one[0] == REPAIR]
    assert padding
    known = {sequence for sequence, _, _ in day.book.of(weak)}
    assert {int.from_bytes(payload[:2], "big") for _, _, _, payload in padding} <= known
    pictures = day.stream.pictures
    assert (pictures.padded, pictures.padded_bytes) == (len(padding), sum(len(payload) for *_, payload in padding))
    assert (pictures.ups, pictures.downs) == (1, 1)
    assert day.seen(weak) == ["h"] * 5
    assert continuous(day, weak)


def test_a_viewer_whose_line_is_tried_is_asked_five_times_a_second_how_long_a_trip_takes() -> None:
    day = Simulcast()
    weak, good = day.viewers
    day.tell(weak, 900_000, 200_000, 150_000, 120_000)
    day.tell(weak, *range(130_000, 400_000, 9_000))
    choice = day.stream.pictures.views[weak.id].choice
    assert choice.trying

    def reports(viewer: Peer) -> int:
        read = [one for compound in day.book.reports[viewer.id] for one in rtcp.parse(compound)]
        return sum(isinstance(one, rtcp.SenderReport) and one.ssrc == 22 for one in read)

    before = reports(weak), reports(good)
    day.run(30)
    assert choice.trying
    assert (reports(weak) - before[0], reports(good) - before[1]) == (6, 1)


def reports_of(day: Simulcast, viewer: Peer, since: float) -> list[rtcp.SenderReport]:
    """What the viewer was told of its picture's clock; ``since`` a time of the day."""
    read = [one for compound in day.book.reports[viewer.id] for one in rtcp.parse(compound)]
    return [one for one in read if isinstance(one, rtcp.SenderReport) and one.ssrc == 22 and one.ntp > since + 1000]


def test_a_paused_viewer_whose_line_is_tried_is_asked_by_the_clock_that_its_picture_keeps() -> None:
    day = Simulcast()
    day.run(60)
    weak, began = day.viewers[0], day.now
    weak.loss["video"] = 12
    day.tell(weak, 600_000, *[30_000 - n * 1_000 for n in range(25)])
    view = day.stream.pictures.views[weak.id]
    weak.loss["video"] = 0
    n = 0
    while not view.choice.trying:
        day.tell(weak, round(60_000 * 1.03**n))
        n += 1
        assert n < 60
    assert view.at is None
    trying = day.now
    day.run(30)
    assert (view.at, view.choice.trying) == (None, True)
    assert len(reports_of(day, weak, trying)) == 6
    for before, after in pairwise(reports_of(day, weak, began)):
        assert abs(after.timestamp - before.timestamp - (after.ntp - before.ntp) * 90_000) < 2


def report(day: Simulcast, viewer: Peer, n: int) -> None:
    """The ``n``-th of a receiver that loses nothing: too little at first, then up and down: no try ends well."""
    bps = 900_000 - 200_000 * n if n < 4 else 190_000 + 10_000 * (n % 2)
    block = rtcp.Block(22, 0, 0, 0, 0, round((day.now + 1000) * 65536), 0)
    day.stream.viewer_reports(viewer, rtcp.receiver_report(1, [block], "v"), day.now + 0.01)
    day.stream.viewer_reports(viewer, rtcp.bandwidth(1, max(140_000, bps), [22]), day.now)


@pytest.mark.parametrize("joins", [180, 210])
def test_whoever_waits_longest_is_tried_next_however_many_came_before_whose_tries_lead_nowhere(joins: int) -> None:
    day = Simulcast(20)
    busy, pictures = list(day.viewers), day.stream.pictures
    for n in range(joins):
        for place, viewer in enumerate(busy):
            report(day, viewer, n - place)
        day.run(8)
    last = peer(repair=REPAIR)
    day.stream.viewer_ready(last, day.now)
    choice, passed = pictures.views[last.id].choice, 0
    for n in range(240):
        for place, viewer in enumerate([*busy, last]):
            report(day, viewer, n if viewer is last else joins + n - place)
        before = {one.id for one in pictures.trying()}
        waits = choice.layer == 2 and choice.wait_s(day.now) == 0
        day.run(8)
        if choice.trying:
            break
        passed += len({one.id for one in pictures.trying()} - before) if waits else 0
    assert choice.trying
    assert passed == 0


def test_an_operators_order_holds_until_it_is_taken_back() -> None:
    day = Simulcast()
    weak = day.viewers[0]
    day.order(Rung.LOW)
    day.run(40)
    assert day.seen(weak) == ["l"] * 5
    day.order(Rung.SOUND)
    day.run(20)
    count = len(day.book.of(weak))
    day.run(20)
    assert len(day.book.of(weak)) == count
    day.order(Rung.FULL)
    day.run(60)
    assert day.seen(weak) == ["h"] * 5
    assert all((b[0] - a[0]) & 0xFFFF == 1 for a, b in pairwise(day.book.of(weak)))


@pytest.mark.parametrize("gone", ["h", "l"])
def test_a_size_that_the_sender_gives_up_is_left(gone: str) -> None:
    day = Simulcast()
    weak, good = day.viewers
    day.order(Rung.LOW)
    day.run(40)
    day.order(None if gone == "h" else Rung.LOW)
    day.silent.add(gone)
    day.run(120)
    assert day.seen(weak)[-1] != gone
    assert day.seen(good)[-1] != gone


def test_a_slate_of_one_size_follows_for_those_on_every_size() -> None:
    day = Simulcast()
    weak, good = day.viewers
    day.order(Rung.LOW)
    day.run(40)
    slate = Lecturer(99, 5, Seat.SLATE)
    day.stream.publisher_ready(peer(publisher=True, seat=Seat.SLATE), day.now)
    day.stream.gone(day.publisher, day.now)
    for n in range(20):
        day.now += FRAME_S
        slate.picture(day.stream, day.now, (KEY if n == 3 else DELTA) + b"s")
        day.stream.pulse(day.now)
    for one in (weak, good):
        assert day.seen(one, 3) == ["s"] * 3
        assert continuous(day, one)


def test_what_nobody_can_name_is_not_taken_and_counted() -> None:
    day = Simulcast()
    stranger = Arrival(VIDEO, 0, 1, 1, 9999, KEY + b"x" + bytes(100))
    assert day.stream.incoming(day.publisher, stranger, "video", day.now)
    assert all(b"x" not in payload[2:3] for _, _, payload in day.book.of(day.viewers[0]))
    assert stats_of(day.stream, day.now).drops["unknown_rid"] == 1
