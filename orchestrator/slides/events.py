"""What slides tell the others."""

from __future__ import annotations

import msgspec

from wire.ids import SessionId


class SlideTurned(msgspec.Struct, frozen=True):
    """A session's screens are told another page, from 1; ``deck`` None: no slides."""

    session: SessionId
    version: int
    deck: str | None
    page: int
    layout: str
    at_ns: int


class DecksChanged(msgspec.Struct, frozen=True):
    """A deck of a session came, became ready, was refused or went."""

    session: SessionId
