"""What the history tells the others."""

from __future__ import annotations

import msgspec

from wire.ids import SiteId


class HistoryTold(msgspec.Struct, frozen=True):
    """A site told how it was while nobody saw it. ``lost``: spans that its ledger had to drop, for want of room."""

    site: SiteId
    spans: int
    lost: int
