"""What a site says of itself every five seconds."""

from typing import Annotated

import msgspec

from wire.exam_messages import ExamProgress
from wire.fields import ID, Line, Millis, Ns, Number, Small, Word
from wire.ids import CameraState, ClockState, RollCallId, ScreenState, SessionId
from wire.slides import SlidesHealth

MOST_EXAMS = 50
"""Exams in one heartbeat."""
MOST_TAKEN = 16
"""Kinds of orders in one heartbeat."""
MOST_ASKED = 8
"""Questions about a roll call that a desk keeps open, and names in one heartbeat."""


class CameraHealth(msgspec.Struct, frozen=True, kw_only=True):
    """State of the room's camera; `frozen`: it works, and gives one picture over and over."""

    state: CameraState = CameraState.ABSENT
    name: Line = ""
    frozen: bool = False


class ScreenHealth(msgspec.Struct, frozen=True, kw_only=True):
    """What the big screen decodes, measured in its page; `audio_dbfs` ≤ 0, None without sound.

    `rung`: what of the lecture reaches the room (picture, sound, phone), empty where nobody judges it; `rung_why` says
    why it is no picture.

    `path`: the class of the path that the packets take: `udp`, through TURN over `tcp`, `tls` or UDP (`turn`).
    """

    state: ScreenState = ScreenState.IDLE
    fps: Annotated[float, msgspec.Meta(ge=0, le=1000)] = 0.0
    frames_decoded: Number = 0
    width: Small = 0
    height: Small = 0
    audio_dbfs: Annotated[float, msgspec.Meta(ge=-300, le=50)] | None = None
    packets_lost: Number = 0
    jitter_ms: Millis = 0.0
    session: Annotated[SessionId, ID] | None = None
    rung: Annotated[str, msgspec.Meta(max_length=16)] = ""
    rung_why: Annotated[str, msgspec.Meta(max_length=32)] = ""
    path: Word = ""


class ClockHealth(msgspec.Struct, frozen=True, kw_only=True):
    """Site's knowledge of centre time; `offset_ms` = centre − the site's wall clock, |error| ≤ `bound_ms`."""

    state: ClockState = ClockState.BLIND
    offset_ms: Millis | None = None
    bound_ms: Millis | None = None
    delay_ms: Millis | None = None


class Heartbeat(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Up, transient, every 5 s. `load` is per core; `takes`: the orders that this agent understands, and `chat`.

    `voice`: a `wire.floor.Voice`, empty from an agent that does not know it. `asked`: the roll calls whose question
    waits at the desk (`wire.rooms.CountQuestion`); an agent that cannot let one be taken back names none.
    """

    at_ns: Ns
    agent_version: Word
    load: Annotated[float, msgspec.Meta(ge=0, le=1000)] = 0.0
    disk_free_mb: Number = 0
    outbox_depth: Number = 0
    camera: CameraHealth = CameraHealth()
    screen: ScreenHealth = ScreenHealth()
    clock: ClockHealth = ClockHealth()
    exams: Annotated[list[ExamProgress], msgspec.Meta(max_length=MOST_EXAMS)] = []
    sqlite_version: Word = ""
    second_copy: Word = ""
    takes: Annotated[list[Word], msgspec.Meta(max_length=MOST_TAKEN)] = []
    slides: SlidesHealth = SlidesHealth()
    voice: Word = ""
    asked: Annotated[list[Annotated[RollCallId, ID]], msgspec.Meta(max_length=MOST_ASKED)] = []
