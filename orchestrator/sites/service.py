"""Sites as the centre knows them: importing, rosters, secrets."""

import asyncio
from collections.abc import Callable, Collection

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.live.port import Bus
from orchestrator.sites import store
from orchestrator.sites.centre_keys import CentreKeys
from orchestrator.sites.events import SitesImported
from orchestrator.sites.importing import Fault, Plan, plan_import, provider_of
from orchestrator.sites.model import Participant, Place, Site, Standing
from orchestrator.sites.secret import new_sealed_secret, open_secret
from orchestrator.sites.store import Applied, Connection
from orchestrator.sites.tables import UnreadableFile, read_tables
from orchestrator.storage.engine import Database
from wire.ids import SiteId

Guard = Callable[[Connection, str, Collection[SiteId], str], None]
"""Told in the transaction of an import who it is by, which known sites or rosters it changed, and the reason given;
refuses what must not change."""


class Sites:
    """The register of places, sites and participants. Reads go to the database: several processes may import."""

    def __init__(self, database: Database, bus: Bus, clock: Clock, audit: Audit, *, keys: CentreKeys) -> None:
        self._database = database
        self._bus = bus
        self._clock = clock
        self._audit = audit
        self._keys = keys
        self._importing = asyncio.Lock()
        self.guard: Guard | None = None

    async def import_file(self, by: str, content: bytes, filename: str, reason: str = "") -> Applied:
        """Bring the register up to date with a spreadsheet, whole or not at all. Refuses `import_refused` with every
        fault of the file (`rows`), each with sheet, row, column and message, and what the guard refuses without a
        `reason`."""
        async with self._importing:
            codes = await self._database.read(store.site_codes)
            plan = await asyncio.to_thread(_plan, content, filename, codes)
            if not isinstance(plan, Plan):
                raise _refused(plan)
            applied = await self._database.write(lambda conn: self._apply(conn, plan, by, reason))
        await self._bus.publish(SitesImported(applied.sites, applied.participants))
        return applied

    def _apply(self, conn: Connection, plan: Plan, by: str, reason: str) -> Applied:
        before = store.named(conn)
        applied = store.apply_plan(conn, plan, lambda site: new_sealed_secret(self._keys.at_rest, site))
        if self.guard is not None and (changed := store.differing(before, store.named(conn))):
            self.guard(conn, by, changed, reason)
        counts = {"sites": applied.sites, "created": applied.created, "participants": applied.participants}
        self._audit.record(conn, by, "sites.imported", "", {**counts, "removed": applied.removed})
        return applied

    async def places(self) -> list[Place]:
        """Every node of the tree."""
        return await self._database.read(store.all_places)

    async def sites(self) -> list[Standing]:
        """Every site with its path, roster size and pairing, by code."""
        return await self._database.read(store.standings)

    async def site(self, site: SiteId) -> Site:
        """One site; refuses `no_such_site`."""
        found = await self._database.read(lambda conn: store.site(conn, site))
        if found is None:
            raise no_such_site()
        return found

    async def put_provider(self, by: str, site: SiteId, provider: str) -> None:
        """Say who sells the site its line; empty: nobody knows. Refuses `no_such_site`, `bad_name`."""
        told = provider.strip()
        if told and provider_of(told) is None:
            raise Refused("bad_name", "Tên nhà mạng không hợp lệ hoặc dài quá. / Not a valid name.")

        def work(conn: Connection) -> None:
            if not store.put_provider(conn, site, told):
                raise no_such_site()
            self._audit.record(conn, by, "sites.provider", site, {"provider": told})

        await self._database.write(work)

    async def participants(self, site: SiteId | None = None) -> list[Participant]:
        """The roster of one site, or of all, by number."""
        return await self._database.read(lambda conn: store.roster(conn, site))

    async def site_secret(self, site: SiteId) -> bytes:
        """The site's 32-byte secret; refuses `no_such_site`, raises `SealBroken` with another centre's key file."""
        sealed = await self._database.read(lambda conn: store.sealed_secret(conn, site))
        if sealed is None:
            raise no_such_site()
        return open_secret(self._keys.at_rest, site, sealed)

    async def site_secrets(self) -> dict[SiteId, bytes]:
        """The secrets of all sites in one read, for sealing a paper."""
        sealed = await self._database.read(store.sealed_secrets)
        return {site: open_secret(self._keys.at_rest, site, blob) for site, blob in sealed.items()}

    async def spare_sites(self, by: str, count: int) -> list[SiteId]:
        """`count` sites without a school (DP01, DP02, …), made where there are fewer: a computer can be paired with one
        on the day itself. Refuses `no_place` before any school was imported."""

        def work(conn: Connection) -> list[SiteId]:
            spare = store.spares(conn, count, lambda site: new_sealed_secret(self._keys.at_rest, site))
            self._audit.record(conn, by, "sites.spares", "", {"sites": len(spare)})
            return spare

        if not await self._database.read(store.all_places):
            raise Refused("no_place", "Hãy nhập danh sách điểm cầu trước. / Import the sites first.", 409)
        return await self._database.write(work)

    async def note_seen(self, site: SiteId) -> None:
        """Remember that the site was heard of now."""
        now = self._clock.now_ns()
        await self._database.write(lambda conn: store.note_seen(conn, site, now))


def no_such_site() -> Refused:
    """There is no site with this id."""
    return Refused("no_such_site", "Không có điểm cầu này. / No such site.", 404)


def _plan(content: bytes, filename: str, codes: frozenset[str]) -> Plan | list[Fault]:
    try:
        return plan_import(read_tables(content, filename), codes)
    except UnreadableFile as fault:
        return [Fault("", 0, "", str(fault))]


def _refused(faults: list[Fault]) -> Refused:
    rows = [{"sheet": f.sheet, "row": f.row, "column": f.column, "message": f.message} for f in faults]
    message = f"Tệp có {len(faults)} lỗi, chưa ghi gì cả. / Nothing was imported."
    return Refused("import_refused", message, 422, rows=rows)
