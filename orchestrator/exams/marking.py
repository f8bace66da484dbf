"""Marks an exam: reads events site by site, so that no transaction holds the database for long."""

import asyncio
from functools import partial

from orchestrator.exams import answer_store, store
from orchestrator.exams.marks import Heard, Key, Sheet, count_correct, read_sheet
from orchestrator.exams.model import Exam, window_ends_ns
from orchestrator.storage.engine import Database

Marked = dict[str, tuple[Sheet, int]]


async def mark_exam(database: Database, exam: Exam) -> tuple[Key, Marked]:
    """The newest key, and sheet and count of every registered candidate under it."""
    key = await database.read(lambda conn: store.newest_key(conn, exam.id))
    disputed = await database.read(lambda conn: answer_store.disputed(conn, exam.id))
    windows = await database.read(lambda conn: store.windows(conn, exam.id))
    marked: Marked = {}
    for window in windows:
        heard = await database.read(partial(answer_store.heard_at, exam=exam.id, site=window.site))
        ends = window_ends_ns(exam, window)
        marked |= await asyncio.to_thread(mark_site, heard, key, ends, disputed)
    return key, marked


def mark_site(heard: dict[str, list[Heard]], key: Key, ends_ns: int | None, disputed: set[str]) -> Marked:
    """Sheet and count of each candidate. Pure."""
    marked: Marked = {}
    for number, events in heard.items():
        sheet = read_sheet(events, ends_ns, conflict=number in disputed)
        marked[number] = sheet, count_correct(sheet.answers, key)
    return marked
