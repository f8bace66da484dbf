"""What the incident log holds besides what happens to alarms, and one line of it."""

from __future__ import annotations

import msgspec

from orchestrator.alarms.model import (
    Acknowledged,
    AcknowledgementEnded,
    AlarmEvent,
    Cause,
    Cleared,
    Escalated,
    Joined,
    Left,
    Raised,
    Told,
    Worsened,
)


class CentreStarted(msgspec.Struct, frozen=True, tag="centre_started"):
    """Alarms that stood before were taken up again."""

    standing: int


class WorkPlanned(msgspec.Struct, frozen=True, tag="work_planned"):
    work: str
    cause: Cause
    from_ns: int
    until_ns: int
    why: str


class WorkEnded(msgspec.Struct, frozen=True, tag="work_ended"):
    work: str
    cause: Cause


class RulesChanged(msgspec.Struct, frozen=True, tag="rules_changed"):
    version: int


class ChannelChanged(msgspec.Struct, frozen=True, tag="channel_changed"):
    """``what``: added, changed, removed, tested."""

    channel: str
    name: str
    what: str


LogEvent = AlarmEvent | CentreStarted | WorkPlanned | WorkEnded | RulesChanged | ChannelChanged

OF_ALARM = (
    Raised,
    Joined,
    Left,
    Worsened,
    Cleared,
    Acknowledged,
    AcknowledgementEnded,
    Escalated,
    Told,
)


class Entry(msgspec.Struct, frozen=True):
    """One line: ``who`` did it, a username, or empty for the centre itself."""

    seq: int
    at_ns: int
    who: str
    event: LogEvent
