"""Results and reconciliation over the database, computed off the event loop and once for everybody who asks."""

import asyncio
from functools import partial
from typing import TypeVar

import msgspec

from orchestrator.exams import closing_store, outcome_store, store
from orchestrator.exams.home import store as home_store
from orchestrator.exams.model import Exam, SiteWindow
from orchestrator.exams.outcome.places import PlaceResults, place_results
from orchestrator.exams.outcome.reconcile import Closing, Known, Reconciliation, Tally, reconciled
from orchestrator.exams.outcome.waiting import Waiting, waiting
from orchestrator.exams.ports import Rosters
from orchestrator.exams.results import Results, results
from orchestrator.exams.service import Exams
from orchestrator.storage.engine import Database
from wire.chain import GENESIS
from wire.ids import ExamId, SiteId

T = TypeVar("T")
AT_ONCE = 500
"""Candidates tallied in one transaction: about 30,000 events, a twentieth of a second."""
FRESH_NS = 5_000_000_000
"""How long a reconciliation holds when nothing was heard: another process may have taken something in."""
KEPT = 4


class _Reached(msgspec.Struct, frozen=True):
    heard: int
    at_ns: int
    version: int
    told: Reconciliation


class _Counted(msgspec.Struct, frozen=True):
    version: int
    reach: Reconciliation
    told: Results


class Reckoning:
    """Asked by pages every few seconds; `forget` after anything that a person changed."""

    def __init__(self, database: Database, exams: Exams, rosters: Rosters) -> None:
        self._database = database
        self._exams = exams
        self._rosters = rosters
        self._reached: dict[ExamId, _Reached] = {}
        self._counted: dict[ExamId, _Counted] = {}
        self._turn = asyncio.Lock()

    def forget(self, exam: ExamId) -> None:
        """Compute anew on the next question."""
        self._reached.pop(exam, None)
        self._counted.pop(exam, None)

    async def reconciliation(self, exam: Exam) -> Reconciliation:
        """Every site of the exam, the worst first."""
        async with self._turn:
            return await self._reconciliation(exam)

    async def waiting(self, exam: Exam) -> Waiting:
        """Which sites the results wait for while the exam is closing."""

        def work(
            conn: store.Connection,
        ) -> tuple[tuple[SiteWindow, ...], dict[SiteId, int], dict[SiteId, Closing]]:
            return (
                store.windows(conn, exam.id, seats=True),
                store.registered(conn, exam.id),
                closing_store.closings(conn, exam.id),
            )

        windows, registered, closings = await self._database.read(work)
        return waiting(exam, windows, await self._rosters.sites(), registered, closings, self._exams.now_ns())

    async def results(self, exam: Exam) -> Results:
        """The results of a marked exam."""
        async with self._turn:
            reach = await self._reconciliation(exam)
            kept = self._counted.get(exam.id)
            if kept is None or kept.version != exam.version or kept.reach is not reach:
                kept = _Counted(exam.version, reach, await self._results(exam, reach))
                _keep(self._counted, exam.id, kept)
            return kept.told

    async def place(self, exam: Exam, wanted: str) -> PlaceResults | None:
        """The page of a place or site by its `Group.id`; None when there is none."""
        told, reach = await self.results(exam), await self.reconciliation(exam)
        rows = await self._database.read(lambda conn: store.marks(conn, exam.id))
        _, scheme = await self._database.read(lambda conn: outcome_store.scheme(conn, exam.id))
        return await asyncio.to_thread(place_results, told, rows, await self._rosters.sites(), reach, scheme, wanted)

    async def _results(self, exam: Exam, reach: Reconciliation) -> Results:
        rows = await self._database.read(lambda conn: store.marks(conn, exam.id))
        windows = await self._database.read(lambda conn: store.windows(conn, exam.id))
        _, scheme = await self._database.read(lambda conn: outcome_store.scheme(conn, exam.id))
        key = await self._database.read(lambda conn: store.newest_key(conn, exam.id))
        published = await self._database.read(lambda conn: outcome_store.publications(conn, exam.id))
        standings = await self._rosters.sites()
        told = await asyncio.to_thread(results, exam, rows, windows, standings, reach, scheme)
        return msgspec.structs.replace(
            told, key_version=key.version, published=published[0].version if published else 0
        )

    async def _reconciliation(self, exam: Exam) -> Reconciliation:
        heard, now = self._exams.intake.heard(exam.id), self._exams.now_ns()
        kept = self._reached.get(exam.id)
        if kept and (kept.heard, kept.version) == (heard, exam.version) and 0 <= now - kept.at_ns < FRESH_NS:
            return kept.told
        windows = await self._database.read(lambda conn: store.windows(conn, exam.id))
        tallies = await self._tallies(exam)
        closings = await self._database.read(lambda conn: closing_store.closings(conn, exam.id))
        progress = {site: said for site in exam.sites if (said := self._exams.progress(exam.id, site)) is not None}
        await self._database.write(lambda conn: home_store.check_waiting(conn, exam.id))
        heads = await self._database.read(lambda conn: outcome_store.heads(conn, exam.id))
        known = Known(tallies, progress, closings, heads)
        told = await asyncio.to_thread(reconciled, exam, windows, await self._rosters.sites(), known)
        if kept is not None and kept.told == told:
            told = kept.told  # the same results hold
        _keep(self._reached, exam.id, _Reached(heard, now, exam.version, told))
        return told

    async def _tallies(self, exam: Exam) -> dict[SiteId, Tally]:
        home = await self._database.read(lambda conn: outcome_store.seats(conn, exam.id))
        numbers = sorted(home)
        found: list[outcome_store.Wrote] = []
        for start in range(0, len(numbers), AT_ONCE):
            part = numbers[start : start + AT_ONCE]
            found += await self._database.read(partial(outcome_store.wrote, exam=exam.id, first=part[0], last=part[-1]))
        doubtful = [one.number for one in found if one.roots != 1 or one.last != one.events]
        broken = set[str]()
        for start in range(0, len(doubtful), AT_ONCE):
            chains = await self._database.read(
                partial(outcome_store.chains, exam=exam.id, numbers=doubtful[start : start + AT_ONCE])
            )
            broken |= {number for number, links in chains.items() if has_gap(links)}
        conflicts = await self._database.read(lambda conn: outcome_store.open_conflicts(conn, exam.id))
        return outcome_store.tallied(home, found, broken, conflicts)


def _keep(kept: dict[ExamId, T], exam: ExamId, value: T) -> None:
    kept.pop(exam, None)
    kept[exam] = value
    while len(kept) > KEPT:
        del kept[next(iter(kept))]


def has_gap(links: list[tuple[bytes, bytes]]) -> bool:
    """Whether an event that others follow is missing, out of (previous hash, hash) of each."""
    known = {own for _, own in links} | {GENESIS}
    return any(prev not in known for prev, _ in links)
