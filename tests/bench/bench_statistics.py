"""What the results of a whole province cost: statistics, aggregates, workbook and CSV of 10,000 candidates × 50 items
at 300 sites, each step in seconds. Nothing is asserted about time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from orchestrator.exams.marks import Key, Sheet, count_correct
from orchestrator.exams.model import Exam, SiteWindow, Stage
from orchestrator.exams.results import Results, results
from orchestrator.exams.results_csv import results_csv
from orchestrator.exams.statistics import ExamStatistics, exam_statistics
from orchestrator.exams.store import MarkRow
from orchestrator.exams.xlsx import workbook
from orchestrator.sites.model import Site, Standing
from tests.doubles.answer_sheets import sheets
from wire.ids import ExamId, Level, OptionId, PlaceId, SiteId
from wire.paper import Item, Option, Paper, Plan

CANDIDATES, ITEMS, SITES, DISTRICTS, COMMUNES = 10_000, 50, 300, 12, 120
LEVELS = tuple(Level)
T = TypeVar("T")


def timed(what: str, work: Callable[[], T]) -> T:
    """Do it and print how long it took."""
    began = time.perf_counter()
    done = work()
    print(f"{what:<44}{time.perf_counter() - began:8.3f} s")
    return done


def main() -> None:
    """Measure and print."""
    sites = [SiteId(f"site-{n:03d}") for n in range(SITES)]
    exam = Exam(ExamId("exam-1"), "Thi", Stage.MARKED, 5, 10**18, 3600, Plan(), ITEMS, 2, tuple(sites), b"s" * 32, 0)
    marked, key = sheets(CANDIDATES, ITEMS)
    papers, codes = _papers(exam, key), {number: "101" if int(number) % 2 else "102" for number in marked}
    standings, windows = _standings(sites), [SiteWindow(site, "ready", 1, 1, "synced", 2) for site in sites]
    print(f"{CANDIDATES:,} candidates × {ITEMS} items, {SITES} sites, {DISTRICTS} districts, {COMMUNES} communes")
    rows = timed("marks from sheets", lambda: _rows(marked, key, codes, sites))
    told: Results = timed("aggregates: all places, levels and sites", lambda: results(exam, rows, windows, standings))
    found: ExamStatistics = timed(
        "statistics: items, options, paper, codes", lambda: exam_statistics(exam, key, marked, codes, papers)
    )
    book = timed("XLSX of results and statistics", lambda: workbook(told, found))
    lines = timed("CSV of results", lambda: results_csv(told))
    paper = found.statistics.paper
    print(
        f"XLSX {len(book):,} bytes, CSV {len(lines):,} bytes; mean {paper.mean:.3f} of {ITEMS}, KR-20 {paper.kr20:.3f}"
    )


def _papers(exam: Exam, key: Key) -> list[Paper]:
    items = [
        Item(item, f"Nội dung của câu hỏi {item}?", tuple(Option(OptionId(f"{item}-{x}"), f"Ý {x}") for x in "abcd"))
        for item in key.right
    ]
    return [Paper(exam.id, "101", tuple(items)), Paper(exam.id, "102", tuple(reversed(items)))]


def _rows(marked: dict[str, Sheet], key: Key, codes: dict[str, str], sites: list[SiteId]) -> list[MarkRow]:
    return [
        MarkRow(
            number=number,
            site=sites[int(number) % SITES],
            name=f"Nguyễn Thị Thu Hà {number}",
            code=codes[number],
            correct=count_correct(sheet.answers, key),
            maximum=key.maximum,
            state=sheet.state,
            late=sheet.late,
            ended_by=bytes([1]) * 32,
        )
        for number, sheet in marked.items()
    ]


def _standings(sites: list[SiteId]) -> list[Standing]:
    return [
        Standing(
            Site(site, f"DC{n:03d}", f"Trường số {n}", LEVELS[n % len(LEVELS)], PlaceId("place-1"), 40, "", ""),
            ["Tỉnh Mẫu", f"Huyện {n % DISTRICTS:02d}", f"Xã {n % COMMUNES:03d}"],
            CANDIDATES // SITES,
            True,
            False,
            None,
        )
        for n, site in enumerate(sites)
    ]


if __name__ == "__main__":
    main()
