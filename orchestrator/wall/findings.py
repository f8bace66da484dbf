"""What may be found at a site and how much it matters: one table, the heaviest first. Pure.

Of several findings the tile names the one with the highest trouble, and among those the one that stands higher here.
Each word has its sentence in `reasons` of `dashboard/src/wall/words.ts`; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec

Finding = tuple[int, str]
"""(trouble, word)."""


class Trouble(msgspec.Struct, frozen=True):
    """3 is red, 2 amber, 1 minor, 0 fine: while a session or an exam wants the site, and while nobody does."""

    wanted: int
    idle: int


class Word(StrEnum):
    """What the judge may find, in the order in which it matters."""

    EXAM_NOT_OPEN = "exam_not_open"
    SILENT = "silent"
    UNKNOWN = "unknown"
    DARK = "dark"
    EXAM_MISSING = "exam_missing"
    CLOCK_BLIND = "clock_blind"
    STALLED = "stalled"
    NO_SOUND = "no_sound"
    SOUND_ONLY = "sound_only"
    DISK = "disk"
    LATE = "late"
    NOT_PAIRED = "not_paired"
    BY_PHONE = "by_phone"
    OUTBOX = "outbox"
    CAMERA = "camera"
    NOT_ANSWERED = "not_answered"
    NOT_COUNTED = "not_counted"
    COUNT_LOW = "count_low"
    CLOCK_LOOSE = "clock_loose"
    CLOCK_OFF = "clock_off"
    NOT_READY = "not_ready"
    REVOKED = "revoked"


WEIGHTS: Mapping[Word, Trouble] = MappingProxyType(
    {
        Word.EXAM_NOT_OPEN: Trouble(3, 3),
        Word.SILENT: Trouble(3, 2),
        Word.UNKNOWN: Trouble(3, 2),
        Word.DARK: Trouble(3, 3),
        Word.EXAM_MISSING: Trouble(2, 2),
        Word.CLOCK_BLIND: Trouble(2, 2),
        Word.STALLED: Trouble(2, 2),
        Word.NO_SOUND: Trouble(2, 2),
        Word.SOUND_ONLY: Trouble(2, 1),
        Word.DISK: Trouble(2, 2),
        Word.LATE: Trouble(2, 2),
        Word.NOT_PAIRED: Trouble(2, 0),
        Word.BY_PHONE: Trouble(1, 1),
        Word.OUTBOX: Trouble(1, 1),
        Word.CAMERA: Trouble(1, 1),
        Word.NOT_ANSWERED: Trouble(1, 1),
        Word.NOT_COUNTED: Trouble(1, 1),
        Word.COUNT_LOW: Trouble(1, 1),
        Word.CLOCK_LOOSE: Trouble(1, 1),
        Word.CLOCK_OFF: Trouble(1, 1),
        Word.NOT_READY: Trouble(1, 0),
        Word.REVOKED: Trouble(0, 0),
    }
)
_RANK = {word: rank for rank, word in enumerate(Word)}


def weighed(words: Iterable[Word], *, wanted: bool) -> list[Finding]:
    """Findings with their trouble, the one that matters most first."""
    found = [(WEIGHTS[word].wanted if wanted else WEIGHTS[word].idle, word) for word in words]
    return [(trouble, word.value) for trouble, word in sorted(found, key=lambda each: (-each[0], _RANK[each[1]]))]
