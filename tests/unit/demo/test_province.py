"""The demonstration province."""

import pytest

from demo.province import make_province, participants_csv, sites_csv


def test_the_same_numbers_make_the_same_province() -> None:
    assert make_province(8) == make_province(8)
    assert make_province(8) != make_province(8, seed=1)


def test_eight_schools_lie_in_three_districts() -> None:
    province = make_province(8)
    assert len({site.district for site in province.sites}) == 3
    assert len({site.commune for site in province.sites}) == 8


@pytest.mark.parametrize("number", [1, 8, 164, 1000])
def test_codes_names_phones_and_numbers_are_unique(number: int) -> None:
    province = make_province(number)
    assert len(province.sites) == number
    for field in ("code", "name", "phone"):
        assert len({getattr(site, field) for site in province.sites}) == number
    assert len({person.number for person in province.participants}) == len(province.participants)


@pytest.mark.parametrize(("sites", "people"), [(8, 40), (3, 10), (7, 5), (1, 0)])
def test_participants_are_spread_evenly_and_counted(sites: int, people: int) -> None:
    province = make_province(sites, people)
    assert len(province.participants) == people
    rooms = [site.expected for site in province.sites]
    assert sum(rooms) == people
    assert max(rooms) - min(rooms) <= 1
    for site in province.sites:
        assert site.expected == sum(person.code == site.code for person in province.participants)


def test_the_files_have_a_line_for_each_and_a_heading() -> None:
    province = make_province(8, 40)
    assert len(sites_csv(province).splitlines()) == 9
    assert len(participants_csv(province).splitlines()) == 41
