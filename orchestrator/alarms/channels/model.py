"""A channel: whom it reaches, with which alarms, how often; and what it should carry now. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from orchestrator.alarms.model import Alarm, Alarms, Scope, Trouble
from orchestrator.alarms.observing import Where
from orchestrator.alarms.rules import Rules, S
from orchestrator.alarms.wording import LEFT, ZONE, Names, clock_of, length_of, title_of
from orchestrator.errors import Refused
from wire.ids import SiteId

MOST_CHANNELS = 20
MOST_LINES = 6
"""Alarms written out in one message; the others are counted."""
RETRY_S = (3.0, 10.0, 30.0, 60.0)
"""Pauses after the first, second, … failure in a row; the last one from then on."""
FAILING_AFTER = 3
"""Failures in a row after which the channel is an alarm itself."""


class Kind(StrEnum):
    """How it is carried. OTHER: an address of Apprise, which knows a hundred services."""

    WEBHOOK = "webhook"
    EMAIL = "email"
    TELEGRAM = "telegram"
    OTHER = "other"


class Security(StrEnum):
    """Of the line to a mail server."""

    STARTTLS = "starttls"
    TLS = "tls"
    PLAIN = "plain"


Minute = Annotated[int, msgspec.Meta(ge=0, lt=1440)]
Text = Annotated[str, msgspec.Meta(max_length=200)]


class Quiet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hours of rest by Vietnam's clock, in minutes of the day; over midnight when ``until`` is the earlier one. Grave
    alarms wake people if ``grave_passes``; whatever else stands is told when the rest is over."""

    from_min: Minute
    until_min: Minute
    grave_passes: bool = True

    def at(self, now: int) -> bool:
        clock = datetime.fromtimestamp(now / S, ZONE)
        minute = clock.hour * 60 + clock.minute
        if self.from_min <= self.until_min:
            return self.from_min <= minute < self.until_min
        return minute >= self.from_min or minute < self.until_min


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an administrator asked for, without its secret. ``to``: addresses or chats; ``server``: of mail
    (``host:port``) or of Telegram's API (``https://…``, where a province runs its own); ``districts``: none for all;
    ``every_s``: at most one message in so many seconds."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    kind: Kind
    enabled: bool = True
    severity: Annotated[int, msgspec.Meta(ge=1, le=3)] = 2
    districts: Annotated[tuple[Text, ...], msgspec.Meta(max_length=100)] = ()
    quiet: Quiet | None = None
    every_s: Annotated[float, msgspec.Meta(ge=1, le=3600)] = 20
    tell_cleared: bool = True
    to: Annotated[tuple[Text, ...], msgspec.Meta(max_length=50)] = ()
    server: Text = ""
    sender: Text = ""
    user: Text = ""
    security: Security = Security.STARTTLS


class Channel(msgspec.Struct, frozen=True):
    """A channel with its secret as it lies in the database."""

    id: str
    wish: Wish
    sealed: bytes


def check(wish: Wish, secret: str) -> None:
    """Refuse what could never carry anything."""
    if wish.kind is Kind.WEBHOOK and not secret.startswith(("http://", "https://")):
        raise Refused("bad_address", "Địa chỉ web hook phải bắt đầu bằng http:// hoặc https://. / Not a web address.")
    if wish.kind is Kind.TELEGRAM and (not secret or not wish.to):
        raise Refused("bad_address", "Cần mã bot và ít nhất một phòng chat. / A bot token and a chat are needed.")
    if wish.kind is Kind.EMAIL and not (wish.server and wish.to and wish.sender):
        message = "Cần máy chủ thư, người gửi và người nhận. / Server, sender and recipients are needed."
        raise Refused("bad_address", message)
    if wish.kind is Kind.OTHER and "://" not in secret:
        raise Refused("bad_address", "Cần một địa chỉ Apprise, ví dụ slack://…. / An Apprise address is needed.")


# --- what is due ---------------------------------------------------------------------------------------------------


class Due(msgspec.Struct, frozen=True):
    """An alarm to tell of; ``over``: that it is over."""

    alarm: Alarm
    over: bool = False


