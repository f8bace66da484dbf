"""Who has an alarm, until when, and what happens when nobody has it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from orchestrator.alarms.model import (
    Acknowledged,
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
from orchestrator.errors import Refused

LONGEST_S = 7 * 86_400


def acknowledge(
    alarms: Alarms, alarm: str, by: str, name: str, *, for_s: float | None, sticky: bool, word: str, now: int
) -> Acknowledged:
    """Somebody takes it, for so long or (None) until it clears. Refuses `no_alarm`, `bad_time`."""
    held(alarms, alarm)
    if for_s is not None and not 0 < for_s <= LONGEST_S:
        raise Refused("bad_time", "Thời hạn phải trong 7 ngày. / Seven days at most.")
    until = None if for_s is None else now + round(for_s * S)
    return Acknowledged(alarm, by, name, until, sticky, word.strip())


def withdraw(alarms: Alarms, alarm: str, by: str) -> AcknowledgementEnded:
    """Somebody gives it back. Refuses `no_alarm`, `nobody_has_it`."""
    if held(alarms, alarm).acknowledged is None:
        raise Refused("nobody_has_it", "Chưa ai nhận báo động này. / Nobody has this alarm.", 409)
    return AcknowledgementEnded(alarm, "withdrawn", by)


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
        elif taken.until_ns is not None and taken.until_ns <= now:
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
