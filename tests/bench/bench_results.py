"""What stands between the close and the results of a whole province: reconciliation, marking from events in SQLite,
results, statistics, publication, summary and a place's page, of 10,000 candidates × about 60 events at 300 sites.

    python -m tests.bench.bench_results [--candidates 10000]

Prints the seconds of each step, what of them was computing (about what it takes on an idle machine), and how long the
event loop was held up while it ran. Nothing is asserted about time.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.app.memory import unwatch_started
from orchestrator.exams.model import Action, Exam
from orchestrator.exams.outcome.routes import TEMPLATE
from orchestrator.exams.outcome.service import Outcome
from orchestrator.exams.outcome.summary import Letterhead, province_summary
from orchestrator.exams.sealing import Sealer
from orchestrator.exams.xlsx import workbook
from orchestrator.printing.sheets import pdf
from orchestrator.sites.model import Participant, Site, Standing
from tests.doubles.exam_conductor import T0, Centre, Register, S, conducting
from wire.chain import GENESIS, EventKind, JournalEvent, event_bytes, link_hash
from wire.ids import ItemId, Level, OptionId, PlaceId, SiteId

SITES, ITEMS = 300, 50
LOOK_S = 0.005
T = TypeVar("T")


class Province(Register):
    """300 sites in 12 districts."""

    def __init__(self, candidates: int) -> None:
        self.ids = [SiteId(f"site-{n:03d}") for n in range(SITES)]
        self.people = [
            Participant(self.ids[n % SITES], f"{n:06d}", f"Nguyễn Thị Thu Hà {n}") for n in range(candidates)
        ]
        self.secret = {site: secrets.token_bytes(32) for site in self.ids}

    async def sites(self) -> list[Standing]:
        levels = tuple(Level)
        return [
            Standing(
                Site(site, f"DC{n:03d}", f"Trường số {n}", levels[n % 4], PlaceId("place-1"), 40, "", ""),
                ["Tỉnh Mẫu", f"Huyện {n % 12:02d}", f"Xã {n % 120:03d}"], 33, True, False, None,
            )
            for n, site in enumerate(self.ids)
        ]  # fmt: skip

    async def participants(self) -> list[Participant]:
        return sorted(self.people, key=lambda one: one.number)

    async def site_secrets(self) -> dict[SiteId, bytes]:
        return self.secret


class Lag:
    """The longest the loop was held up since the last look."""

    def __init__(self) -> None:
        self.worst = 0.0

    async def run(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(LOOK_S)
            self.worst = max(self.worst, time.perf_counter() - began - LOOK_S)

    def taken(self) -> float:
        worst, self.worst = self.worst, 0.0
        return worst


async def timed(lag: Lag, what: str, work: Awaitable[T]) -> T:
    """Await it and print how long it took."""
    lag.taken()
    began, used = time.perf_counter(), time.process_time()
    done = await work
    took, used = time.perf_counter() - began, time.process_time() - used
    print(f"{what:<52}{took:8.2f} s {used:8.2f} s of CPU   loop held {lag.taken() * 1000:6.0f} ms", flush=True)
    return done


Asked = list[tuple[ItemId, list[OptionId]]]
Step = tuple[EventKind, ItemId | None, OptionId | None]


def steps_of(person: int, items: Asked) -> list[Step]:
    """Sign-in, opening, an answer to every item, seven changed, hand-in."""
    chosen = [(item, options[(person * 7 + place * 3) % 5 % 4]) for place, (item, options) in enumerate(items)]
    changed = [(item, options[0]) for item, options in items[:7]]
    answers: list[Step] = [(EventKind.ANSWER, item, option) for item, option in [*chosen, *changed]]
    return [(EventKind.SIGN_IN, None, None), (EventKind.OPEN, None, None), *answers, (EventKind.HAND_IN, None, None)]


def journal_rows(exam: Exam, province: Province, items: Asked) -> Iterator[tuple[object, ...]]:
    """Every event of everybody, chained as the sites chain them."""
    for n, person in enumerate(province.people):
        prev, site = GENESIS, person.site
        for seq, (kind, item, option) in enumerate(steps_of(n, items), 1):
            event = JournalEvent(exam.id, person.number, seq, kind, item, option, T0 + seq * S, 5, "page", seq)
            own = link_hash(prev, event_bytes(event))
            told = (exam.id, person.number, own, prev, site, f"enr-{site}", seq, kind.value, item, option)
            yield (*told, event.at_ns, 5, "page", seq)
            prev = own


COLUMNS = (
    "exam, candidate, hash, prev, site, enrolment, cand_seq, kind, item, option, at_ns, bound_ms, session, client_seq"
)


async def stored(centre: Centre, exam: Exam, province: Province) -> int:
    """Write all events and closings straight into the tables; returns how many."""
    papers = await centre.papers(exam)
    paper = Sealer(centre.key, b"r" * 32).paper(exam.id, papers[0])
    items = [(item.id, [option.id for option in item.options]) for item in paper.items]
    rows = list(journal_rows(exam, province, items))

    def write(conn: object) -> None:
        raw: sqlite3.Connection = conn.connection.driver_connection  # type: ignore[attr-defined]  # SQLAlchemy's own
        raw.executemany(f"INSERT INTO exam_event ({COLUMNS}) VALUES ({','.join('?' * 14)})", rows)
        raw.execute(
            "UPDATE exam_site SET package='ready', opened_lo_ns=?, opened_hi_ns=?, clock='synced', closed_ns=?",
            (T0, T0 + 1_000_000, T0 + 300 * S),
        )

    await centre.database.write(write)
    return len(rows)


async def measure(candidates: int, folder: Path) -> None:
    """Everything in the order of the day."""
    async with conducting(folder) as centre, asyncio.TaskGroup() as tasks:
        lag = Lag()
        watching = tasks.create_task(lag.run())
        province = Province(candidates)
        centre.register = province
        centre.restart()
        bank = "\n\n".join(f"Câu hỏi {n}? {{ =đúng {n} ~sai {n}a ~sai {n}b ~sai {n}c }}" for n in range(ITEMS))
        await centre.bank.take("ann", bank.encode(), "gift")
        exam = await centre.planned(questions=ITEMS)
        exam = await timed(lag, "sealing for everybody", centre.ordered(exam, Action.SEAL, Action.ARM))
        await centre.at(T0)
        events = await stored(centre, exam, province)
        unwatch_started()  # as the centre does once it serves
        print(f"{candidates:,} candidates, {SITES} sites, {events:,} events")
        current = await centre.exams.exam(exam.id)
        reckoning = centre.reading.reckoning
        began = time.perf_counter()
        reach = await timed(lag, "reconciliation from events", reckoning.reconciliation(current))
        await timed(lag, "close and marking from events (the centre's step)", centre.at(T0 + 300 * S))
        current = await centre.exams.exam(exam.id)
        told = await timed(lag, "reconciliation and results", reckoning.results(current))
        print(f"results_seconds_after_close{time.perf_counter() - began:33.2f} s")
        assert (reach.settled, told.received, told.provisional) == (True, candidates, False)
        await timed(lag, "the same again, as pages ask", reckoning.results(current))
        statistics = await timed(lag, "statistics", centre.reading.statistics(exam.id))
        await timed(lag, "page of a district", centre.reading.place(exam.id, told.places[0].id))
        await timed(lag, "workbook", asyncio.to_thread(workbook, told, statistics))
        summary = province_summary(told, Letterhead(), "ngày 22 tháng 11 năm 2026")
        await timed(lag, "summary as PDF", pdf(TEMPLATE, summary))
        began = time.perf_counter()
        encoded = msgspec.json.encode(told)
        print(f"{'results as JSON':<52}{time.perf_counter() - began:8.2f} s   {len(encoded):,} bytes")
        Outcome(
            centre.database, centre.clock, centre.exams, reckoning, Audit(centre.clock), Sealer(centre.key, b"r" * 32)
        )
        await timed(lag, "publishing", centre.ordered(exam, Action.PUBLISH))
        watching.cancel()


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidates", type=int, default=10_000)
    told = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="diemcau-bench-") as folder:
        asyncio.run(measure(told.candidates, Path(folder)))


if __name__ == "__main__":
    main()
