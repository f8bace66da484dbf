"""What the floor tells the others."""

from __future__ import annotations

import msgspec

from wire.ids import SessionId, SiteId


class FloorMoved(msgspec.Struct, frozen=True):
    """The floor of a session changed: whoever keeps a copy of an older ``version`` reads it anew."""

    session: SessionId
    version: int


class FloorGiven(msgspec.Struct, frozen=True):
    """A room may speak until ``until_ns``."""

    site: SiteId
    session: SessionId
    until_ns: int
    name: str


class FloorTaken(msgspec.Struct, frozen=True):
    """A room speaks no more. ``reason``: see `orchestrator.floor.model.Reason`."""

    site: SiteId
    session: SessionId
    reason: str


class QuestionAsked(msgspec.Struct, frozen=True):
    """A room asks in writing."""

    site: SiteId
    session: SessionId
