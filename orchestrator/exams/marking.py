"""Marks an exam: reads events site by site, so that no transaction holds the database for long."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from functools import partial

import msgspec

from orchestrator.exams import answer_store, store
from orchestrator.exams.home import store as home
from orchestrator.exams.home.settling import Move, Verdict, by_number, settle
from orchestrator.exams.invigilation import store as fairness
from orchestrator.exams.invigilation.model import Granted
from orchestrator.exams.marks import (
    NEVER_OPENED,
    Heard,
    Key,
    Marked,
    Marks,
    Sheet,
    count_correct,
    read_sheet,
)
from orchestrator.exams.model import Exam, SiteWindow, window_ends_ns
from orchestrator.exams.sealing import Sealer
from orchestrator.exams.store import Connection
from orchestrator.storage.engine import Database
from wire.ids import ExamId, ItemId, SiteId
from wire.paper import reserve_code

Papers = Mapping[str, Collection[ItemId]]
"""The items of each code; with none given every item of the key counts for everybody."""


class Read(msgspec.Struct, frozen=True):
    """What an exam's events come to before any key: sheets and assigned codes by candidate number."""

    sheets: dict[str, Sheet]
    codes: dict[str, str]


async def asked_by_code(database: Database, sealer: Sealer, exam: ExamId) -> dict[str, frozenset[ItemId]]:
    """The items of each sealed paper of an exam."""
    sealed = await database.read(lambda conn: store.papers(conn, exam))

    def opened() -> dict[str, frozenset[ItemId]]:
        return {paper.code: frozenset(item.id for item in sealer.paper(exam, paper).items) for paper in sealed}

    return await asyncio.to_thread(opened)


async def read_exam(database: Database, exam: Exam) -> Read:
    """The sheet of every registered candidate."""
    disputed = await database.read(lambda conn: answer_store.disputed(conn, exam.id))
    windows = await database.read(lambda conn: store.windows(conn, exam.id))
    moves = by_number(await database.read(lambda conn: home.moves(conn, exam.id)))
    said = await database.read(lambda conn: home.said(conn, exam.id))
    grants = await database.read(lambda conn: fairness.in_force(conn, exam.id, applied=True))
    candidates = await database.read(lambda conn: store.candidates(conn, exam.id))
    sheets: dict[str, Sheet] = {}
    for window in windows:
        heard = await database.read(partial(answer_store.heard_at, exam=exam.id, site=window.site))
        granted = grants.get(window.site, Granted())
        ends = {number: window_ends_ns(exam, window, granted.of(number)) for number in heard}
        sheets |= await asyncio.to_thread(read_site, heard, ends, disputed, moves, said)
    return Read(sheets, {one.number: one.code for one in candidates})


async def mark_exam(database: Database, exam: Exam, papers: Papers) -> tuple[Key, Marks]:
    """The newest key, and the mark of every registered candidate under it."""
    key = await database.read(lambda conn: store.newest_key(conn, exam.id))
    read = await read_exam(database, exam)
    return key, await asyncio.to_thread(mark_all, read, key, papers)


def read_site(
    heard: dict[str, list[Heard]],
    ends_ns: Mapping[str, int | None],
    disputed: set[str],
    moves: Mapping[str, Sequence[Move]],
    said: Mapping[bytes, Verdict],
) -> dict[str, Sheet]:
    """The sheets of a site's candidates; `ends_ns`: when each one's time is over. Pure."""
    return {
        number: read_sheet(
            settle(events, moves.get(number, ()), said).heard, ends_ns.get(number), conflict=number in disputed
        )
        for number, events in heard.items()
    }


def read_one(conn: Connection, exam: Exam, site: SiteId, number: str) -> tuple[Sheet, list[Heard]]:
    """The sheet of one candidate registered at `site` as marking reads it, and everything heard of them."""
    heard = answer_store.heard_of(conn, exam.id, number)
    window = next((one for one in store.windows(conn, exam.id) if one.site == site), SiteWindow(site))
    granted = fairness.in_force(conn, exam.id, applied=True).get(site, Granted())
    ends = {number: window_ends_ns(exam, window, granted.of(number))}
    moves = by_number(home.moves(conn, exam.id))
    sheets = read_site({number: heard}, ends, answer_store.disputed(conn, exam.id), moves, home.said(conn, exam.id))
    return sheets[number], heard


def mark_all(read: Read, key: Key, papers: Papers) -> Marks:
    """Every sheet under a key. Pure: a re-score is the same call with another key."""
    most = {code: key.maximum_of(items) for code, items in papers.items()}
    return {number: _marked(sheet, read.codes.get(number, ""), key, papers, most)
            for number, sheet in read.sheets.items()}  # fmt: skip


def _marked(sheet: Sheet, assigned: str, key: Key, papers: Papers, most: Mapping[str, int]) -> Marked:
    code = reserve_code(assigned) if sheet.switched else assigned
    items = papers.get(code)
    # Nobody gets a credited point for a paper that they never saw.
    correct = 0 if sheet.state in NEVER_OPENED else count_correct(sheet.answers, key, items)
    return Marked(sheet, correct, most.get(code, key.maximum), code)
