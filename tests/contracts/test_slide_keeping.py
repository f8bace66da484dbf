"""What becomes of slides in time: kept for their days after the session, a full disk told, nothing left over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from orchestrator.access.audit import Audit
from orchestrator.errors import Refused
from orchestrator.essays.vault import SPARE, Vault
from orchestrator.live.memory import MemoryBus
from orchestrator.slides.events import DecksChanged
from orchestrator.slides.model import DeckState
from orchestrator.slides.service import DAY_NS, STALE_UPLOAD_NS, Slides
from orchestrator.storage.engine import Database
from tests.doubles.manual_clock import ManualClock
from tests.doubles.slide_files import locked_pdf, pdf
from wire.ids import SessionId
from wire.slides import SlideLayout

SESSION = SessionId("session-a")
KEEP_DAYS = 30


class Desk:
    """Slides with a clock that a test moves and a disk that a test fills."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.clock = ManualClock()
        self.free = 100 * SPARE
        self.over: int | None = None
        self.folder = folder / "slides"
        self.page_s = 0.0
        self.bus = MemoryBus()
        vault = Vault(self.folder, self._free)
        self.slides = Slides(
            database,
            self.clock,
            self.bus,
            Audit(self.clock),
            vault,
            soffice="",
            keep_days=KEEP_DAYS,
            over_since=lambda _: self.over,
        )

    def _free(self, _folder: Path) -> int:
        """Asked for each picture of the two that a page has."""
        self.clock.advance(self.page_s / 2)
        return self.free

    async def drawn(self, content: bytes, free: int = 100 * SPARE) -> str:
        """Send a file and draw it; ``free``: bytes of the disk by then."""
        deck = await self.slides.begin("ann", SESSION, "a.pdf", len(content))

        async def pieces() -> AsyncIterator[bytes]:
            yield content

        await self.slides.append(SESSION, deck.id, 0, pieces(), lambda: None)
        self.free = free
        await self.slides.draw_waiting()
        return deck.id

    def pictures(self) -> list[str]:
        return [file.name for file in self.folder.rglob("*") if file.is_file()]


@asynccontextmanager
async def desk_in(folder: Path) -> AsyncIterator[Desk]:
    database = await Database.open(f"sqlite:///{folder / 'centre.sqlite3'}")
    try:
        yield Desk(database, folder)
    finally:
        await database.close()


async def test_slides_stay_for_their_days_after_the_session_however_early_they_came(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as desk:
        await desk.drawn(pdf(1))
        await desk.slides.turn("ann", SESSION, desk.slides.decks(SESSION)[0].id, 1, SlideLayout.BOTH)
        desk.clock.advance(3 * KEEP_DAYS * DAY_NS / 1e9)
        await desk.slides.sweep_once()
        assert len(desk.slides.decks(SESSION)) == 1
        desk.over = desk.clock.now_ns()
        desk.clock.advance(KEEP_DAYS * DAY_NS / 1e9 + 1)
        await desk.slides.sweep_once()
        assert desk.slides.decks(SESSION) == []
        assert desk.pictures() == []
        assert await desk.slides.turns(SESSION) == []


async def test_a_file_that_nobody_goes_on_sending_goes(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as desk:
        await desk.slides.begin("ann", SESSION, "a.pdf", 1000)
        desk.clock.advance(STALE_UPLOAD_NS / 1e9 + 1)
        await desk.slides.sweep_once()
        assert desk.slides.decks(SESSION) == []
        assert desk.pictures() == []


async def test_a_refused_file_leaves_nothing_on_the_disk(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as desk:
        await desk.drawn(locked_pdf())
        assert [deck.state for deck in desk.slides.decks(SESSION)] == [DeckState.REFUSED]
        assert desk.pictures() == []


async def test_a_full_disk_is_told_before_a_byte_is_sent_and_while_pages_are_drawn(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as desk:
        desk.free = SPARE
        with pytest.raises(Refused) as refused:
            await desk.slides.begin("ann", SESSION, "a.pdf", 1000)
        assert refused.value.code == "disk_full"
        desk.free = 100 * SPARE
        await desk.drawn(pdf(1), free=SPARE)
        (deck,) = desk.slides.decks(SESSION)
        assert (deck.state, deck.reason) == (DeckState.REFUSED, "disk_full")
        assert desk.pictures() == []


async def test_pages_of_a_deck_that_is_drawn_are_told_at_most_once_a_second(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as desk, desk.bus.subscribe(DecksChanged) as changes:
        desk.page_s = 0.25
        await desk.drawn(pdf(10))
        await desk.bus.publish(DecksChanged(SessionId("session-b")))
        told = 0
        async for change in changes:
            if change != DecksChanged(SESSION):
                break
            told += 1
        # That it came, that it is whole, its pages 1, 5 and 9, and that it is ready.
        assert told == 6
        assert [len(deck.pages) for deck in desk.slides.decks(SESSION)] == [10]
