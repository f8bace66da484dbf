"""What a channel has still to tell follows from the alarms: nothing twice, nothing forgotten, many summed up."""

from __future__ import annotations

from datetime import datetime

import msgspec
import pytest

from orchestrator.alarms.channels.model import (
    Channel,
    Course,
    Due,
    Kind,
    Quiet,
    Wish,
    check,
    due,
    message,
    went_well,
    went_wrong,
)
from orchestrator.alarms.duty import Taking, acknowledge
from orchestrator.alarms.model import Alarm, Cause, Scope, Told, Trouble
from orchestrator.alarms.rules import S, Step
from orchestrator.alarms.wording import ZONE, Names
from orchestrator.errors import Refused
from tests.doubles.alarm_province import AlarmProvince

WISH = Wish(name="Nhóm trực", kind=Kind.WEBHOOK)
NAMES = Names({})


@pytest.fixture
def province() -> AlarmProvince:
    made = AlarmProvince({"An Dương": 40, "Kiến An": 40})
    made.fail(made.of("An Dương"))
    made.run(12)
    return made


def channel(**wish: object) -> Channel:
    return Channel("channel-1", msgspec.structs.replace(WISH, **wish), b"")


def owed(province: AlarmProvince, who: Channel, now: int | None = None) -> list[Due]:
    return due(who, province.alarms, province.where, province.rules, province.now if now is None else now)


def tell(province: AlarmProvince, who: Channel) -> None:
    for item in owed(province, who):
        what = "cleared" if item.over else "raised"
        alarm = item.alarm
        province.happen([Told(alarm.id, who.id, who.wish.name, what, alarm.severity, alarm.level)])


def test_an_alarm_is_told_once_and_so_is_its_end(province: AlarmProvince) -> None:
    who = channel()
    assert [(each.over, len(each.alarm.sites)) for each in owed(province, who)] == [(False, 40)]
    tell(province, who)
    assert owed(province, who) == []
    province.mend(province.of("An Dương"))
    province.run(5)
    assert [each.over for each in owed(province, who)] == [True]
    tell(province, who)
    assert owed(province, who) == []


def test_what_cleared_before_it_was_told_is_never_told(province: AlarmProvince) -> None:
    province.mend(province.of("An Dương"))
    province.run(5)
    assert owed(province, channel()) == []


def test_the_end_is_not_told_where_nobody_asked_for_it(province: AlarmProvince) -> None:
    who = channel(tell_cleared=False)
    tell(province, who)
    province.mend(province.of("An Dương"))
    province.run(5)
    assert owed(province, who) == []


def test_what_was_told_is_known_after_a_restart(province: AlarmProvince) -> None:
    tell(province, channel())
    province.restart()
    assert owed(province, channel()) == []


def test_an_alarm_that_grew_graver_is_told_again(province: AlarmProvince) -> None:
    tell(province, channel())
    province.fail(province.of("An Dương"), "silent", 3)
    province.run(2)
    assert [each.alarm.severity for each in owed(province, channel())] == [3]


def test_a_channel_takes_its_severities_and_its_districts_only(province: AlarmProvince) -> None:
    assert owed(province, channel(severity=3)) == []
    assert owed(province, channel(districts=("Kiến An",))) == []
    assert len(owed(province, channel(districts=("An Dương",)))) == 1
    assert owed(province, channel(enabled=False)) == []


def test_a_step_of_the_rules_reaches_a_channel_that_would_not_take_it(province: AlarmProvince) -> None:
    who = channel(severity=3)
    province.change(steps=(Step(after_min=1, channels=("channel-1",)),))
    assert owed(province, who) == []
    province.run(60)
    assert [each.alarm.level for each in owed(province, who)] == [1]
    tell(province, who)
    assert owed(province, who) == []


def stepped(province: AlarmProvince) -> Channel:
    """A channel that only a step of the rules reaches, told of the first alarm."""
    who = channel(severity=3)
    province.change(steps=(Step(after_min=1, channels=("channel-1",)),))
    province.run(60)
    tell(province, who)
    return who


def take(province: AlarmProvince, for_s: float) -> None:
    alarm = province.standing[0].id
    province.happen([acknowledge(province.alarms, alarm, "ha", "Hà", Taking(for_s), province.now)])


def test_a_step_that_is_reached_again_after_somebody_had_the_alarm_is_told_again(province: AlarmProvince) -> None:
    who = stepped(province)
    take(province, 30)
    province.run(31)
    assert owed(province, who) == []
    province.restart()
    province.run(60)
    assert [each.alarm.level for each in owed(province, who)] == [1]
    tell(province, who)
    assert owed(province, who) == []


