"""What the conductor tells the others."""

from __future__ import annotations

import msgspec

from wire.ids import SessionId


class SessionPlanned(msgspec.Struct, frozen=True):
    """A new session stands in the plan."""

    session: SessionId


class SessionChanged(msgspec.Struct, frozen=True):
    """A session took an order and is now in ``state``."""

    session: SessionId
    topic: str
    state: str
    at_ns: int
