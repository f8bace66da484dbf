"""What an import may change before an exam, over the real register, the real conductor and SQLite."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from demo.province import Province, make_province, participants_csv, sites_csv
from orchestrator.access.audit import Audit
from orchestrator.errors import Refused
from orchestrator.exams.bank_import import BankImport
from orchestrator.exams.model import Action, Exam
from orchestrator.exams.planning import ExamWish
from orchestrator.exams.release.freezing import RegisterFreeze
from orchestrator.exams.sealing import Sealer
from orchestrator.exams.service import Exams
from orchestrator.live.memory import MemoryBus
from orchestrator.sites.centre_keys import load_keys
from orchestrator.sites.service import Sites
from orchestrator.storage.engine import Connection, Database
from tests.doubles.exam_conductor import BANK, T0, ManualClock, S, Wires

REASON = "trường gộp điểm thi"


class Province3:
    """Three schools whose register and exams share a database."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.clock = ManualClock()
        self.bus = MemoryBus()
        audit = Audit(self.clock)
        keys = load_keys(folder)
        self.sites = Sites(database, self.bus, self.clock, audit, keys=keys)
        self.sites.guard = RegisterFreeze(self.clock, audit)
        sealer = Sealer(Ed25519PrivateKey.generate(), keys.at_rest)
        self.exams = Exams(database, self.bus, self.clock, Wires({}), self.sites, audit, sealer)
        self.bank = BankImport(database, self.clock, audit)
        self.file: Province = make_province(3, 6)

    async def give(self, content: bytes, name: str, reason: str = "") -> None:
        await self.sites.import_file("ann", content, name, reason)

    async def frozen_exam(self, *, only_first: bool = False) -> Exam:
        await self.give(sites_csv(self.file).encode(), "diem-cau.csv")
        await self.give(participants_csv(self.file).encode(), "hoc-vien.csv")
        await self.bank.take("ann", BANK.encode(), "gift")
        first = [one.site.id for one in await self.sites.sites()][:1]
        wish = ExamWish("Cuối khóa", T0 // 1_000_000, 300, 8, sites=first if only_first else None)
        exam = await self.exams.create("ann", None, wish)
        for order in (Action.SEAL, Action.ARM):
            exam = await self.exams.order("ann", exam.id, order)
        return exam

    async def deeds(self) -> list[tuple[str, str]]:
        def work(conn: Connection) -> list[tuple[str, str]]:
            return [(row[0], row[1]) for row in conn.exec_driver_sql("SELECT action, detail FROM audit").all()]

        return await self.database.read(work)


@pytest.fixture
async def province(tmp_path: Path) -> AsyncIterator[Province3]:
    database = await Database.open(f"sqlite:///{tmp_path / 'centre.sqlite3'}")
    try:
        yield Province3(database, tmp_path)
    finally:
        await database.close()


async def test_a_roster_that_changes_within_the_freeze_is_refused_whole_and_names_the_exam(province: Province3) -> None:
    await province.frozen_exam()
    before = await province.sites.participants()
    changed = participants_csv(province.file).replace(before[0].name, "Người Khác").encode()
    with pytest.raises(Refused, match="Cuối khóa") as refused:
        await province.give(changed, "hoc-vien.csv")
    assert refused.value.code == "frozen"
    assert await province.sites.participants() == before


async def test_a_reason_lets_the_roster_change_and_stands_in_the_trail(province: Province3) -> None:
    exam = await province.frozen_exam()
    before = await province.sites.participants()
    changed = participants_csv(province.file).replace(before[0].name, "Người Khác").encode()
    await province.give(changed, "hoc-vien.csv", REASON)
    assert "Người Khác" in {one.name for one in await province.sites.participants()}
    told = [json.loads(detail) for action, detail in await province.deeds() if action == "exam.freeze_overridden"]
    assert told == [{"reason": REASON}]
    assert (await province.exams.exam(exam.id)).version == exam.version


async def test_a_renamed_school_is_refused_and_a_new_telephone_is_not(province: Province3) -> None:
    await province.frozen_exam()
    first = (await province.sites.sites())[0].site
    written = sites_csv(province.file)
    await province.give(written.replace(first.phone, "0999999999").encode(), "diem-cau.csv")
    with pytest.raises(Refused, match="frozen"):
        await province.give(written.replace(first.name, "Trường đổi tên").encode(), "diem-cau.csv")


async def test_the_same_file_again_and_schools_outside_the_exam_change_freely(province: Province3) -> None:
    await province.frozen_exam(only_first=True)
    await province.give(participants_csv(province.file).encode(), "hoc-vien.csv")
    last = (await province.sites.sites())[-1].site
    renamed = sites_csv(province.file).replace(last.name, "Trường đổi tên")
    await province.give(renamed.encode(), "diem-cau.csv")


async def test_long_before_and_after_the_exam_nothing_is_frozen(province: Province3) -> None:
    exam = await province.frozen_exam()
    before = await province.sites.participants()
    changed = participants_csv(province.file).replace(before[0].name, "Người Khác").encode()
    await province.exams.order("ann", exam.id, Action.CANCEL)
    await province.give(changed, "hoc-vien.csv")
    later = await province.exams.create("ann", None, ExamWish("Đợt sau", (T0 + 90 * 3600 * S) // 1_000_000, 300, 8))
    await province.exams.order("ann", later.id, Action.SEAL)
    await province.give(participants_csv(province.file).encode(), "hoc-vien.csv")
