"""What is shown beside a head count and stands in the words of its signed settings, written and read in one place.

The site's signature covers the settings, so neither can be changed on the way or at rest, and evidence of any age says
what its site knew then: what an older agent did not write is not known, never nought.
"""

import re
from functools import lru_cache

import msgspec

from wire.evidence import EvidenceRefused, read_evidence

KNOWN = 8192
"""Counts whose notes are remembered: a page asks for those of every room of a day again each second or two."""

_STILL = re.compile(r"(?:^| )still=(\d{1,6})(?= |$)", re.ASCII)
_HAND = re.compile(r"(?:^| )hand=(\d{1,6}\.\d{2})(?= |$)", re.ASCII)


class CountNotes(msgspec.Struct, frozen=True):
    """``still``: of those counted, how many never moved at all, which portraits on a wall do not either.
    ``hand_ratio``: people by hand for one by camera, from the one time that somebody counted both. None: not known."""

    still: int | None = None
    hand_ratio: float | None = None


def still_word(places: int) -> str:
    """The word for counted places that never moved."""
    return f"still={places}"


def hand_word(ratio: float) -> str:
    """The word for people by hand for one by camera, in hundredths."""
    return f"hand={ratio:.2f}"


def read_notes(settings: str) -> CountNotes:
    """The notes in the settings of a count, whoever wrote them."""
    still, hand = _STILL.search(settings), _HAND.search(settings)
    return CountNotes(int(still[1]) if still else None, float(hand[1]) if hand else None)


@lru_cache(KNOWN)
def notes_of(evidence: bytes) -> CountNotes:
    """The notes in evidence, none in bytes that are no evidence. Whether the site signed it, the caller knows."""
    try:
        return read_notes(read_evidence(evidence).settings)
    except EvidenceRefused:
        return CountNotes()
