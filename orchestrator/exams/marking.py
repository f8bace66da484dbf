"""Marks an exam: reads events of a few hundred candidates at a time, so that nobody waits long for the database."""

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
from orchestrator.exams.straight import Row, Same, by_candidate, straight_sheet
from orchestrator.storage.engine import Database
from wire.ids import ExamId, ItemId, SiteId
from wire.paper import reserve_code

AT_ONCE = 200
"""Candidates read in one transaction: about 12,000 events, a twentieth of a second."""
Papers = Mapping[str, Collection[ItemId]]
"""The items of each code; with none given every item of the key counts for everybody."""

Made = tuple[Key, Marks]
"""Marks with the key that they were made with."""


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


class Rules(msgspec.Struct, frozen=True):
    """Beside the events, what decides which of them count: when each one's time is over, who is left to a person, who
    was moved, and what persons said of events."""

    ends_ns: dict[str, int | None]
    disputed: set[str]
    moves: dict[str, list[Move]]
    said: dict[bytes, Verdict]


async def read_exam(database: Database, exam: Exam) -> Read:
    """The sheet of every registered candidate, a few hundred at a time: whoever writes to the database meanwhile waits
    for one reading, not for all."""
    rules, codes = await database.read(lambda conn: _rules(conn, exam))
    numbers = list(rules.ends_ns)
    sheets: dict[str, Sheet] = {}
    same: Same = {}
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        rows = await database.read(partial(answer_store.rows_of, exam=exam.id, numbers=some))
        plain, left = await asyncio.to_thread(_straight, rows, some, rules, same)
        if left:
            heard = await database.read(partial(answer_store.heard_of_each, exam=exam.id, numbers=left))
            plain |= await asyncio.to_thread(read_site, heard, rules.ends_ns, rules.disputed, rules.moves, rules.said)
        sheets |= {number: plain[number] for number in some}
    return Read(sheets, codes)


def _rules(conn: Connection, exam: Exam) -> tuple[Rules, dict[str, str]]:
    """The rules, with the candidates of all sites of the exam in the order of the register, and assigned codes."""
    sites = {window.site for window in store.windows(conn, exam.id)}
    seats = store.seats(conn, exam.id)
    disputed, moves = answer_store.disputed(conn, exam.id), by_number(home.moves(conn, exam.id))
    ends = ends_of(conn, exam, {number: site for number, site, _ in seats if site in sites}, moves)
    return Rules(ends, disputed, moves, home.said(conn, exam.id)), {number: code for number, _, code in seats}


def _straight(
    rows: Sequence[Row], numbers: Sequence[str], rules: Rules, same: Same
) -> tuple[dict[str, Sheet], list[str]]:
    """The sheets of whoever wrote one plain chain, and who is left."""
    found: dict[str, Sheet] = {}
    left: list[str] = []
    for number, own in by_candidate(rows, numbers).items():
        conflict, sheet = number in rules.disputed, None
        if number not in rules.moves:
            sheet = straight_sheet(own, rules.ends_ns[number], rules.said, same, conflict=conflict)
        if sheet is None:
            left.append(number)
        else:
            found[number] = sheet
    return found, left


async def mark_exam(database: Database, exam: Exam, papers: Papers) -> Made:
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
    moves = by_number(home.moves(conn, exam.id))
    ends = ends_of(conn, exam, {number: site}, moves)
    sheets = read_site({number: heard}, ends, answer_store.disputed(conn, exam.id), moves, home.said(conn, exam.id))
    return sheets[number], heard


def ends_of(
    conn: Connection, exam: Exam, seats: Mapping[str, SiteId], moves: Mapping[str, Sequence[Move]]
) -> dict[str, int | None]:
    """When the time of each of these candidates was over; `seats`: where they are registered."""
    windows = {window.site: window for window in store.windows(conn, exam.id)}
    grants = fairness.in_force(conn, exam.id, applied=True)
    return {
        number: last_moment_ns(exam, number, desks(site, moves.get(number, ())), windows, grants)
        for number, site in seats.items()
    }


def desks(home_site: SiteId, moves: Sequence[Move]) -> set[SiteId]:
    """Where a candidate registered at `home_site` sat."""
    return {home_site, *(move.to_site for move in moves)}


def last_moment_ns(
    exam: Exam,
    number: str,
    sat_at: Collection[SiteId],
    windows: Mapping[SiteId, SiteWindow],
    grants: Mapping[SiteId, Granted],
) -> int | None:
    """When the time of a candidate was over who sat at these desks. Each opened at its own moment and gave its own
    time: what the last of them can have let them write counts. None if only the desks can tell."""
    extra_s = sum(grants.get(site, Granted()).of(number) for site in sat_at)
    ends = [window_ends_ns(exam, windows.get(site, SiteWindow(site)), extra_s) for site in sat_at]
    certain = [end for end in ends if end is not None]
    return max(certain) if certain and len(certain) == len(ends) else None


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
