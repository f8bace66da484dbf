"""An alarm: one cause, the sites under it, who has it. It is what its events made of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from wire.ids import SiteId


class Trouble(StrEnum):
    """What is wrong."""

    AWAY = "away"
    FLAPPING = "flapping"
    PICTURE = "picture"
    SOUND = "sound"
    CAMERA = "camera"
    CLOCK = "clock"
    EXAM = "exam"
    DISK = "disk"
    READINESS = "readiness"
    STARTING = "starting"
    """The centre has just started and waits for its sites."""
    RELAY = "relay"
    LECTURER = "lecturer"
    """A lecturer who was on air is lost, and the rooms see the slate."""
    CHANNEL = "channel"
    """A way of telling people fails."""
    RECORDING = "recording"
    """A session is not recorded as it should be."""
    UNARMED = "unarmed"
    """The time of an exam is near, and nobody has armed it: it would not open."""


class Scope(StrEnum):
    """How far a cause reaches, the widest first. PART is a part of the centre itself."""

    CENTRE = "centre"
    PROVINCE = "province"
    DISTRICT = "district"
    PROVIDER = "provider"
    SITE = "site"
    PART = "part"


class Cause(msgspec.Struct, frozen=True):
    """What one alarm stands for. ``name``: of the province, district or provider; the id of a site, a relay worker,
    a channel, the topic of a session or the title of an exam."""

    scope: Scope
    name: str = ""


class Acknowledgement(msgspec.Struct, frozen=True):
    """Who has an alarm. ``until_ns`` None: until it clears. One that is not ``sticky`` ends when the alarm grows."""

    by: str
    name: str
    at_ns: int
    until_ns: int | None
    sticky: bool
    word: str = ""

    def holds(self, now: int) -> bool:
        """Whether its time is not over; who looks for what is over comes round only once a second."""
        return self.until_ns is None or now < self.until_ns


class Alarm(msgspec.Struct, frozen=True):
    """``sites``: who is under it now, with the time each came; ``most``: the most at once; ``of``: how many sites the
    cause reached when it was raised; ``level``: how often it was
    made louder; ``alone_ns``: since when nobody has it; ``why`` it cleared, as of :class:`Cleared`; ``told``: channel
    -> the severity it was told, and the level since somebody last had it."""

    id: str
    trouble: Trouble
    cause: Cause
    severity: int
    raised_ns: int
    sites: Mapping[SiteId, int] = {}
    most: int = 0
    of: int = 0
    acknowledged: Acknowledgement | None = None
    alone_ns: int = 0
    level: int = 0
    cleared_ns: int | None = None
    why: str = ""
    told: Mapping[str, tuple[int, int]] = {}
    told_cleared: frozenset[str] = frozenset()

    @property
    def owed(self) -> bool:
        """Whether a channel that told of it may still have to tell that it is over."""
        return self.cleared_ns is not None and not self.told.keys() <= self.told_cleared


Alarms = Mapping[str, Alarm]
"""By id."""


# --- what happens to alarms ----------------------------------------------------------------------------------------


class Raised(msgspec.Struct, frozen=True, tag="raised"):
    """``of``: how many sites the cause reaches."""

    alarm: str
    trouble: Trouble
    cause: Cause
    severity: int
    sites: tuple[SiteId, ...] = ()
    of: int = 0


class Joined(msgspec.Struct, frozen=True, tag="joined"):
    alarm: str
    sites: tuple[SiteId, ...]


class Left(msgspec.Struct, frozen=True, tag="left"):
    """``why``: back, planned (work began), apart (the cause no longer explains them), merged (a wider one does), idle
    (nor does anybody wait for them)."""

    alarm: str
    sites: tuple[SiteId, ...]
    why: str


class Worsened(msgspec.Struct, frozen=True, tag="worsened"):
    alarm: str
    severity: int


class Cleared(msgspec.Struct, frozen=True, tag="cleared"):
    """``why`` as of :class:`Left`, or over (a time ran out); ``into``: the alarm that took the sites over."""

    alarm: str
    why: str
    into: str | None = None


class Acknowledged(msgspec.Struct, frozen=True, tag="acknowledged"):
    """``instead_of``: the name of whoever had it and from whom it was taken over."""

    alarm: str
    by: str
    name: str
    until_ns: int | None
    sticky: bool
    word: str = ""
    instead_of: str = ""


class AcknowledgementEnded(msgspec.Struct, frozen=True, tag="acknowledgement_ended"):
    """``why``: expired, changed, or withdrawn ``by`` a person."""

    alarm: str
    why: str
    by: str = ""


class Escalated(msgspec.Struct, frozen=True, tag="escalated"):
    """Nobody took it in time: step ``level`` of the rules."""

    alarm: str
    level: int


class Told(msgspec.Struct, frozen=True, tag="told"):
    """A channel carried it. ``what``: raised or cleared."""

    alarm: str
    channel: str
    name: str
    what: str
    severity: int = 0
    level: int = 0


AlarmEvent = Raised | Joined | Left | Worsened | Cleared | Acknowledged | AcknowledgementEnded | Escalated | Told


def applied(alarms: Alarms, event: AlarmEvent, at_ns: int) -> dict[str, Alarm]:
    """The alarms after an event; one about an alarm that is not there changes nothing."""
    after = dict(alarms)
    if isinstance(event, Raised):
        after[event.alarm] = Alarm(
            id=event.alarm,
            trouble=event.trouble,
            cause=event.cause,
            severity=event.severity,
            raised_ns=at_ns,
            sites=dict.fromkeys(event.sites, at_ns),
            most=len(event.sites),
            of=event.of,
            alone_ns=at_ns,
        )
    elif (alarm := after.get(event.alarm)) is not None:
        after[event.alarm] = _changed(alarm, event, at_ns)
    return after


def _changed(alarm: Alarm, event: AlarmEvent, at_ns: int) -> Alarm:
    change: dict[str, Any] = {}
    match event:
        case Joined(sites=sites):
            joined = {**alarm.sites, **dict.fromkeys(sites, at_ns)}
            change = {"sites": joined, "most": max(alarm.most, len(joined))}
        case Left(sites=sites):
            change = {"sites": {site: at for site, at in alarm.sites.items() if site not in sites}}
        case Worsened(severity=severity):
            change = {"severity": severity}
        case Cleared(why=why):
            change = {"cleared_ns": at_ns, "why": why, "sites": {}}
        case Acknowledged(by=by, name=name, until_ns=until_ns, sticky=sticky, word=word):
            told = {channel: (severity, 0) for channel, (severity, _) in alarm.told.items()}
            taken = Acknowledgement(by, name, at_ns, until_ns, sticky, word)
            change = {"acknowledged": taken, "level": 0, "told": told}
        case AcknowledgementEnded():
            change = {"acknowledged": None, "alone_ns": at_ns}
        case Escalated(level=level):
            change = {"level": level}
        case Told(channel=channel, what="cleared"):
            change = {"told_cleared": alarm.told_cleared | {channel}}
        case Told(channel=channel, severity=severity, level=level):
            # Somebody may have taken it while the message was on its way: the steps begin anew then.
            change = {"told": {**alarm.told, channel: (severity, min(level, alarm.level))}}
    return msgspec.structs.replace(alarm, **change)


def standing(alarms: Alarms) -> list[Alarm]:
    """Those that are not cleared, the gravest first, then the newest."""
    held = [alarm for alarm in alarms.values() if alarm.cleared_ns is None]
    return sorted(held, key=lambda alarm: (-alarm.severity, -alarm.raised_ns, alarm.id))
