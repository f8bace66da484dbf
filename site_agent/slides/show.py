"""Which page this room shows, and which pictures to fetch next. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

import msgspec

from site_agent.state import SlidesView
from wire.ids import SessionId
from wire.slides import SlideDeck, SlideLayout, SlideNow, SlidePage, SlidesHealth

MOST_DECKS = 8

Has = Callable[[bytes], bool]


class Show(msgspec.Struct, frozen=True):
    """The decks that the centre told of, the newest last, and the page that each session shows."""

    decks: tuple[SlideDeck, ...] = ()
    nows: tuple[SlideNow, ...] = ()

    def with_deck(self, deck: SlideDeck) -> Show:
        """The same deck again takes its own place."""
        kept = [each for each in self.decks if each.deck != deck.deck]
        return Show((*kept, deck)[-MOST_DECKS:], self.nows)

    def with_now(self, now: SlideNow) -> Show:
        """An older turn than the last changes nothing."""
        before = self.now(now.session)
        if before is not None and now.version < before.version:
            return self
        kept = [each for each in self.nows if each.session != now.session]
        return Show(self.decks, (*kept, now)[-MOST_DECKS:])

    def now(self, session: SessionId | None) -> SlideNow | None:
        return next((each for each in self.nows if each.session == session), None)

    def deck(self, name: str | None) -> SlideDeck | None:
        return next((each for each in self.decks if each.deck == name), None)

    def page(self, now: SlideNow, ahead: int = 0) -> SlidePage | None:
        """The page that is shown, or one that lies ``ahead`` of it."""
        deck = self.deck(now.deck)
        place = now.page + ahead
        return deck.pages[place - 1] if deck is not None and 1 <= place <= len(deck.pages) else None


def view_of(show: Show, session: SessionId | None, has: Has) -> SlidesView | None:
    """What the screen page is told while this session is on; None without slides."""
    now = show.now(session)
    if now is None or now.deck is None or now.layout == SlideLayout.VIDEO:
        return None
    page, deck = show.page(now), show.deck(now.deck)
    near = [each for ahead in (1, -1) if (each := show.page(now, ahead)) is not None]
    return SlidesView(
        layout=now.layout,
        page=now.page,
        pages=len(deck.pages) if deck is not None else 0,
        picture=_best(page, has) if page is not None else "",
        near=tuple(address for each in near if (address := _best(each, has))),
    )


def _best(page: SlidePage, has: Has) -> str:
    """Address on this computer of the sharper picture that is here; empty while there is none."""
    for digest in (page.large, page.small):
        if has(digest):
            return f"/local/slides/{digest.hex()}"
    return ""


def wanted(show: Show, session: SessionId | None, has: Has, *, tight: bool = False) -> tuple[bytes, int] | None:
    """Digest and size of the picture to fetch next; None when all are here. ``tight``: only what is shown soon.

    The page that is shown comes first, coarse and then sharp, then the one after it; then every page coarse, so that a
    weak line can follow any turn; then every page sharp. Decks of other sessions wait for the one on the screen.
    """
    every = chain(_soon(show, session), () if tight else _all(show, session))
    return next(((digest, size) for digest, size in every if not has(digest)), None)


def _soon(show: Show, session: SessionId | None) -> Iterator[tuple[bytes, int]]:
    now = show.now(session)
    if now is not None:
        for ahead in (0, 1):
            if (page := show.page(now, ahead)) is not None:
                yield page.small, page.small_bytes
                yield page.large, page.large_bytes


def _all(show: Show, session: SessionId | None) -> Iterator[tuple[bytes, int]]:
    now = show.now(session)
    shown = now.deck if now is not None else None
    for deck in sorted(show.decks, key=lambda each: (each.deck != shown, each.session != session)):
        yield from ((page.small, page.small_bytes) for page in deck.pages)
        yield from ((page.large, page.large_bytes) for page in deck.pages)


def needed(show: Show) -> set[bytes]:
    """Every picture of every deck that is known."""
    return {digest for deck in show.decks for page in deck.pages for digest in (page.small, page.large)}


def health_of(show: Show, session: SessionId | None, has: Has, shown: int) -> SlidesHealth:
    """What the heartbeat says; ``shown``: the turn whose picture is on the screen."""
    now = show.now(session)
    if now is None or now.deck is None:
        return SlidesHealth()
    deck = show.deck(now.deck)
    ready = sum(has(page.small) and has(page.large) for page in deck.pages) if deck is not None else 0
    return SlidesHealth(deck=now.deck, ready=ready, version=shown)
