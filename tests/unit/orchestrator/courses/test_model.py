"""The rule that turns exam, essay and attendance into a result."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.courses.model import Lack, Missing, Parts, Rule, check_rule, course_result, site_attendance
from orchestrator.errors import Refused
from orchestrator.exams.bands import Band
from wire.ids import SiteId


def test_weights_make_the_mark_and_the_exact_mark_makes_the_band() -> None:
    told = course_result(Rule(), Parts(exam=Fraction(8), essay=725))
    assert (told.mark, told.band, told.passed) == (770, "kha", True)


def test_a_mark_just_below_a_floor_is_rounded_for_the_eye_but_not_for_the_band() -> None:
    rule = Rule(exam_weight=100, essay_weight=0)
    told = course_result(rule, Parts(exam=Fraction(7_9999, 10_000)))
    assert (told.mark, told.band) == (800, "kha")
    assert course_result(rule, Parts(exam=Fraction(8))).band == "gioi"


def test_what_is_missing_is_waited_for_or_counts_nought() -> None:
    parts = Parts(exam=Fraction(9))
    waiting = course_result(Rule(), parts)
    assert (waiting.mark, waiting.passed, waiting.lacks) == (None, None, (Lack.NO_ESSAY,))
    nought = course_result(Rule(missing=Missing.ZERO), parts)
    assert (nought.mark, nought.passed, nought.lacks) == (540, True, (Lack.NO_ESSAY,))


def test_a_floor_of_one_part_fails_a_good_whole() -> None:
    rule = Rule(exam_floor=500, attendance_floor=80)
    told = course_result(rule, Parts(Fraction(49, 10), 1000, attendance=Fraction(79)))
    assert told.mark == 694
    assert told.passed is False
    assert told.lacks == (Lack.EXAM_LOW, Lack.ATTENDANCE_LOW)
    assert course_result(rule, Parts(Fraction(5), 1000, attendance=Fraction(80))).passed is True


def test_a_missing_part_with_a_floor_never_passes() -> None:
    rule = Rule(missing=Missing.ZERO, essay_floor=100, exam_weight=90, essay_weight=10)
    assert course_result(rule, Parts(exam=Fraction(10))).passed is False


def test_a_late_essay_costs_what_the_rule_says() -> None:
    rule = Rule(exam_weight=0, essay_weight=1, late_off=100)
    assert course_result(rule, Parts(essay=650, essay_late=True)).mark == 550
    assert course_result(rule, Parts(essay=650)).mark == 650


def test_attendance_can_count_with_the_marks() -> None:
    rule = Rule(exam_weight=50, essay_weight=0, attendance_weight=50)
    assert course_result(rule, Parts(exam=Fraction(6), attendance=Fraction(90))).mark == 750


@given(exam=st.fractions(0, 10), essay=st.integers(0, 1000), weight=st.integers(1, 99))
def test_a_result_lies_between_its_parts(exam: Fraction, essay: int, weight: int) -> None:
    told = course_result(Rule(exam_weight=weight, essay_weight=100 - weight), Parts(exam=exam, essay=essay))
    assert told.mark is not None
    low, high = sorted((exam * 100, Fraction(essay)))
    assert low - 1 <= told.mark <= high + 1


def test_a_rule_that_judges_by_nothing_or_leaves_marks_without_a_band_is_refused() -> None:
    wrong = (Rule(exam_weight=0, essay_weight=0), Rule(bands=()), Rule(bands=(Band("a", "A", 500),)))
    for rule in (*wrong, Rule(bands=(Band("a", "A", 0), Band("b", "B", 0)))):
        with pytest.raises(Refused, match="bad_rule"):
            check_rule(rule)
    check_rule(Rule())


def test_attendance_of_a_room_is_the_mean_of_its_roll_calls_and_silence_is_left_out() -> None:
    one, two, three = SiteId("1"), SiteId("2"), SiteId("3")
    counts = [{one: 40, two: 10, three: None}, {one: 50, two: None}]
    assert site_attendance(counts, {one: 40, two: 40, three: 40}) == {one: Fraction(100), two: Fraction(25)}
