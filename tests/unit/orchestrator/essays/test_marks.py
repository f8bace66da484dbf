"""Two markers, sometimes a third: who reads what, and the one mark it comes to."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.errors import Refused
from orchestrator.essays.marks import Marker, Slot, assign, checked_mark, final
from orchestrator.essays.model import Criterion, Decision, EssayPlan
from wire.ids import PersonId, SiteId

PLAN = EssayPlan("Đề", 10, 20)
THIRD_DECIDES = EssayPlan("Đề", 10, 20, decision=Decision.THIRD)


def slots(*marks: int | None) -> list[Slot]:
    return [Slot(f"r{at}", "e", "n", at, "v", PersonId(f"p{at}"), 0, mark) for at, mark in enumerate(marks, 1)]


def test_a_difference_of_exactly_one_asks_nobody_and_a_quarter_more_asks_a_third() -> None:
    assert final(PLAN, slots(700, 800)).third is False
    assert final(PLAN, slots(700, 800)).mark == 750
    asked = final(PLAN, slots(700, 825))
    assert (asked.mark, asked.apart, asked.third) == (None, 125, True)


def test_nothing_is_final_before_both_marks_are_in() -> None:
    assert final(PLAN, slots(700, None)) == final(PLAN, slots(None, 700)) == final(PLAN, [])
    assert final(PLAN, slots(700, None)).mark is None


def test_while_the_third_reads_nothing_is_final_and_no_fourth_is_asked() -> None:
    waiting = final(PLAN, slots(500, 900, None))
    assert (waiting.mark, waiting.third) == (None, False)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [((500, 900, 800), 850), ((500, 900, 550), 525), ((500, 900, 700), 700), ((500, 900, 1000), 950)],
)
def test_the_closest_two_are_meant_and_all_three_when_equally_far(marks: tuple[int, ...], expected: int) -> None:
    assert final(PLAN, slots(*marks)).mark == expected


def test_the_third_decides_where_the_plan_says_so() -> None:
    assert final(THIRD_DECIDES, slots(500, 900, 550)).mark == 550


def test_a_mark_changed_until_two_agree_needs_no_third_any_more() -> None:
    assert final(PLAN, slots(800, 900, None)).mark == 850


def test_a_mean_between_two_hundredths_is_rounded_up() -> None:
    assert final(EssayPlan("Đề", 1, 2, step=5), slots(705, 710)).mark == 708


@given(
    homes=st.lists(st.integers(0, 5), min_size=1, max_size=60),
    markers=st.lists(st.integers(0, 5) | st.none(), min_size=4, max_size=10),
    seed=st.integers(0, 1 << 63),
)
def test_nobody_reads_their_own_school_or_twice_and_who_is_short_is_told(
    homes: list[int], markers: list[int | None], seed: int
) -> None:
    essays = {f"{at}": SiteId(f"s{home}") for at, home in enumerate(homes)}
    named = [Marker(PersonId(f"m{at}"), None if own is None else SiteId(f"s{own}")) for at, own in enumerate(markers)]
    home_of = {each.person: each.site for each in named}
    made, short = assign(essays, named, {}, {}, 2, seed)
    assert set(made) | set(short) == set(essays)
    assert not set(made) & set(short)
    for number, people in made.items():
        assert len(set(people)) == 2
        assert all(home_of[person] != essays[number] for person in people)
    for number in short:
        assert sum(each.site != essays[number] for each in named) < 2


def test_readings_are_spread_evenly_and_the_same_lot_gives_the_same() -> None:
    essays = {f"{at:04d}": SiteId(f"s{at % 20}") for at in range(1000)}
    named = [Marker(PersonId(f"m{at}"), SiteId(f"s{at}")) for at in range(10)]
    made, short = assign(essays, named, {}, {}, 2, 7)
    loads = Counter(person for people in made.values() for person in people)
    assert short == []
    assert max(loads.values()) - min(loads.values()) <= 1
    assert assign(essays, named, {}, {}, 2, 7) == (made, short)
    assert assign(essays, named, {}, {}, 2, 8)[0] != made


def test_what_was_given_out_stays_and_a_third_goes_to_somebody_else() -> None:
    named = [Marker(PersonId(each)) for each in ("a", "b", "c")]
    taken = {"1": [PersonId("a"), PersonId("b")]}
    assert assign({"1": SiteId("s")}, named, {}, taken, 2, 1) == ({}, [])
    assert assign({"1": SiteId("s")}, named, {}, taken, 3, 1) == ({"1": [PersonId("c")]}, [])


def test_marks_follow_steps_and_criteria_add_up() -> None:
    rubric = EssayPlan("Đề", 1, 2, criteria=(Criterion("Nội dung", 600), Criterion("Trình bày", 400)))
    assert checked_mark(rubric, None, (575, 300)) == 875
    assert checked_mark(PLAN, 725, ()) == 725
    for plan, mark, scores in (
        (PLAN, 730, ()),
        (PLAN, 1025, ()),
        (PLAN, None, ()),
        (rubric, 500, ()),
        (rubric, None, (625, 0)),
    ):
        with pytest.raises(Refused) as refused:
            checked_mark(plan, mark, scores)
        assert refused.value.code == "bad_mark"
