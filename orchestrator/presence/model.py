"""Presence of a site as a pure function of what was heard and when."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from wire.ids import SiteId
from wire.messages import Heartbeat


class PresenceState(StrEnum):
    """How well the centre knows a site."""

    NEVER = "never"
    ONLINE = "online"
    LATE = "late"
    SILENT = "silent"
    UNKNOWN = "unknown"


class Thresholds(msgspec.Struct, frozen=True):
    """Nanoseconds since the last heartbeat after which a site is late, silent, unknown."""

    late_ns: int
    silent_ns: int
    unknown_ns: int


class Presence(msgspec.Struct, frozen=True):
    """What is known of a site: its last heartbeat, when it was received, since when it is in ``state``."""

    site: SiteId
    state: PresenceState = PresenceState.NEVER
    since_ns: int = 0
    linked: bool = False
    heard_ns: int | None = None
    heartbeat: Heartbeat | None = None


def heard(presence: Presence, heartbeat: Heartbeat, now: int) -> Presence:
    """After a heartbeat."""
    return _into(
        msgspec.structs.replace(presence, heartbeat=heartbeat, heard_ns=now, linked=True), PresenceState.ONLINE, now
    )


def linked(presence: Presence, now: int) -> Presence:
    """After its link came up; the first heartbeat is still to come."""
    return _into(msgspec.structs.replace(presence, linked=True, heard_ns=now), PresenceState.ONLINE, now)


def unlinked(presence: Presence) -> Presence:
    """After its link broke. The state follows by the clock: a short break is nothing."""
    return msgspec.structs.replace(presence, linked=False)


def at(presence: Presence, thresholds: Thresholds, now: int) -> Presence:
    """The presence as time alone makes it."""
    if presence.heard_ns is None:
        return presence
    quiet = now - presence.heard_ns
    if quiet > thresholds.unknown_ns:
        state = PresenceState.UNKNOWN
    elif quiet > thresholds.silent_ns:
        state = PresenceState.SILENT
    elif quiet > thresholds.late_ns:
        state = PresenceState.LATE
    else:
        state = PresenceState.ONLINE
    return _into(presence, state, now)


def _into(presence: Presence, state: PresenceState, now: int) -> Presence:
    if presence.state is state:
        return presence
    return msgspec.structs.replace(presence, state=state, since_ns=now)
