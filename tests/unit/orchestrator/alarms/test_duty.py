"""Somebody has an alarm, for a time or until it clears; an alarm that nobody has grows louder."""

from __future__ import annotations

import pytest

from orchestrator.alarms import duty
from orchestrator.alarms.duty import Taken, Taking
from orchestrator.alarms.model import Acknowledged, AcknowledgementEnded, Alarm, Escalated
from orchestrator.alarms.rules import Step
from orchestrator.alarms.wording import hour_of
from orchestrator.errors import Refused
from tests.doubles.alarm_province import AlarmProvince

NAMES = {"ha": "Hà", "binh": "Bình", "lan": "Lan"}


@pytest.fixture
def province() -> AlarmProvince:
    made = AlarmProvince({"An Dương": 40, "Kiến An": 44})
    made.fail(made.of("An Dương")[:36])
    made.run(12)
    return made


def take(
    province: AlarmProvince,
    *,
    by: str = "ha",
    for_s: float | None = 600,
    sticky: bool = False,
    word: str = "đã gọi VNPT",
    instead_of: str = "",
) -> Alarm:
    """Take the first alarm as `by`, whose name is written with marks."""
    alarm, how = province.standing[0], Taking(for_s, sticky, word, instead_of)
    province.happen([duty.acknowledge(province.alarms, alarm.id, by, NAMES[by], how, province.now)])
    return province.alarms[alarm.id]


def held_by(province: AlarmProvince) -> str:
    taken = province.standing[0].acknowledged
    return taken.by if taken else ""


def ends(province: AlarmProvince) -> list[str]:
    return [event.why for _, event in province.log if isinstance(event, AcknowledgementEnded)]


def levels(province: AlarmProvince) -> list[int]:
    return [event.level for _, event in province.log if isinstance(event, Escalated)]


def test_an_acknowledgement_says_who_until_when_and_a_word(province: AlarmProvince) -> None:
    taken = take(province).acknowledged
    assert taken is not None
    assert (taken.name, taken.word, taken.sticky) == ("Hà", "đã gọi VNPT", False)
    assert taken.until_ns == province.now + 600 * 10**9


def test_it_expires(province: AlarmProvince) -> None:
    take(province, for_s=30)
    province.run(29)
    assert ends(province) == []
    province.run(1)
    assert ends(province) == ["expired"]


def test_it_ends_when_the_alarm_grows(province: AlarmProvince) -> None:
    take(province)
    province.fail(province.of("An Dương"))
    province.run(12)
    assert ends(province) == ["changed"]


def test_a_sticky_one_stays_when_the_alarm_grows(province: AlarmProvince) -> None:
    take(province, sticky=True)
    province.fail(province.of("An Dương"), "silent", 3)
    province.run(12)
    assert ends(province) == []


def test_one_without_an_end_holds_until_the_alarm_clears(province: AlarmProvince) -> None:
    take(province, for_s=None)
    province.run(3000)
    assert ends(province) == []
    province.mend(province.of("An Dương"))
    province.run(5)
    assert province.standing == []


def test_an_alarm_that_nobody_has_grows_louder_step_by_step(province: AlarmProvince) -> None:
    province.change(steps=(Step(after_min=1), Step(after_min=2)))
    province.run(50)
    assert levels(province) == []
    province.run(10)
    assert levels(province) == [1]
    province.run(120)
    assert levels(province) == [1, 2]


def test_whoever_takes_it_makes_it_quiet_and_its_time_begins_anew_when_it_is_given_back(
    province: AlarmProvince,
) -> None:
    province.change(steps=(Step(after_min=1),))
    province.run(70)
    taken = take(province)
    assert taken.level == 0
    province.run(70)
    assert levels(province) == [1]
    province.happen([duty.withdraw(province.alarms, taken.id, "ha", province.now)])
    province.run(50)
    assert levels(province) == [1]
    province.run(20)
    assert levels(province) == [1, 1]


