"""What recordings tell the others."""

from __future__ import annotations

import msgspec

from wire.ids import SessionId


class RecordingSwitched(msgspec.Struct, frozen=True):
    """Somebody switched a session's recording on or off."""

    session: SessionId
    on: bool
    at_ns: int
    name: str


class RecordingRuns(msgspec.Struct, frozen=True):
    """A session's pictures and sound began to reach the disk, or no longer do."""

    session: SessionId
    running: bool
    at_ns: int
