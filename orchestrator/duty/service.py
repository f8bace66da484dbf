"""Claims and the shift's book: one transaction decides, everyone is told at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.duty import handover_store, model, store
from orchestrator.duty.events import CallLogged, ClaimEnded, NoteWritten, ShiftHandedOver, SiteClaimed
from orchestrator.duty.handover import Handover
from orchestrator.duty.model import Caller, Claim, Entry, EntryKind, Held, Matter, Outcome
from orchestrator.errors import Refused
from orchestrator.live.port import Bus, Event, Lagged
from orchestrator.sites import store as site_store
from orchestrator.storage.engine import Connection, Database
from orchestrator.web.kit import Identity
from wire.ids import SiteId

log = structlog.get_logger()

LOOK_S = 1.0
TRIES = 3
"""How often a claim is tried again when the row changed between reading and writing."""
TOLD = (SiteClaimed, ClaimEnded, CallLogged, NoteWritten, ShiftHandedOver)


class Duty:
    """Claims, matters and offered shifts are in SQL; this process keeps them in memory too and
    reads them anew after each change."""

    def __init__(self, database: Database, clock: Clock, bus: Bus, audit: Audit) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._audit = audit
        self._changed: list[Callable[[], None]] = []
        self.claims: tuple[Claim, ...] = ()
        self.matters: tuple[Matter, ...] = ()
        self.offers: tuple[Handover, ...] = ()

    def on_changed(self, tell: Callable[[], None]) -> None:
        """Call ``tell`` whenever claims or matters were read anew."""
        self._changed.append(tell)

    async def load(self) -> None:
        """Read both anew."""
        now = self._clock.now_ns()
        claims, entries, offers = await self._database.read(
            lambda conn: (store.claims(conn), store.open_entries(conn), handover_store.open_offers(conn))
        )
        self.claims = tuple(claim for claim in claims if claim.holds(now))
        self.matters = tuple(model.matters(entries))
        self.offers = tuple(offers)
        for tell in self._changed:
            tell()

    async def claim(self, who: Identity, site: SiteId) -> Claim:
        """Say that ``who`` calls this site. Raises `Held` when somebody else does."""

        def work(conn: Connection) -> tuple[Claim | None, Claim]:
            _must_exist(conn, site)
            now = self._clock.now_ns()
            for _ in range(TRIES):
                held = store.claim(conn, site)
                wanted = model.claimed(held, site, _caller(who), now)
                if store.put_claim(conn, held, wanted):
                    self._note_claim(conn, who, held, wanted, now)
                    return held, wanted
            raise Refused("busy", "Vừa có người nhận, xem lại. / Somebody was faster, look again.", 409)

        held, taken = await self._database.write(work)
        if held is None or held.person != taken.person or not held.holds(taken.at_ns):
            await self._tell(SiteClaimed(site, taken.name))
        else:
            await self.load()
        return taken

    def _note_claim(self, conn: Connection, who: Identity, held: Claim | None, taken: Claim, now: int) -> None:
        if held is not None and not held.holds(now):
            store.add_entry(conn, _line(held, EntryKind.EXPIRE, held.until_ns))
        elif held is not None:
            return  # prolonged: nothing new
        store.add_entry(conn, _line(taken, EntryKind.CLAIM, now))
        self._audit.record(conn, who.username, "duty.claim", taken.site)

    async def release(self, who: Identity, site: SiteId) -> None:
        """End one's own claim; harmless when there is none."""

        def work(conn: Connection) -> Claim | None:
            held = store.claim(conn, site)
            now = self._clock.now_ns()
            if held is None or not held.holds(now):
                return None
            if held.person != who.person:
                raise Held(held)
            store.drop_claim(conn, held)
            store.add_entry(conn, _line(held, EntryKind.RELEASE, now))
            self._audit.record(conn, who.username, "duty.release", site)
            return held

        ended = await self._database.write(work)
        if ended is not None:
            await self._tell(ClaimEnded(site, ended.name, "released"))

    async def log_call(
        self, who: Identity, site: SiteId, outcome: Outcome, note: str = "", again_min: int | None = None
    ) -> Entry:
        """Write down what a call came to, which ends the claim. Raises `Held` while somebody else is calling."""

        def work(conn: Connection) -> Entry:
            _must_exist(conn, site)
            now = self._clock.now_ns()
            held = store.claim(conn, site)
            if held is not None and held.holds(now) and held.person != who.person:
                raise Held(held)
            entry = store.add_entry(conn, model.call_entry(site, _caller(who), outcome, note, again_min, now))
            if held is not None:
                store.drop_claim(conn, held)
            self._audit.record(conn, who.username, "duty.call", site, {"outcome": outcome, "entry": entry.id})
            return entry

        entry = await self._database.write(work)
        await self._tell(CallLogged(site, entry.name, outcome))
        return entry

    async def write_note(self, who: Identity, site: SiteId, note: str) -> Entry:
        """Write something down about a site."""

        def work(conn: Connection) -> Entry:
            _must_exist(conn, site)
            entry = store.add_entry(conn, model.note_entry(site, _caller(who), note, self._clock.now_ns()))
            self._audit.record(conn, who.username, "duty.note", site, {"entry": entry.id})
            return entry

        entry = await self._database.write(work)
        await self._tell(NoteWritten(site, entry.name))
        return entry

    async def book_of(self, site: SiteId, since_ns: int = 0) -> list[Entry]:
        """What was done about a site, the newest first."""
        return await self._database.read(lambda conn: store.book_of(conn, site, since_ns))

    async def run(self) -> None:
        """Keep memory right, and end claims whose time is over. Runs until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            tasks.create_task(self._look_often())

    async def _follow(self) -> None:
        while True:
            async with self._bus.subscribe(*TOLD) as events:
                await self.load()
                try:
                    async for _ in events:
                        await self.load()
                except Lagged:
                    log.warning("duty_lagged")

    async def _look_often(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Let time pass for every claim."""
        now = self._clock.now_ns()
        for claim in self.claims:
            if not claim.holds(now) and await self._database.write(partial(_expire, claim)):
                await self._tell(ClaimEnded(claim.site, claim.name, "expired"))

    async def _tell(self, event: Event) -> None:
        # Read here and now, so that the asker's own wall is right when the answer is there; others follow the event.
        await self.load()
        await self._bus.publish(event)


def _expire(claim: Claim, conn: Connection) -> bool:
    if not store.drop_claim(conn, claim):
        return False
    store.add_entry(conn, _line(claim, EntryKind.EXPIRE, claim.until_ns))
    return True


def _caller(who: Identity) -> Caller:
    return Caller(who.person, who.name)


def _line(claim: Claim, kind: EntryKind, at_ns: int) -> Entry:
    return Entry(claim.site, at_ns, claim.person, claim.name, kind)


def _must_exist(conn: Connection, site: SiteId) -> None:
    if site_store.site(conn, site) is None:
        raise Refused("no_site", "Không có điểm cầu này. / No such site.", 404)
