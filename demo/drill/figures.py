"""What a rehearsal showed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from wire.codec import decode_record
from wire.exam_messages import ExamEvent

Answer = tuple[str, str, str]
"""(roster number, item, option)"""


class DrillFigures(msgspec.Struct):
    """The JSON of ``diemcau drill``. ``missing_*``: answers that showed ✓ and are not there (None where nobody could
    look); lost are those that are in neither place; ``saved_settled``: of what was said once the last paper was open
    and before the last ten seconds, in which everybody hands in. Milliseconds, seconds and megabytes as the names
    say; a processor's share of 100 is one core."""

    sites: int
    candidates: int
    central: bool
    speed: float
    window_s: float
    answers_per_second_asked: float
    note: str
    sites_opened: int = 0
    first_site_opened_ms: float | None = None
    last_site_opened_ms: float | None = None
    papers_opened: int = 0
    last_paper_ms: float | None = None
    paper_p50_ms: float | None = None
    paper_p99_ms: float | None = None
    answers_acked: int = 0
    answers_never_acked: int = 0
    answers_lost: int = 0
    missing_at_the_centre: int | None = None
    missing_in_the_journals: int | None = None
    saved_p50_ms: float | None = None
    saved_p99_ms: float | None = None
    saved_most_ms: float | None = None
    saved_settled_p50_ms: float | None = None
    saved_settled_p99_ms: float | None = None
    messages_saved: int = 0
    messages_confirmed: int = 0
    handed_in: int = 0
    closed_without_handing_in: int = 0
    unfinished: int = 0
    results_seconds_after_close: float | None = None
    received: int = 0
    sites_awaited: list[str] = []
    """Codes of those whose close the centre has not heard where results did not come in time."""
    centre_cpu_percent: float | None = None
    centre_most_mb: float | None = None
    agents_cpu_percent: float | None = None
    agents_most_mb: float | None = None
    candidates_cpu_percent: float | None = None
    load_average: list[float] = []
    troubles: dict[str, int] = {}
    held: bool = False
    failed: list[str] = []


def judge(figures: DrillFigures) -> None:
    """Counts are judged; times are only told."""
    checks = {
        "sites_opened": figures.sites_opened == figures.sites,
        "papers_opened": figures.papers_opened == figures.candidates,
        "answers_acked": figures.answers_acked > 0,
        "answers_lost": figures.answers_lost == 0,
        "all_at_the_centre": not figures.missing_at_the_centre,
        "all_in_the_journals": not figures.missing_in_the_journals,
        "receipts": figures.handed_in + figures.closed_without_handing_in == figures.candidates,
        "received": figures.received == figures.candidates,
    }
    figures.failed = [name for name, good in checks.items() if not good]
    figures.held = not figures.failed


def quantile_ms(seconds: Sequence[float], share: float) -> float | None:
    """Nearest rank, in milliseconds; None of nothing."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 1)


def in_journals(homes: Iterable[Path]) -> set[Answer]:
    """Every answer in the journals of agents that have stopped, whatever became of it."""
    return {answer for home in homes for answer in _in_journal(home / "journal.sqlite3")}


def _in_journal(path: Path) -> Iterable[Answer]:
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute("SELECT body FROM record WHERE candidate IS NOT NULL").fetchall()
    finally:
        connection.close()
    for (body,) in rows:
        record = decode_record(body)
        if isinstance(record, ExamEvent) and record.item and record.option:
            yield record.candidate, record.item, record.option
