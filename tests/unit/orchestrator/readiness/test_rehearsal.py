"""Rehearsals: their stages, their hours, the practice before a day, how far a site is."""

from __future__ import annotations

from itertools import product

import msgspec
import pytest

from orchestrator.errors import Refused
from orchestrator.readiness.model import PRACTICE_NS
from orchestrator.readiness.rehearsal import (
    AFTER_NS,
    DAY_NS,
    FARTHEST_NS,
    LEAST_LEAD_NS,
    MINUTE_NS,
    REPORT_NS,
    TRANSITIONS,
    Act,
    Kind,
    Rehearsal,
    SiteSteps,
    Stage,
    Start,
    Step,
    after,
    check_title,
    due,
    practices,
    step_of,
    times,
)
from wire.ids import RehearsalId, SiteId

NOW = 1_800_000_000 * 10**9
HOUR_NS = 60 * MINUTE_NS
A, B = SiteId("site-a"), SiteId("site-b")


def rehearsal(stage: Stage = Stage.PLANNED) -> Rehearsal:
    return Rehearsal(
        id=RehearsalId("rehearsal-1"),
        kind=Kind.DRILL,
        title="Tổng duyệt",
        from_ns=NOW,
        t0_ns=NOW + HOUR_NS,
        until_ns=NOW + HOUR_NS + AFTER_NS,
        sites=frozenset({A}),
        by="truchoi",
        planned_ns=NOW,
        stage=stage,
    )


@pytest.mark.parametrize(("stage", "act"), list(product(Stage, Act)))
def test_every_step_is_in_the_table_or_refused(stage: Stage, act: Act) -> None:
    if act in TRANSITIONS[stage]:
        assert after(rehearsal(stage), act).stage is TRANSITIONS[stage][act]
    else:
        with pytest.raises(Refused, match="rehearsal_over"):
            after(rehearsal(stage), act)


def test_time_begins_and_ends_a_rehearsal() -> None:
    planned, going = rehearsal(), rehearsal(Stage.UNDER_WAY)
    assert due(planned, NOW - 1) is None
    assert due(planned, NOW) is Act.BEGIN
    assert due(going, planned.until_ns - 1) is None
    assert due(going, planned.until_ns) is Act.END
    assert due(planned, planned.until_ns) is Act.END
    assert due(rehearsal(Stage.OFF), planned.until_ns) is None


def test_the_order_goes_out_an_hour_before_the_start_or_at_once() -> None:
    assert times(NOW + 5 * HOUR_NS, NOW) == (NOW + 4 * HOUR_NS, NOW + 5 * HOUR_NS + AFTER_NS)
    assert times(NOW + LEAST_LEAD_NS, NOW)[0] == NOW
    for t0_ns in (NOW - 1, NOW + LEAST_LEAD_NS - 1, NOW + FARTHEST_NS + 1):
        with pytest.raises(Refused, match="bad_start"):
            times(t0_ns, NOW)


def test_a_rehearsal_has_a_name() -> None:
    assert check_title("  Tổng duyệt lần 1 ") == "Tổng duyệt lần 1"
    for title in ("  ", "x" * 201):
        with pytest.raises(Refused, match="bad_title"):
            check_title(title)


def start(name: str, in_ns: int, *sites: SiteId) -> Start:
    return Start(name, f"Buổi {name}", NOW + in_ns, frozenset(sites or (A,)))


def test_the_hour_before_a_start_is_practice() -> None:
    (found,) = practices([start("1", 5 * HOUR_NS)], NOW)
    starts_ns = NOW + 5 * HOUR_NS
    assert (found.from_ns, found.t0_ns, found.until_ns) == (
        starts_ns - PRACTICE_NS,
        starts_ns - PRACTICE_NS // 2,
        starts_ns,
    )


def test_what_is_left_of_the_hour_is_practice_too_but_not_its_last_minutes() -> None:
    (found,) = practices([start("1", 20 * MINUTE_NS)], NOW)
    assert (found.from_ns, found.t0_ns) == (NOW, NOW + 10 * MINUTE_NS)
    assert practices([start("1", 9 * MINUTE_NS)], NOW) == []
    assert practices([start("1", -HOUR_NS)], NOW) == []


def test_a_start_that_is_far_has_no_practice_yet() -> None:
    assert practices([start("1", DAY_NS + 1)], NOW) == []


def test_an_exam_after_a_lecture_has_no_practice_of_its_own_at_the_same_sites() -> None:
    lecture, exam, elsewhere = start("1", HOUR_NS), start("2", 4 * HOUR_NS), start("3", 4 * HOUR_NS, B)
    assert [each.start.id for each in practices([exam, lecture, elsewhere], NOW)] == ["1", "3"]
    going_on = start("0", -HOUR_NS)
    assert practices([going_on, lecture], NOW) == []


def test_sites_that_have_no_earlier_start_practise_although_others_of_the_same_day_do_not() -> None:
    rooms = [SiteId(f"site-{each}") for each in range(164)]
    morning, afternoon = start("1", 10 * HOUR_NS, *rooms[:100]), start("2", 16 * HOUR_NS, *rooms)
    first, second = practices([afternoon, morning], NOW)[::-1]
    assert (first.start, first.sites) == (morning, frozenset(rooms[:100]))
    assert (second.start, second.sites) == (afternoon, frozenset(rooms[100:]))
    assert second.until_ns - second.from_ns == PRACTICE_NS


def test_a_site_goes_from_away_to_opened() -> None:
    going, now = rehearsal(Stage.UNDER_WAY), NOW + MINUTE_NS
    steps = SiteSteps(site=A)
    seen = [step_of(steps, going, now)]
    for change in ({"sent_ns": 1}, {"seen_ns": 2}, {"looked_ns": 3}, {"result": "good", "lo_ms": 1.0, "hi_ms": 2.0}):
        steps = msgspec.structs.replace(steps, **change)
        seen.append(step_of(steps, going, now))
    assert seen == [Step.AWAY, Step.SENT, Step.TOLD, Step.LOOKED, Step.OPENED]


def test_a_site_that_says_nothing_after_the_start_is_silent_and_one_that_says_so_missed_it() -> None:
    going = rehearsal(Stage.UNDER_WAY)
    late = going.t0_ns + REPORT_NS
    assert step_of(SiteSteps(site=A, looked_ns=1), going, late - 1) is Step.LOOKED
    assert step_of(SiteSteps(site=A, looked_ns=1), going, late) is Step.SILENT
    assert step_of(SiteSteps(site=A, looked_ns=1, result="bad", reason="missed"), going, late) is Step.MISSED
    assert step_of(SiteSteps(site=A), rehearsal(Stage.OFF), late) is Step.AWAY
