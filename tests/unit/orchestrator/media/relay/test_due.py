"""Whose size is not there for a while gets it again without a try."""

from __future__ import annotations

import pytest

from orchestrator.media.port import Rung
from orchestrator.media.relay import rtcp
from orchestrator.media.relay.choice import Choice
from orchestrator.media.relay.peer import Peer
from orchestrator.media.relay.rates import Line, Size
from orchestrator.media.tokens import Seat
from tests.doubles.simulcast_day import FRAME_S, REPAIR, Simulcast, continuous
from tests.doubles.stream_room import DELTA, KEY, Lecturer, peer


class Return:
    """The lecturer of a simulcast day goes, a source of one size stands in, and the lecturer connects anew."""

    def __init__(self, day: Simulcast) -> None:
        self._day = day
        self._one = Lecturer(99, 5, Seat.SLATE)

    def stand_in(self, pictures: int, size: int = 10) -> None:
        day = self._day
        if Seat.SLATE not in day.stream.seats:
            day.stream.publisher_ready(peer(publisher=True, seat=Seat.SLATE), day.now)
        day.stream.gone(day.publisher, day.now)
        for n in range(pictures):
            day.now += FRAME_S
            self._one.picture(day.stream, day.now, (KEY if n % 15 == 3 else DELTA) + b"s" + bytes(size))
            day.stream.pulse(day.now)

    def come(self, *rids: str) -> None:
        """With its encodings in this order, of which none has sent a keyframe yet."""
        day = self._day
        day.publisher = peer(publisher=True, rids=rids or ("h", "m", "l"))
        day.stream.publisher_ready(day.publisher, day.now)
        for n, numbers in enumerate(day.numbers.values()):
            numbers[:] = [100 * n, 5_000_000 * n, numbers[2] + 100]
        day.fresh = set(day.numbers)
        day.publisher.origins.rids.update({ssrc: rid for rid, (_, _, ssrc) in day.numbers.items()})

    def open(self, *rids: str, pictures: int = 1) -> None:
        """Send some pictures; of the encodings that are not named none."""
        day = self._day
        day.silent = set(day.numbers) - set(rids)
        day.run(pictures)


def weakened(day: Simulcast) -> Peer:
    """The first viewer, whose line takes the smallest size alone."""
    day.run(60)
    weak = day.viewers[0]
    day.tell(weak, 600_000, 200_000, 190_000, 180_000, 180_000)
    day.run(30)
    assert day.seen(weak) == ["l"] * 5
    return weak


def sizes_since(day: Simulcast, viewer: Peer, count: int) -> str:
    """The sizes that were seen after so many pictures, each run as one letter."""
    seen = [chr(payload[2]) for _, _, payload in day.book.of(viewer)[count:]]
    return "".join(size for n, size in enumerate(seen) if n == 0 or size != seen[n - 1])


@pytest.mark.parametrize("first", ["h", "l"])
def test_a_source_of_one_size_costs_nobody_the_size_that_its_line_takes(first: str) -> None:
    day = Simulcast()
    weak, good = weakened(day), day.viewers[1]
    seen = [len(day.book.of(one)) for one in day.viewers]
    change = Return(day)
    change.stand_in(60)
    change.come()
    change.open(first, pictures=3)
    change.open("h", "m", "l", pictures=60)
    assert [sizes_since(day, one, n) for one, n in zip(day.viewers, seen, strict=True)] == ["sl", "sh"]
    assert continuous(day, weak)
    assert continuous(day, good)


def test_who_comes_back_with_fewer_sizes_is_followed_by_their_names() -> None:
    day = Simulcast()
    weak, good = weakened(day), day.viewers[1]
    change = Return(day)
    change.stand_in(30)
    change.come("l", "h")
    change.open("h", "l", pictures=30)
    assert (day.seen(weak), day.seen(good)) == (["l"] * 5, ["h"] * 5)


def test_a_film_too_large_for_a_line_does_not_cost_it_the_lecturers_small_picture() -> None:
    day = Simulcast()
    weak = weakened(day)
    change = Return(day)
    change.stand_in(30)
    weak.loss["video"] = 80
    for n in range(16):
        day.stream.viewer_reports(weak, rtcp.bandwidth(1, 400_000 - 9_000 * n, [22]), day.now)
        change.stand_in(15, size=9000)
    assert day.stream.pictures.views[weak.id].choice.layer is None
    weak.loss["video"] = 0
    change.come()
    change.open("h", "m", "l", pictures=10)
    assert day.seen(weak) == ["l"] * 5
    assert day.stream.pictures.views[weak.id].choice.why == "weak_line"
    assert day.stream.pictures.padded == 0


