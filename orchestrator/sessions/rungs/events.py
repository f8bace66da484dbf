"""What the orders of rungs tell the others."""

from __future__ import annotations

import msgspec

from wire.ids import SessionId, SiteId


class RungOrdered(msgspec.Struct, frozen=True):
    """An operator ordered a rung for a room, or took the order back (``rung`` ``auto``). ``name``: the operator's."""

    site: SiteId
    session: SessionId
    rung: str
    name: str
