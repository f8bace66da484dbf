from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.exams.bands import BANDS, USUAL, Band, Scheme, band, faults, lowest_counts
from orchestrator.exams.marks import mark_hundredths


@given(st.integers(1, 200), st.data())
def test_bands_are_half_open_on_the_integer_count(maximum: int, data: st.DataObject) -> None:
    correct = data.draw(st.integers(0, maximum))
    exact = Fraction(1000 * correct, maximum)
    place = next(place for place, one in enumerate(BANDS) if exact >= one.floor)
    assert band(correct, maximum) == BANDS[place].key
    if place:
        assert exact < BANDS[place - 1].floor


def test_a_mark_that_only_rounds_up_to_a_band_is_not_in_it() -> None:
    assert mark_hundredths(1799, 2000) == 900
    assert band(1799, 2000) == "gioi"
    assert band(1800, 2000) == "xuat_sac"


def test_with_fifty_items_the_usual_floors_are_whole_counts() -> None:
    assert lowest_counts(USUAL, 50) == {"xuat_sac": 45, "gioi": 40, "kha": 35, "trung_binh": 25, "yeu": 20, "kem": 0}


def test_a_floor_that_no_count_hits_begins_at_the_next_one() -> None:
    schools = Scheme((Band("gioi", "Giỏi", 800), Band("kha", "Khá", 650), Band("dat", "Đạt", 0)))
    assert lowest_counts(schools, 50)["kha"] == 33
    assert (band(32, 50, schools.bands), band(33, 50, schools.bands)) == ("dat", "kha")


def test_the_usual_scheme_has_no_fault() -> None:
    assert faults(USUAL) == []


@pytest.mark.parametrize(
    ("bands", "word"),
    [
        ((Band("a", "A", 0),), "cần từ 2"),
        ((Band("a", "A", 500), Band("b", "B", 500), Band("c", "C", 0)), "giảm dần"),
        ((Band("a", "A", 800), Band("b", "B", 100)), "bắt đầu từ 0"),
        ((Band("a", "A", 1001), Band("b", "B", 0)), "không quá 10"),
        ((Band("a", "A", 500), Band("b", " ", 0)), "ký tự"),
        ((Band("a", "Đạt", 500), Band("b", "đạt", 0)), "trùng tên"),
    ],
)
def test_a_scheme_that_cannot_be_used_is_told_why(bands: tuple[Band, ...], word: str) -> None:
    told = faults(msgspec.structs.replace(USUAL, bands=bands))
    assert any(word in each for each in told)
