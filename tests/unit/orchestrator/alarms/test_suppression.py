"""Flapping, planned work, the centre's own start and a dead relay: held back as an alarm, never as a finding."""

from __future__ import annotations

from orchestrator.alarms.model import Cause, Cleared, Scope, Trouble
from orchestrator.alarms.observing import Bad
from orchestrator.alarms.planned import Work
from orchestrator.alarms.rules import Flapping, S
from tests.doubles.alarm_province import AlarmProvince

DISTRICTS = {"An Dương": 40, "Kiến An": 44, "Lê Chân": 40, "Thủy Nguyên": 40}


def planned(province: AlarmProvince, cause: Cause, seconds: int, start_s: int = 0) -> Work:
    begins = province.now + start_s * S
    return Work("work-1", cause, begins, begins + seconds * S, "ha", "Thay cáp")


def test_a_site_that_comes_and_goes_is_one_alarm() -> None:
    province = AlarmProvince(DISTRICTS)
    site = province.of("An Dương")[:1]
    for _ in range(8):
        province.fail(site)
        province.run(25)
        province.mend(site)
        province.run(25)
    assert province.told() == [f"flapping site {site[0]} 1"]
    raised = [each.trouble for each in province.raised()]
    assert raised.count(Trouble.FLAPPING) == 1
    before = len(province.log)
    for _ in range(4):
        province.fail(site)
        province.run(25)
        province.mend(site)
        province.run(25)
    assert len(province.log) == before


def test_flapping_ends_lower_than_it_began() -> None:
    province = AlarmProvince(DISTRICTS)
    province.change(flapping=Flapping(window_s=300, enter=6, leave=2))
    site = province.of("An Dương")[:1]
    for _ in range(4):
        province.fail(site)
        province.run(10)
        province.mend(site)
        province.run(10)
    assert province.told() == [f"flapping site {site[0]} 1"]
    province.run(240)
    assert province.told() == [f"flapping site {site[0]} 1"]
    province.run(70)
    assert province.told() == []


def test_a_whole_district_that_flaps_is_one_alarm() -> None:
    province = AlarmProvince(DISTRICTS)
    for _ in range(5):
        province.fail(province.of("An Dương"))
        province.run(6)
        province.mend(province.of("An Dương"))
        province.run(6)
    assert province.told() == ["flapping district An Dương 40"]
    assert len(province.raised()) == 1


def test_planned_work_holds_alarms_back_and_what_is_still_wrong_afterwards_alarms() -> None:
    province = AlarmProvince(DISTRICTS)
    province.works = [planned(province, Cause(Scope.DISTRICT, "An Dương"), 100)]
    province.run(1)
    province.fail(province.of("An Dương"))
    province.run(98)
    assert province.log == []
    province.run(5)
    assert province.told() == []
    province.run(8)
    assert province.told() == ["away district An Dương 40"]


def test_planned_work_that_begins_takes_its_sites_out_of_what_stands() -> None:
    province = AlarmProvince(DISTRICTS)
    province.fail(province.of("An Dương"))
    province.run(12)
    province.works = [planned(province, Cause(Scope.SITE, "An Dương-07"), 100)]
    province.run(1)
    assert province.told() == ["away district An Dương 39"]
    province.works = [planned(province, Cause(Scope.CENTRE), 100)]
    province.run(1)
    assert province.told() == []
    assert [each.why for each in province.cleared()] == ["planned"]


def test_a_start_of_the_centre_is_one_mild_alarm_and_no_storm() -> None:
    province = AlarmProvince(DISTRICTS, old=False)
    province.fail(province.where, "unknown", 3)
    province.run(7)
    assert province.log == []
    province.run(3)
    assert province.told() == ["starting centre 164"]
    assert province.standing[0].severity == 1
    for at, site in enumerate(list(province.where)):
        province.mend([site], "unknown")
        if at % 6 == 5:
            province.run(1)
    province.run(5)
    assert province.told() == []
    assert [each.trouble for each in province.raised()] == [Trouble.STARTING]


def test_who_has_not_come_back_after_the_start_alarms_by_cause() -> None:
    province = AlarmProvince(DISTRICTS, old=False)
    province.fail(province.of("An Dương"), "unknown", 3)
    province.fail(["Kiến An-03"], "unknown", 3)  # type: ignore[list-item]
    province.run(59)
    assert province.told() == ["starting centre 41"]
    province.run(2)
    assert province.told() == ["away district An Dương 40", "away site Kiến An-03 1"]


def test_what_stood_before_a_restart_stands_after_it_without_a_word() -> None:
    province = AlarmProvince(DISTRICTS)
    province.fail(province.of("An Dương"))
    province.run(30)
    before = province.standing
    province.restart()
    assert province.standing == before
    lines = len(province.log)
    province.run(90)
    assert province.standing == before
    assert len(province.log) == lines
    province.mend(province.of("An Dương"))
    province.run(5)
    assert province.told() == []


def test_a_dead_relay_has_the_dark_rooms_under_it() -> None:
    province = AlarmProvince(DISTRICTS)
    province.parts = {(Trouble.RELAY, "1"): Bad(province.now, 3)}
    province.fail(province.where, "dark", 3)
    province.run(40)
    assert province.told() == ["relay part 1 164"]
    province.parts = {}
    province.mend(province.where, "dark")
    province.run(2)
    assert province.told() == []


def test_rooms_that_stay_dark_after_the_relay_is_back_alarm_themselves() -> None:
    province = AlarmProvince(DISTRICTS)
    province.parts = {(Trouble.RELAY, "1"): Bad(province.now, 3)}
    province.fail(province.where, "dark", 3)
    province.run(40)
    province.parts = {}
    province.mend(list(province.where)[1:], "dark")
    province.run(70)
    assert province.told() == ["picture site An Dương-00 1"]


def test_a_site_that_is_no_more_leaves_no_alarm_behind() -> None:
    province = AlarmProvince(DISTRICTS)
    gone = province.of("An Dương")[0]
    province.fail([gone])
    province.run(25)
    del province.where[gone]
    province.run(1)
    assert province.told() == []
    assert isinstance(province.log[-1][1], Cleared)
