"""Who has an alarm, until when, and what happens when nobody has it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from orchestrator.alarms.model import (
    Acknowledged,
    Acknowledgement,
    AcknowledgementEnded,
    Alarm,
    AlarmEvent,
    Alarms,
    Escalated,
    Joined,
    Worsened,
    standing,
)
from orchestrator.alarms.rules import Rules, S
from orchestrator.alarms.wording import hour_of
from orchestrator.errors import Refused

LONGEST_S = 7 * 86_400


class Taken(Refused):
    """Somebody else has the alarm."""

    def __init__(self, held: Acknowledgement) -> None:
        until = held.until_ns
        vi, en = (
            ("đến khi hết", "until it clears")
            if until is None
            else (f"đến {hour_of(until)}", f"until {hour_of(until)}")
        )
        super().__init__(
            "taken",
            f"{held.name} đang xử lý báo động này {vi}. / {held.name} has this alarm {en}.",
            409,
            by=held.by,
            name=held.name,
            until_ms=None if until is None else until // 1_000_000,
        )


class Taking(msgspec.Struct, frozen=True):
    """How somebody takes an alarm: for so many seconds or (None) until it clears, also when it grows (``sticky``), with
    a word. ``instead_of``: the username of whoever has it and from whom they take it over."""

    for_s: float | None = None
    sticky: bool = False
    word: str = ""
    instead_of: str = ""


def acknowledge(alarms: Alarms, alarm: str, by: str, name: str, how: Taking, now: int) -> Acknowledged:
    """Somebody takes it, or prolongs what is theirs. Refuses `no_alarm`, `bad_time`, and as `Taken` what somebody has
    from whom it is not taken over."""
    theirs = _others(held(alarms, alarm), by, now)
    if theirs is not None and theirs.by != how.instead_of:
        raise Taken(theirs)
    if how.for_s is not None and not 0 < how.for_s <= LONGEST_S:
        raise Refused("bad_time", "Thời hạn phải trong 7 ngày. / Seven days at most.")
    until = None if how.for_s is None else now + round(how.for_s * S)
    instead_of = theirs.name if theirs is not None else ""
    return Acknowledged(alarm, by, name, until, how.sticky, how.word.strip(), instead_of)


def withdraw(alarms: Alarms, alarm: str, by: str, now: int) -> AcknowledgementEnded:
    """Somebody gives back what is theirs. Refuses `no_alarm`, `nobody_has_it`, and as `Taken` what is not theirs."""
    found = held(alarms, alarm)
    if found.acknowledged is None:
        raise Refused("nobody_has_it", "Chưa ai nhận báo động này. / Nobody has this alarm.", 409)
    theirs = _others(found, by, now)
    if theirs is not None:
        raise Taken(theirs)
    return AcknowledgementEnded(alarm, "withdrawn", by)


def _others(alarm: Alarm, by: str, now: int) -> Acknowledgement | None:
    taken = alarm.acknowledged
    return taken if taken is not None and taken.by != by and taken.holds(now) else None


def held(alarms: Alarms, alarm: str) -> Alarm:
    """The alarm while it stands; refuses `no_alarm`."""
    found = alarms.get(alarm)
    if found is None or found.cleared_ns is not None:
        raise Refused("no_alarm", "Báo động này đã hết. / This alarm is over.", 404)
    return found


def duties(alarms: Alarms, happened: Iterable[AlarmEvent], rules: Rules, now: int) -> list[AlarmEvent]:
    """Acknowledgements that end, and alarms that grow louder."""
    grown = {event.alarm for event in happened if isinstance(event, Joined | Worsened)}
    events: list[AlarmEvent] = []
    for alarm in standing(alarms):
        taken = alarm.acknowledged
        if taken is None:
            if (level := _level(alarm, rules, now)) > alarm.level:
                events.append(Escalated(alarm.id, level))
        elif not taken.holds(now):
            events.append(AcknowledgementEnded(alarm.id, "expired"))
        elif alarm.id in grown and not taken.sticky:
            events.append(AcknowledgementEnded(alarm.id, "changed"))
    return events


def _level(alarm: Alarm, rules: Rules, now: int) -> int:
    """The highest step that its time without anybody has reached, from 1; 0 for none."""
    alone_ns = now - alarm.alone_ns
    reached = [
        place
        for place, each in enumerate(rules.steps, 1)
        if alarm.severity >= each.severity and alone_ns >= each.after_min * 60 * S
    ]
    return max(reached, default=0)
