"""What nothing needs is no alarm, and what stood for it ends; what is found of it stays with the tiles."""

from __future__ import annotations

import pytest

from orchestrator.alarms.model import Cleared, Left, Scope, Trouble
from orchestrator.alarms.observing import Bad
from tests.doubles.alarm_province import AlarmProvince

DISTRICTS = {"An Dương": 40, "Kiến An": 44, "Lê Chân": 40, "Thủy Nguyên": 40}
NIGHT_S = 600


@pytest.fixture
def province() -> AlarmProvince:
    return AlarmProvince(DISTRICTS)


# --- computers that are away ---------------------------------------------------------------------------------------


def test_a_computer_that_is_switched_off_when_nobody_waits_for_it_is_no_alarm(province: AlarmProvince) -> None:
    province.release(province.where)
    province.fail(province.of("An Dương")[:2], "silent", 3)
    province.run(NIGHT_S)
    assert province.log == []
    province.need(province.of("An Dương")[:1])  # a session opens its lobby
    province.run(1)
    assert province.told() == ["away site An Dương-00 1"]


def test_a_room_that_was_switched_off_just_before_the_end_is_no_alarm_after_it(province: AlarmProvince) -> None:
    room = province.of("An Dương")[:1]
    province.fail(room, "silent", 3)
    province.run(30)
    assert [(each.cause.name, each.severity) for each in province.standing] == [(room[0], 3)]
    province.release(province.where)  # the lecturer ends the session
    province.run(NIGHT_S)
    assert province.told() == []
    assert [each.why for each in province.cleared()] == ["idle"]
    assert len(province.raised()) == 1


def test_a_room_that_is_back_when_the_session_ends_is_back(province: AlarmProvince) -> None:
    room = province.of("An Dương")[:1]
    province.fail(room, "silent", 3)
    province.run(30)
    province.mend(room, "silent")
    province.run(5)
    province.release(province.where)
    province.run(1)
    assert [each.why for each in province.cleared()] == ["back"]


def test_an_alarm_of_a_room_that_another_session_still_needs_stands(province: AlarmProvince) -> None:
    room, *others = province.where
    province.fail([room], "silent", 3)
    province.run(30)
    province.release(others)
    province.run(NIGHT_S)
    assert province.told() == [f"away site {room} 1"]


def test_a_province_that_goes_home_one_by_one_is_one_mild_alarm(province: AlarmProvince) -> None:
    province.release(province.where)
    for site in province.where:
        province.fail([site], "silent", 3)
        province.run(5)
    province.run(10)
    assert province.told() == ["away centre 164"]
    assert {each.severity for each in province.raised()} == {1}
    assert len(province.raised()) <= len(DISTRICTS) + 1


def test_a_province_that_goes_home_before_the_end_is_a_mild_alarm_after_it(province: AlarmProvince) -> None:
    for site in province.where:
        province.fail([site], "silent", 3)
        province.run(1)
    province.run(10)
    assert [(each.cause.scope, each.severity) for each in province.standing] == [(Scope.CENTRE, 3)]
    grave = province.standing[0].id
    province.release(province.where)
    province.run(NIGHT_S)
    assert [(each.cause.scope, each.severity, each.level) for each in province.standing] == [(Scope.CENTRE, 1, 0)]
    assert [event.why for _, event in province.log if isinstance(event, Cleared) and event.alarm == grave] == ["idle"]


def test_a_district_that_fails_at_once_is_an_alarm_also_when_nobody_waits_for_it(province: AlarmProvince) -> None:
    province.release(province.where)
    province.fail(province.of("An Dương"), "silent", 3)
    province.run(12)
    assert [(each.cause.name, each.severity) for each in province.standing] == [("An Dương", 2)]
    province.mend(province.of("An Dương")[3:], "silent")
    province.run(80)
    assert province.told() == []
    assert province.cleared()[-1].why == "idle"


