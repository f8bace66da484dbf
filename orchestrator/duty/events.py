"""What the shift tells the others."""

from __future__ import annotations

import msgspec

from wire.ids import SiteId


class SiteClaimed(msgspec.Struct, frozen=True):
    """Somebody is calling a site."""

    site: SiteId
    name: str


class ClaimEnded(msgspec.Struct, frozen=True):
    """Nobody is calling the site any more. ``reason``: released, expired, called, handed_over."""

    site: SiteId
    name: str
    reason: str


class CallLogged(msgspec.Struct, frozen=True):
    """A call is in the book."""

    site: SiteId
    name: str
    outcome: str


class NoteWritten(msgspec.Struct, frozen=True):
    """A note is in the book."""

    site: SiteId
    name: str


class ShiftHandedOver(msgspec.Struct, frozen=True):
    """A hand-over was offered, accepted, declined or withdrawn."""

    handover: str
    state: str
    giver: str
    taker: str
    sites: int
