"""Who is told which deck and which page, and when."""

from __future__ import annotations

import asyncio

from orchestrator.live.memory import MemoryBus
from orchestrator.sessions.model import Session, SessionState
from orchestrator.slides.events import DecksChanged, SlideTurned
from orchestrator.slides.model import Deck, DeckState, Page, Show
from orchestrator.slides.telling import AHEAD_NS, SlideTeller
from tests.doubles.eventually import eventually
from wire.ids import EnrolmentId, SessionId, SiteId
from wire.messages import Down, Heartbeat, SlideDeck, SlideNow
from wire.slides import SLIDES, SlidesHealth

SESSION, SITE, OTHER = SessionId("session-a"), SiteId("site-a"), SiteId("site-b")
ENROLMENT = EnrolmentId("enrolment-a")
PAGE = Page(b"s" * 32, 10, b"l" * 32, 20, 1920, 1080)
DECK = Deck("deck-a", SESSION, "a.pdf", 100, DeckState.READY, "ann", 1, pages=(PAGE,))


class Centre:
    """A teller with one session, and what it sent."""

    def __init__(self, state: SessionState = SessionState.LIVE, starts_ns: int = 0) -> None:
        self.sent: list[tuple[SiteId, Down]] = []
        self.reads = True
        session = Session(SESSION, "x", None, "", starts_ns, starts_ns + 10**12, frozenset({SITE}), state)
        self.decks, self.show = [DECK], Show(SESSION, 3, "deck-a", 1)
        self.bus = MemoryBus()
        self.teller = SlideTeller(
            lambda: [session], lambda _: self.decks, lambda _: self.show, lambda: 1, self.bus, self.send
        )

    def send(self, site: SiteId, message: Down) -> bool:
        if self.reads:
            self.sent.append((site, message))
        return self.reads

    async def link(self, site: SiteId = SITE, *, resumed: bool = False, takes: tuple[str, ...] = (SLIDES,)) -> None:
        await self.teller.on_linked(site, ENROLMENT, resumed)
        await self.beat(site, takes)

    async def beat(self, site: SiteId = SITE, takes: tuple[str, ...] = (SLIDES,)) -> None:
        beat = Heartbeat(at_ns=1, agent_version="1", takes=list(takes), slides=SlidesHealth(deck="deck-a", ready=1))
        await self.teller.on_heartbeat(site, ENROLMENT, beat)

    def kinds(self) -> list[type[Down]]:
        return [type(message) for _, message in self.sent]


async def test_a_site_that_links_late_is_told_the_deck_and_the_page_once() -> None:
    centre = Centre()
    await centre.link()
    await centre.beat()
    assert centre.kinds() == [SlideDeck, SlideNow]
    assert centre.teller.health(SITE).ready == 1


async def test_a_link_that_goes_on_is_told_nothing_twice_and_a_new_one_everything() -> None:
    centre = Centre()
    await centre.link()
    await centre.link(resumed=True)
    assert len(centre.sent) == 2
    await centre.link()
    assert len(centre.sent) == 4


async def test_a_site_that_does_not_know_slides_or_is_in_no_session_is_sent_nothing() -> None:
    centre = Centre()
    await centre.link(takes=("chat",))
    await centre.link(OTHER)
    assert centre.sent == []


async def test_pages_travel_before_the_day_but_not_weeks_before() -> None:
    soon, later = Centre(SessionState.PLANNED, AHEAD_NS // 2), Centre(SessionState.PLANNED, AHEAD_NS * 2)
    for centre in (soon, later):
        await centre.link()
    assert soon.kinds() == [SlideDeck, SlideNow]
    assert later.sent == []


async def test_a_site_that_took_nothing_is_told_again_with_its_next_heartbeat() -> None:
    centre = Centre()
    centre.reads = False
    await centre.link()
    centre.reads = True
    await centre.beat()
    assert centre.kinds() == [SlideDeck, SlideNow]


async def test_a_deck_that_is_drawn_during_a_lecture_tells_nobody_the_page_again() -> None:
    centre = Centre()
    await centre.link()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(centre.teller.run())
        await asyncio.sleep(0)
        for _ in range(300):
            await centre.bus.publish(DecksChanged(SESSION))
            await asyncio.sleep(0)
        centre.decks = [DECK, Deck("deck-b", SESSION, "b.pdf", 100, DeckState.READY, "ann", 2, pages=(PAGE,))]
        await centre.bus.publish(DecksChanged(SESSION))
        centre.show = Show(SESSION, 4, "deck-b", 1)
        await centre.bus.publish(SlideTurned(SESSION, 4, "deck-b", 1, "both", 1))
        await eventually(lambda: len(centre.sent) >= 4)
        running.cancel()
    assert centre.kinds() == [SlideDeck, SlideNow, SlideDeck, SlideNow]
