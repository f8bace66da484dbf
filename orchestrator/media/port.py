"""What the training day asks of the media engine, whichever it is."""

from __future__ import annotations

from typing import Protocol

import msgspec

from orchestrator.media.tokens import Right


class StreamStats(msgspec.Struct, frozen=True):
    """A stream as its engine sees it. Packets are counted since the stream began, both kinds together."""

    stream: str
    publisher: bool = False
    """Somebody holds the right to publish and is connected."""
    on_air: bool = False
    """Packets came within the last two seconds."""
    viewers: int = 0
    packets_in: int = 0
    bytes_in: int = 0
    packets_out: int = 0
    packets_lost: int = 0
    """Between the publisher and the engine."""
    resent: int = 0
    keyframes: int = 0
    keyframe_requests: int = 0
    worst_loss: float = 0.0
    """The largest share of packets that one viewer reports lost."""


class MediaPlane(Protocol):
    """Streams, tokens, figures. Errors: :class:`orchestrator.errors.Refused` with ``media_unavailable``."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def publish_url(self, stream: str) -> str:
        """Where WHIP is spoken for the stream."""
        ...

    def view_url(self, stream: str) -> str:
        """Where WHEP is spoken for the stream."""
        ...

    def token(self, session: str, stream: str, right: Right, subject: str, expires_ns: int) -> str:
        """A bearer token for one of the two."""
        ...

    async def stats(self, stream: str) -> StreamStats:
        """All zero for a stream that nobody publishes or views."""
        ...

    async def close_stream(self, stream: str) -> None:
        """End all its sessions. Tokens stay good until they expire."""
        ...