@pytest.mark.parametrize("late", [9, 90])
def test_a_size_that_opens_late_is_waited_for_in_short_and_followed_at_once_when_it_opens(late: int) -> None:
    day = Simulcast()
    day.run(30)
    seen = [len(day.book.of(one)) for one in day.viewers]
    change = Return(day)
    day.stream.gone(day.publisher, day.now)
    change.come()
    change.open("l", pictures=late)
    change.open("h", "m", "l", pictures=1)
    assert [day.seen(one, 1) for one in day.viewers] == [["h"]] * 2
    day.run(10)
    wanted = "h" if late < 15 else "lh"
    assert [sizes_since(day, one, n) for one, n in zip(day.viewers, seen, strict=True)] == [wanted] * 2
    assert day.stream.pictures.padded == 0
    assert all(continuous(day, one) for one in day.viewers)


def test_whoever_comes_before_the_best_size_opens_sees_a_smaller_one_meanwhile() -> None:
    day = Simulcast()
    day.run(30)
    change = Return(day)
    day.stream.gone(day.publisher, day.now)
    change.come()
    change.open("l", pictures=40)
    late, small = peer(repair=REPAIR), peer(repair=REPAIR, most_bps=1000)
    for one in (late, small):
        day.stream.viewer_ready(one, day.now)
    change.open("l", pictures=5)
    assert day.seen(late, 1) == ["l"]
    change.open("h", "m", "l", pictures=60)
    assert sizes_since(day, late, 0) == "lh"
    assert "h" not in sizes_since(day, small, 0)


def test_a_line_that_protests_against_less_is_not_given_more_because_that_opens() -> None:
    day = Simulcast()
    day.run(30)
    change = Return(day)
    day.stream.gone(day.publisher, day.now)
    change.come()
    change.open("m", "l", pictures=60)
    weak, good = day.viewers
    assert day.seen(weak) == ["m"] * 5
    day.tell(weak, 600_000, 150_000, 140_000, 130_000, 130_000)
    seen = len(day.book.of(weak))
    change.open("h", "m", "l", pictures=30)
    assert (sizes_since(day, weak, seen), day.seen(good)) == ("l", ["h"] * 5)


def test_what_the_slate_took_tells_nothing_of_what_a_line_takes_of_the_lecturers_sizes() -> None:
    day = Simulcast()
    day.run(30)
    change = Return(day)
    change.stand_in(30)
    weak = peer(repair=REPAIR)
    day.stream.viewer_ready(weak, day.now)
    change.stand_in(60)
    change.come()
    change.open("m", "l", pictures=60)
    assert day.seen(weak) == ["m"] * 5
    day.tell(weak, 600_000, 150_000, 140_000, 130_000, 130_000)
    seen = len(day.book.of(weak))
    change.open("h", "m", "l", pictures=30)
    assert (sizes_since(day, weak, seen), day.seen(day.viewers[1])) == ("l", ["h"] * 5)


@pytest.mark.parametrize("rids", [("h", "m", "l"), ("l", "m", "h")])
def test_a_room_that_is_ordered_the_least_during_the_slate_gets_nothing_else_when_the_lecturer_returns(
    rids: tuple[str, ...],
) -> None:
    day = Simulcast()
    day.run(60)
    low = day.viewers[0]
    change = Return(day)
    change.stand_in(30)
    day.order(Rung.LOW)
    change.stand_in(30)
    seen = len(day.book.of(low))
    change.come(*rids)
    for height, rid in enumerate(("l", "m", "h"), 1):
        day.stream.seats[Seat.LECTURER].incoming[f"video {rid}"].size = (0, height)
    change.open("h", pictures=1)
    change.open("h", "m", "l", pictures=60)
    assert sizes_since(day, low, seen) == "l"
    assert day.seen(day.viewers[1]) == ["h"] * 5
    assert continuous(day, low)


@pytest.mark.parametrize(("trip_s", "age_s", "sign"), [(0.3, 0.1, "queued"), (0.01, 1.5, "slow")])
def test_a_size_that_never_was_seen_is_not_given_to_a_line_whose_try_for_less_has_failed(
    trip_s: float, age_s: float, sign: str
) -> None:
    low, middle, top = Size(2, 110_000, 120_000), Size(1, 330_000, 350_000), Size(0, 1_100_000, 1_200_000)
    choice, now = Choice(), 0.0
    choice.begin(2, 0, modest=False, alone=False)

    def look(*sizes: Size, trip_s: float = 0.01, age_s: float = 0.1) -> bool:
        nonlocal now
        assert now < 60
        now += 0.2
        line = Line(204_000, now, 0.0, trip_s, now - age_s)
        choice.judge(line, sizes, now, pinned=None, may_try=True, padded=True)
        return choice.trying

    while not look(low, middle):
        pass
    while look(low, middle, trip_s=trip_s, age_s=age_s):
        pass
    assert (choice.tried, choice.layer) == (sign, 2)
    look(low, middle, top)
    assert choice.layer == 2
