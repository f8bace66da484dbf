"""Decks and turns of sessions: taken in, drawn one after the other, shown, and forgotten in time.

Held in memory as well; SQL is the truth. Every process of the centre reads anew what another one says has changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

import structlog

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.essays.vault import DiskFull, Vault
from orchestrator.live.port import Bus, Lagged
from orchestrator.slides import store
from orchestrator.slides.converting import NotDrawn, pages_of
from orchestrator.slides.events import DecksChanged, SlideTurned
from orchestrator.slides.model import Deck, DeckState, Fault, Page, Show, check_file, turned
from orchestrator.slides.receiving import Receiving
from orchestrator.storage.engine import Connection, Database
from wire.ids import SessionId, new_id
from wire.slides import SlideLayout

log = structlog.get_logger()

DAY_NS = 24 * 3600 * 10**9
SWEEP_NS = 3600 * 10**9
STALE_UPLOAD_NS = 2 * DAY_NS
"""How long a file that nobody goes on sending is kept."""
GROWS_NS = 10**9
"""While a deck is drawn its pages are told at most so often: every process of the centre reads them all anew."""


class Slides:
    """The one place that writes decks and turns. ``soffice``: path of LibreOffice, empty for none; ``over_since``: when
    a session was over in centre time, None while it is still to come or on."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bus: Bus,
        audit: Audit,
        vault: Vault,
        *,
        soffice: str,
        keep_days: int,
        over_since: Callable[[SessionId], int | None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._audit = audit
        self._vault = vault
        self._soffice = soffice
        self._keep_ns = keep_days * DAY_NS
        self._over_since = over_since
        self._receiving = Receiving(vault, clock)
        self._decks: dict[SessionId, list[Deck]] = {}
        self._shows: dict[SessionId, Show] = {}
        self._turn = asyncio.Lock()
        self._wake = asyncio.Event()
        self._changed = asyncio.Event()

    @property
    def office(self) -> bool:
        """Whether presentations can be converted here."""
        return bool(self._soffice)

    async def load(self) -> None:
        """Read everything; what was being drawn is drawn anew."""
        decks, shows = await self._database.read(lambda conn: (store.decks(conn), store.shows(conn)))
        self._decks = {}
        for deck in decks:
            self._decks.setdefault(deck.session, []).append(deck)
        self._shows = {show.session: show for show in shows}
        self._wake.set()

    def decks(self, session: SessionId) -> list[Deck]:
        """The oldest first."""
        return list(self._decks.get(session, ()))

    def show(self, session: SessionId) -> Show:
        return self._shows.get(session) or Show(session)

    def deck(self, session: SessionId, deck: str) -> Deck:
        """Refuses `no_deck`."""
        found = next((each for each in self._decks.get(session, ()) if each.id == deck), None)
        if found is None:
            raise Refused("no_deck", "Không có tệp trình chiếu này. / No such deck.", 404)
        return found

    # --- files in ----------------------------------------------------------------------------------------------------

    async def begin(self, who: str, session: SessionId, name: str, size: int) -> Deck:
        """A file is about to be sent. Refuses what will not be taken."""
        name = check_file(name, size, len(self.decks(session)), office=self.office)
        deck = Deck(new_id("deck"), session, name, size, DeckState.UPLOADING, who, self._clock.now_ns())
        await self._receiving.begin(deck.id, size)

        def work(conn: Connection) -> None:
            store.insert(conn, deck)
            self._audit.record(conn, who, "slides.upload", deck.id, {"session": session, "bytes": size})

        await self._database.write(work)
        await self._tell(session)
        return deck

    async def offset(self, session: SessionId, deck_id: str) -> tuple[int, int]:
        """Bytes that are here, and how many there will be."""
        deck = self.deck(session, deck_id)
        if deck.state is not DeckState.UPLOADING:
            return deck.size, deck.size
        length = await self._receiving.offset(deck.id)
        if length == deck.size:
            await self._whole(deck)
        return length, deck.size

    async def append(
        self, session: SessionId, deck_id: str, offset: int, pieces: AsyncIterator[bytes], hang_up: Callable[[], None]
    ) -> int:
        """More bytes; the last ones send the file to be drawn."""
        deck = self.deck(session, deck_id)
        if deck.state is not DeckState.UPLOADING:
            raise Refused("wrong_offset", "Tệp đã đến đủ. / The file is whole.", 409, offset=deck.size)
        length = await self._receiving.append(deck.id, deck.size, offset, pieces, hang_up)
        if length == deck.size:
            await self._whole(deck)
        return length

    async def _whole(self, deck: Deck) -> None:
        await self._database.write(lambda conn: store.settle(conn, deck.id, DeckState.CONVERTING))
        await self._tell(deck.session)

    async def drop(self, who: str, session: SessionId, deck_id: str) -> None:
        """Forget a deck; a screen that shows it shows no slides any more."""
        deck = self.deck(session, deck_id)
        if self.show(session).deck == deck.id:
            await self.turn(who, session, None, 0, SlideLayout.VIDEO)
        await self._forget(deck.id, who)
        await self._tell(session)

    async def _forget(self, deck: str, who: str = "") -> None:
        def work(conn: Connection) -> list[bytes]:
            if who:
                self._audit.record(conn, who, "slides.deleted", deck)
            return store.drop(conn, deck)

        await self._unlink(await self._database.write(work))
        await self._receiving.forget(deck)

    async def _unlink(self, orphans: list[bytes]) -> None:
        for digest in orphans:
            await asyncio.to_thread(self._vault.file(digest).unlink, missing_ok=True)

    # --- drawing -----------------------------------------------------------------------------------------------------

    async def draw_all(self) -> None:
        """Draw whatever waits, one file at a time. Runs until cancelled."""
        while True:
            self._wake.clear()
            if not await self.draw_waiting():
                await self._wake.wait()

    async def draw_waiting(self) -> int:
        """Draw what waits now; how many files that were."""
        waiting = [each for of in self._decks.values() for each in of if each.state is DeckState.CONVERTING]
        for deck in sorted(waiting, key=lambda each: each.made_ns):
            await self._draw(deck)
        return len(waiting)

    async def _draw(self, deck: Deck) -> None:
        await self._unlink(await self._database.write(lambda conn: store.forget_pages(conn, deck.id)))
        file, place, told_ns = self._vault.partial(deck.id), 0, 0
        state, reason = DeckState.READY, ""
        try:
            # Closed whatever happens: an abandoned one would leave its process to draw for nobody.
            async with aclosing(pages_of(file, deck.name, self._soffice)) as pages:
                async for drawn in pages:
                    place += 1
                    await self._keep(deck.id, place, drawn.page, drawn.small, drawn.large)
                    if self._clock.now_ns() - told_ns >= GROWS_NS:
                        told_ns = self._clock.now_ns()
                        await self._tell(deck.session)
            place = 0
        except NotDrawn as fault:
            state, reason, place = DeckState.REFUSED, fault.fault.value, fault.page
        except DiskFull:
            state, reason, place = DeckState.REFUSED, Fault.DISK_FULL.value, 0
        except OSError as fault:
            log.warning("deck_unreadable", deck=deck.id, reason=type(fault).__name__)
            state, reason, place = DeckState.REFUSED, Fault.BROKEN.value, 0

        def work(conn: Connection) -> list[bytes]:
            store.settle(conn, deck.id, state, reason, place)
            return store.forget_pages(conn, deck.id) if state is DeckState.REFUSED else []

        await self._unlink(await self._database.write(work))
        await self._receiving.forget(deck.id)
        log.info("deck_settled", deck=deck.id, state=state, reason=reason)
        await self._tell(deck.session)

    async def _keep(self, deck: str, place: int, page: Page, small: bytes, large: bytes) -> None:
        for picture in (small, large):
            await asyncio.to_thread(self._vault.check_room, len(picture))
            await asyncio.to_thread(self._vault.keep, picture)

        def work(conn: Connection) -> list[bytes]:
            if store.exists(conn, deck):
                store.add_page(conn, deck, place, page)
                return []
            # Whoever deleted the deck meanwhile meant its pages too.
            return [digest for digest in (page.small, page.large) if not store.known(conn, digest)]

        await self._unlink(await self._database.write(work))

    async def picture(self, digest: bytes) -> bytes:
        """The picture with this SHA-256; refuses `not_found`."""
        try:
            if await self._database.read(lambda conn: store.known(conn, digest)):
                return await asyncio.to_thread(self._vault.file(digest).read_bytes)
        except FileNotFoundError:
            log.warning("slide_picture_missing", digest=digest.hex()[:16])
        raise Refused("not_found", "Không có trang này. / No such page.", 404)

    # --- showing -----------------------------------------------------------------------------------------------------

    async def turn(self, who: str, session: SessionId, deck_id: str | None, page: int, layout: SlideLayout) -> Show:
        """Show a page from now on; the same again changes nothing."""
        async with self._turn:
            before = self.show(session)
            deck = self.deck(session, deck_id) if deck_id is not None else None
            if (before.deck, before.page, before.layout) == (deck_id, page, layout) and before.version:
                return before
            show = turned(before, deck, page, layout, self._clock.now_ns(), who)
            await self._database.write(lambda conn: store.add_turn(conn, show))
            self._shows[session] = show
        self._stir()
        await self._bus.publish(SlideTurned(session, show.version, show.deck, show.page, show.layout.value, show.at_ns))
        return show

    async def turns(self, session: SessionId) -> list[Show]:
        """Every turn of a session, in order."""
        return await self._database.read(lambda conn: store.turns(conn, session))

    async def after(self, session: SessionId, version: int, within_s: float) -> Show:
        """The show once it is newer than ``version``, or as it is after that time."""
        try:
            async with asyncio.timeout(within_s):
                while self.show(session).version <= version:
                    await self._changed.wait()
        except TimeoutError:
            pass
        return self.show(session)

    def _stir(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    # --- several processes, and time ---------------------------------------------------------------------------------

    async def _tell(self, session: SessionId) -> None:
        await self._read(session)
        await self._bus.publish(DecksChanged(session))

    async def _read(self, session: SessionId) -> None:
        decks = await self._database.read(lambda conn: store.decks(conn, session))
        self._decks[session] = decks
        self._wake.set()

    async def follow(self) -> None:
        """Read what another process of the centre has changed. Runs until cancelled."""
        while True:
            async with self._bus.subscribe(SlideTurned, DecksChanged) as events:
                try:
                    async for event in events:
                        if isinstance(event, DecksChanged):
                            await self._read(event.session)
                        elif isinstance(event, SlideTurned) and event.version > self.show(event.session).version:
                            await self._read_show(event.session)
                except Lagged:
                    log.warning("slides_lagged")
                    await self.load()

    async def _read_show(self, session: SessionId) -> None:
        for show in await self._database.read(lambda conn: store.shows(conn, session)):
            if show.version > self.show(session).version:
                self._shows[session] = show
        self._stir()

    async def sweep(self) -> None:
        """Forget what is too old, once an hour. Runs until cancelled."""
        while True:
            await self.sweep_once()
            await self._clock.sleep_until(self._clock.now_ns() + SWEEP_NS)

    async def sweep_once(self) -> None:
        """Forget what has lain its days: decks and turns after their session, files that nobody goes on sending."""
        now = self._clock.now_ns()
        before = now - self._keep_ns
        gone = [
            deck.id
            for session, decks in self._decks.items()
            for deck in decks
            if self._lain(session, deck, before)
            or (deck.state is DeckState.UPLOADING and deck.made_ns < now - STALE_UPLOAD_NS)
        ]
        for deck in gone:
            await self._forget(deck, "system")
        await self._database.write(lambda conn: store.drop_turns_before(conn, before))
        if gone:
            log.info("decks_forgotten", count=len(gone))
            await self.load()

    def _lain(self, session: SessionId, deck: Deck, before_ns: int) -> bool:
        over = self._over_since(session)
        return over is not None and max(over, deck.made_ns) < before_ns
