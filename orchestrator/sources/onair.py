"""Which source the rooms see, and which one that should send is in trouble. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum

import msgspec

from orchestrator.media.sources.job import State, Told, Way, Why
from orchestrator.media.tokens import Seat
from orchestrator.sources.model import Source

BROWSER = "browser"
"""The way of a lecturer who needs none of our sources."""
LAST_MINUTE_S, COARSE_S = 60, 5
QUIET = frozenset({Why.UNREACHABLE, Why.SILENT})


class Trouble(StrEnum):
    """What is amiss with a source. Stable words; pages know each as a sentence."""

    NOT_SENDING = "not_sending"
    FAILED = "failed"
    OVERLOADED = "overloaded"


class Shown(msgspec.Struct, frozen=True):
    """What the rooms see: ``way`` is a :class:`Way`, ``browser``, or empty while no person's picture is on air;
    ``left_s`` of a film. ``trouble`` is of the source ``troubled``, which may be another one."""

    way: str = ""
    name: str = ""
    left_s: int | None = None
    trouble: str = ""
    troubled: str = ""


class Word(msgspec.Struct, frozen=True):
    """What is known of one source: its process' last word, whether it sent before, whether converting is too much."""

    told: Told
    came: bool = False
    strained: bool = False


def shown(sources: Sequence[Source], word: Callable[[str], Word], air: str, sending: AbstractSet[Seat]) -> Shown:
    """``air``: the seat that the rooms see, or empty; ``sending``: the seats from which somebody sends."""
    words = {source.id: word(source.id) for source in sources}
    seen = next((each for each in sources if each.seat.value == air and _flows(words[each.id].told)), None)
    way, name, left_s = (BROWSER if air in {Seat.LECTURER, Seat.STANDBY} else ""), "", None
    if seen is not None:
        way, name, left_s = seen.way.value, seen.name, _left_s(seen, words[seen.id].told)
    # What the rooms see comes first.
    for source in sorted(sources, key=lambda each: each is not seen):
        trouble = _trouble(source, words[source.id], sending) if source.wanted else None
        if trouble is not None:
            return Shown(way, name, left_s, trouble.value, source.name)
    return Shown(way, name, left_s)


def _flows(told: Told) -> bool:
    return told.state is State.RUNNING and told.published


def _left_s(source: Source, told: Told) -> int | None:
    """Whole seconds; coarse while there are many, so that the wall need not be told every second."""
    if source.way is not Way.FILE or not told.length_s:
        return None
    left = max(0.0, told.length_s - told.at_s)
    return math.ceil(left) if left <= LAST_MINUTE_S else math.ceil(left / COARSE_S) * COARSE_S


def _trouble(source: Source, word: Word, sending: AbstractSet[Seat]) -> Trouble | None:
    told = word.told
    if told.state is State.FAILED:
        return Trouble.NOT_SENDING if told.why in QUIET else Trouble.FAILED
    # Somebody else in its seat has taken over from an encoder that left.
    if source.way.pushed and word.came and told.state is State.STOPPED and source.seat not in sending:
        return Trouble.NOT_SENDING
    return Trouble.OVERLOADED if word.strained else None
