"""What the floor needs of the features above and beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from wire.ids import SessionId, SiteId
from wire.messages import Down

Send = Callable[[SiteId, Down], bool]
NameOf = Callable[[SiteId], tuple[str, str, str]]
"""Code, name and district of a site."""


class Sessions(Protocol):
    """The plan, by whoever conducts it. Answers come from memory, and may be asked for in the database thread."""

    def session_at(self, site: SiteId) -> SessionId | None:
        """The session on a site's screen."""
        ...

    def on_screen(self) -> list[SessionId]: ...

    def sites_of(self, session: SessionId) -> frozenset[SiteId]:
        """Empty for a session that nobody knows."""
        ...

    def token_end_ns(self, session: SessionId) -> int:
        """Until when a right to view is good."""
        ...


class Ticket(msgspec.Struct, frozen=True):
    """Where to publish or view a stream, and the token that allows it."""

    url: str
    token: str


class Media(Protocol):
    """Streams of rooms that speak. What is asked of a relay that is away raises `Refused` ``media_unavailable``."""

    def publish(self, session: SessionId, stream: str, subject: str, until_ns: int) -> Ticket: ...

    def view(self, session: SessionId, stream: str, subject: str, until_ns: int) -> Ticket: ...

    async def hush(self, stream: str, *, hushed: bool) -> None:
        """Whether the relay drops the stream's sound, whoever sends it; the same twice is harmless."""
        ...

    async def end_publisher(self, stream: str) -> None:
        """End whoever publishes; those who view stay."""
        ...

    async def close_stream(self, stream: str) -> None: ...


def floor_stream(session: SessionId) -> str:
    """The stream on which the rooms of a session hear each other."""
    return f"{session}-floor"


def aside_streams(name: str) -> tuple[str, str]:
    """The two streams of a private word: what the site says, and what the person at the centre says."""
    return f"{name}-site", f"{name}-centre"
