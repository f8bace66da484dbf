"""What the record of the air tells the others."""

from __future__ import annotations

import msgspec

from wire.ids import SessionId


class AirChanged(msgspec.Struct, frozen=True):
    """Another seat holds a session's stream (``air`` empty: nobody). ``lost``: the slate stands in for a person."""

    session: SessionId
    topic: str
    air: str
    why: str
    by: str
    lost: bool
    at_ns: int
