"""Which page is shown, and what is fetched in which order."""

from __future__ import annotations

from site_agent.slides.show import MOST_DECKS, Show, health_of, needed, view_of, wanted
from wire.ids import SessionId
from wire.slides import SlideDeck, SlideNow, SlidePage, SlidesHealth

SESSION, OTHER = SessionId("session-a"), SessionId("session-b")


def digest(name: str) -> bytes:
    return name.encode().ljust(32, b"_")


def deck(name: str = "a", pages: int = 3, session: SessionId = SESSION) -> SlideDeck:
    listed = [SlidePage(digest(f"{name}{at}s"), 10, digest(f"{name}{at}l"), 90) for at in range(1, pages + 1)]
    return SlideDeck(session=session, deck=name, pages=listed)


def now(version: int, page: int, layout: str = "both", name: str | None = "a") -> SlideNow:
    return SlideNow(session=SESSION, version=version, deck=name, page=page, layout=layout)


def in_order(show: Show, *, tight: bool = False) -> list[str]:
    here: list[bytes] = []
    while (found := wanted(show, SESSION, here.__contains__, tight=tight)) is not None:
        here.append(found[0])
    return [name.decode().rstrip("_") for name in here]


def test_the_page_on_the_screen_is_fetched_first_then_all_coarse_then_all_sharp() -> None:
    show = Show().with_deck(deck()).with_now(now(1, 2))
    assert in_order(show) == ["a2s", "a2l", "a3s", "a3l", "a1s", "a1l"]


def test_the_deck_that_is_shown_comes_before_another_sessions() -> None:
    show = Show().with_deck(deck("b", 1, OTHER)).with_deck(deck("a", 1)).with_now(now(1, 1))
    assert in_order(show) == ["a1s", "a1l", "b1s", "b1l"]
    assert in_order(Show().with_deck(deck("b", 1, OTHER)).with_deck(deck("a", 1))) == ["a1s", "a1l", "b1s", "b1l"]


def test_a_full_disk_fetches_only_what_is_shown_soon() -> None:
    show = Show().with_deck(deck(pages=20)).with_now(now(1, 5))
    assert in_order(show, tight=True) == ["a5s", "a5l", "a6s", "a6l"]


def test_the_sharper_picture_that_is_here_is_shown() -> None:
    show = Show().with_deck(deck()).with_now(now(1, 2))
    nothing = view_of(show, SESSION, lambda _: False)
    assert nothing is not None
    assert nothing.picture == ""
    coarse = view_of(show, SESSION, {digest("a2s"), digest("a3s")}.__contains__)
    assert coarse is not None
    assert coarse.picture.endswith(digest("a2s").hex())
    assert coarse.near == (f"/local/slides/{digest('a3s').hex()}",)
    sharp = view_of(show, SESSION, lambda _: True)
    assert sharp is not None
    assert (sharp.page, sharp.pages) == (2, 3)
    assert sharp.picture.endswith(digest("a2l").hex())


def test_no_slides_without_deck_with_the_lecturer_alone_or_in_another_session() -> None:
    show = Show().with_deck(deck())
    assert view_of(show, SESSION, lambda _: True) is None
    assert view_of(show.with_now(now(1, 2, "video")), SESSION, lambda _: True) is None
    assert view_of(show.with_now(now(1, 0, name=None)), SESSION, lambda _: True) is None
    assert view_of(show.with_now(now(1, 2)), OTHER, lambda _: True) is None


def test_an_older_turn_changes_nothing() -> None:
    show = Show().with_deck(deck()).with_now(now(5, 3)).with_now(now(4, 1))
    told = show.now(SESSION)
    assert told is not None
    assert told.page == 3


def test_decks_are_bounded_and_each_stands_once() -> None:
    show = Show()
    for at in range(MOST_DECKS + 3):
        show = show.with_deck(deck(f"d{at}", 1)).with_deck(deck(f"d{at}", 1))
    assert len(show.decks) == MOST_DECKS
    assert len(needed(show)) == 2 * MOST_DECKS


def test_the_heartbeat_says_how_much_of_the_deck_is_here() -> None:
    show = Show().with_deck(deck()).with_now(now(7, 1))
    here = {digest("a1s"), digest("a1l"), digest("a2s")}
    assert health_of(show, SESSION, here.__contains__, 7) == SlidesHealth(deck="a", ready=1, version=7)
    assert health_of(show, None, here.__contains__, 7) == SlidesHealth()
