"""The stated bound holds the true error, whatever the clock and the line do."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire.ids import ClockState
from wire.timesync import (
    BURST,
    LOOSE_NS,
    SYNCED_NS,
    Exchange,
    Fix,
    Interval,
    SourceClock,
    TimeSync,
    Verdict,
    best_of,
    marzullo,
)

SECOND = 10**9
MS = 10**6


class DriftingSite:
    """A monotonic clock wrong by `rate` and wandering ±10 ppm around it, and a centre at true time + `ahead`."""

    def __init__(self, rate: float, phase: float, ahead: int) -> None:
        self.rate, self.phase, self.ahead = rate, phase, ahead

    def monotonic(self, true: int) -> int:
        period = 2 * math.pi / (900 * SECOND)
        wandered = 10e-6 / period * (math.sin(period * true + self.phase) - math.sin(self.phase))
        return 5 * SECOND + true + int(self.rate * true) + int(wandered)

    def lead(self, true: int) -> int:
        return true + self.ahead - self.monotonic(true)

    def exchange(self, true: int, up: int, held: int, down: int) -> Exchange:
        arrives, leaves = true + up, true + up + held
        return Exchange(
            t0=self.monotonic(true),
            t1=arrives + self.ahead,
            t2=leaves + self.ahead,
            t3=self.monotonic(leaves + down),
        )

    def burst(self, true: int, line: random.Random, worst: float) -> list[Exchange]:
        """Sixteen exchanges on a line with asymmetric delays, jitter and now and then a stall of up to 1.5 s."""
        up, down = int(line.uniform(1, worst) * MS), int(line.uniform(1, worst) * MS)
        exchanges = []
        for _ in range(BURST):
            extra = [int(line.expovariate(1 / 10) * MS) + (line.random() < 0.1) * int(line.random() * 1500 * MS)] * 2
            extra[line.randrange(2)] = int(line.expovariate(1 / 10) * MS)
            exchanges.append(self.exchange(true, up + extra[0], line.randrange(MS), down + extra[1]))
            true += up + down + sum(extra) + 10 * MS
        return exchanges


def held(sync: TimeSync, site: DriftingSite, true: int) -> bool:
    lead = sync.lead(site.monotonic(true))
    return lead is not None and lead[0] <= site.lead(true) <= lead[1]


def straight() -> DriftingSite:
    return DriftingSite(0.0, 0.0, 1_700_000_000 * SECOND)


def test_the_true_error_lies_inside_the_bound_in_three_thousand_days() -> None:
    line = random.Random(20240428)
    checked = 0
    for _ in range(300):
        site = DriftingSite(line.uniform(-485e-6, 485e-6), line.uniform(0, 6.3), line.randrange(2 * 10**18))
        sync, true = TimeSync(), line.randrange(3600 * SECOND)
        for _ in range(10):
            assert sync.burst("centre", site.burst(true, line, worst=120)) is Verdict.ACCEPTED
            true += int(line.choice([64, 64, 300, 900, 3600]) * SECOND * line.uniform(0.9, 1.1))
            assert held(sync, site, true)
            checked += 1
    assert checked == 3000


@settings(max_examples=150, deadline=None)
@given(
    rate=st.floats(-485e-6, 485e-6),
    phase=st.floats(0, 6.3),
    delays=st.lists(st.tuples(st.integers(0, 2 * SECOND), st.integers(0, 2 * SECOND)), min_size=6, max_size=40),
    gap=st.integers(SECOND, 7200 * SECOND),
)
def test_no_delays_put_the_true_error_outside_the_bound(
    rate: float, phase: float, delays: list[tuple[int, int]], gap: int
) -> None:
    site, sync, true = DriftingSite(rate, phase, 1_700_000_000 * SECOND), TimeSync(), 0
    for start in range(0, len(delays) - 2, 3):
        exchanges = []
        for up, down in delays[start : start + 3]:
            exchanges.append(site.exchange(true, up, 1000, down))
            true += up + down + MS
        assert sync.burst("centre", exchanges) is Verdict.ACCEPTED
        true += gap
        assert held(sync, site, true)


def test_two_bursts_ten_minutes_apart_give_the_rate_and_slow_the_ageing() -> None:
    site, line, sync = DriftingSite(200e-6, 0.0, 0), random.Random(1), TimeSync()
    for minute in range(0, 22, 2):
        sync.burst("centre", site.burst(minute * 60 * SECOND, line, worst=5))
    later = (20 + 60) * 60 * SECOND
    assert held(sync, site, later)
    bound = sync.bound(site.monotonic(later))
    assert bound is not None
    assert bound < 250 * MS  # 500 ppm alone would allow 1.8 s over this hour


def test_before_the_rate_is_known_the_bound_grows_by_500_ppm() -> None:
    sync = TimeSync()
    sync.burst("centre", [Exchange(0, 7, 7, 0)] * 3)
    near, far = sync.bound(0), sync.bound(100 * SECOND)
    assert near is not None
    assert far is not None
    assert far - near == 50 * MS


def test_the_first_two_exchanges_wake_the_radio_and_do_not_count() -> None:
    quick, slow = Exchange(0, 5, 5, 10), Exchange(0, 500, 500, 1000)
    fix = best_of([quick, quick, slow])
    assert fix is not None
    assert fix.delay == 1000


def test_a_burst_without_a_possible_exchange_is_useless() -> None:
    assert TimeSync().burst("centre", [Exchange(0, 10, 5, 20)] * BURST) is Verdict.USELESS
    assert TimeSync().burst("centre", []) is Verdict.USELESS


def test_a_burst_that_contradicts_the_rate_voids_the_epoch_and_begins_the_next() -> None:
    site, line, sync = straight(), random.Random(2), TimeSync()
    for minute in (0, 15):
        sync.burst("centre", site.burst(minute * 60 * SECOND, line, worst=20))
    site.ahead += 10 * SECOND
    true = 16 * 60 * SECOND
    assert sync.burst("centre", site.burst(true, line, worst=20)) is Verdict.VOIDED
    assert held(sync, site, true + 60 * SECOND)


def test_a_clock_whose_rate_changed_voids_the_epoch() -> None:
    source = SourceClock()
    for at in (0, 700, 1400):
        assert source.add(Fix(at=at * SECOND, lead=0, half=MS, delay=2 * MS)) is Verdict.ACCEPTED
    assert source.rate_error < 25e-6
    assert source.add(Fix(at=2000 * SECOND, lead=100 * MS, half=MS, delay=2 * MS)) is Verdict.VOIDED


@pytest.mark.parametrize(
    ("half", "state"),
    [(SYNCED_NS // 2, ClockState.SYNCED), (SYNCED_NS * 2, ClockState.LOOSE), (LOOSE_NS + MS, ClockState.BLIND)],
)
def test_the_bound_decides_the_state(half: int, state: ClockState) -> None:
    sync = TimeSync()
    sync.burst("centre", [Exchange(t0=0, t1=half, t2=half, t3=2 * half)] * 3)
    assert sync.state(2 * half) is state


def test_without_a_burst_a_site_is_blind() -> None:
    sync = TimeSync()
    assert sync.state(0) is ClockState.BLIND
    assert sync.bound(0) is None


def test_a_day_without_a_burst_is_blind() -> None:
    site, sync = straight(), TimeSync()
    for hour in range(3):
        sync.burst("centre", [site.exchange(hour * 3600 * SECOND, MS, 0, MS)] * 3)
    assert sync.state(site.monotonic(3 * 3600 * SECOND)) is ClockState.SYNCED
    assert sync.state(site.monotonic(27 * 3600 * SECOND)) is ClockState.BLIND


def test_a_jump_of_the_wall_clock_voids_the_epoch() -> None:
    site, sync = straight(), TimeSync()
    sync.burst("centre", [site.exchange(0, MS, 0, MS)] * 3)
    assert sync.watch(10 * SECOND, 0) is None
    assert sync.watch(11 * SECOND, SECOND) is None
    assert sync.watch(12 * SECOND, 2 * SECOND - 600 * MS) == "clock_jump"
    assert sync.state(12 * SECOND) is ClockState.BLIND


def test_sleep_voids_the_epoch() -> None:
    sync = TimeSync()
    sync.burst("centre", [straight().exchange(0, MS, 0, MS)] * 3)
    sync.watch(10 * SECOND, 0)
    assert sync.watch(1000 * SECOND, 990 * SECOND) == "slept"
    assert sync.lead(1000 * SECOND) is None
    assert sync.last_lead is not None


def test_frozen_it_takes_only_what_agrees_and_is_better() -> None:
    site, sync = straight(), TimeSync()
    sync.burst("centre", [site.exchange(0, 20 * MS, 0, 20 * MS)] * 3)
    sync.freeze()
    assert sync.burst("centre", [site.exchange(SECOND, 90 * MS, 0, 0)] * 3) is Verdict.IGNORED
    assert sync.burst("centre", [site.exchange(SECOND, 2 * MS, 0, 2 * MS)] * 3) is Verdict.ACCEPTED
    site.ahead += 10 * SECOND
    assert sync.burst("centre", [site.exchange(2 * SECOND, MS, 0, MS)] * 3) is Verdict.IGNORED
    sync.thaw()
    assert sync.burst("centre", [site.exchange(3 * SECOND, MS, 0, MS)] * 3) is Verdict.VOIDED


def test_frozen_and_blind_it_takes_what_it_gets() -> None:
    site, sync = straight(), TimeSync()
    sync.freeze()
    assert sync.burst("centre", [site.exchange(0, MS, 0, MS)] * 3) is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("intervals", "interval", "agreeing"),
    [
        ([(11, 13), (10, 12), (8, 12)], (11, 12), 3),
        ([(8, 12), (11, 13), (14, 15)], (11, 12), 2),
        ([(8, 12), (10, 12), (8, 9)], (8, 9), 2),
        ([(0, 5), (5, 9)], (5, 5), 2),
        ([(3, 7)], (3, 7), 1),
    ],
)
def test_marzullo_finds_where_most_agree(intervals: list[Interval], interval: Interval, agreeing: int) -> None:
    agreement = marzullo(intervals)
    assert agreement is not None
    assert (agreement.interval, agreement.agreeing) == (interval, agreeing)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10)), min_size=1, max_size=8))
def test_marzullo_overlaps_as_many_as_any_point_does(spans: list[tuple[int, int]]) -> None:
    intervals = [(lo, lo + width) for lo, width in spans]
    agreement = marzullo(intervals)
    assert agreement is not None
    at_points = [sum(lo <= point <= hi for lo, hi in intervals) for point in range(41)]
    assert agreement.agreeing == max(at_points)
    lo, hi = agreement.interval
    assert all(at_points[point] == agreement.agreeing for point in range(lo, hi + 1))


def test_one_lying_centre_of_three_is_outvoted() -> None:
    site, liar, sync = straight(), straight(), TimeSync()
    liar.ahead += 60 * SECOND
    for name, told in (("one", site), ("two", site), ("liar", liar)):
        sync.burst(name, [told.exchange(0, MS, 0, MS)] * 3)
    assert held(sync, site, SECOND)


def test_two_centres_that_disagree_leave_the_site_blind() -> None:
    site, liar, sync = straight(), straight(), TimeSync()
    liar.ahead += 60 * SECOND
    sync.burst("one", [site.exchange(0, MS, 0, MS)] * 3)
    sync.burst("two", [liar.exchange(0, MS, 0, MS)] * 3)
    assert sync.state(SECOND) is ClockState.BLIND