def test_a_line_that_comes_and_goes_while_nobody_waits_is_no_alarm(province: AlarmProvince) -> None:
    room = province.of("An Dương")[:1]
    province.release(room)
    for _ in range(8):
        province.fail(room)
        province.run(25)
        province.mend(room)
        province.run(25)
    assert province.log == []


# --- rooms whose people are not there ------------------------------------------------------------------------------


def test_lights_that_are_off_in_a_room_that_nothing_needs_are_no_alarm(province: AlarmProvince) -> None:
    province.release(province.where)
    province.fail(province.where, "camera", 1)
    province.run(NIGHT_S)
    assert province.log == []


def test_lights_that_are_off_in_a_break_are_no_alarm_and_end_one(province: AlarmProvince) -> None:
    dark = province.of("An Dương")[:1]
    province.fail(dark, "camera", 1)
    province.run(125)
    assert province.told() == [f"camera site {dark[0]} 1"]
    province.rest(province.where)
    province.fail(province.of("Kiến An"), "camera", 1)
    province.run(NIGHT_S)
    assert province.told() == []
    assert [each.why for each in province.cleared()] == ["idle"]


def test_a_computer_that_goes_away_in_a_break_is_an_alarm(province: AlarmProvince) -> None:
    province.rest(province.where)
    province.fail(province.of("An Dương")[:1], "silent", 3)
    province.run(25)
    assert province.told() == ["away site An Dương-00 1"]


def test_a_camera_that_is_still_dark_when_the_room_is_needed_has_its_time_from_then(province: AlarmProvince) -> None:
    dark = province.of("An Dương")[:1]
    province.release(province.where)
    province.fail(dark, "camera", 1)
    province.run(NIGHT_S)
    province.need(province.where)
    province.run(119)
    assert province.told() == []
    province.run(5)
    assert province.told() == [f"camera site {dark[0]} 1"]


def test_a_dark_district_ends_as_one_when_its_session_does(province: AlarmProvince) -> None:
    province.fail(province.of("An Dương"), "camera", 1)
    province.run(65)
    assert province.told() == ["camera district An Dương 40"]
    province.release(province.where)
    province.run(1)
    assert province.told() == []
    assert [each.why for each in province.cleared()] == ["idle"]


@pytest.mark.parametrize("word", ["camera", "dark", "no_sound", "not_ready", "exam_not_open"])
def test_what_was_wrong_in_a_room_that_was_then_switched_off_ends_with_the_need(
    province: AlarmProvince, word: str
) -> None:
    room = province.of("An Dương")[:1]
    province.fail(room, word, 2)
    province.run(125)
    province.fail(room, "silent", 3)
    province.run(30)
    assert len(province.standing) == 2
    province.release(province.where)
    province.run(1)
    assert province.told() == []
    assert {each.why for each in province.cleared()} == {"idle"}
    province.need(province.where)  # the next day: what it was yesterday is not known to be so today
    province.run(NIGHT_S)
    assert province.told() == [f"away site {room[0]} 1"]


def test_a_share_is_one_of_the_rooms_that_are_needed(province: AlarmProvince) -> None:
    province.release(province.of("An Dương")[10:])
    province.fail(province.of("An Dương")[:10], "camera", 1)
    province.run(65)
    assert province.told() == ["camera district An Dương 10"]


@pytest.mark.parametrize("word", ["disk", "clock_off"])
def test_what_is_wrong_with_the_computer_is_an_alarm_at_any_hour(province: AlarmProvince, word: str) -> None:
    province.release(province.where)
    province.fail(province.of("An Dương")[:1], word, 2)
    province.run(65)
    assert len(province.standing) == 1


def test_rooms_that_are_needed_no_more_leave_a_dead_relay(province: AlarmProvince) -> None:
    province.parts = {(Trouble.RELAY, "1"): Bad(province.now, 3)}
    province.fail(province.where, "dark", 3)
    province.run(10)
    assert province.told() == ["relay part 1 164"]
    province.release(province.where)
    province.run(1)
    assert province.told() == ["relay part 1 0"]
    assert [event.why for _, event in province.log if isinstance(event, Left)] == ["idle"]
