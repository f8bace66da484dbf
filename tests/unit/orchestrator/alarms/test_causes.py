"""One cause, one alarm: whatever fails together is told together, and what fails alone is told alone."""

from __future__ import annotations

import pytest

from orchestrator.alarms.model import Cleared, Left
from tests.doubles.alarm_province import AlarmProvince

DISTRICTS = {"An Dương": 40, "Kiến An": 44, "Lê Chân": 40, "Thủy Nguyên": 40}


@pytest.fixture
def province() -> AlarmProvince:
    return AlarmProvince(DISTRICTS, ["VNPT", "Viettel", "FPT"])


def test_a_site_alone_alarms_after_its_time_and_clears_by_itself(province: AlarmProvince) -> None:
    site = province.of("An Dương")[:1]
    province.fail(site)
    province.run(19)
    assert province.told() == []
    province.run(2)
    assert province.told() == [f"away site {site[0]} 1"]
    province.mend(site)
    province.run(5)
    assert province.told() == []
    assert [each.why for each in province.cleared()] == ["back"]


def test_what_is_well_again_before_its_time_never_alarms(province: AlarmProvince) -> None:
    province.fail(province.of("An Dương"))
    province.run(6)
    province.mend(province.of("An Dương"))
    province.run(60)
    assert province.log == []


def test_a_district_is_one_alarm_with_its_sites_under_it(province: AlarmProvince) -> None:
    sites = province.of("An Dương")
    for site in sites:  # their last heartbeats lie some seconds apart
        province.fail([site])
        if int(site[-2:]) % 8 == 7:
            province.run(1)
    province.run(15)
    assert province.told() == ["away district An Dương 40"]
    assert len(province.raised()) == 1
    assert province.raised()[0].of == 40


def test_everything_clears_by_itself_although_rooms_come_back_one_by_one(province: AlarmProvince) -> None:
    province.fail(province.of("An Dương"))
    province.run(30)
    for site in province.of("An Dương"):
        province.mend([site])
        province.run(1)
    province.run(5)
    assert province.told() == []
    assert len(province.raised()) == 1
    assert [each.why for each in province.cleared()] == ["back"]


def test_what_remains_when_the_cause_has_gone_becomes_its_own(province: AlarmProvince) -> None:
    province.fail(province.of("An Dương"))
    province.run(30)
    province.mend(province.of("An Dương")[2:])
    province.run(10)
    assert province.told() == ["away district An Dương 2"]
    province.run(50)
    assert province.told() == ["away site An Dương-00 1", "away site An Dương-01 1"]
    assert [each.why for each in province.cleared()] == ["apart"]


def test_a_provider_is_told_from_the_districts_that_it_serves(province: AlarmProvince) -> None:
    province.fail(site for site, at in province.where.items() if at.provider == "Viettel")
    province.run(12)
    assert province.told() == ["away provider Viettel 55"]


def test_two_dark_districts_are_not_a_dark_province() -> None:
    province = AlarmProvince({"A": 60, "B": 60, "C": 12, "D": 12, "E": 12})
    province.fail([*province.of("A"), *province.of("B")])
    province.run(12)
    assert province.told() == ["away district A 60", "away district B 60"]


def test_everything_away_is_the_centres_own_line(province: AlarmProvince) -> None:
    province.fail(province.where)
    province.run(12)
    assert province.told() == ["away centre 164"]


def test_a_wider_cause_takes_over_from_a_narrower_one(province: AlarmProvince) -> None:
    province.fail(province.of("An Dương"))
    province.run(12)
    province.fail(province.where)
    province.run(12)
    assert province.told() == ["away centre 164"]
    merged = [event for _, event in province.log if isinstance(event, Cleared)]
    assert [(each.why, each.into) for each in merged] == [("merged", "alarm-2")]


def test_sites_join_and_leave_a_standing_alarm(province: AlarmProvince) -> None:
    sites = province.of("An Dương")
    province.fail(sites[:35])
    province.run(12)
    province.fail(sites[35:])
    province.mend(sites[:2])
    province.run(12)
    assert province.told() == ["away district An Dương 38"]
    assert [event.sites for _, event in province.log if isinstance(event, Left)] == [tuple(sites[:2])]


def test_a_site_that_was_known_to_be_away_for_long_keeps_its_own_alarm(province: AlarmProvince) -> None:
    province.fail(province.of("An Dương")[:1])
    province.run(200)
    province.fail(province.of("An Dương"))
    province.run(12)
    assert province.told() == ["away district An Dương 39", "away site An Dương-00 1"]


def test_a_site_that_alarmed_just_before_its_district_joins_it(province: AlarmProvince) -> None:
    province.fail(province.of("An Dương")[:1])
    province.run(25)
    province.fail(province.of("An Dương"))
    province.run(12)
    assert province.told() == ["away district An Dương 40"]
    assert [(each.why, each.into) for each in province.cleared()] == [("merged", "alarm-2")]


def test_many_rooms_without_sound_are_one_alarm(province: AlarmProvince) -> None:
    province.fail(province.where, "no_sound")
    province.run(15)
    assert province.told() == ["sound centre 164"]


def test_a_site_that_goes_away_keeps_what_else_was_wrong_with_it_unknown(province: AlarmProvince) -> None:
    site = province.of("An Dương")[:1]
    province.fail(site, "camera", 1)
    province.run(125)
    province.fail(site)
    province.run(60)
    assert province.told() == [f"away site {site[0]} 1", f"camera site {site[0]} 1"]
    province.mend(site)
    province.mend(site, "camera")
    province.run(5)
    assert province.told() == []
