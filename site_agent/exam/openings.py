"""Keeps in the journal when each window opened and closed, of the paper and of the reserve alike."""

import sqlite3
from collections.abc import Iterable

import msgspec

from site_agent.exam import reserve_ledger
from site_agent.exam.doorkeeper import whole_ms
from site_agent.exam.hall import Hall
from site_agent.exam.journal import Journal
from site_agent.exam.ledger import Opening
from site_agent.exam.sitting import Draft
from site_agent.exam.window import Reading, moment_of
from wire.chain import EventKind
from wire.ids import ClockState, ExamId
from wire.messages import ExamOpened, ExamSwitched

WIDE_NS = 300_000_000
"""An opening that is known better than this is not told again: it is as good as any that was SYNCED."""


class Openings:
    """Writes to the journal, which may refuse (`JournalRefused`)."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def turned(self, exam: ExamId, at_ns: int, *, by_code: bool) -> bool:
        """The site sits the reserve paper from now on; False if it was written before."""
        record = ExamSwitched(exam=exam, at_ns=at_ns, by_code=by_code)
        return await self._journal.alongside(lambda conn: reserve_ledger.turn(conn, record), grows=True)

    async def of_reserve(self, exam: ExamId) -> Opening | None:
        """When the reserve paper opened here."""
        return await self._journal.alongside(lambda conn: reserve_ledger.opening(conn, exam))

    async def opened(self, hall: Hall, opening: Opening, clock: ClockState) -> bool:
        """The window opened; False if that was written before."""
        record = ExamOpened(exam=hall.exam, lo_ns=opening.lo_ns, hi_ns=opening.hi_ns, clock=clock)
        if not hall.held.turned:
            return await self._journal.open_window(opening, record)
        return await self._journal.alongside(lambda conn: reserve_ledger.open_window(conn, opening, record), grows=True)

    async def closed(self, hall: Hall, at_ns: int) -> bool:
        """The window closed; False if that was written before."""
        if not hall.held.turned:
            return await self._journal.close_window(hall.exam, at_ns)
        return await self._journal.alongside(
            lambda conn: reserve_ledger.close_window(conn, hall.exam, at_ns), grows=True
        )

    async def narrow(self, hall: Hall, now: Reading) -> bool:
        """Tell an opening again if it was known badly and is known much better now."""
        better = narrower(hall.opening, now)
        if better is None:
            return False
        record = ExamOpened(exam=hall.exam, lo_ns=better.lo_ns, hi_ns=better.hi_ns, clock=now.state)

        def work(conn: sqlite3.Connection) -> None:
            reserve_ledger.narrow(conn, better, record, reserve=hall.held.turned)

        await self._journal.alongside(work, grows=True)
        hall.opening = better
        return True


def narrower(known: Opening | None, now: Reading) -> Opening | None:
    """The opening by what is known now, if it was known worse than `WIDE_NS` and now at least twice as well."""
    if known is None or now.state is ClockState.BLIND or known.hi_ns - known.lo_ns <= WIDE_NS:
        return None
    moment = moment_of(known.opened, now)
    if moment is None:
        return None
    lo_ns, hi_ns = max(known.lo_ns, moment[0]), min(known.hi_ns, moment[1])
    if lo_ns > hi_ns or 2 * (hi_ns - lo_ns) > known.hi_ns - known.lo_ns:
        return None
    return msgspec.structs.replace(known, lo_ns=lo_ns, hi_ns=hi_ns)


def is_past(hall: Hall, halls: Iterable[Hall]) -> bool:
    """Whether a later exam has opened here: then this one's hour is over, whatever the clocks say."""
    manifest = hall.held.manifest
    last_ns = manifest.t0_ns + round(manifest.plan.late_cap_s * 1e9)
    return any(other.opening is not None and other.opening.lo_ns > last_ns for other in halls)


def desk_marks(hall: Hall, numbers: Iterable[str], kind: EventKind, now: Reading) -> list[Draft]:
    """The desk's own mark (OPEN, CLOSE, SWITCH) for each of these candidates."""
    return [
        Draft(
            exam=hall.exam,
            candidate=number,
            kind=kind,
            at_ns=max(0, now.centre_ns),
            bound_ms=whole_ms(now),
            session="",
            client_seq=0,
            epoch=0,
        )
        for number in numbers
    ]
