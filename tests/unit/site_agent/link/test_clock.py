"""The shell around time synchronisation: when it asks, and what it says when it knows nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from site_agent.link.clock import UNKNOWN, ClockDiscipline
from tests.doubles.eventually import eventually
from wire.ids import ClockState
from wire.timesync import BURST, Exchange, Verdict

SECOND = 10**9
CENTRE = 1_800_000_000 * SECOND


class Clocks:
    """Both clocks of a computer, set by the test."""

    def __init__(self) -> None:
        self.mono, self.wall = 50 * SECOND, 1_000_000_000 * SECOND

    def pass_(self, seconds: float) -> None:
        self.mono += int(seconds * SECOND)
        self.wall += int(seconds * SECOND)


class PerfectLine:
    """Answers each ping at once with the true time of a centre that is ahead of the monotonic clock."""

    def __init__(self, clocks: Clocks) -> None:
        self.clocks = clocks
        self.connection = 1
        self.asked = 0
        self.looked = 0

    async def up(self) -> int:
        self.looked += 1
        return self.connection

    async def exchange(self) -> Exchange:
        self.asked += 1
        return exchange(self.clocks)


def exchange(clocks: Clocks, delay: int = 10_000_000) -> Exchange:
    sent = clocks.mono - 2 * delay
    return Exchange(t0=sent, t1=sent + delay + CENTRE, t2=sent + delay + CENTRE, t3=clocks.mono)


def discipline(clocks: Clocks, **options: float) -> ClockDiscipline:
    return ClockDiscipline(lambda: clocks.mono, lambda: clocks.wall, **options)


def test_before_the_centre_was_heard_nothing_is_known_but_the_wall_clock() -> None:
    clocks = Clocks()
    clock = discipline(clocks)
    assert clock.state is ClockState.BLIND
    assert clock.bound_ms is None
    assert clock.interval_ns() == UNKNOWN
    assert clock.now_ns() == clocks.wall
    assert clock.health().offset_ms is None


def test_after_a_burst_centre_time_is_known_within_its_bound() -> None:
    clocks = Clocks()
    clock = discipline(clocks)
    assert clock.take([exchange(clocks)] * BURST) is Verdict.ACCEPTED
    lo, hi = clock.interval_ns()
    assert lo <= clocks.mono + CENTRE <= hi
    assert clock.bound_ms is not None
    assert 10 < clock.bound_ms < 10.1
    health = clock.health()
    assert health.state is ClockState.SYNCED
    assert health.delay_ms == 20.0
    assert health.offset_ms == (clocks.mono + CENTRE - clocks.wall) / 1e6


def test_a_jump_of_the_wall_clock_blinds_but_the_best_guess_stays() -> None:
    clocks = Clocks()
    clock = discipline(clocks)
    clock.take([exchange(clocks)] * BURST)
    clock.look()
    clocks.pass_(1)
    clocks.wall += 3600 * SECOND
    clock.look()
    assert clock.state is ClockState.BLIND
    assert abs(clock.now_ns() - (clocks.mono + CENTRE)) < SECOND


def test_another_start_of_the_centre_voids_what_was_known() -> None:
    clocks = Clocks()
    clock = discipline(clocks)
    clock.follow("boot-1")
    clock.take([exchange(clocks)] * BURST)
    clock.follow("boot-1")
    known = clock.bound_ms
    clock.follow("boot-2")
    assert known is not None
    assert clock.bound_ms is None


def test_frozen_it_keeps_what_it_has() -> None:
    clocks = Clocks()
    clock = discipline(clocks)
    clock.take([exchange(clocks)] * BURST)
    clock.freeze()
    assert clock.take([exchange(clocks, delay=90_000_000)] * BURST) is Verdict.IGNORED
    clock.thaw()
    assert clock.take([exchange(clocks, delay=90_000_000)] * BURST) is Verdict.ACCEPTED


@asynccontextmanager
async def running(clock: ClockDiscipline, line: PerfectLine) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(clock.run(line))
        await eventually(lambda: clock.state is ClockState.SYNCED)
        yield
        task.cancel()


async def test_a_burst_is_sent_as_soon_as_the_line_is_up_and_then_it_rests() -> None:
    clocks = Clocks()
    line = PerfectLine(clocks)
    async with running(discipline(clocks, watch_every_s=0.001), line):
        await eventually(lambda: line.looked > BURST + 20)
    assert line.asked == BURST


async def test_a_new_connection_is_asked_at_once() -> None:
    clocks = Clocks()
    line = PerfectLine(clocks)
    async with running(discipline(clocks, watch_every_s=0.001), line):
        line.connection = 2
        await eventually(lambda: line.asked == 2 * BURST)


async def test_a_void_epoch_is_begun_anew_at_once() -> None:
    clocks = Clocks()
    clock, line = discipline(clocks, watch_every_s=0.001), PerfectLine(clocks)
    async with running(clock, line):
        clocks.wall += 3600 * SECOND
        await eventually(lambda: line.asked == 2 * BURST)
        await eventually(lambda: clock.state is ClockState.SYNCED)


def others(clocks: Clocks, wrong_ns: int = 0) -> list[Exchange]:
    told = exchange(clocks)
    return [Exchange(t0=told.t0, t1=told.t1 + wrong_ns, t2=told.t2 + wrong_ns, t3=told.t3)] * BURST


def test_a_centre_with_a_wrong_clock_is_outvoted_by_two_others() -> None:
    clocks = Clocks()
    clock = discipline(clocks)
    clock.take(others(clocks, 10 * SECOND))
    lo, hi = clock.interval_ns()
    assert lo <= clocks.mono + CENTRE + 10 * SECOND <= hi
    # Of two that differ neither is believed.
    clock.take_from("https://b", "boot-1", others(clocks))
    assert (clock.state, clock.interval_ns()) == (ClockState.BLIND, UNKNOWN)
    clock.take_from("https://c", "boot-1", others(clocks))
    lo, hi = clock.interval_ns()
    assert lo <= clocks.mono + CENTRE <= hi < clocks.mono + CENTRE + SECOND
    assert clock.state is ClockState.SYNCED


def test_another_centre_that_begins_anew_is_learned_anew() -> None:
    clocks = Clocks()
    clock = discipline(clocks)
    clock.take(others(clocks))
    clock.take_from("https://b", "boot-1", others(clocks, 5 * SECOND))
    assert clock.bound_ms is None
    assert clock.take_from("https://b", "boot-2", others(clocks)) is Verdict.ACCEPTED
    assert clock.state is ClockState.SYNCED
