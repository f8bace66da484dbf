"""What attendance tells the others."""

from __future__ import annotations

import msgspec

from wire.ids import RollCallId, SessionId, SiteId


class RollCallOrdered(msgspec.Struct, frozen=True):
    """Rooms will be counted at ``at_ns``."""

    roll_call: RollCallId
    session: SessionId
    at_ns: int
    sites: tuple[SiteId, ...]


class CountReceived(msgspec.Struct, frozen=True):
    """A site's count is stored."""

    roll_call: RollCallId
    site: SiteId
    count: int | None
    reason: str
    at_ns: int


class NumberDeclared(msgspec.Struct, frozen=True):
    """A person declared how many are in the room, and perhaps how many signed its list."""

    site: SiteId
    number: int
    at_ns: int
    listed: int | None = None


class NumberCorrected(msgspec.Struct, frozen=True):
    """A person at the centre set what stands for a room."""

    site: SiteId


class RosterTicked(msgspec.Struct, frozen=True):
    """People of a site were ticked present or absent."""

    session: SessionId
    site: SiteId


class RulesChanged(msgspec.Struct, frozen=True):
    """A course has another rule for its rooms."""

    course: str
