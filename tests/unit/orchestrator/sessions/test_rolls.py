"""The plan of roll calls: what is due when, and that random moments spread evenly and lie apart."""

from __future__ import annotations

import random
import statistics
from itertools import pairwise

import pytest

from orchestrator.attendance.model import Kind
from orchestrator.attendance.numbers.presence import Span
from orchestrator.errors import Refused
from orchestrator.sessions.rolls.model import (
    LOOK_S,
    TAIL_S,
    Held,
    LineState,
    PlanLine,
    RollPlan,
    S,
    chance,
    check_roll_plan,
    due,
    told,
)

HOUR = 3600 * S
BEGAN = 10 * HOUR
ENDS = BEGAN + 2 * HOUR
LIVE = [Span(BEGAN, None)]
FIXED = RollPlan(at_random=0)


def never() -> float:
    return 1.0


def always() -> float:
    return 0.0


def test_the_first_roll_call_comes_once_people_are_seated_and_only_once() -> None:
    assert due(FIXED, LIVE, [], ENDS, BEGAN + 299 * S, never) is None
    assert due(FIXED, LIVE, [], ENDS, BEGAN + 300 * S, never) is Kind.START
    assert due(FIXED, LIVE, [Held(Kind.START, BEGAN + 303 * S)], ENDS, BEGAN + 305 * S, never) is None


def test_after_each_break_there_is_one_and_during_a_break_none() -> None:
    resumed = BEGAN + HOUR
    breaking = [Span(BEGAN, resumed - 600 * S)]
    live = [*breaking, Span(resumed, None)]
    held = [Held(Kind.START, BEGAN + 303 * S)]
    assert due(FIXED, breaking, held, ENDS, resumed - 60 * S, always) is None
    assert due(FIXED, live, held, ENDS, resumed + 299 * S, always) is None
    assert due(FIXED, live, held, ENDS, resumed + 300 * S, never) is Kind.AFTER_BREAK
    held.append(Held(Kind.AFTER_BREAK, resumed + 303 * S))
    assert due(FIXED, live, held, ENDS, resumed + 400 * S, never) is None


def test_a_centre_that_was_away_too_long_leaves_the_roll_call_out() -> None:
    assert due(FIXED, LIVE, [], ENDS, BEGAN + 1199 * S, never) is Kind.START
    assert due(FIXED, LIVE, [], ENDS, BEGAN + 1200 * S, never) is None


def test_a_session_that_is_over_or_has_not_begun_holds_none() -> None:
    assert due(FIXED, [], [], ENDS, BEGAN, always) is None
    assert due(FIXED, [Span(BEGAN, BEGAN + HOUR)], [], ENDS, BEGAN + HOUR, always) is None


def afternoon(plan: RollPlan, chance_: random.Random) -> list[Held]:
    """All roll calls of a session without a break."""
    held: list[Held] = []
    for now in range(BEGAN, ENDS, LOOK_S * S):
        kind = due(plan, LIVE, held, ENDS, now, chance_.random)
        if kind is not None:
            held.append(Held(kind, now))
    return held


def test_every_random_roll_call_is_held_apart_and_before_people_pack_up() -> None:
    plan = RollPlan(at_start=False, at_random=3)
    for seed in range(200):
        held = [each.at_ns for each in afternoon(plan, random.Random(seed))]
        assert len(held) == 3
        assert min(b - a for a, b in pairwise(held)) >= plan.apart_s * S
        assert held[0] >= BEGAN + 300 * S
        assert held[-1] < ENDS - TAIL_S * S


def test_a_single_random_moment_is_spread_evenly_over_the_session() -> None:
    plan = RollPlan(at_start=False, at_random=1)
    at = [(afternoon(plan, random.Random(seed))[0].at_ns - BEGAN) / S for seed in range(2000)]
    first, last = 300, 7200 - TAIL_S
    assert statistics.fmean(at) == pytest.approx((first + last) / 2, rel=0.03)
    quarters = [sum(first + q * (last - first) / 4 <= x < first + (q + 1) * (last - first) / 4 for x in at)
                for q in range(4)]  # fmt: skip
    assert all(430 < quarter < 570 for quarter in quarters)


def test_two_that_no_longer_fit_are_held_as_far_as_they_do() -> None:
    plan = RollPlan(at_start=False, at_random=2)
    assert chance(plan, [], ENDS, ENDS - TAIL_S * S - 60 * S) == 1.0
    assert chance(plan, [Held(Kind.RANDOM, ENDS - 700 * S)], ENDS, ENDS - 200 * S) == 0.0
    assert chance(plan, [], ENDS, ENDS - TAIL_S * S) == 0.0


def test_what_is_told_never_holds_a_moment_to_come() -> None:
    plan = RollPlan(at_random=2)
    held = [Held(Kind.START, BEGAN + 303 * S), Held(Kind.RANDOM, BEGAN + 2000 * S)]
    lines = told(plan, LIVE, held, over=False, ends_ns=ENDS, now=BEGAN + 2100 * S)
    assert lines == [
        PlanLine(Kind.START, LineState.HELD, BEGAN + 303 * S),
        PlanLine(Kind.RANDOM, LineState.HELD, BEGAN + 2000 * S),
        PlanLine(Kind.RANDOM, LineState.WAITING),
    ]
    over = told(plan, [Span(BEGAN, BEGAN + HOUR)], held[:1], over=True, ends_ns=ENDS, now=BEGAN + HOUR)
    assert [line.state for line in over] == [LineState.HELD, LineState.MISSED, LineState.MISSED]


def test_before_the_session_the_plan_waits() -> None:
    lines = told(RollPlan(at_random=1), [], [], over=False, ends_ns=ENDS, now=BEGAN - HOUR)
    assert [(line.kind, line.state) for line in lines] == [
        (Kind.START, LineState.WAITING),
        (Kind.RANDOM, LineState.WAITING),
    ]


@pytest.mark.parametrize("plan", [RollPlan(at_random=13), RollPlan(settle_s=-1), RollPlan(apart_s=30)])
def test_a_plan_that_cannot_be_held_is_refused(plan: RollPlan) -> None:
    with pytest.raises(Refused):
        check_roll_plan(plan)
