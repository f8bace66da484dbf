"""The incident log is filtered where it is kept, so that one site's story is whole however much happened elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from pathlib import Path

import pytest

from orchestrator.alarms import store
from orchestrator.alarms.journal import CentreStarted, LogEvent
from orchestrator.alarms.model import Acknowledged, Cause, Cleared, Raised, Scope, Trouble
from orchestrator.storage.engine import Connection, Database
from wire.ids import SiteId

S = 10**9
DISTRICT = Cause(Scope.DISTRICT, "Huyện Yên Hà")
SITES = tuple(SiteId(f"s{number}") for number in range(20))
STORY: tuple[tuple[str, LogEvent], ...] = (
    ("", CentreStarted(0)),
    ("", Raised("a", Trouble.AWAY, DISTRICT, 3, SITES[:19], 19)),
    ("ha", Acknowledged("a", "ha", "Hà", 600 * S, sticky=True, word="gọi VNPT")),
    ("", Raised("b", Trouble.SOUND, Cause(Scope.SITE, "s19"), 2, (SITES[19],), 1)),
    ("", Cleared("a", "back")),
)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(f"sqlite:///{tmp_path / 'centre.sqlite3'}")

    def tell(conn: Connection) -> None:
        for at, told in enumerate(STORY):
            store.append(conn, [told], at * S)

    await opened.write(tell)
    yield opened
    await opened.close()


async def kinds(database: Database, sites: Collection[SiteId] | None, most: int = 100) -> tuple[list[str], bool]:
    found, cut = await database.read(lambda conn: store.entries(conn, 0, 2**62, sites, most))
    return [type(entry.event).__name__ for entry in found], cut


async def test_a_filtered_log_tells_everything_of_the_alarms_that_concern_the_sites(database: Database) -> None:
    assert await kinds(database, {SITES[3]}) == (["Raised", "Acknowledged", "Cleared"], False)
    assert await kinds(database, {SITES[19]}) == (["Raised"], False)
    assert await kinds(database, set()) == ([], False)
    assert await kinds(database, set(SITES)) == (["Raised", "Acknowledged", "Raised", "Cleared"], False)


async def test_a_log_that_is_too_long_is_cut_at_its_beginning_and_says_so(database: Database) -> None:
    assert await kinds(database, None, 2) == (["Raised", "Cleared"], True)
    assert await kinds(database, None, 5) == ([type(event).__name__ for _, event in STORY], False)


async def test_what_happened_elsewhere_cuts_nothing_of_one_site(database: Database) -> None:
    assert await kinds(database, {SITES[19]}, 1) == (["Raised"], False)
