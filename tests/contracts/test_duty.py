"""Three operators and one book over real SQLite."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from orchestrator.access.audit import Audit
from orchestrator.duty.model import CLAIM_NS, EntryKind, Held, Outcome
from orchestrator.duty.service import Duty
from orchestrator.errors import Refused
from orchestrator.live.memory import MemoryBus
from orchestrator.sites import store as site_store
from orchestrator.storage.engine import Database
from orchestrator.storage.schema.access import audit as audit_table
from orchestrator.storage.schema.sites import places
from orchestrator.web.kit import Identity
from tests.doubles.manual_clock import ManualClock
from wire.ids import SiteId

LAN, MINH, HOA = (Identity(f"person-{n}", n, n.title(), "operator") for n in ("lan", "minh", "hoa"))


class Room:
    """The operations room: a clock, a database with two sites, and the shift."""

    def __init__(self, database: Database, clock: ManualClock, sites: list[SiteId]) -> None:
        self.database = database
        self.clock = clock
        self.here, self.there = sites

    def duty(self) -> Duty:
        """The shift as a centre that has just started knows it."""
        return Duty(self.database, self.clock, MemoryBus(), Audit(self.clock))

    async def audited(self) -> list[tuple[str, str]]:
        rows = await self.database.read(lambda conn: conn.execute(sa.select(audit_table)).all())
        return [(row.who, row.action) for row in rows]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    database = await Database.open(f"sqlite:///{tmp_path / 'diemcau.sqlite3'}")

    def two_sites(conn: sa.Connection) -> list[SiteId]:
        conn.execute(places.insert().values(id="place-1", parent=None, kind="province", name="Lào Cai"))
        return site_store.spares(conn, 2, lambda _site: b"secret")

    yield Room(database, ManualClock(), await database.write(two_sites))
    await database.close()


async def test_of_three_who_claim_at_the_same_instant_one_wins_and_the_others_learn_who(room: Room) -> None:
    duty = room.duty()
    done = await asyncio.gather(*(duty.claim(who, room.here) for who in (LAN, MINH, HOA)), return_exceptions=True)
    won = [each for each in done if not isinstance(each, BaseException)]
    lost = [each for each in done if isinstance(each, Held)]
    assert (len(won), len(lost)) == (1, 2)
    assert {each.fields["name"] for each in lost} == {won[0].name}
    assert [claim.name for claim in duty.claims] == [won[0].name]


async def test_two_centres_on_one_database_give_a_site_to_one_caller(room: Room) -> None:
    first, second = room.duty(), room.duty()
    await first.claim(LAN, room.here)
    with pytest.raises(Held):
        await second.claim(MINH, room.here)
    with pytest.raises(Held):
        await second.log_call(MINH, room.here, Outcome.FIXED)
    with pytest.raises(Held):
        await second.release(MINH, room.here)


async def test_a_claim_ends_by_itself_and_the_book_says_so(room: Room) -> None:
    duty = room.duty()
    await duty.claim(LAN, room.here)
    room.clock.advance(CLAIM_NS / 1e9)
    await duty.look()
    assert duty.claims == ()
    assert [entry.kind for entry in await duty.book_of(room.here)] == [EntryKind.EXPIRE, EntryKind.CLAIM]
    assert (await duty.claim(MINH, room.here)).name == "Minh"


async def test_who_claims_what_nobody_has_ended_yet_is_not_kept_waiting(room: Room) -> None:
    duty = room.duty()
    await duty.claim(LAN, room.here)
    room.clock.advance(CLAIM_NS / 1e9)
    await duty.claim(MINH, room.here)
    await duty.look()
    kinds = [(entry.kind, entry.name) for entry in await duty.book_of(room.here)]
    assert kinds == [(EntryKind.CLAIM, "Minh"), (EntryKind.EXPIRE, "Lan"), (EntryKind.CLAIM, "Lan")]
    assert [claim.name for claim in duty.claims] == ["Minh"]


async def test_a_call_ends_the_claim_and_leaves_its_matter_open_through_a_restart(room: Room) -> None:
    duty = room.duty()
    await duty.claim(LAN, room.here)
    await duty.log_call(LAN, room.here, Outcome.POWER, "điện lực hẹn 9 giờ")
    await duty.claim(MINH, room.there)
    assert [claim.site for claim in duty.claims] == [room.there]

    anew = room.duty()
    await anew.load()
    assert [claim.name for claim in anew.claims] == ["Minh"]
    (matter,) = anew.matters
    assert (matter.site, matter.outcome, matter.note) == (room.here, Outcome.POWER, "điện lực hẹn 9 giờ")

    await anew.log_call(MINH, room.here, Outcome.FIXED)
    assert anew.matters == ()
    later = room.duty()
    await later.load()
    assert later.matters == ()


async def test_everything_that_was_done_is_audited(room: Room) -> None:
    duty = room.duty()
    await duty.claim(LAN, room.here)
    await duty.claim(LAN, room.here)
    await duty.release(LAN, room.here)
    await duty.release(LAN, room.here)
    await duty.log_call(LAN, room.here, Outcome.NO_ANSWER)
    await duty.write_note(MINH, room.here, "gọi số của phó hiệu trưởng")
    assert await room.audited() == [
        ("lan", "duty.claim"),
        ("lan", "duty.release"),
        ("lan", "duty.call"),
        ("minh", "duty.note"),
    ]


async def test_a_site_that_does_not_exist_cannot_be_called(room: Room) -> None:
    duty = room.duty()
    for deed in (
        duty.claim(LAN, SiteId("site-none")),
        duty.log_call(LAN, SiteId("site-none"), Outcome.FIXED),
        duty.write_note(LAN, SiteId("site-none"), "?"),
    ):
        with pytest.raises(Refused, match="no_site"):
            await deed
