"""What the lists of essays cost: 10,000 participants at 300 sites, 9,000 of them handed in, 8,000 read by two markers.
Each step in seconds over SQLite. Nothing is asserted about time."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import TypeVar

from demo.province import make_province, workbook
from orchestrator.access.audit import Audit
from orchestrator.clock import CentreClock
from orchestrator.courses import results
from orchestrator.courses.model import Rule
from orchestrator.courses.service import Courses, CourseWish
from orchestrator.courses.tables import as_xlsx
from orchestrator.essays import marking_store, standing, store
from orchestrator.essays.checking import check_apart
from orchestrator.essays.marking import Marking, final_marks
from orchestrator.essays.marks import Slot
from orchestrator.essays.model import Check, Essay, EssayPlan, Form, Version
from orchestrator.essays.receiving import Receiving
from orchestrator.essays.rights import EssayKeys
from orchestrator.essays.service import Essays, Everybody
from orchestrator.essays.vault import Vault
from orchestrator.live.memory import MemoryBus
from orchestrator.sites.centre_keys import load_keys
from orchestrator.sites.model import Participant
from orchestrator.sites.service import Sites
from orchestrator.storage.engine import Connection, Database
from wire.ids import PersonId, new_id

PEOPLE, SITES, HANDED, READ = 10_000, 300, 9_000, 8_000
T = TypeVar("T")


async def timed(what: str, work: Awaitable[T]) -> T:
    """Do it and print how long it took."""
    began = time.perf_counter()
    done = await work
    print(f"{what:<52}{time.perf_counter() - began:8.3f} s")
    return done


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = await Database.open(f"sqlite:///{folder / 'bench.sqlite3'}")
        try:
            await _measure(folder, database)
        finally:
            await database.close()


async def _measure(folder: Path, database: Database) -> None:
    clock, keys = CentreClock(), load_keys(folder)
    audit = Audit(clock)
    sites = Sites(database, MemoryBus(), clock, audit, keys=keys)
    await sites.import_file("bench", workbook(make_province(SITES, PEOPLE)), "a.xlsx")
    vault = Vault(folder / "essays")
    receiving = Receiving(database, clock, vault, check_apart)
    essays = Essays(database, clock, sites, audit, EssayKeys(keys.at_rest), vault, receiving)
    courses = Courses(database, clock, sites, audit, keys, final_marks)
    now = clock.now_ns()
    rule = Rule(exam_weight=0, essay_weight=100)
    print(f"{PEOPLE:,} participants, {SITES} sites, {HANDED:,} essays, {READ:,} read twice")
    wish = CourseWish("Hè", now - 10**9, now, rule=rule)
    course = await timed("a course with its roster", courses.create("bench", wish))
    essay = await essays.plan("bench", course.id, EssayPlan("Đề", now + 10**15, now + 2 * 10**15))
    people = await sites.participants()
    await timed("versions and readings into SQL", database.write(lambda conn: _fill(conn, essay, people, now)))
    told = await timed("who handed in: everybody read and judged", essays.everybody(essay.id))
    counted = await timed("the same, counted by site and district", _counted(told))
    await timed("progress of marking and agreement", Marking(database, clock, audit, vault).progress(essay.id))
    done = await timed("course results of everybody", courses.results(course.id))
    table = results.people_table(done.course, done.rows, done.known)
    book = await timed("XLSX of the results", asyncio.to_thread(as_xlsx, [table]))
    lists = await timed("signed lists of all schools", courses.publish("bench", course.id, None))
    decided = sum(row.mark is not None for row in done.rows)
    print(f"{len(counted)} sites counted, {decided:,} results, XLSX {len(book):,} bytes, {lists} lists")


async def _counted(told: Everybody) -> list[standing.Count]:
    standing.by_district(told.lines, told.known)
    return standing.by_site(told.lines, told.known)


def _fill(conn: Connection, essay: Essay, people: list[Participant], now: int) -> None:
    slots = []
    for at, person in enumerate(people[:HANDED]):
        digest = hashlib.sha256(person.number.encode()).digest()
        version = Version(
            new_id("version"), essay.id, person.number, 1, digest, 100_000, Form.DOCX, "a.docx", now, "candidate",
            "ABCDEFGHIJ", Check.GOOD,
        )  # fmt: skip
        store.insert_version(conn, version)
        if at < READ:
            slots += [
                Slot(
                    new_id("reading"), essay.id, person.number, slot, version.id, PersonId(f"m{(at + slot) % 40}"), now,
                    500 + 25 * ((at * slot) % 17), (), "", now,
                )
                for slot in (1, 2)
            ]  # fmt: skip
    marking_store.insert_slots(conn, slots)


if __name__ == "__main__":
    asyncio.run(main())
