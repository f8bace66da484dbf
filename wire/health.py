"""How a site was, in words that both ends share, and the record by which it tells afterwards what nobody saw.

While the line stands the centre sees each heartbeat. Of the time when it did not, the site keeps spans ("the screen was
playing from … to …"), a few hundred bytes an hour, and sends them once the line is back.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import msgspec

from wire.fields import Id, Ns, Number, Word
from wire.ids import ExamState, ScreenState

if TYPE_CHECKING:
    from wire.messages import Heartbeat

MOST_SPANS = 64
"""Spans in one record."""
SOUND_DBFS = -60.0
"""Below this a room is taken to hear nothing."""
NO_CAMERA = "none"
"""The camera of a computer that has no room before it, such as a central desk: absent, and nobody asks why."""
FROZEN = "frozen"
"""The word for a camera that gives one picture over and over."""
DISK_LOW_MB = 500


class Facet(StrEnum):
    """What is followed of a site."""

    AGENT = "agent"
    """`off` while the agent, or the computer, did not run."""
    LINE = "line"
    SCREEN = "screen"
    SOUND = "sound"
    CAMERA = "camera"
    CLOCK = "clock"
    EXAM = "exam"
    DISK = "disk"


class Span(msgspec.Struct, frozen=True):
    """`facet` was `state` from `from_ns` to `until_ns` of centre time. Not `sure`: by a clock that nobody had set.

    `row` numbers the spans of one ledger and never comes twice.
    """

    row: Number
    facet: Word
    state: Word
    from_ns: Ns
    until_ns: Ns
    sure: bool = True


class HealthSpans(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Durable record: what a site's `ledger` kept of the time without a line.

    `dropped` spans that ended before `dropped_until_ns` had to make room for newer ones and are lost.
    """

    ledger: Id
    spans: Annotated[list[Span], msgspec.Meta(max_length=MOST_SPANS)]
    dropped: Number = 0
    dropped_until_ns: Ns = 0


def facets(heartbeat: Heartbeat) -> dict[Facet, str]:
    """The words for what a heartbeat says."""
    return {
        Facet.SCREEN: heartbeat.screen.state,
        Facet.SOUND: _sound(heartbeat),
        Facet.CAMERA: FROZEN if heartbeat.camera.frozen else heartbeat.camera.state,
        Facet.CLOCK: heartbeat.clock.state,
        Facet.EXAM: _exam(heartbeat),
        Facet.DISK: "low" if 0 < heartbeat.disk_free_mb < DISK_LOW_MB else "enough",
    }


def _sound(heartbeat: Heartbeat) -> str:
    screen = heartbeat.screen
    if screen.state is not ScreenState.PLAYING:
        return "none"
    return "heard" if screen.audio_dbfs is not None and screen.audio_dbfs >= SOUND_DBFS else "silent"


_OVER = frozenset({ExamState.CLOSED, ExamState.CANCELLED})


def _exam(heartbeat: Heartbeat) -> str:
    """The exam that is furthest on without being over, else the last one that is."""
    order = list(ExamState)
    states = sorted((each.state for each in heartbeat.exams), key=order.index)
    running = [state for state in states if state not in _OVER]
    known = running or states
    return known[-1] if known else "none"
