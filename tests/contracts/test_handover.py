"""Handing a shift over, over real SQLite: nothing is dropped between two people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from orchestrator.access import store as people_store
from orchestrator.access.audit import Audit
from orchestrator.access.model import Person, Role
from orchestrator.courses.tables import as_xlsx
from orchestrator.duty.handing import Handovers
from orchestrator.duty.handover import HandoverState, SiteName, Step
from orchestrator.duty.model import EntryKind, Outcome
from orchestrator.duty.service import Duty
from orchestrator.duty.sheets import TEMPLATE, printed, tables
from orchestrator.errors import Refused
from orchestrator.live.memory import MemoryBus
from orchestrator.printing.sheets import pdf
from orchestrator.sites import store as site_store
from orchestrator.storage.engine import Database
from orchestrator.storage.schema.sites import places
from orchestrator.web.kit import Identity
from tests.doubles.manual_clock import ManualClock
from wire.ids import PersonId, SiteId

LAN = Identity("person-lan", "lan", "Nguyễn Thị Lan", "operator")
MINH = Identity("person-minh", "minh", "Vi Văn Minh", "operator")


class Shift:
    """Two operators and three sites."""

    def __init__(self, database: Database, sites: list[SiteId]) -> None:
        clock, bus, audit = ManualClock(), MemoryBus(), Audit(ManualClock())
        self.clock = clock
        self.here, self.there, self.other = sites
        self.duty = Duty(database, clock, bus, audit)
        self.handovers = Handovers(database, clock, bus, audit, self.duty, self.named)

    def named(self, site: SiteId) -> SiteName:
        return SiteName(site[-4:], "Trường Tiểu học Nậm Cắn #2", "Trần Thị An", "0912 345 678")


@pytest.fixture
async def shift(tmp_path: Path) -> AsyncIterator[Shift]:
    database = await Database.open(f"sqlite:///{tmp_path / 'diemcau.sqlite3'}")

    def work(conn: sa.Connection) -> list[SiteId]:
        conn.execute(places.insert().values(id="place-1", parent=None, kind="province", name="Nghệ An"))
        for who, role in ((LAN, Role.OPERATOR), (MINH, Role.OPERATOR)):
            people_store.insert_person(conn, Person(PersonId(who.person), who.username, who.name, role), "hash", 0)
        viewer = Person(PersonId("person-xem"), "xem", "Người xem", Role.VIEWER)
        people_store.insert_person(conn, viewer, "hash", 0)
        return site_store.spares(conn, 3, lambda _site: b"secret")

    yield Shift(database, await database.write(work))
    await database.close()


async def test_who_accepts_a_shift_has_its_claims_and_open_matters(shift: Shift) -> None:
    await shift.duty.log_call(LAN, shift.here, Outcome.POWER, "điện lực hẹn 9 giờ")
    await shift.duty.log_call(MINH, shift.other, Outcome.LINE)
    await shift.duty.claim(LAN, shift.there)
    offered = await shift.handovers.offer(LAN, MINH.person, "để ý điểm Nậm Cắn")
    assert [offer.taker for offer in shift.duty.offers] == [MINH.person]
    told = await shift.handovers.sheet(offered.id)
    assert [line.site for line in (*told.held, *told.mine, *told.others)] == [shift.there, shift.here, shift.other]

    accepted = await shift.handovers.take_step(MINH, offered.id, Step.ACCEPT)
    assert accepted.state is HandoverState.ACCEPTED
    assert {matter.name for matter in shift.duty.matters} == {MINH.name}
    assert [claim.name for claim in shift.duty.claims] == [MINH.name]
    assert shift.duty.offers == ()
    assert (await shift.duty.book_of(shift.here))[0].kind is EntryKind.HANDOVER
    assert (await shift.handovers.sheet(offered.id)) == told
    mine = (await shift.handovers.standing(LAN)).draft
    assert (mine.held, mine.mine) == ([], [])


async def test_an_offer_is_decided_once_though_two_pages_click_at_the_same_instant(shift: Shift) -> None:
    offered = await shift.handovers.offer(LAN, MINH.person, "")
    done = await asyncio.gather(
        *(shift.handovers.take_step(MINH, offered.id, step) for step in (Step.ACCEPT, Step.DECLINE)),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["Handover", "Refused"]


async def test_a_new_offer_takes_the_place_of_the_one_before(shift: Shift) -> None:
    first = await shift.handovers.offer(LAN, MINH.person, "")
    await shift.handovers.offer(LAN, MINH.person, "thêm một việc")
    assert [offer.note for offer in shift.duty.offers] == ["thêm một việc"]
    with pytest.raises(Refused, match="decided"):
        await shift.handovers.take_step(MINH, first.id, Step.ACCEPT)


@pytest.mark.parametrize("taker", ["person-xem", "person-lan", "person-none"])
async def test_a_shift_goes_to_a_colleague_who_may_call(shift: Shift, taker: str) -> None:
    with pytest.raises(Refused, match="no_colleague"):
        await shift.handovers.offer(LAN, taker, "")


async def test_the_list_is_printed_and_is_a_workbook(shift: Shift) -> None:
    await shift.duty.log_call(LAN, shift.here, Outcome.TECHNICIAN, "hỏng #nguồn, *thay* máy")
    sheet = (await shift.handovers.standing(LAN)).draft
    assert (await pdf(TEMPLATE, printed(sheet))).startswith(b"%PDF")
    book = load_workbook(BytesIO(as_xlsx(tables(sheet))))
    assert [page.title for page in book] == ["Việc còn mở", "Trong ca"]
    assert book["Việc còn mở"]["J2"].value == "hỏng #nguồn, *thay* máy"