def test_a_mild_alarm_is_not_made_louder_by_a_step_for_grave_ones(province: AlarmProvince) -> None:
    province.change(steps=(Step(after_min=1, severity=3),))
    province.run(300)
    assert levels(province) == []


def test_what_is_over_cannot_be_taken(province: AlarmProvince) -> None:
    alarm = province.standing[0].id
    province.mend(province.of("An Dương"))
    province.run(5)
    with pytest.raises(Refused, match="no_alarm"):
        duty.acknowledge(province.alarms, alarm, "ha", "Hà", Taking(60), province.now)
    with pytest.raises(Refused, match="no_alarm"):
        duty.withdraw(province.alarms, alarm, "ha", province.now)


def test_nobody_gives_back_what_nobody_has(province: AlarmProvince) -> None:
    with pytest.raises(Refused, match="nobody_has_it"):
        duty.withdraw(province.alarms, province.standing[0].id, "ha", province.now)


@pytest.mark.parametrize("for_s", [0.0, -5.0, 8 * 86_400.0])
def test_a_time_that_is_none_is_refused(province: AlarmProvince, for_s: float) -> None:
    alarm = province.standing[0].id
    with pytest.raises(Refused, match="bad_time"):
        duty.acknowledge(province.alarms, alarm, "ha", "Hà", Taking(for_s), province.now)


def test_what_somebody_has_is_refused_to_another_with_their_name_and_until_when(province: AlarmProvince) -> None:
    until = take(province, for_s=600).acknowledged
    with pytest.raises(Taken) as refused:
        take(province, by="binh")
    clock = hour_of(province.now + 600 * 10**9)
    assert refused.value.message == (f"Hà đang xử lý báo động này đến {clock}. / Hà has this alarm until {clock}.")
    assert (refused.value.code, refused.value.status) == ("taken", 409)
    assert refused.value.fields == {"by": "ha", "name": "Hà", "until_ms": (province.now + 600 * 10**9) // 10**6}
    assert province.standing[0].acknowledged == until


def test_what_somebody_has_until_it_clears_is_refused_with_that(province: AlarmProvince) -> None:
    take(province, for_s=None)
    with pytest.raises(Taken) as refused:
        take(province, by="binh")
    assert refused.value.message == "Hà đang xử lý báo động này đến khi hết. / Hà has this alarm until it clears."
    assert refused.value.fields["until_ms"] is None


def test_whoever_has_it_may_prolong_it(province: AlarmProvince) -> None:
    take(province, for_s=60)
    taken = take(province, for_s=600).acknowledged
    assert taken is not None
    assert taken.until_ns == province.now + 600 * 10**9
    assert _taken_over(province) == ["", ""]


def test_taking_over_names_from_whom(province: AlarmProvince) -> None:
    take(province)
    take(province, by="binh", instead_of="ha")
    assert held_by(province) == "binh"
    assert _taken_over(province) == ["", "Hà"]


def test_taking_over_from_somebody_who_has_it_no_more_is_refused_while_a_third_has_it(province: AlarmProvince) -> None:
    take(province)
    take(province, by="binh", instead_of="ha")
    with pytest.raises(Taken) as refused:
        take(province, by="lan", instead_of="ha")
    assert refused.value.fields["name"] == "Bình"
    assert held_by(province) == "binh"


def test_what_is_over_is_nobodys_even_before_anybody_looked(province: AlarmProvince) -> None:
    take(province, for_s=30)
    province.now += 30 * 10**9
    take(province, by="binh", instead_of="ha")
    assert held_by(province) == "binh"
    assert _taken_over(province) == ["", ""]


def test_nobody_gives_back_what_another_has(province: AlarmProvince) -> None:
    taken = take(province)
    with pytest.raises(Taken, match="Hà"):
        duty.withdraw(province.alarms, taken.id, "binh", province.now)


def _taken_over(province: AlarmProvince) -> list[str]:
    return [event.instead_of for _, event in province.log if isinstance(event, Acknowledged)]
