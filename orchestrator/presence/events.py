"""What presence tells the others."""

from __future__ import annotations

import msgspec

from wire.ids import SiteId


class SiteHeard(msgspec.Struct, frozen=True):
    """A heartbeat came in."""

    site: SiteId


class PresenceChanged(msgspec.Struct, frozen=True):
    """A site went from one presence state into another."""

    site: SiteId
    before: str
    state: str
    at_ns: int
