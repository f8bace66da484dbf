"""What a room is told of recording: people who are recorded are to see that they are."""

from typing import Annotated

import msgspec

from wire.fields import ID
from wire.ids import SessionId

RECORDING = "recording"
"""The word in `Heartbeat.takes` of an agent whose screen can say so."""


class RecordingNow(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: whether the session on this room's screen is being recorded. Said anew after every new link."""

    session: Annotated[SessionId, ID] | None = None
    on: bool = False
