"""Slides of a lecture: the pages of a deck, told beforehand, and which page is shown, told at each turn.

A page is two pictures of one content, told by their SHA-256: a site fetches them from the centre long before, at
``/agent/slides/<digest>``, so that a turn is a message of a few dozen bytes. `Heartbeat.takes` names `SLIDES` where an
agent understands all this; another is sent nothing.
"""

from enum import StrEnum
from typing import Annotated

import msgspec

from wire.fields import ID, Hash32, Id, Number, Small, Word
from wire.ids import SessionId

SLIDES = "slides"
"""The word in `Heartbeat.takes`."""
MOST_PAGES = 300
MAX_IMAGE_BYTES = 2 << 20


class SlideLayout(StrEnum):
    """What a screen shows: the page with a small picture of the lecturer beside it, the page, or the picture alone."""

    BOTH = "both"
    SLIDES = "slides"
    VIDEO = "video"


class SlidePage(msgspec.Struct, frozen=True, array_like=True):
    """One page as two WebP pictures, at most 960 × 540 and at most 1920 × 1080 px; sizes in bytes."""

    small: Hash32
    small_bytes: Small
    large: Hash32
    large_bytes: Annotated[int, msgspec.Meta(ge=0, le=MAX_IMAGE_BYTES)]


class SlideDeck(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down, when a deck is ready, after each new link, and when a session with a deck opens: fetch these."""

    session: Annotated[SessionId, ID]
    deck: Id
    pages: Annotated[list[SlidePage], msgspec.Meta(min_length=1, max_length=MOST_PAGES)]


class SlideNow(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: show this page, from 1, of this deck; no deck: no slides. A smaller `version` than the last is old.

    `layout` is a plain word (`SlideLayout`), so that a newer one does not break an older agent.
    """

    session: Annotated[SessionId, ID]
    version: Number
    deck: Id | None = None
    page: Small = 0
    layout: Word = SlideLayout.BOTH.value


class SlidesHealth(msgspec.Struct, frozen=True, kw_only=True):
    """Of the deck that is shown: how many pages are at the site, and the turn that its screen has."""

    deck: Word = ""
    ready: Small = 0
    version: Number = 0