def test_a_step_whose_message_arrived_after_somebody_took_the_alarm_is_told_again(province: AlarmProvince) -> None:
    who = channel(severity=3)
    province.change(steps=(Step(after_min=1, channels=("channel-1",)),))
    province.run(60)
    (on_its_way,) = owed(province, who)
    take(province, 30)
    alarm = on_its_way.alarm
    province.happen([Told(alarm.id, who.id, who.wish.name, "raised", alarm.severity, alarm.level)])
    province.run(100)
    assert [each.alarm.level for each in owed(province, who)] == [1]


def test_a_channel_that_fails_does_not_tell_of_itself(province: AlarmProvince) -> None:
    own = Alarm("alarm-9", Trouble.CHANNEL, Cause(Scope.PART, "Nhóm trực"), 2, province.now)
    province.alarms = {own.id: own}
    assert owed(province, channel()) == []
    assert len(owed(province, channel(name="Khác"))) == 1


def at(hour: int, minute: int = 0) -> int:
    return round(datetime(2026, 11, 29, hour, minute, tzinfo=ZONE).timestamp()) * S


def test_rest_goes_over_midnight() -> None:
    rest = Quiet(from_min=22 * 60, until_min=6 * 60)
    assert [rest.at(at(hour)) for hour in (21, 22, 3, 6)] == [False, True, True, False]
    noon = Quiet(from_min=11 * 60 + 30, until_min=13 * 60)
    assert [noon.at(at(11, 29)), noon.at(at(12)), noon.at(at(13))] == [False, True, False]


def test_in_hours_of_rest_only_what_is_grave_passes_and_the_rest_is_told_afterwards(province: AlarmProvince) -> None:
    who = channel(quiet=Quiet(from_min=22 * 60, until_min=6 * 60))
    assert owed(province, who, at(23)) == []
    assert len(owed(province, who, at(7))) == 1
    province.fail(province.of("An Dương"), "silent", 3)
    province.run(2)
    assert len(owed(province, who, at(23))) == 1
    strict = channel(quiet=Quiet(from_min=22 * 60, until_min=6 * 60, grave_passes=False))
    assert owed(province, strict, at(23)) == []


def test_many_alarms_are_one_message_that_counts_what_it_does_not_name() -> None:
    cause = Cause(Scope.DISTRICT, "An Dương")
    items = [Due(Alarm(f"alarm-{at}", Trouble.AWAY, cause, 2, at, most=40)) for at in range(13)]
    told = message(items, NAMES, "https://centre/wall")
    assert told.title == "Mất kết nối: An Dương (40 điểm cầu) và 12 báo động khác"
    assert told.body.count("Mất kết nối") == 6
    assert "… và 7 báo động khác" in told.body
    assert told.body.endswith("https://centre/wall")
    assert (told.severity, told.alarms) == (2, 13)


def test_the_end_of_an_alarm_says_how_long_it_lasted() -> None:
    over = Alarm("a", Trouble.AWAY, Cause(Scope.PROVIDER, "VNPT"), 3, 0, most=55, cleared_ns=245 * S)
    told = message([Due(over, over=True)], NAMES, "")
    assert told.title == "Hết: Mất kết nối: Nhà mạng VNPT (55 điểm cầu)"
    assert "kéo dài 4 phút 05 giây" in told.body
    assert told.severity == 0


def test_the_end_of_an_alarm_that_nobody_needs_any_more_says_so() -> None:
    over = Alarm("a", Trouble.AWAY, Cause(Scope.SITE, "HP-01"), 3, 0, most=1, cleared_ns=30 * S, why="idle")
    told = message([Due(over, over=True)], NAMES, "")
    assert "kéo dài 30 giây (không có buổi học hay bài thi nào cần đến)" in told.body


def test_failures_make_the_pauses_longer_and_the_third_is_an_alarm() -> None:
    course, pauses, failing = Course(), list[float](), list[bool]()
    for _ in range(6):
        course = went_wrong(course, "từ chối", 0)
        pauses.append(course.next_ns / S)
        failing.append(course.failing)
    assert pauses == [3, 10, 30, 60, 60, 60]
    assert failing == [False, False, True, True, True, True]
    assert went_well(WISH, 0) == Course(next_ns=20 * S)


@pytest.mark.parametrize(
    ("wish", "secret"),
    [
        ({}, "ftp://host"),
        ({}, ""),
        ({"kind": Kind.TELEGRAM, "to": ("1",)}, ""),
        ({"kind": Kind.TELEGRAM}, "123:abc"),
        ({"kind": Kind.EMAIL, "server": "mail:25", "to": ("a@b",)}, ""),
        ({"kind": Kind.OTHER}, "nothing"),
    ],
)
def test_what_could_carry_nothing_is_refused(wish: dict[str, object], secret: str) -> None:
    with pytest.raises(Refused, match="bad_address"):
        check(msgspec.structs.replace(WISH, **wish), secret)