def due(channel: Channel, alarms: Alarms, where: Mapping[SiteId, Where], rules: Rules, now: int) -> list[Due]:
    """What the channel should carry now, the gravest first. What it was told is in the alarms: nothing is forgotten
    over a restart, and what cleared before it could be told is never told."""
    wish = channel.wish
    if not wish.enabled:
        return []
    found = []
    for alarm in alarms.values():
        told = alarm.told.get(channel.id)
        if alarm.cleared_ns is not None:
            if told is not None and wish.tell_cleared and channel.id not in alarm.told_cleared:
                found.append(Due(alarm, over=True))
        elif _wanted(channel, alarm, where, rules) and (told is None or _grew(channel, alarm, told, rules)):
            found.append(Due(alarm))
    if wish.quiet is not None and wish.quiet.at(now):
        found = [each for each in found if wish.quiet.grave_passes and each.alarm.severity >= 3]
    return sorted(found, key=lambda each: (each.over, -each.alarm.severity, each.alarm.raised_ns))


def _wanted(channel: Channel, alarm: Alarm, where: Mapping[SiteId, Where], rules: Rules) -> bool:
    wish = channel.wish
    if alarm.trouble is Trouble.CHANNEL and alarm.cause.name == wish.name:
        return False
    if _asked(channel, alarm, rules):
        return True
    if alarm.severity < wish.severity:
        return False
    if not wish.districts or alarm.cause.scope in (Scope.CENTRE, Scope.PROVINCE, Scope.PART):
        return True
    return any(where.get(site, Where()).district in wish.districts for site in alarm.sites)


def _asked(channel: Channel, alarm: Alarm, rules: Rules) -> bool:
    """Whether a step of the rules that the alarm has reached names this channel."""
    return any(channel.id in step.channels for step in rules.steps[: alarm.level])


def _grew(channel: Channel, alarm: Alarm, told: tuple[int, int], rules: Rules) -> bool:
    severity, level = told
    return alarm.severity > severity or (alarm.level > level and _asked(channel, alarm, rules))


# --- how it is said ------------------------------------------------------------------------------------------------


class Message(msgspec.Struct, frozen=True):
    """What is sent. ``severity``: of the gravest, 0 when everything in it is over."""

    title: str
    body: str
    severity: int
    alarms: int


def message(items: Sequence[Due], names: Names, wall: str) -> Message:
    """One message of everything that is due."""
    first = items[0]
    more = len(items) - 1
    title = f"{'Hết: ' if first.over else ''}{title_of(first.alarm, names)}"
    if more:
        title += f" và {more} báo động khác"
    lines = [_line(each, names) for each in items[:MOST_LINES]]
    if len(items) > MOST_LINES:
        lines.append(f"… và {len(items) - MOST_LINES} báo động khác")
    severity = max((each.alarm.severity for each in items if not each.over), default=0)
    return Message(title, "\n".join([*lines, "", wall]), severity, len(items))


def _line(item: Due, names: Names) -> str:
    alarm = item.alarm
    if item.over:
        lasted = length_of((alarm.cleared_ns or alarm.raised_ns) - alarm.raised_ns)
        why = f" ({LEFT.get(alarm.why, alarm.why)})" if alarm.why not in ("", "back") else ""
        return f"HẾT: {title_of(alarm, names)}, kéo dài {lasted}{why}"
    unclaimed = f" – CHƯA AI NHẬN (bậc {alarm.level})" if alarm.level else ""
    return f"{title_of(alarm, names)}, từ {clock_of(alarm.raised_ns)}{unclaimed}"


def trial(name: str, wall: str) -> Message:
    """What an administrator sends to try a channel."""
    return Message("Tin thử từ Điểm cầu", f"Kênh “{name}” hoạt động.\n{wall}", 0, 0)


# --- how it goes ---------------------------------------------------------------------------------------------------


class Course(msgspec.Struct, frozen=True):
    """How sending goes: failures in a row, when it may be tried next, why the last one failed."""

    failures: int = 0
    next_ns: int = 0
    why: str = ""

    @property
    def failing(self) -> bool:
        return self.failures >= FAILING_AFTER


def went_well(wish: Wish, now: int) -> Course:
    return Course(next_ns=now + round(wish.every_s * S))


def went_wrong(course: Course, why: str, now: int) -> Course:
    pause = RETRY_S[min(course.failures, len(RETRY_S) - 1)]
    return Course(course.failures + 1, now + round(pause * S), why)
